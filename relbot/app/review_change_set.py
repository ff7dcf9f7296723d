"""Reviews a change set: what is wrong with its fragments, and what the rules of its base ask for."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, assert_never

from relbot.app.evaluation_steps import ask_tools_since, make_look_up
from relbot.config.model import Config
from relbot.errors import ConfigError
from relbot.finding import Finding, Place, in_reading_order
from relbot.fragment.location import RECORD, RELEASED
from relbot.git.authors import list_authors, next_author
from relbot.git.change_set import BlobReader
from relbot.git.fragment_tree import FragmentSides
from relbot.git.git_changes import diff_commits, diff_index
from relbot.git.policy_source import (
    WorkTreeConfig,
    config_names,
    find_range,
    list_paths_at,
    parse_config,
    read_config_at,
    read_policy,
)
from relbot.git.reverts import find_reverted_commits, is_undeployed, list_reverted_additions
from relbot.git.work_tree import WorkTreeDiff
from relbot.review.changed_paths import of_change_set, only_fragments
from relbot.review.check import CheckedFragments, check_changed_fragments, check_fragments, parsing_settings
from relbot.review.every_change import apply_every_change
from relbot.review.fragment_changes import FragmentChangeKind, list_fragment_changes, report_fragment_changes
from relbot.review.reviewed import ReviewedChangeSet
from relbot.review.rules.model import Evaluation, set_reverts_aside
from relbot.review.tree_files import pick_files
from relbot.schema.named_tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from relbot.config.model import Rules
    from relbot.fragment.model import Fragment
    from relbot.git.git_changes import GitChanges
    from relbot.git.process import Git
    from relbot.review.fragment_changes import FragmentChange
    from relbot.review.rules.evaluate import Author
    from relbot.review.tree_files import TreeFile


class BetweenCommits(NamedTuple):
    """The change set from the commit `start` to the commit `head`, full ids; the rules are those of the commit `base`.

    `is_exempt` says whether rules ask nothing of its author. What commits say of their authors does not count: anybody can
    write that.
    """

    start: str
    base: str
    head: str
    is_exempt: Callable[[Rules], bool]


class SinceRevision(NamedTuple):
    """What the work tree changes since HEAD left the revision; the rules are those of the revision."""

    revision: str


class NextCommit(NamedTuple):
    """What the index changes; the rules are those of HEAD."""


ChangeSetSource = BetweenCommits | SinceRevision | NextCommit


class ReviewRequest(NamedTuple):
    """A change set of the repository of `git`.

    `here` is the configuration of the work tree. `web` is the address of the repository, "" where git knows its remote.
    """

    git: Git
    source: ChangeSetSource
    here: WorkTreeConfig = WorkTreeConfig(Config())
    web: str = ""


class OpenChangeSet(NamedTuple):
    """A change set that was read: what changes, the base's `tip` and its configuration, and whose change set it is.

    `head` is the commit at which it ends, "" for one that ends in the index.
    """

    changes: GitChanges
    tip: str
    policy: Config
    exempt: bool
    head: str


def review_change_set(request: ReviewRequest) -> ReviewedChangeSet:
    """What is wrong with the fragments of a change set, and what the rules of its base ask for.

    A change set cannot loosen the rules that judge it. Its fragments are read in the tree that a merge with the base gives, by
    the configuration of that tree; where it changes how fragments are read, all of them are checked, not only its own. Where
    the base knows nothing of relbot, the defaults count.

    ConfigError if the configuration of the base has faults. RevisionUnknown if there is no such revision. Unknown if git cannot
    read what is needed, or a fragment was changed on both sides in ways that git cannot merge.
    """
    with ExitStack() as stack:
        opened = open_change_set(request, stack)
        reading, faults = _read_new_config(opened, request.here)
        folders = tuple(dict.fromkeys((*opened.policy.folders, *reading.folders)))
        sides = FragmentSides(opened.changes, opened.tip, folders)
        checked = _check_fragments(opened, sides, reading)
        _require_records(opened.changes, sides)
        fragments = tuple(of_change_set(checked.fragments, opened.changes.changed))
        evaluation = Evaluation()
        if not opened.exempt:
            evaluation = _evaluate(opened, fragments)
            more = _report_changes(opened, sides, reading, request.web)
            more += apply_every_change(opened.changes.changed, opened.policy)
            evaluation = _without_reverts(opened, evaluation._replace(findings=(*evaluation.findings, *more)))
        return ReviewedChangeSet(
            opened.changes.start,
            opened.policy,
            reading,
            tuple(in_reading_order([*faults, *checked.findings])),
            evaluation,
            opened.exempt,
            fragments,
            sides.paths,
        )


def evaluate_facts(request: ReviewRequest) -> Evaluation:
    """What the rules of its base ask of a change set that has no fragment yet. Raises what `review_change_set` raises."""
    with ExitStack() as stack:
        opened = open_change_set(request, stack)
        return _without_reverts(opened, _evaluate(opened, ()))


def open_change_set(request: ReviewRequest, stack: ExitStack) -> OpenChangeSet:
    """Reads which paths a change set changes. `stack` ends what git still does."""
    git = request.git
    match request.source:
        case BetweenCommits(start, base, head, is_exempt):
            policy = read_config_at(git, base) or Config()
            changes = diff_commits(git, start, head).without_merged(base)
            return OpenChangeSet(changes, base, policy, is_exempt(policy.rules), head)
        case SinceRevision(revision):
            start, tip = find_range(git, revision)
            policy = read_policy(git, tip, request.here)
            folders = dict.fromkeys((*policy.folders, *request.here.config.folders))
            diff = stack.enter_context(WorkTreeDiff(git, start, folders))
            exempt = _are_exempt(list_authors(git, start), policy.rules)
            if not exempt:
                _load_evaluation()  # while git compares the work tree
            return OpenChangeSet(diff.result().without_merged(tip), tip, policy, exempt, "HEAD")
        case NextCommit():
            policy = read_policy(git, "HEAD", request.here)
            changes = diff_index(git)
            return OpenChangeSet(changes, changes.start, policy, _are_exempt(next_author(git), policy.rules), "")
        case _:
            assert_never(request.source)


def _are_exempt(authors: Sequence[Author], rules: Rules) -> bool:
    """Whether rules ask nothing of a change set whose authors are all known to be exempt."""
    return bool(authors) and all(author.is_among(rules.exempt) for author in authors)


def _read_new_config(opened: OpenChangeSet, here: WorkTreeConfig) -> tuple[Config, Sequence[Finding]]:
    """The configuration on the new side, and its faults: where it has some, that of the base stands in for it."""
    changes = opened.changes
    names = config_names(here.named)
    if not any(change.path in names for change in changes.changed):
        return opened.policy, ()
    files = changes.read_files(pick_files(changes.apply_to(list_paths_at(changes.git, changes.start, names)), names))
    contents = {file.path: file.content for file in files}
    if unread := [file for file in files if file.problem]:
        kind = "Allowed: a regular file that you may read."
        return opened.policy, [Finding("file-kind", Place(file.path), file.problem, kind) for file in unread]
    try:
        found = (parse_config(name, contents[name]) for name in names if name in contents)
        return next((config for config in found if config is not None), Config()), ()
    except ConfigError as error:
        return opened.policy, error.findings


def _check_fragments(opened: OpenChangeSet, sides: FragmentSides, reading: Config) -> CheckedFragments:
    """The fragments at changed paths and their faults; all fragments where the change set changes how they are read."""
    if parsing_settings(reading) != parsing_settings(opened.policy):
        return check_fragments(sides.read(sides.paths), reading)
    changed = opened.changes.changed
    deleted = {_stem_of(change.path) for change in changed if change.status == "D" and change.path in sides.old}
    gone = deleted - {_stem_of(path) for path in sides.paths} if deleted else set[str]()
    added = {change.path for change in changed if change.status == "A"}
    return check_changed_fragments(sides, {change.path for change in changed if change.status != "D"}, gone, reading, added)


def _require_records(changes: GitChanges, sides: FragmentSides) -> None:
    """Unknown if the change set breaks the record of a release, without which nothing more can be built."""
    there = (each.path for each in changes.changed if each.status != "D")
    paths = [path for path in there if PurePosixPath(path).match(f"{RELEASED}/*/{RECORD}")]
    if paths:
        from relbot.release.record import read_release_record  # few change sets bring one

        for file in changes.read_files(pick_files(sides.all_new, paths)):
            read_release_record(file.path, file.content.decode("utf-8", "replace"))


def _stem_of(path: str) -> str:
    return path[path.rfind("/") + 1 :].removesuffix(".md")


def _load_evaluation() -> None:
    import relbot.review.rules.evaluate  # noqa: F401  # takes as long as an interpreter to start: see `_evaluate`


def _evaluate(opened: OpenChangeSet, fragments: Sequence[Fragment]) -> Evaluation:
    """What the rules make of the facts that the change set shows; nothing where it changes only fragments."""
    changes, policy = opened.changes, opened.policy
    if changes.is_first or only_fragments(changes.changed, policy):
        return Evaluation()
    from relbot.review.rules.evaluate import evaluate_change_set  # no fragment needs it

    with BlobReader(changes.git) as blobs:
        change_set = changes.read_change_set(blobs)
    told = ask_tools_since(changes.git, changes.start, change_set, policy.rules.tools)
    return evaluate_change_set(change_set, fragments, policy, told, make_look_up(changes.git, changes.start))


def _report_changes(opened: OpenChangeSet, sides: FragmentSides, reading: Config, web: str) -> list[Finding]:
    """What the change set does to fragments that were there before it."""
    changes, policy = opened.changes, opened.policy
    old, own = (sides.old, sides.new) if reading.folders == policy.folders else (sides.all_old, sides.all_new)
    found = list_fragment_changes((old, policy.folders), (own, reading.folders), changes.renames)
    if opened.head and any(change.kind is FragmentChangeKind.DELETED for change in found):
        reverted = list_reverted_additions(changes.git, changes.start, opened.head)
        found = [change for change in found if change.kind is not FragmentChangeKind.DELETED or change.path not in reverted]
    found = _without_declared(found, opened, own, reading)
    lain = pick_files(old, [change.before.path for change in found if change.before])
    fragments = check_fragments(changes.read_files(lain), policy).fragments
    if released := [change.after for change in found if change.after and change.kind is FragmentChangeKind.RELEASED]:
        # What builds releases takes as long to load as all that looks at a change set, and few change sets are releases.
        from relbot.app.verify_release import ReleaseSides, list_rebuilt_paths

        links = policy.links._replace(repository=policy.links.repository or web)
        both = ReleaseSides(changes, policy._replace(links=links), sides.all_old, sides.all_new)
        rebuilt = list_rebuilt_paths(both, released)
        found = [change for change in found if change.path not in rebuilt]
    return report_fragment_changes(found, {fragment.path: fragment for fragment in fragments})


def _without_declared(
    found: list[FragmentChange], opened: OpenChangeSet, files: Mapping[str, TreeFile], reading: Config
) -> list[FragmentChange]:
    """The changes without the fragments that name their former names: their authors know what a name is, and so do deploys."""
    renamed = [change.path for change in found if change.kind is FragmentChangeKind.RENAMED]
    there = check_fragments(opened.changes.read_files(pick_files(files, renamed)), reading).fragments if renamed else ()
    former = {fragment.path: fragment.was for fragment in there}
    return [change for change in found if not change.is_declared(former)]


def _without_reverts(opened: OpenChangeSet, evaluation: Evaluation) -> Evaluation:
    """The evaluation, with its findings set aside if the change set only takes back what was never deployed."""
    if not evaluation.findings or not opened.head:
        return evaluation
    git, head = opened.changes.git, opened.head
    reverted = find_reverted_commits(git, opened.changes.start, head)
    return set_reverts_aside(evaluation, reverted) if is_undeployed(git, head, reverted) else evaluation
