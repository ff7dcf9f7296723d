"""What a project's rules say of a change set that git knows: the work tree, or the index."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relbot.finding import Level
from relbot.git.change_set import BlobReader, read_contents, read_index
from relbot.git.reverts import find_reverted_commits
from relbot.git.trees import CommitTree
from relbot.review.rules.evaluate import Author, evaluate_change_set
from relbot.review.rules.model import Evaluation, SetAside

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from relbot.config.model import Config, Rules
    from relbot.detect.engine.model import ChangeSet
    from relbot.detect.engine.registry import DetectorResults
    from relbot.fragment.model import Fragment
    from relbot.git.policy_source import PolicyBase
    from relbot.git.process import Git
    from relbot.git.work_tree import WorkTreeDiff

    Ask = Callable[[CommitTree, ChangeSet, Rules], DetectorResults]


def judged_work_tree(git: Git, base: PolicyBase, look: WorkTreeDiff, fragments: Sequence[Fragment], ask: Ask) -> Evaluation:
    """What the rules of a base say of what differs between it and the work tree, without files that git does not track.

    `look` is one at that; `fragments` are those that the change set adds or edits; `ask` asks the other tools that the rules
    name. Unknown if git lacks a content.
    """
    with BlobReader(git) as blobs:
        changes = read_contents(look.rows(), blobs)
    told = ask(CommitTree(git, base.commit), changes, base.config.rules)
    judgement = evaluate_change_set(changes, fragments, base.config, authors(git, base.commit, "HEAD"), told)
    return without_reverts(git, base.commit, "HEAD", judgement)


def judged_index(git: Git, config: Config, fragments: Sequence[Fragment], ask: Ask) -> Evaluation:
    """The same of what the next commit would change."""
    with BlobReader(git) as blobs:
        changes = read_index(git, blobs)
    return evaluate_change_set(changes, fragments, config, told=ask(CommitTree(git, "HEAD"), changes, config.rules))


def authors(git: Git, base: str, head: str) -> list[Author]:
    """Who made the commits that `head` has and `base` has not, each once."""
    lines = git.text("log", "--no-merges", "--format=%an%x00%ae", f"{base}..{head}", "--").splitlines()
    return [Author(tuple(line.split("\0"))) for line in dict.fromkeys(lines)]


def without_reverts(git: Git, base: str, head: str, judgement: Evaluation) -> Evaluation:
    """The judgement, with its findings set aside if `base..head` only takes back what was never deployed."""
    if not judgement.findings:
        return judgement
    commits = find_reverted_commits(git, base, head)
    if not commits:
        return judgement
    reason = f"It takes back {', '.join(commit[:12] for commit in commits)}, which no release or deploy has brought anywhere."
    aside = tuple(SetAside(finding, reason, "revert") for finding in judgement.findings if finding.level is not Level.NOTE)
    return judgement._replace(findings=(), proposal=None, set_aside=aside)
