"""Change sets that take back what was never deployed: they need no note, for nobody has seen what they undo."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relbot.git.object_reader import FULL_ID
from relbot.git.process import split_paths
from relbot.schema import lazy_re as re

if TYPE_CHECKING:
    from collections.abc import Sequence

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
    """The commits that `base..head` takes back in full, and nothing else; none if it does anything else.

    The messages only tell where to look: what counts is that every file that changed is again as it was before the first of
    those commits. GitFailed if git cannot tell.
    """
    named = [_REVERTS.findall(message) for message in _read_messages(git, base, head) if message.strip()]
    if not named or not all(named):
        return ()
    commits = tuple(dict.fromkeys(commit for found in named for commit in found))
    if any(git.answer("merge-base", "--is-ancestor", commit, base)[0] != 0 for commit in commits):
        return ()
    oldest = git.text("rev-list", "--topo-order", "--no-walk=sorted", *commits).splitlines()[-1]
    changed = split_paths(git.run("diff", "--name-only", "-z", "--no-renames", base, head))
    if len(changed) > _MOST_FILES:
        return ()
    code, _, _ = git.answer("diff", "--quiet", f"{oldest}^", head, "--", *(f":(literal){path}" for path in changed))
    return commits if code == 0 else ()


def _read_messages(git: Git, base: str, head: str) -> list[str]:
    """The messages of the commits of `base..head` that are no merges."""
    if FULL_ID.fullmatch(head) and (found := git.objects.read(head)) is not None and found.kind == "commit":
        about, _, message = found.content.decode("utf-8", "replace").partition("\n\n")
        if re.findall(r"^parent (\w+)$", about, re.MULTILINE) == [base]:
            return [message]  # one commit of many that a backtest looks at: no process for each
    return git.text("log", "--no-merges", "--format=%B%x00", f"{base}..{head}", "--").split("\0")


def is_undeployed(git: Git, head: str, reverted: Sequence[str]) -> bool:
    """Whether no release has one of the commits that `head` takes back without `head` itself; False without any commit.

    Where nothing is tagged, nobody can tell what was deployed, and nothing counts as never deployed.
    """
    if not reverted or not git.text("tag", "--list"):
        return False
    released = (git.answer("tag", "--contains", commit, "--no-contains", head) for commit in reverted)
    return all(code == 0 and not tags.strip() for code, tags, _ in released)
