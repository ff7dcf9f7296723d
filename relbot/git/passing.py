"""Fragments that came and left between two revisions, so that neither tree has them."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from relbot.finding import Finding
from relbot.fragment.location import make_locator
from relbot.git.departures import find_departures
from relbot.git.process import split_paths
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


class PassedFragment(NamedTuple):
    """A fragment that neither of two trees has: where it was, the first-parent commit that removed it, and how it left."""

    location: Location
    path: str
    removed_by: str
    departure: Departure | None
    content: bytes


def begin_removals(git: Git, start: str, target: str, folders: tuple[Folder, ...]) -> RunningGit:
    """Starts git with the question for `find_passed`: it takes as long as a plan, and works beside it."""
    below = [f":(literal){folder.path}" for folder in folders]
    return git.begin("log", *_SHAPE, "--format=%x01%H%x02", f"{start}..{target}", "--", *below, stdin=b"")


def find_passed(
    git: Git, removals: RunningGit, ends: tuple[str, str], folders: tuple[Folder, ...], changelog: str
) -> list[PassedFragment]:
    """The fragments that arrived on the way between two commits (`ends`, full ids), and left again before its end.

    `removals` is what `begin_removals` started for them. A fragment that a release moved, or that was only renamed, has not
    left. GitFailed if git cannot tell.
    """
    start, target = ends
    removed = {location.identity: (location, path, commit) for commit, path, location in _removals(removals.result(), folders)}
    if not removed:
        return []
    there = {stem for commit in (start, target) for stem in list_stems(list_tree(git, commit, folders))}
    gone = removed.keys() - there - _former_names(git, target, folders)
    departures = find_departures(git, start, target, gone, folders, changelog)
    return [
        PassedFragment(location, path, commit, departures.get(identity), git.run("cat-file", "blob", f"{commit}^1:./{path}"))
        for identity, (location, path, commit) in sorted(removed.items())
        if identity in gone
    ]


def _removals(log: bytes, folders: tuple[Folder, ...]) -> Iterator[tuple[str, str, Location]]:
    """Each first-parent commit between the two that removed files of fragments, the oldest first, with each such file."""
    location_of = make_locator(folders)
    for entry in log.split(b"\x01")[1:]:
        commit, _, names = entry.partition(b"\x02")
        for path in split_paths(names.strip(b"\n\0") + b"\0"):
            location = location_of(path)
            if location is not None and not isinstance(location, Finding):
                yield commit.decode("ascii"), path, location


def _former_names(git: Git, commit: str, folders: tuple[Folder, ...]) -> set[str]:
    """The names that fragments of a tree had before, as their `was` says."""
    below = [f":(literal){folder.path}" for folder in folders]
    code, out, _ = git.answer("grep", "-h", "-I", "--no-color", "-E", "^was: ", commit, "--", *below)
    lines = out.decode("utf-8", "replace").splitlines() if code == 0 else []
    return {line.removeprefix("was: ").strip().strip("'\"") for line in lines}
