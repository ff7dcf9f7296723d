"""When fragments arrived on the first parent of a revision."""

from __future__ import annotations

import os
from contextlib import closing
from itertools import pairwise
from typing import TYPE_CHECKING

from relbot.git.revisions import is_shallow
from relbot.plan.changelog import Arrival

if TYPE_CHECKING:
    from collections.abc import Generator, Iterable, Iterator

    from relbot.fragment.location import Folder
    from relbot.git.process import Git

FIRST = 64
"""Commits that the first stretch of a walk has, or one for each that is looked for; each further one has four times as many."""
HORIZON = 1_024
"""Commits back to which the order of steps is looked up. Beyond, the names of the fragments order them."""


def arrivals(
    git: Git, commit: str, folders: tuple[Folder, ...], wanted: frozenset[str], certain: frozenset[str] = frozenset()
) -> dict[str, Arrival]:
    """The first-parent commits by which the fragments of the identities `wanted` and `certain` came to be in `commit`.

    Walks from `commit` backwards and stops as soon as all are found, at the latest at the HORIZON, beyond which it
    goes on only for those in `certain`. So the cost depends on how far back the latest changes lie, not on how
    long the history between two revisions is. With nothing wanted no process is started. A fragment that was moved
    did not arrive again; one that was reverted and brought back did. What a shallow clone hides is left out.
    """
    found: dict[str, Arrival] = {}
    missing = set(wanted | certain)
    walked = 0
    length, more = max(FIRST, len(missing)), True
    while more and missing and (walked < HORIZON or missing & certain):
        chain, pairs, more = _stretch(git, commit, walked, length)
        places = {each: -(walked + n) for n, each in enumerate(chain)}
        with closing(_brought(git, pairs, folders, frozenset(missing))) as brought:
            for brought_by, identities in brought:
                found |= {identity: Arrival(places[brought_by], brought_by) for identity in identities & missing}
                missing -= identities
                if not missing:
                    break
        walked, length = walked + len(chain), 4 * length
    return found


def days(git: Git, commits: Iterable[str]) -> dict[str, str]:
    """The day of each commit, `YYYY-MM-DD`, as its committer's clock showed it. GitFailed if git cannot tell."""
    asked = "".join(f"{commit}\n" for commit in commits).encode("ascii")
    said = (
        git.run("log", "--no-walk=unsorted", "--no-show-signature", "--stdin", "--format=%H %cs", stdin=asked) if asked else b""
    )
    return dict(line.split(" ") for line in said.decode("ascii").splitlines())


def _stretch(git: Git, commit: str, skip: int, length: int) -> tuple[list[str], list[str], bool]:
    """A stretch of the first parents, newest first, the lines that ask what its commits changed, and whether there is more."""
    words = ("rev-list", "--first-parent", f"--max-count={length + 1}", f"--skip={skip}", commit)
    chain = git.run(*words).decode("ascii").split()
    pairs = [f"{child} {parent}" for child, parent in pairwise(chain)]
    if len(chain) > length:
        return chain[:-1], pairs, True
    return chain, pairs if is_shallow(git) else [*pairs, *chain[-1:]], False


def _brought(
    git: Git, pairs: list[str], folders: tuple[Folder, ...], wanted: frozenset[str]
) -> Generator[tuple[str, set[str]], None, None]:
    """The commits of `pairs` that touch the folders, and those of `wanted` that each brought, not merely moved.

    git goes on looking while the caller has one, and is ended when this is closed.
    """
    if not pairs:
        return
    words = ("diff-tree", "--stdin", "-r", "--root", "--relative", "--no-renames", "--name-status", "-z", "--")
    below = [f":(literal){folder.path}" for folder in folders]
    names = {os.fsencode(f"{identity}.md"): identity for identity in wanted}
    commit, changed = "", {b"A": set[str](), b"D": set[str]()}
    with closing(git.begin(*words, *below, stdin="".join(f"{pair}\n" for pair in pairs).encode("ascii")).pieces()) as pieces:
        tokens = _tokens(pieces)
        for token in tokens:
            if len(token.strip()) > 1:  # a commit; the status of a file has one letter
                if commit:
                    yield commit, changed[b"A"] - changed[b"D"]
                commit, changed = token.strip().decode("ascii"), {b"A": set(), b"D": set()}
            elif token and (identity := names.get(next(tokens).rpartition(b"/")[2])) and token in changed:
                changed[token].add(identity)
    if commit:
        yield commit, changed[b"A"] - changed[b"D"]


def _tokens(pieces: Iterable[bytes]) -> Iterator[bytes]:
    rest = b""
    for piece in pieces:
        *whole, rest = (rest + piece).split(b"\0")
        yield from whole
    yield rest
