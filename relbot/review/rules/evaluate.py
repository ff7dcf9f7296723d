"""A change set and its fragments to an evaluation: what was seen, what is required, what is asked, what was set aside."""

from __future__ import annotations

from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

from relbot.detect.engine.facts import FactLevel
from relbot.detect.engine.globs import matches_glob
from relbot.detect.engine.model import ChangeSet, Evidence
from relbot.detect.engine.registry import NO_RESULTS, DetectorResults, run_detectors
from relbot.detect.engine.unread import describe_partly_read, describe_unread, describe_unread_kinds
from relbot.finding import Finding, Level, Place
from relbot.review.rules.draft_fragment import draft_proposal, tip_for
from relbot.review.rules.levels import grade_facts, subjects_to_look_up
from relbot.review.rules.model import Evaluation, SetAside
from relbot.review.rules.note_checks import check_notes
from relbot.schema.named_tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from relbot.config.model import Config, Rules
    from relbot.fragment.model import Fragment
    from relbot.review.rules.levels import GradedFact
    from relbot.review.rules.model import Proposal

    LookUp = Callable[[frozenset[str]], Mapping[str, str]]
    """From names to where the base's documentation, samples or schemas have them; what they do not have is left out."""

_LEVELS = {FactLevel.REQUIRE: Level.ERROR, FactLevel.ASK: Level.WARNING, FactLevel.NOTE: Level.NOTE}


def know_nothing(names: frozenset[str]) -> Mapping[str, str]:
    """A look-up in a base that knows no name."""
    return {}


class Author(NamedTuple):
    """Who made a commit or a pull request, by every name that is known: login, name, address."""

    names: tuple[str, ...] = ()

    def is_among(self, patterns: Iterable[str]) -> bool:
        """Whether one of the names fits one of the patterns, in which `*` stands for any text. Case does not count."""
        return any(fnmatchcase(name.lower(), _escape_pattern(pattern.lower())) for pattern in patterns for name in self.names)


def _escape_pattern(pattern: str) -> str:
    """The pattern with nothing but `*` special: `[bot]` is how GitHub ends the login of every app, not a set of letters."""
    return pattern.replace("[", "[[]").replace("?", "[?]")


def evaluate_change_set(
    changes: ChangeSet,
    fragments: Sequence[Fragment],
    config: Config,
    told: DetectorResults = NO_RESULTS,
    look_up: LookUp = know_nothing,
) -> Evaluation:
    """What a project's rules say of a change set.

    `told` is what other tools say of it; `fragments` are those that it adds or edits. One with `migration: true` answers
    everything; one with `migration: false` and a `reason` sets everything aside, in the open. What detectors could not look
    at stays unknown, whatever the fragments say. `look_up` finds names in the base.
    """
    own = tuple(f"{folder.path}/" for folder in config.folders)
    changes = ChangeSet(tuple(file for file in changes.files if not file.path.startswith(own)), changes.left_out)
    found = apply_rules(observe_changes(changes, look_up, told), config.rules)
    return with_note_checks(
        found,
        fragments,
        lambda: draft_proposal([fact.evidence for fact in found.facts if fact.level is not FactLevel.NOTE], config.directory),
        config.rules,
    )


def apply_fragments(found: Evaluation, fragments: Sequence[Fragment], proposed: Callable[[], Proposal]) -> Evaluation:
    """An evaluation after what the fragments of the change set say; with a proposal if something is still open."""
    if not found.findings or any(fragment.migration for fragment in fragments):
        return found._replace(findings=())
    waiver = next((fragment for fragment in fragments if fragment.waived and fragment.reason), None)
    if waiver is None:
        return found._replace(proposal=proposed())
    told = [finding for finding in found.findings if finding.level is not Level.NOTE]
    return found._replace(findings=(), set_aside=tuple(SetAside(one, waiver.reason or "", waiver.path) for one in told))


def with_note_checks(
    found: Evaluation, fragments: Sequence[Fragment], proposed: Callable[[], Proposal], rules: Rules
) -> Evaluation:
    """An evaluation after what the fragments say, and what is to be asked about them."""
    answered = apply_fragments(found, fragments, proposed)
    return answered._replace(findings=(*answered.findings, *check_notes(fragments, found.facts, rules)))


class Observed(NamedTuple):
    """What a change set is judged by: evidence, what is unknown, its paths, and names that its base has, with places.

    `left_out` says, a sentence each, what was not looked at on purpose.
    """

    evidence: tuple[Evidence, ...]
    unknown: tuple[str, ...]
    paths: tuple[str, ...]
    known: tuple[tuple[str, str], ...] = ()
    left_out: tuple[str, ...] = ()


def observe_changes(changes: ChangeSet, look_up: LookUp = know_nothing, told: DetectorResults = NO_RESULTS) -> Observed:
    """What is to be seen in a change set, before any rule. A file that a detector reads and could not is unknown.

    `look_up` finds names in the base; `told` is what other tools say.
    """
    seen = run_detectors(changes)
    evidence = (*seen.evidence, *told.evidence)
    paths = tuple(file.path for file in changes.files)
    return Observed(
        evidence,
        (*seen.unknown, *describe_unread(changes), *told.unknown),
        paths,
        tuple(look_up(names).items()) if (names := subjects_to_look_up(evidence)) else (),
        (*changes.left_out, *describe_partly_read(changes), *describe_unread_kinds(paths)),
    )


def apply_rules(observed: Observed, rules: Rules) -> Evaluation:
    """What rules make of what was seen: each fact and each path that they name, with its level, the gravest first."""
    facts = grade_facts((*_named_paths(observed.paths, rules), *observed.evidence), rules, dict(observed.known))
    findings = tuple(_make_finding(fact) for fact in facts if fact.level is not FactLevel.NOTE)
    return Evaluation(findings, left_out=observed.left_out, unknown=observed.unknown, facts=facts)


def _named_paths(paths: Iterable[str], rules: Rules) -> list[Evidence]:
    """The files whose paths the rules name."""
    return [
        Evidence(
            "paths",
            level,
            path,
            None,
            f"The project wants a fragment for each change of `{pattern}`.",
            (),
            (path,),
        )
        for pattern, level in rules.paths
        if level != "off"
        for path in paths
        if matches_glob(path, pattern)
    ]


def _make_finding(fact: GradedFact) -> Finding:
    seen = fact.evidence
    place = Place(seen.path, seen.line)
    return Finding(seen.detector, place, seen.message, tip_for(seen), "", _LEVELS[fact.level], seen.details, seen.id, fact.why)
