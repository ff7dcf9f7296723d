"""Evidence and fragments to a judgement: what is required, what is asked, what was set aside."""

from __future__ import annotations

from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, NamedTuple

from relbot.detect.model import ChangeSet, Evidence
from relbot.detect.paths import matches
from relbot.detect.registry import Seen, see
from relbot.finding import Finding, Level, Place
from relbot.rules.levels import level_of
from relbot.rules.model import Judgement, SetAside
from relbot.rules.propose import proposal, tip_for
from relbot.rules.weigh import weigh
from relbot.rules.weights import WEIGHTS

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from relbot.config.model import Config, Rules
    from relbot.fragment.model import Fragment
    from relbot.rules.weigh import Weights

_LEVELS = {"require": Level.ERROR, "ask": Level.WARNING}
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

    `fragments` are those that the change set adds or edits.
    """
    rules = config.rules
    if authors and all(author.is_among(rules.exempt) for author in authors):
        return Judgement(left_out=changes.left_out)
    own = tuple(f"{folder.path}/" for folder in config.folders)
    changes = ChangeSet(tuple(file for file in changes.files if not file.path.startswith(own)), changes.left_out)
    seen = see(changes)
    listed = [
        Evidence("paths", level, file.path, None, f"The project's rules name this path: `{pattern}`.")
        for pattern, level in rules.paths
        if level != "off"
        for file in changes.files
        if matches(file.path, pattern)
    ]
    found = judge(Seen((*listed, *seen.evidence), seen.unknown), fragments, rules, WEIGHTS, config.directory)
    return found._replace(left_out=changes.left_out)


def judge(seen: Seen, fragments: Sequence[Fragment], rules: Rules, weights: Weights, directory: str = "changes") -> Judgement:
    """What the rules make of what detectors saw. `fragments` are those that the change set adds or edits.

    One with `migration: true` answers everything; one with `migration: false` and a `reason` sets everything aside, in the
    open. What detectors could not look at stays unknown, whatever the fragments say.
    """
    findings = _findings(seen.evidence, rules, weights)
    unknown = seen.unknown
    if any(fragment.migration for fragment in fragments):
        return Judgement(unknown=unknown)
    waiver = next((fragment for fragment in fragments if fragment.waived and fragment.reason), None)
    if waiver is not None:
        aside = tuple(
            SetAside(finding, waiver.reason or "", waiver.path) for finding in findings if finding.level is not Level.NOTE
        )
        return Judgement(set_aside=aside, unknown=unknown)
    proposed = proposal(seen.evidence, directory) if findings else None
    return Judgement(tuple(findings), proposal=proposed, unknown=unknown)


def _findings(evidence: Sequence[Evidence], rules: Rules, weights: Weights) -> list[Finding]:
    """A finding for each evidence that counts, the heaviest first; none if nothing is required or asked."""
    fixed: list[tuple[str, Evidence]] = []
    weighed: list[Evidence] = []
    for seen in evidence:
        level = level_of(seen, rules)
        if level == "weigh":
            weighed.append(seen)
        elif level != "off":
            fixed.append((level, seen))
    findings = [_finding(seen, _LEVELS[level]) for level, seen in sorted(fixed, key=lambda one: one[0], reverse=True)]
    total, shares = weigh(weighed, weights)
    if total >= weights.ask:
        level = _LEVELS["require" if total >= weights.require else "ask"]
        heaviest = max(shares.values())
        findings += [
            _finding(seen, level if shares[seen.id] >= _TELLING * heaviest else Level.NOTE)
            for seen in sorted(weighed, key=lambda one: -shares[one.id])
            if shares[seen.id] > 0
        ]
    return findings


def _finding(seen: Evidence, level: Level) -> Finding:
    return Finding(seen.detector, Place(seen.path, seen.line), seen.message, tip_for(seen), "", level, seen.details)
