"""Which pull requests are in a revision: for holds that name one without a fragment."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relbot.git.merge_messages import is_merged_by_forge, mention_pattern, merged_pull_request, says_reverted

if TYPE_CHECKING:
    from relbot.git.process import Git


def find_merged_pull_requests(git: Git, commit: str, numbers: frozenset[str]) -> frozenset[str]:
    """The pull requests among `numbers` that the history of `commit` has merged and not reverted.

    Only the messages that forges write count; that somebody mentions `#12` does not. What is not a number is not
    looked for. Reads the messages of the whole history, once, so ask only for what fragments do not tell. A shallow
    clone may hide a merge: what is not found is not merged as far as is known, and a hold on it stays.
    """
    wanted = sorted(number for number in numbers if number.isascii() and number.isdecimal())
    if not wanted:
        return frozenset()
    found: set[str] = set()
    for at, committer, message in _search_log(git, commit, mention_pattern(wanted)):
        number = merged_pull_request(message) if is_merged_by_forge(message, committer) else None
        if number and number in wanted and number not in found and _is_standing(git, (at,), number, commit, frozenset()):
            found.add(number)
    return frozenset(found)


def _search_log(git: Git, revisions: str, pattern: str) -> list[tuple[str, str, str]]:
    """The commits whose messages match: id, address of the committer, message."""
    words = ("log", "-z", "--format=%H%n%ce%n%B", "--extended-regexp", f"--grep={pattern}", revisions, "--")
    records = git.run(*words).decode("utf-8", "replace").split("\0")
    fields = (record.split("\n", 2) for record in records)
    return [(commit, committer, message) for commit, committer, message in (each for each in fields if len(each) == 3)]


def _is_standing(git: Git, commits: tuple[str, ...], number: str | None, until: str, seen: frozenset[str]) -> bool:
    """Whether nothing up to `until` reverted one of the commits or their pull request, unless that was reverted in turn.

    `seen` are reverts that are being looked at already: two that name each other take nothing back.
    """
    named = "|".join(
        [f"^This reverts commit ({'|'.join(each[:7] for each in commits)})", *([mention_pattern([number])] if number else [])]
    )
    for at, _, message in _search_log(git, f"{commits[0]}..{until}", named):
        if at in seen or not says_reverted(message, commits, number):
            continue
        merge, brought_by = _find_merge(git, at, until)
        if _is_standing(git, (at, merge) if merge else (at,), merged_pull_request(message) or brought_by, until, seen | {at}):
            return False
    return True


def _find_merge(git: Git, commit: str, until: str) -> tuple[str, str | None]:
    """The merge by which a commit came to the first parents of `until`, "" if it is one of them; and its pull request."""
    way = git.text("rev-list", "--first-parent", "--ancestry-path", f"{commit}..{until}").split()
    if not way or git.answer("merge-base", "--is-ancestor", commit, f"{way[-1]}^1")[0] == 0:
        return "", None
    return way[-1], merged_pull_request(git.text("log", "-1", "--format=%B", way[-1]))
