"""Evidence and fragments to a judgement: what is required, what is asked, what was set aside."""

from __future__ import annotations

from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, NamedTuple

from relbot.detect.engine.globs import matches_glob
from relbot.detect.engine.model import ChangeSet, Evidence
from relbot.detect.engine.registry import NO_RESULTS, DetectorResults, run_detectors
from relbot.detect.engine.syntax import describe_unparsed
from relbot.finding import Finding, Level, Place
from relbot.review.rules.draft_fragment import draft_proposal, tip_for
from relbot.review.rules.levels import level_of
from relbot.review.rules.model import Evaluation, SetAside
from relbot.review.scoring.explain import likeness
from relbot.review.scoring.features import circumstances
from relbot.review.scoring.model import weigh
from relbot.review.scoring.weights import WEIGHTS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from relbot.config.model import Config, Rules
    from relbot.fragment.model import Fragment
    from relbot.review.rules.model import Proposal

_LEVELS = {"require": Level.ERROR, "ask": Level.WARNING, "note": Level.NOTE}
_TELLING = 0.25
"""The part of the heaviest fact's weight from which on a fact is told of as a reason by itself."""


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
    authors: Sequence[Author] = (),
    told: DetectorResults = NO_RESULTS,
) -> Evaluation:
    """What a project's rules say of a change set. Nothing is asked where all of the `authors`, if any are known, are exempt.

    `told` is what other tools say of it; `fragments` are those that it adds or edits. One with `migration: true` answers
    everything; one with `migration: false` and a `reason` sets everything aside, in the open. What detectors could not look
    at stays unknown, whatever the fragments say.
    """
    if authors and all(author.is_among(config.rules.exempt) for author in authors):
        return Evaluation(left_out=changes.left_out)
    own = tuple(f"{folder.path}/" for folder in config.folders)
    changes = ChangeSet(tuple(file for file in changes.files if not file.path.startswith(own)), changes.left_out)
    own_eyes = observe_changes(changes)
    observed = own_eyes._replace(evidence=(*own_eyes.evidence, *told.evidence), unknown=(*own_eyes.unknown, *told.unknown))
    spoken = graded(observed, config.rules)
    findings = tuple(_make_finding(seen, _LEVELS[level]) for level, seen in spoken)
    found = Evaluation(findings, left_out=(*changes.left_out, *describe_unparsed(changes)), unknown=observed.unknown)
    return apply_fragments(found, fragments, lambda: draft_proposal(sorted_out(observed, config.rules).all, config.directory))


def apply_fragments(found: Evaluation, fragments: Sequence[Fragment], proposed: Callable[[], Proposal]) -> Evaluation:
    """A judgement after what the fragments of the change set say; with a proposal if something is still open."""
    if not found.findings or any(fragment.migration for fragment in fragments):
        return found._replace(findings=())
    waiver = next((fragment for fragment in fragments if fragment.waived and fragment.reason), None)
    if waiver is None:
        return found._replace(proposal=proposed())
    told = [finding for finding in found.findings if finding.level is not Level.NOTE]
    return found._replace(findings=(), set_aside=tuple(SetAside(one, waiver.reason or "", waiver.path) for one in told))


class Observed(NamedTuple):
    """All that a change set is judged by: evidence, what is unknown, its paths, and the ids of its circumstances."""

    evidence: tuple[Evidence, ...]
    unknown: tuple[str, ...]
    paths: tuple[str, ...]
    circumstances: frozenset[str]


def observe_changes(changes: ChangeSet) -> Observed:
    """What is to be seen in a change set, before any rule."""
    seen = run_detectors(changes)
    return Observed(seen.evidence, seen.unknown, tuple(file.path for file in changes.files), circumstances(changes))


class SortedOut(NamedTuple):
    """Evidence by what the rules want done about it: fixed levels, and what is weighed. What is off is gone."""

    required: tuple[Evidence, ...]
    asked: tuple[Evidence, ...]
    weighed: tuple[Evidence, ...]

    @property
    def all(self) -> tuple[Evidence, ...]:
        return (*self.required, *self.asked, *self.weighed)


def sorted_out(observed: Observed, rules: Rules) -> SortedOut:
    """Evidence, and the paths that the rules name, by the levels that the rules give them."""
    by_level: dict[str, list[Evidence]] = {"require": [], "ask": [], "weigh": [], "off": []}
    for seen in (*_listed(observed.paths, rules), *observed.evidence):
        by_level[level_of(seen, rules)].append(seen)
    return SortedOut(tuple(by_level["require"]), tuple(by_level["ask"]), tuple(by_level["weigh"]))


def _listed(paths: Iterable[str], rules: Rules) -> list[Evidence]:
    """The files whose paths the rules name."""
    return [
        Evidence("paths", level, path, None, f"The project's rules name this path: `{pattern}`.")
        for pattern, level in rules.paths
        if level != "off"
        for path in paths
        if matches_glob(path, pattern)
    ]


def graded(observed: Observed, rules: Rules) -> tuple[tuple[str, Evidence], ...]:
    """Each evidence that counts with its level (`require`, `ask`, or `note`: it adds to others), the heaviest first.

    Empty if nothing is required or asked.
    """
    evidence = sorted_out(observed, rules)
    fixed = [*(("require", seen) for seen in evidence.required), *(("ask", seen) for seen in evidence.asked)]
    return (*fixed, *_weighed(evidence.weighed, observed, rules))


def _weighed(evidence: Sequence[Evidence], observed: Observed, rules: Rules) -> list[tuple[str, Evidence]]:
    """What is weighed, if all of it together, with the circumstances, weighs enough.

    Circumstances alone never require a note: somebody would be stopped, and could not be told what for.
    """
    facts = {seen.id for seen in evidence}
    total, shares, around = weigh(facts, observed.circumstances, WEIGHTS)
    if not observed.paths or total < WEIGHTS.ask:
        return []
    heaviest = max((shares[fact] for fact in facts), default=0.0)
    if heaviest <= 0:
        off = dict(rules.levels).get("likeness") == "off"
        return [] if off else [("ask", likeness(observed.paths, around))]
    level = "require" if total >= WEIGHTS.require else "ask"
    return [
        (level if shares[seen.id] >= _TELLING * heaviest else "note", seen)
        for seen in sorted(evidence, key=lambda one: -shares[one.id])
        if shares[seen.id] > 0
    ]


def _make_finding(seen: Evidence, level: Level) -> Finding:
    return Finding(seen.detector, Place(seen.path, seen.line), seen.message, tip_for(seen), "", level, seen.details)
