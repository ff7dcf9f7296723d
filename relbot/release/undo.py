"""Takes a build back, as data: fragments back to where they were, the entry out of the changelog, the record away. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relbot.errors import Refused
from relbot.fragment.location import RECORD
from relbot.release import changelog
from relbot.release.changelog_order import entry_heading_line
from relbot.release.comparison_links import remove_links
from relbot.release.operations import Move, Operations, Removal, Write, content_digest, split_path
from relbot.release.release_prose import ProseChange, take_prose_back
from relbot.release.tag_names import same_version
from relbot.release.unreleased_text import TakenText, put_back
from relbot.release.version import parse_version
from relbot.release.version_files import lower_version
from relbot.schema.named_tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from relbot.config.model import Versions
    from relbot.release.build import Builder
    from relbot.release.record import ReleaseRecord


class Undo(NamedTuple):
    """How a build is taken back. `identities` are the fragments that are unreleased again.

    `returned_text` tells that what the build took from below *Unreleased* is there again; `lowered` are files that have their
    version of before.
    """

    version: str
    operations: Operations
    identities: tuple[str, ...]
    returned_text: bool = False
    lowered: tuple[str, ...] = ()


_TITLE = "build --undo "


def resumed_undo(left: Operations, version: str, versions: Versions) -> Undo | None:
    """The undo of a version that was left to be finished; None if it was something else."""
    named = left.title.removeprefix(_TITLE)
    if named == left.title or not same_version(named, version, versions):
        return None
    return Undo(named, left, tuple(split_path(move.target)[1].removesuffix(".md") for move in left.moves))


def plan_undo(builder: Builder, version: str) -> Undo:
    """Plans what takes the build of `version` back.

    KeyError if no build wrote the release. Refused if its entry was edited by hand, which would be lost, or if a later release
    has its changes, too.
    """
    tree, target = builder.tree, builder.target
    released = tree.releases[version]
    record = released.record
    if record is None:
        raise KeyError(version)
    if final := next(_built_finals(builder, version), None):
        what = f"{version} is a prerelease of {final}, which was built with its changes."
        raise Refused(what, tip="Take that back first:", example=f"relbot build --undo {final}")
    path = f"{target.folder.of_release(version)}/{RECORD}"
    back = tuple(_moves_back((source.path for source in released.sources), record))
    moves = tuple(move for move in back if move.target not in tree.awaited)
    prose, whole = ProseChange(), not record.taken.text
    if released.prose is not None:
        prose, whole = take_prose_back(released.prose, target.folder.path, record.taken.text)
    writes, removals = _without_entry(builder, record if whole else record._replace(taken=TakenText()))
    contents = {source.path: source.content for source in released.files}
    copies = tuple(Removal(move.source, content_digest(contents[move.source])) for move in back if move.target in tree.awaited)
    lowered = tuple(_lowered(builder, record))
    writes, moves = (*writes, *prose.writes, *lowered), (*moves, *prose.moves)
    removals = (*removals, *copies, *prose.removals, Removal(path, content_digest(released.record_text.encode("utf-8"))))
    operations = Operations(f"{_TITLE}{version}", moves, writes, removals)
    names = (move.target.rpartition("/")[2].removesuffix(".md") for move in back)
    return Undo(version, operations, tuple(names), bool(record.taken.text) and whole, tuple(write.path for write in lowered))


def _lowered(builder: Builder, record: ReleaseRecord) -> Iterator[Write]:
    """The files whose version the build raised and nobody did since, with that of before."""
    for file in builder.tree.manifests:
        old = record.raised.get(file.path)
        content = lower_version(file, record.version, old, builder.config.versions) if old else None
        if content is not None:
            yield Write(file.path, content_digest(file.content), content)


def _built_finals(builder: Builder, version: str) -> Iterator[str]:
    """The releases that a prerelease leads to."""
    versions = builder.config.versions
    wanted = parse_version(version, versions)
    return (name for name in builder.tree.releases if wanted.leads_to(parse_version(name, versions)))


def _moves_back(paths: Iterable[str], record: ReleaseRecord) -> Iterator[Move]:
    for path in paths:
        folder, _, name = path.rpartition("/")
        home = record.homes.get(name.removesuffix(".md"), folder.rsplit("/", 2)[0])
        yield Move(path, f"{home}/{name}")


def _without_entry(builder: Builder, record: ReleaseRecord) -> tuple[tuple[Write, ...], tuple[Removal, ...]]:
    """The changelog without the entry; nothing where a merge has lost it already."""
    before, path = builder.tree.changelog, builder.target.changelog
    text = builder.tree.text
    at = changelog.locate_entry(text, record.entry)
    line = None if at else entry_heading_line(text, record, builder.form, builder.config.versions)
    if at is None and before is not None and (line or record.version not in record.entry.heading):
        what = f"The entry of {record.version} in {path} was edited by hand, and what was edited would be lost."
        raise Refused(what, tip="Put what you edited into the fragments, and take the edit back:", example=f"git diff -- {path}")
    if at is None or before is None:
        return (), ()
    text = remove_links(text, record.links)
    at = changelog.locate_entry(text, record.entry) or at
    left = put_back(changelog.remove_entry(text, at, record.added), record.taken, at[0] - record.added.before)
    if record.added.created and left == builder.form.start:
        return (), (Removal(path, content_digest(before)),)
    return (Write(path, content_digest(before), left.encode("utf-8", "surrogateescape")),), ()
