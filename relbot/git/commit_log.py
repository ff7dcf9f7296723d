"""The changes of the past, from one `git log`."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from relbot.git.process import GitFailed
from relbot.git.revisions import read_grafts
from relbot.review.backtest.model import PastChange
from relbot.schema import lazy_re as re
from relbot.schema.named_tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from relbot.git.process import Git

_FORMAT = "--format=tformat:%H%x00%P%x00%ct%x00%an%x00%ae%x00%s"
_FIELDS = 6
_NOREPLY = re.compile(r"(?:\d+\+)?([A-Za-z0-9-]+(?:\[bot\])?)@users\.noreply\.github\.com")


class PastChanges(NamedTuple):
    """Changes, the newest first. `cut` tells that a shallow clone hides what was before the oldest."""

    changes: tuple[PastChange, ...]
    cut: bool = False


class _LoggedCommit(NamedTuple):
    id: str
    parents: tuple[str, ...]
    time: int
    names: tuple[str, ...]
    subject: str


def list_first_parents(git: Git, revisions: str, since: int = 0, limit: int | None = None) -> PastChanges:
    """Each commit on the way of the first parents, against the one before: a merge counts as a whole.

    `revisions` is a revision or `A..B`, resolved by the caller; `since` is a time in seconds, `limit` the most there are. The
    authors of a merge are those of the commits that it brought.
    """
    graph: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {}
    way: list[_LoggedCommit] = []
    expected = ""
    for commit in _read_log(git, revisions):
        graph[commit.id] = commit.parents, commit.names
        if not expected or commit.id == expected:
            way.append(commit)
            expected = commit.parents[0] if commit.parents else "none"
    seen: set[str] = set()
    authors: dict[str, tuple[tuple[str, ...], ...]] = {}
    for commit in reversed(way):
        seen.add(commit.id)
        authors[commit.id] = _merged_authors(commit, graph, seen) or (commit.names,)
    return _as_past_changes(git, way, since, limit, authors)


def list_all_commits(git: Git, revisions: str, since: int = 0, limit: int | None = None) -> PastChanges:
    """Each commit that is no merge, against its parent. The rest is as with `first_parents`."""
    return _as_past_changes(git, list(_read_log(git, "--no-merges", revisions)), since, limit, {})


def add_commit_details(git: Git, changes: Sequence[PastChange]) -> tuple[PastChange, ...]:
    """Labelled changes with the dates and subjects of their heads, as far as these are here."""
    heads = "".join(f"{change.head}\n" for change in changes).encode("ascii")
    said = git.run(*_LOG, "--no-walk=unsorted", "--ignore-missing", "--stdin", stdin=heads)
    known = {commit.id: commit for commit in _parse_commits(said.split(b"\0")[:-1])}
    return tuple(
        change._replace(subject=known[change.head].subject, date=change.date or _iso_day(known[change.head].time))
        if change.head in known
        else change
        for change in changes
    )


def _merged_authors(
    merge: _LoggedCommit, graph: dict[str, tuple[tuple[str, ...], tuple[str, ...]]], seen: set[str]
) -> tuple[tuple[str, ...], ...]:
    names: dict[tuple[str, ...], None] = {}
    waiting = list(merge.parents[1:])
    while waiting:
        commit = waiting.pop()
        if commit in graph and commit not in seen:
            seen.add(commit)
            parents, author = graph[commit]
            waiting += parents
            if len(parents) < 2:
                names[author] = None
    return tuple(names)


def _as_past_changes(
    git: Git, commits: list[_LoggedCommit], since: int, limit: int | None, authors: dict[str, tuple[tuple[str, ...], ...]]
) -> PastChanges:
    wanted = [commit for commit in commits if commit.time >= since][:limit]
    changes = tuple(
        PastChange(commit.parents[0], commit.id, _iso_day(commit.time), commit.subject, authors.get(commit.id, (commit.names,)))
        for commit in wanted
        if commit.parents
    )
    rootless = [commit.id for commit in wanted if not commit.parents]
    return PastChanges(changes, bool(rootless) and not read_grafts(git).isdisjoint(rootless))


_LOG = ("log", "-z", "--no-show-signature", "--encoding=UTF-8", _FORMAT)


def _read_log(git: Git, *revisions: str) -> Iterator[_LoggedCommit]:
    command = (*_LOG, "--topo-order", *revisions, "--")
    with git.start(*command) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        rest = b""
        while piece := process.stdout.read(1 << 20):
            whole, end, rest = (rest + piece).rpartition(b"\0")
            fields = whole.split(b"\0") if end else []
            keep = len(fields) - len(fields) % _FIELDS
            yield from _parse_commits(fields[:keep])
            rest = b"\0".join((*fields[keep:], rest))
        complaint = process.stderr.read()
    if process.returncode != 0:
        raise GitFailed(command, process.returncode, b"", complaint)


def _parse_commits(fields: list[bytes]) -> Iterator[_LoggedCommit]:
    for at in range(0, len(fields), _FIELDS):
        commit, parents, time, name, address, subject = (os.fsdecode(field) for field in fields[at : at + _FIELDS])
        login = _NOREPLY.fullmatch(address)
        names = (name, address, *login.groups()) if login else (name, address)
        yield _LoggedCommit(commit, tuple(parents.split()), int(time), names, subject)


def _iso_day(time: int) -> str:
    return datetime.fromtimestamp(max(0, min(time, 253402300799)), UTC).date().isoformat()
