"""Change sets that take back what was never deployed: they need no note, for nobody has seen what they undo."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from relbot.git.process import split_paths

if TYPE_CHECKING:
    from relbot.git.process import Git

_REVERTS = re.compile(r"^This reverts commit ([0-9a-f]{7,40})", re.MULTILINE)  # what `git revert` and forges write
_MOST_FILES = 500
"""Files of a revert that are compared: their names go to git as arguments."""


def list_reverted_additions(git: Git, start: str, head: str) -> frozenset[str]:
    """The files that were added by commits which a commit of `start..head` says it reverts, as far as these are in this clone."""
    commits = set(_REVERTS.findall(git.text("log", "--no-merges", "--format=%B", f"{start}..{head}", "--")))
    added: set[str] = set()
    for commit in commits:
        words = ("diff-tree", "-r", "-z", "--relative", "--no-renames", "--name-only", "--diff-filter=A", f"{commit}^1", commit)
        code, said, _ = git.answer(*words)
        added.update(split_paths(said) if code == 0 else [])
    return frozenset(added)


def find_reverted_commits(git: Git, base: str, head: str) -> tuple[str, ...]:
    """The commits that `base..head` takes back in full, if no tag contains one of them; else none.

    The messages only tell where to look: what counts is that every file that changed is again as it was before the first of
    those commits. Where nothing is tagged, nobody can tell what was deployed, and nothing counts as never deployed.
    """
    messages = git.text("log", "--no-merges", "--format=%B%x00", f"{base}..{head}", "--").split("\0")
    named = [_REVERTS.findall(message) for message in messages if message.strip()]
    if not named or not all(named) or not git.text("tag", "--list"):
        return ()
    commits = tuple(dict.fromkeys(commit for found in named for commit in found))
    for commit in commits:
        code, tags, _ = git.answer("tag", "--contains", commit)
        if code != 0 or tags.strip() or git.answer("merge-base", "--is-ancestor", commit, base)[0] != 0:
            return ()
    oldest = git.text("rev-list", "--topo-order", "--no-walk=sorted", *commits).splitlines()[-1]
    changed = split_paths(git.run("diff", "--name-only", "-z", "--no-renames", base, head))
    if len(changed) > _MOST_FILES:
        return ()
    code, _, _ = git.answer("diff", "--quiet", f"{oldest}^", head, "--", *(f":(literal){path}" for path in changed))
    return commits if code == 0 else ()
