"""How fragments left on the way from one revision to another: with their change, or because somebody tidied up."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relbot.deploy.plan.changelog import Departure
from relbot.git.first_parent_walk import FirstParentWalk
from relbot.git.merge_messages import merged_pull_request, says_reverted
from relbot.git.process import split_paths
from relbot.git.revisions import is_ancestor
from relbot.schema.named_tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from relbot.fragment.location import Folder
    from relbot.git.process import Git

MOST = 500
"""Paths that are compared, and commits of a merge that are looked at: their names go to git as arguments."""
_FORMAT = "--format=%x01%H%x00%B%x00%x02"
_CONFIGURATION = ("relbot.toml", "pyproject.toml")


class _Removal(NamedTuple):
    """A first-parent commit that removed files of fragments."""

    commit: str
    message: str
    paths: tuple[str, ...]


def find_departures(
    git: Git, start: str, target: str, gone: Collection[str], folders: tuple[Folder, ...], changelog: str
) -> dict[str, Departure]:
    """How each of the identities that `start` has and `target` has not left, by identity; both are full commit ids.

    Where `target` is an ancestor of `start`, and where no first-parent commit up to `target` removed a fragment, its change
    is undone: it was never there, or it is gone with everything else. Those are left out. Of the others the commits between
    the merge base and `target` are judged together. GitFailed if git cannot tell.
    """
    if not gone or is_ancestor(git, target, start):
        return {}
    base = git.find("merge-base", start, target)
    if base is None:
        return {}
    commits = _first_parents(git, base, target, folders)
    found: dict[str, Departure] = {}
    for removal in commits:
        for path in removal.paths:
            identity = path.rpartition("/")[2].removesuffix(".md")
            if identity in gone and identity not in found:
                found[identity] = _judge(git, identity, removal, target, commits, folders, changelog)
    return found


def _first_parents(git: Git, base: str, target: str, folders: tuple[Folder, ...]) -> list[_Removal]:
    """The first-parent commits after `base`, newest first, each with the fragments' files that it removed."""
    shape = ("--first-parent", "-m", "--no-renames", "--relative", "--no-show-signature", "--diff-filter=D", "--name-only", "-z")
    below = [f":(literal){folder.path}" for folder in folders]
    removing = git.run("log", *shape, _FORMAT, f"{base}..{target}", "--", *below)
    removed = {each.commit: each for each in _split_log(removing)}
    everything = git.run("log", "--first-parent", "--no-show-signature", "-s", "-z", _FORMAT, f"{base}..{target}", "--")
    return [removed.get(each.commit, each) for each in _split_log(everything)]


def _split_log(log: bytes) -> Iterable[_Removal]:
    for entry in log.split(b"\x01")[1:]:
        about, _, names = entry.partition(b"\x02")
        commit, message = about.split(b"\0")[:2]
        paths = tuple(split_paths(names.strip(b"\n\0") + b"\0")) if names.strip(b"\n\0") else ()
        yield _Removal(commit.decode("ascii"), message.decode("utf-8", "replace"), paths)


def _judge(
    git: Git,
    identity: str,
    removal: _Removal,
    target: str,
    commits: list[_Removal],
    folders: tuple[Folder, ...],
    changelog: str,
) -> Departure:
    for commit in commits:
        if f"Relbot-Reverted: {identity}" in commit.message.splitlines():
            return Departure.REVERTED
        if f"Relbot-Tidied: {identity}" in commit.message.splitlines():
            return Departure.TIDIED
    with FirstParentWalk(git, f"{removal.commit}^1", folders) as walk:
        arrival = walk.arrivals(frozenset(), frozenset((identity,))).get(identity)
    if arrival is None:
        return Departure.UNKNOWN  # a shallow clone hides who brought it
    number = merged_pull_request(git.text("log", "-1", "--format=%B", arrival.commit))
    brought = (arrival.commit, *git.text("rev-list", f"--max-count={MOST}", f"{arrival.commit}^1..{arrival.commit}").split())
    if any(says_reverted(commit.message, brought, number) for commit in commits):
        return Departure.REVERTED
    mine = tuple(f"{folder.path}/" for folder in folders)
    code = [path for path in _changed_paths(git, arrival.commit) if not path.startswith(mine)]
    if code and _restores(git, arrival.commit, target, code[:MOST]):
        return Departure.REVERTED
    touched = _changed_paths(git, removal.commit)
    aside = all(path.startswith(mine) or path in (changelog, *_CONFIGURATION) for path in touched)
    return Departure.TIDIED if code and aside else Departure.UNKNOWN


def _changed_paths(git: Git, commit: str) -> list[str]:
    shape = ("--first-parent", "-m", "-1", "--no-renames", "--relative", "--no-show-signature", "--format=", "--name-only", "-z")
    return split_paths(git.run("log", *shape, commit, "--").lstrip(b"\n\0"))


def _restores(git: Git, commit: str, target: str, paths: list[str]) -> bool:
    """Whether `target` has one of the paths as it was before `commit` changed it."""
    before, after, now = (_blobs_of(git, each, paths) for each in (f"{commit}^1", commit, target))
    return any(before.get(path) != after.get(path) and now.get(path) == before.get(path) for path in paths)


def _blobs_of(git: Git, commit: str, paths: list[str]) -> dict[str, str]:
    listing = git.run("ls-tree", "-r", "-z", commit, "--", *paths).decode("utf-8", "surrogateescape")
    rows = [row.partition("\t") for row in listing.split("\0") if row]
    return {path: about.split(" ")[2] for about, _, path in rows}
