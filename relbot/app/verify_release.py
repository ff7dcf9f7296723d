"""Verifies that a change set is a release: that a build of its start gives the same bytes."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from relbot.app.project import Project
from relbot.app.release_inputs import make_builder, read_whole_tree
from relbot.errors import RelbotError
from relbot.fragment.location import RECORD
from relbot.git.git_changes import read_stored_files
from relbot.git.policy_source import list_paths_at
from relbot.release.record import read_release_record
from relbot.release.target import find_target
from relbot.review.tree_files import pick_files
from relbot.schema.named_tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from relbot.config.model import Config
    from relbot.fragment.location import Location
    from relbot.git.git_changes import GitChanges
    from relbot.release.build_plan import Build
    from relbot.release.record import ReleaseRecord
    from relbot.release.target import ReleaseTarget
    from relbot.review.tree_files import TreeFile


class ReleaseSides(NamedTuple):
    """A change set with its configuration at the start, and the files below the fragments' folders on both sides."""

    changes: GitChanges
    config: Config
    before: Mapping[str, TreeFile]
    after: Mapping[str, TreeFile]


def list_rebuilt_paths(sides: ReleaseSides, released: Iterable[Location]) -> frozenset[str]:
    """The paths among `released` to which a build moves fragments of the start, if it gives exactly the bytes of the new side.

    `released` are fragments that the new side has in releases. Day and origins are those of the release's own record. Everything
    that the build writes and moves is compared; of a release that differs anywhere, no path is given.
    """
    found: set[str] = set()
    for folder, version in {(at.folder, at.version) for at in released if at.version is not None}:
        try:
            component = sides.config.component(folder.component) if folder.component else None
            of = find_target(sides.config, component.name if component and component.changelog else None)
            path = f"{of.folder.of_release(version)}/{RECORD}"
            record = read_release_record(path, _read_new_side(sides, path).decode("utf-8"))
            if record.version == version:
                found |= _compare_build(sides, _rebuild(sides, of, record))
        except (RelbotError, KeyError, UnicodeDecodeError):
            continue  # what cannot be built is no build
    return frozenset(found)


def _rebuild(sides: ReleaseSides, of: ReleaseTarget, record: ReleaseRecord) -> Build:
    """The build of the start. The regular files that it reads are written into a folder of its own."""
    git, config = sides.changes.git, sides.config
    others = list_paths_at(git, sides.changes.start, [*of.written_paths, *([config.template] if config.template else [])])
    with TemporaryDirectory(prefix="relbot-", ignore_cleanup_errors=True) as folder:
        for file in read_stored_files(git, {**sides.before, **others}):
            if not file.problem:
                path = Path(folder, file.path)
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(file.content)
        project = Project(Path(folder), config, None, git)
        builder = make_builder(project, of, read_whole_tree(project, of))
        builder = builder._replace(tagged=lambda: [record.previous] if record.previous else [])
        return builder.build(record.version, record.date, record.origins)


def _compare_build(sides: ReleaseSides, build: Build) -> set[str]:
    """The paths to which a build moves fragments, if the new side has all that it moves and writes; none otherwise."""
    operations = build.operations
    moved = all(
        move.source not in sides.after and sides.after.get(move.target) == sides.before.get(move.source)
        for move in operations.moves
    )
    written = all(_read_new_side(sides, write.path) == write.content for write in operations.writes)
    return {move.target for move in operations.moves} if moved and written and not build.findings else set()


def _read_new_side(sides: ReleaseSides, path: str) -> bytes:
    """A file of the new side. KeyError if there is none."""
    changes = sides.changes
    files = sides.after if path in sides.after else changes.apply_to(list_paths_at(changes.git, changes.start, [path]))
    found = [file for file in changes.read_files(pick_files(files, [path])) if not file.problem]
    if not found:
        raise KeyError(path)
    return found[0].content
