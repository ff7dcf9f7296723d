"""Which pull requests are in a revision: for holds that name one without a fragment."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from relbot.git.process import Git

_MERGE = re.compile(r"Merge pull request #(\d+) from .*")  # GitHub's merge
_SQUASH = re.compile(r".*\(#(\d+)\)")  # GitHub's squash or rebase
_MERGE_REQUEST = re.compile(r"^See merge request \S*!(\d+)$", re.MULTILINE)  # GitLab's merge


def merged(git: Git, commit: str, numbers: frozenset[str]) -> frozenset[str]:
    """The pull requests among `numbers` that the history of `commit` has merged and not reverted.

    Only the messages that forges write count; that somebody mentions `#12` does not. What is not a number is not
    looked for. Reads the messages of the whole history, once, so ask only for what fragments do not tell. A shallow
    clone may hide a merge: what is not found is not merged as far as is known, and a hold on it stays.
    """
    wanted = sorted(number for number in numbers if number.isascii() and number.isdigit())
    if not wanted:
        return frozenset()
    found: set[str] = set()
    for at, message in _log(git, commit, rf"[#!]({'|'.join(wanted)})([^0-9]|$)"):
        number = _pull_request(message)
        if number in wanted and number not in found and _stands(git, at, commit):
            found.add(number)
    return frozenset(found)


def _log(git: Git, revisions: str, pattern: str) -> list[tuple[str, str]]:
    words = ("log", "-z", "--format=%H%n%B", "--extended-regexp", f"--grep={pattern}", revisions, "--")
    records = git.run(*words).decode("utf-8", "replace").split("\0")
    return [(record[: record.index("\n")], record[record.index("\n") + 1 :]) for record in records if "\n" in record]


def _pull_request(message: str) -> str | None:
    subject = message.split("\n", 1)[0].rstrip()
    match = _MERGE.fullmatch(subject) or _SQUASH.fullmatch(subject) or _MERGE_REQUEST.search(message)
    return match.group(1) if match else None


def _stands(git: Git, merge: str, commit: str) -> bool:
    """Whether nothing between `merge` and `commit` reverted it, unless that was reverted in turn."""
    reverts = _log(git, f"{merge}..{commit}", f"^This reverts commit {merge}")
    return not any(_stands(git, revert, commit) for revert, _ in reverts)
