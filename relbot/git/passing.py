"""Fragments that came and left between two revisions, so that neither tree has them."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from relbot.deploy.plan.changelog import Arrival
from relbot.finding import Finding
from relbot.fragment.location import make_locator
from relbot.git.departures import find_departures
from relbot.git.process import split_paths
from relbot.git.revisions import RevisionUnknown, read_grafts
from relbot.git.trees import list_stems
from relbot.schema.named_tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from relbot.deploy.plan.changelog import Departure
    from relbot.fragment.location import Folder, Location
    from relbot.git.process import Git


_SHAPE = (
    "--first-parent",
    "-m",
    "--reverse",
    "-M100%",
    "--relative",
    "--no-show-signature",
    "--diff-filter=ADR",
    "--name-status",
    "-z",
)


class _Removal(NamedTuple):
    """A first-parent commit that removed a fragment. `backward`: it is part of the start of a range, and not of its target."""

    location: Location
    path: str
    commit: str
    backward: bool


class _Touch(NamedTuple):
    """A first-parent commit that added, removed or renamed files of fragments. `backward` as in `_Removal`."""

    commit: str
    backward: bool
    added: tuple[str, ...]
    removed: tuple[str, ...]
    renamed: tuple[tuple[str, str], ...]


class PassedFragment(NamedTuple):
    """A fragment that neither of two trees has: where it was, the first-parent commit that removed it, and how it left.

    `backward` is whether a deploy from the one to the other takes its change back, as a rollback does.
    """

    location: Location
    path: str
    removed_by: str
    departure: Departure | None
    content: bytes
    backward: bool


class FragmentsOnTheWay:
    """What the first-parent commits between two others did to files of fragments. git looks while the caller does else.

    To be closed. All but `close` raise GitFailed if git cannot tell.
    """

    def __init__(self, git: Git, ends: tuple[str, str], folders: tuple[Folder, ...]) -> None:
        """`ends` are full commit ids, the start of a deploy and its target."""
        self.ends, self.folders = ends, folders
        below = [f":(literal){folder.path}" for folder in folders]
        self._log = git.begin("log", *_SHAPE, "--format=%x01%m%H%x02", "...".join(ends), "--", *below, stdin=b"")

    def close(self) -> None:
        """Ends what git still does."""
        self._log.end()

    @cached_property
    def touches(self) -> tuple[_Touch, ...]:
        """The commits, the oldest first."""
        return tuple(map(_parse_touch, self._log.result().split(b"\x01")[1:]))

    def arrivals(self, end: str, wanted: Collection[str]) -> dict[str, Arrival]:
        """The commits by which the fragments of these identities came to be in one of the ends, by identity.

        Without those that both ends may have had before. A fragment that was moved did not arrive again.
        """
        found: dict[str, Arrival] = {}
        for order, touch in enumerate(self.touches):
            if touch.backward is (end == self.ends[0]):
                came = {_stem(path) for path in (*touch.added, *(new for _, new in touch.renamed))}
                came -= {_stem(path) for path in (*touch.removed, *(old for old, _ in touch.renamed))}
                found |= {identity: Arrival(order, touch.commit) for identity in came.intersection(wanted)}
        return found


def find_passed(git: Git, way: FragmentsOnTheWay, changelog: str) -> list[PassedFragment]:
    """The fragments that arrived and left again on the way from one commit to another, back or forward.

    A fragment that a release moved, or that was only renamed, has not left. GitFailed if git cannot tell, RevisionUnknown if a
    shallow clone hides part of the way.
    """
    ends, folders = way.ends, way.folders
    found = list(_find_removals(way))
    _require_whole_way(git, ends)
    if not found:
        return []
    there = {stem for commit in ends for stem in list_stems(git, commit, folders)}
    passed: list[PassedFragment] = []
    for backward, (before, after) in ((False, ends), (True, ends[::-1])):
        last = {each.location.identity: each for each in found if each.backward is backward}
        gone = last.keys() - there
        gone = gone - _former_names(git, after, folders) if gone else gone
        departures = find_departures(git, before, after, gone, folders, changelog)
        for identity in sorted(gone):
            each = last[identity]
            content = git.run("cat-file", "blob", f"{each.commit}^1:./{each.path}")
            passed.append(PassedFragment(each.location, each.path, each.commit, departures.get(identity), content, backward))
    return passed


def _require_whole_way(git: Git, ends: tuple[str, str]) -> None:
    """RevisionUnknown if a shallow clone lacks commits between the two."""
    if not (grafts := read_grafts(git)):
        return
    if not grafts.isdisjoint(git.text("rev-list", "--first-parent", "...".join(ends)).split()):
        what = f"This clone is shallow: it lacks commits between {ends[0][:12]} and {ends[1][:12]}, which may have had notes."
        raise RevisionUnknown(what, tip="Fetch the rest of the history:", example="git fetch --unshallow")


def _find_removals(way: FragmentsOnTheWay) -> Iterator[_Removal]:
    """Each file of a fragment that a first-parent commit on the way removed, the oldest first."""
    location_of = make_locator(way.folders)
    for touch in way.touches:
        for path in touch.removed:
            location = location_of(path)
            if location is not None and not isinstance(location, Finding):
                yield _Removal(location, path, touch.commit, touch.backward)


def _parse_touch(entry: bytes) -> _Touch:
    """A commit of `git log -z --name-status`: after its mark and id come the letters of changes, each with its paths."""
    head, _, changes = entry.partition(b"\x02")
    words = iter(split_paths(changes.strip(b"\n\0") + b"\0"))
    added, removed, renamed = list[str](), list[str](), list[tuple[str, str]]()
    for letter in words:
        path = next(words)
        match letter[:1]:
            case "A":
                added.append(path)
            case "D":
                removed.append(path)
            case _:
                renamed.append((path, next(words)))
    return _Touch(head[1:].decode("ascii"), head.startswith(b"<"), tuple(added), tuple(removed), tuple(renamed))


def _stem(path: str) -> str:
    return path.rpartition("/")[2].removesuffix(".md")


def _former_names(git: Git, commit: str, folders: tuple[Folder, ...]) -> set[str]:
    """The names that fragments of a tree had before, as their `was` says."""
    below = [f":(literal){folder.path}" for folder in folders]
    lines = (git.find("grep", "-h", "-I", "--no-color", "-E", "^was: ", commit, "--", *below) or "").splitlines()
    return {line.removeprefix("was: ").strip().strip("'\"") for line in lines}
