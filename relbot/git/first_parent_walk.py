"""When fragments arrived on the first parent of a revision."""

from __future__ import annotations

import os
from contextlib import closing
from itertools import pairwise
from typing import TYPE_CHECKING, Self

from relbot.deploy.plan.changelog import Arrival
from relbot.git.revisions import is_shallow

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from relbot.fragment.location import Folder
    from relbot.git.process import Git, RunningGit

FIRST = 64
"""Commits that the first stretch of a walk has, or one for each that is looked for; each further one has four times as many."""
HORIZON = 1_024
"""Commits back to which the order of steps is looked up. Beyond, the names of the fragments order them."""


class FirstParentWalk:
    """A walk from a commit backwards, along its first parents, to the commits by which fragments came to be in it.

    Its first stretch is under way since it was made, while the caller finds out whether to take it; without `likely`, the
    number of fragments that may be looked for, it begins when it is taken. To be closed, and to be taken once.
    """

    def __init__(self, git: Git, commit: str, folders: tuple[Folder, ...], likely: int = 0) -> None:
        self._git, self._commit, self._folders = git, commit, folders
        self._first = _Stretch(git, commit, folders, 0, max(FIRST, min(likely, HORIZON))) if likely else None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._first is not None:
            self._first.close()

    def go_ahead(self) -> None:
        """Lets git look at what the commits of the first stretch changed."""
        if self._first is not None:
            self._first.go_ahead()

    def arrivals(self, wanted: frozenset[str], certain: frozenset[str] = frozenset()) -> dict[str, Arrival]:
        """The commits by which the fragments of the identities `wanted` and `certain` came to be there.

        Stops as soon as all are found, at the latest at the HORIZON, beyond which it goes on only for those in `certain`.
        So the cost depends on how far back the latest changes lie, not on how long the history between two revisions is.
        With nothing wanted no process is started. A fragment that was moved did not arrive again; one that was reverted and
        brought back did. What a shallow clone hides is left out.
        """
        found: dict[str, Arrival] = {}
        missing = set(wanted | certain)
        walked = 0
        length, more = max(FIRST, len(missing)), True
        while more and missing and (walked < HORIZON or missing & certain):
            begun = self._first if self._first is not None and not walked else None
            with closing(begun or _Stretch(self._git, self._commit, self._folders, walked, length)) as stretch:
                stretch.go_ahead()
                for commit, place, identities in stretch.brought(frozenset(missing)):
                    found |= {identity: Arrival(-place, commit) for identity in identities & missing}
                    missing -= identities
                    if not missing:
                        break
                more = stretch.more
            walked, length = walked + stretch.length, 4 * stretch.length
        return found


def commit_days(git: Git, commits: Iterable[str]) -> dict[str, str]:
    """The day of each commit, `YYYY-MM-DD`, as its committer's clock showed it. GitFailed if git cannot tell."""
    asked = "".join(f"{commit}\n" for commit in commits).encode("ascii")
    said = (
        git.run("log", "--no-walk=unsorted", "--no-show-signature", "--stdin", "--format=%H %cs", stdin=asked) if asked else b""
    )
    return dict(line.split(" ") for line in said.decode("ascii").splitlines())


class _Stretch:
    """Some of the commits of a walk, newest first, and what each of them brought. git looks while the caller does else."""

    def __init__(self, git: Git, commit: str, folders: tuple[Folder, ...], skip: int, length: int) -> None:
        """`skip` commits after `commit`, so many of them."""
        self._git, self._folders, self._skip, self.length = git, folders, skip, length
        words = ("rev-list", "--first-parent", f"--max-count={length + 1}", f"--skip={skip}", commit)
        self._listing = git.begin(*words, stdin=b"")
        self._places: dict[str, int] = {}
        self._looking: RunningGit | None = None
        self.more = False

    def close(self) -> None:
        """Ends what git still does."""
        for begun in (self._listing, self._looking):
            if begun is not None:
                begun.end()

    def go_ahead(self) -> None:
        """Lets git look at what the commits changed: it knows now which they are."""
        if self._looking is not None or self._places:
            return
        chain = self._listing.result().decode("ascii").split()
        self._git.ancestors.update((older, chain[0]) for older in chain)
        pairs = [f"{child} {parent}\n" for child, parent in pairwise(chain)]
        self.more = len(chain) > self.length
        if self.more:
            chain.pop()
        elif chain and not is_shallow(self._git):
            pairs.append(f"{chain[-1]}\n")
        self._places = {commit: self._skip + n for n, commit in enumerate(chain)}
        if pairs:
            words = ("diff-tree", "--stdin", "-r", "--root", "--relative", "--no-renames", "--name-status", "-z", "--")
            below = [f":(literal){folder.path}" for folder in self._folders]
            self._looking = self._git.begin(*words, *below, stdin="".join(pairs).encode("ascii"))

    def brought(self, wanted: frozenset[str]) -> Iterator[tuple[str, int, set[str]]]:
        """The commits that touch the folders, their places in the walk, and which of `wanted` each brought, not merely moved."""
        names = {os.fsencode(f"{identity}.md"): identity for identity in wanted}
        commit, changed = "", {b"A": set[str](), b"D": set[str]()}
        tokens = _split_tokens(self._looking.pieces()) if self._looking is not None else iter(())
        for token in tokens:
            if len(token.strip()) > 1:  # a commit; the status of a file has one letter
                if commit:
                    yield commit, self._places[commit], changed[b"A"] - changed[b"D"]
                commit, changed = token.strip().decode("ascii"), {b"A": set(), b"D": set()}
            elif token and (identity := names.get(next(tokens).rpartition(b"/")[2])) and token in changed:
                changed[token].add(identity)
        if commit:
            yield commit, self._places[commit], changed[b"A"] - changed[b"D"]


def _split_tokens(pieces: Iterable[bytes]) -> Iterator[bytes]:
    rest = b""
    for piece in pieces:
        *whole, rest = (rest + piece).split(b"\0")
        yield from whole
    yield rest
