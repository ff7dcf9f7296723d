"""Fragments that came and left between two revisions, so that neither tree has them."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from relbot.finding import Finding
from relbot.fragment.location import make_locator
from relbot.git.departures import find_departures
from relbot.git.process import split_paths
from relbot.git.revisions import RevisionUnknown, read_grafts
from relbot.git.trees import list_stems, list_tree

if TYPE_CHECKING:
    from collections.abc import Iterator

    from relbot.deploy.plan.changelog import Departure
    from relbot.fragment.location import Folder, Location
    from relbot.git.process import Git, RunningGit


_SHAPE = (
    "--first-parent",
    "-m",
    "--reverse",
    "-M100%",
    "--relative",
    "--no-show-signature",
    "--diff-filter=D",
    "--name-only",
    "-z",
)


class _Removal(NamedTuple):
    """A first-parent commit that removed a fragment. `backward`: it is part of the start of a range, and not of its target."""

    location: Location
    path: str
    commit: str
    backward: bool


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


def begin_removals(git: Git, start: str, target: str, folders: tuple[Folder, ...]) -> RunningGit:
    """Starts git with the question for `find_passed`: it takes as long as a plan, and works beside it."""
    below = [f":(literal){folder.path}" for folder in folders]
    return git.begin("log", *_SHAPE, "--format=%x01%m%H%x02", f"{start}...{target}", "--", *below, stdin=b"")


def find_passed(
    git: Git, removals: RunningGit, ends: tuple[str, str], folders: tuple[Folder, ...], changelog: str
) -> list[PassedFragment]:
    """The fragments that arrived and left again on the way from one commit to another (`ends`, full ids), back or forward.

    `removals` is what `begin_removals` started for them. A fragment that a release moved, or that was only renamed, has not
    left. GitFailed if git cannot tell, RevisionUnknown if a shallow clone hides part of the way.
    """
    found = list(_split_removals(removals.result(), folders))
    _require_whole_way(git, ends)
    if not found:
        return []
    there = {stem for commit in ends for stem in list_stems(list_tree(git, commit, folders))}
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


def _split_removals(log: bytes, folders: tuple[Folder, ...]) -> Iterator[_Removal]:
    """Each file of a fragment that a first-parent commit on the way removed, the oldest first."""
    location_of = make_locator(folders)
    for entry in log.split(b"\x01")[1:]:
        head, _, names = entry.partition(b"\x02")
        for path in split_paths(names.strip(b"\n\0") + b"\0"):
            location = location_of(path)
            if location is not None and not isinstance(location, Finding):
                yield _Removal(location, path, head[1:].decode("ascii"), head.startswith(b"<"))


def _former_names(git: Git, commit: str, folders: tuple[Folder, ...]) -> set[str]:
    """The names that fragments of a tree had before, as their `was` says."""
    below = [f":(literal){folder.path}" for folder in folders]
    code, out, _ = git.answer("grep", "-h", "-I", "--no-color", "-E", "^was: ", commit, "--", *below)
    lines = out.decode("utf-8", "replace").splitlines() if code == 0 else []
    return {line.removeprefix("was: ").strip().strip("'\"") for line in lines}
