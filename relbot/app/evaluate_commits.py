"""What a change set between two commits is judged to be, read from git's objects: the core of `relbot pr`."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from relbot.app.evaluate_work_tree import without_reverts
from relbot.config.model import Config
from relbot.fragment.file import FragmentFile
from relbot.fragment.location import Location, locate_fragment
from relbot.git.change_set import BlobReader, read_change_set
from relbot.git.changes import list_changed_paths
from relbot.git.policy_source import read_config_at
from relbot.git.trees import CommitTree, list_tree, parse_entry, read_blobs, split_lines
from relbot.review.changed_paths import weigh_findings
from relbot.review.check import check_fragments
from relbot.review.rules.evaluate import evaluate_change_set
from relbot.review.rules.model import Evaluation
from relbot.tools.ask import ask_tools

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from relbot.config.model import Rules
    from relbot.finding import Finding
    from relbot.fragment.model import Fragment
    from relbot.git.process import Git
    from relbot.git.trees import TreeEntry

_PROBLEMS = {"120000": "It is a symbolic link.", "160000": "It is a submodule."}


class CommitRange(NamedTuple):
    """`start` is where `head` left the base branch, `base` the commit of that branch whose rules count."""

    start: str
    base: str
    head: str


class EvaluatedCommits(NamedTuple):
    """A change set, judged by the configuration of its base.

    `faults` are those of the fragments that it adds or edits, or that it breaks by a deletion. `judgement` is what the
    rules ask for, `exempt` whether they ask nothing of its author. `fragments` are those that it adds or edits,
    `unreleased` all that head has, of both only those without faults and not released.
    """

    config: Config
    faults: tuple[Finding, ...]
    judgement: Evaluation
    exempt: bool
    fragments: tuple[Fragment, ...]
    unreleased: tuple[Fragment, ...]


def evaluate_commits(git: Git, commits: CommitRange, is_exempt: Callable[[Rules], bool]) -> EvaluatedCommits:
    """What is wrong with the fragments of a change set, and what the rules make of it.

    The rules are those of the base: no change set can loosen what judges it. Where the base knows nothing of relbot, the
    defaults count. `is_exempt` goes by who made the pull request: what commits say of their authors, anybody can write.
    ConfigError if the base's configuration has faults; Unknown if git cannot read what is needed.
    """
    config = read_config_at(git, commits.base) or Config()
    exempt = is_exempt(config.rules)
    changed = list_changed_paths(git, commits.start, commits.head)
    paths = {change.path for change in changed if change.status != "D"}
    deletes = any(change.status == "D" and change.path.endswith(".md") for change in changed)
    files = sorted(map(parse_entry, split_lines(list_tree(git, commits.head, config.folders))))
    read = files if deletes else [file for file in files if file.path in paths or _is_unreleased(file, config)]
    unread = {file.path for file in files} - {file.path for file in read}
    checked = check_fragments(_sources(git, read), config, [path for path in unread if path.endswith(".md")])
    findings = weigh_findings(checked.findings, changed, config)
    unreleased = tuple(fragment for fragment in checked.fragments if fragment.version is None)
    fragments = tuple(fragment for fragment in unreleased if fragment.path in paths)
    missing = tuple(finding for finding in findings if finding.rule == "fragment-missing")
    judgement = Evaluation() if exempt else _judgement(git, commits, fragments, config)
    return EvaluatedCommits(
        config,
        tuple(f for f in findings if f not in missing and (deletes or f.place.path in paths)),
        judgement._replace(findings=(*judgement.findings, *missing)),
        exempt,
        fragments,
        unreleased,
    )


def _judgement(git: Git, commits: CommitRange, fragments: Sequence[Fragment], config: Config) -> Evaluation:
    with BlobReader(git) as contents:
        changes = read_change_set(git, commits.start, commits.head, contents)
    judgement = evaluate_change_set(
        changes, fragments, config, told=ask_tools(CommitTree(git, commits.start), changes, config.rules)
    )
    return without_reverts(git, commits.start, commits.head, judgement)


def _is_unreleased(file: TreeEntry, config: Config) -> bool:
    location = locate_fragment(file.path, config.folders)
    return isinstance(location, Location) and location.version is None


def _sources(git: Git, files: Sequence[TreeEntry]) -> list[FragmentFile]:
    regular = {file.path for file in files if file.mode.startswith("100")}
    contents = read_blobs(git, [file.blob for file in files if file.path in regular])
    return [
        FragmentFile(file.path, contents[file.blob])
        if file.path in regular
        else FragmentFile(file.path, b"", _PROBLEMS.get(file.mode, ""))
        for file in files
    ]
