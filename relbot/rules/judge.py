"""Evidence and fragments to a judgement: what is required, what is asked, what was set aside."""

from __future__ import annotations

from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, NamedTuple

from relbot.detect.model import ChangeSet, Evidence
from relbot.detect.paths import matches
from relbot.detect.registry import see
from relbot.finding import Finding, Level, Place
from relbot.rules.circumstances import circumstances
from relbot.rules.levels import level_of
from relbot.rules.likeness import likeness
from relbot.rules.model import Judgement, SetAside
from relbot.rules.propose import proposal, tip_for
from relbot.rules.weigh import weigh
from relbot.rules.weights import WEIGHTS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from relbot.config.model import Config, Rules
    from relbot.fragment.model import Fragment
    from relbot.rules.model import Proposal

_TELLING = 0.25
"""The part of the heaviest fact's weight from which on a fact is told of as a reason by itself."""


class Author(NamedTuple):
    """Who made a commit or a pull request, by every name that is known: login, name, address."""

    names: tuple[str, ...] = ()

    def is_among(self, patterns: Iterable[str]) -> bool:
        """Whether one of the names fits one of the patterns, in which `*` stands for any text. Case does not count."""
        return any(fnmatchcase(name.lower(), _literal(pattern.lower())) for pattern in patterns for name in self.names)


def _literal(pattern: str) -> str:
    """The pattern with nothing but `*` special: `[bot]` is how GitHub ends the login of every app, not a set of letters."""
    return pattern.replace("[", "[[]").replace("?", "[?]")


def judge_changes(changes: ChangeSet, fragments: Sequence[Fragment], config: Config, authors: Sequence[Author] = ()) -> Judgement:
    """What a project's rules say of a change set. Nothing is asked where all of the `authors`, if any are known, are exempt.

    `fragments` are those that the change set adds or edits. One with `migration: true` answers everything; one with
    `migration: false` and a `reason` sets everything aside, in the open. What detectors could not look at stays unknown,
    whatever the fragments say.
    """
    if authors and all(author.is_among(config.rules.exempt) for author in authors):
        return Judgement(left_out=changes.left_out)
    own = tuple(f"{folder.path}/" for folder in config.folders)
    changes = ChangeSet(tuple(file for file in changes.files if not file.path.startswith(own)), changes.left_out)
    seen = see(changes)
    sorted_out = _sorted_out((*_listed(changes, config.rules), *seen.evidence), config.rules)
    found = Judgement(_findings(sorted_out, changes, config.rules), left_out=changes.left_out, unknown=seen.unknown)
    return answered(found, fragments, lambda: proposal(sorted_out.all, config.directory))


def answered(found: Judgement, fragments: Sequence[Fragment], proposed: Callable[[], Proposal]) -> Judgement:
    """A judgement after what the fragments of the change set say; with a proposal if something is still open."""
    if not found.findings or any(fragment.migration for fragment in fragments):
        return found._replace(findings=())
    waiver = next((fragment for fragment in fragments if fragment.waived and fragment.reason), None)
    if waiver is None:
        return found._replace(proposal=proposed())
    told = [finding for finding in found.findings if finding.level is not Level.NOTE]
    return found._replace(findings=(), set_aside=tuple(SetAside(one, waiver.reason or "", waiver.path) for one in told))


class _SortedOut(NamedTuple):
    """Evidence by what the rules want done about it: fixed levels, and what is weighed. What is off is gone."""

    required: tuple[Evidence, ...]
    asked: tuple[Evidence, ...]
    weighed: tuple[Evidence, ...]

    @property
    def all(self) -> tuple[Evidence, ...]:
        return (*self.required, *self.asked, *self.weighed)


def _listed(changes: ChangeSet, rules: Rules) -> list[Evidence]:
    """The files whose paths the rules name."""
    return [
        Evidence("paths", level, file.path, None, f"The project's rules name this path: `{pattern}`.")
        for pattern, level in rules.paths
        if level != "off"
        for file in changes.files
        if matches(file.path, pattern)
    ]


def _sorted_out(evidence: Iterable[Evidence], rules: Rules) -> _SortedOut:
    by_level: dict[str, list[Evidence]] = {"require": [], "ask": [], "weigh": [], "off": []}
    for seen in evidence:
        by_level[level_of(seen, rules)].append(seen)
    return _SortedOut(tuple(by_level["require"]), tuple(by_level["ask"]), tuple(by_level["weigh"]))


def _findings(evidence: _SortedOut, changes: ChangeSet, rules: Rules) -> tuple[Finding, ...]:
    """A finding for each evidence that counts, the heaviest first; none if nothing is required or asked."""
    fixed = [_finding(seen, Level.ERROR) for seen in evidence.required] + [
        _finding(seen, Level.WARNING) for seen in evidence.asked
    ]
    return (*fixed, *_weighed(evidence.weighed, changes, rules))


def _weighed(evidence: Sequence[Evidence], changes: ChangeSet, rules: Rules) -> list[Finding]:
    """Findings for what is weighed, if all of it together, with the circumstances, weighs enough.

    Circumstances alone never require a note: somebody would be stopped, and could not be told what for.
    """
    facts = {seen.id for seen in evidence}
    total, shares = weigh((*facts, *circumstances(changes)), WEIGHTS)
    if not changes.files or total < WEIGHTS.ask:
        return []
    heaviest = max((shares[fact] for fact in facts), default=0.0)
    if heaviest <= 0:
        off = dict(rules.levels).get("likeness") == "off"
        return [] if off else [_finding(likeness(changes, shares), Level.WARNING)]
    level = Level.ERROR if total >= WEIGHTS.require else Level.WARNING
    return [
        _finding(seen, level if shares[seen.id] >= _TELLING * heaviest else Level.NOTE)
        for seen in sorted(evidence, key=lambda one: -shares[one.id])
        if shares[seen.id] > 0
    ]


def _finding(seen: Evidence, level: Level) -> Finding:
    return Finding(seen.detector, Place(seen.path, seen.line), seen.message, tip_for(seen), "", level, seen.details)
