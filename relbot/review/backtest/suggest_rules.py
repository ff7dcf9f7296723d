"""Rules proposed for a project from its own history of notes."""

from __future__ import annotations

import json
from collections import Counter
from math import sqrt
from typing import TYPE_CHECKING

from relbot.detect.engine.path_roles import is_documentation, is_test
from relbot.review.backtest.model import EXEMPT
from relbot.schema.named_tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable

    from relbot.review.backtest.model import ChangeOutcome

_LEAST_SEEN = 5
_SURE = 0.5
"""`require`: at least so many of the changes with it have a note, with some certainty."""
_LIKELY = 0.2
_LIFT = 3.0
"""`ask`: at least so many, and so many times as many as of all changes."""
_OFTEN = 20
_Z = 1.28
"""For bounds that hold in nine of ten cases (Wilson's score interval)."""
_DEEPEST = 4
_MOST_PATHS = 12


class ProposedLevel(NamedTuple):
    """A level proposed for a fact or a pattern of paths: it is in `seen` changes, `noted` of which have a note."""

    name: str
    level: str
    seen: int
    noted: int


class RuleSuggestion(NamedTuple):
    """Rules for a project: facts, what is routine, paths; learned from so many changes, so many of them with a note."""

    facts: tuple[ProposedLevel, ...]
    routine: tuple[ProposedLevel, ...]
    paths: tuple[ProposedLevel, ...]
    changes: int
    noted: int

    @property
    def empty(self) -> bool:
        """Whether nothing is proposed."""
        return not (self.facts or self.routine or self.paths)


class RuleLearning:
    """Takes outcomes one by one and keeps how often what came with a note."""

    def __init__(self) -> None:
        self._changes = self._noted = 0
        self._facts: Counter[tuple[str, bool]] = Counter()
        self._paths: Counter[tuple[str, bool]] = Counter()

    def add(self, outcome: ChangeOutcome) -> None:
        """Learns from one change, unless nobody is asked for a note, or something was unknown."""
        if outcome.verdict in (EXEMPT, "unknown"):
            return
        noted = outcome.noted
        self._changes += 1
        self._noted += noted
        self._facts.update((name, noted) for name in {seen.id for seen in outcome.trace.observed.evidence})
        self._paths.update(
            (pattern, noted) for pattern in {one for path in outcome.trace.observed.paths for one in _path_patterns(path)}
        )

    def suggestion(self) -> RuleSuggestion:
        """What the changes so far suggest."""
        base = self._noted / self._changes if self._changes else 0.0
        facts = [fact for fact in _propose_levels(self._facts, base) if fact.level]
        routine = [
            ProposedLevel(name, "routine", seen, noted)
            for name, seen, noted in _count_notes(self._facts)
            if seen >= _OFTEN and _wilson_bounds(noted, seen)[1] <= min(base, 0.1)
        ]
        return RuleSuggestion(
            tuple(facts), tuple(routine), _choose_paths(_propose_levels(self._paths, base)), self._changes, self._noted
        )


def _path_patterns(path: str) -> Iterable[str]:
    if is_test(path) or is_documentation(path) or set(path) & {"*", "?"}:
        return
    yield path
    folders = path.split("/")[:-1][:_DEEPEST]
    for depth in range(1, len(folders) + 1):
        yield "/".join(folders[:depth]) + "/**"


def _count_notes(counts: Counter[tuple[str, bool]]) -> list[tuple[str, int, int]]:
    names = sorted({name for name, _ in counts})
    return [(name, counts[name, True] + counts[name, False], counts[name, True]) for name in names]


def _propose_levels(counts: Counter[tuple[str, bool]], base: float) -> list[ProposedLevel]:
    found = []
    for name, seen, noted in _count_notes(counts):
        least = _wilson_bounds(noted, seen)[0]
        if seen >= _LEAST_SEEN and least > base:
            level = "require" if least >= max(_SURE, base) else "ask" if least >= max(_LIKELY, min(_LIFT * base, _SURE)) else ""
            if level:
                found.append(ProposedLevel(name, level, seen, noted))
    return found


def _choose_paths(proposed: list[ProposedLevel]) -> tuple[ProposedLevel, ...]:
    """The widest patterns that say something; one inside another only where it says more."""
    kept: list[ProposedLevel] = []
    for one in sorted(proposed, key=lambda one: (one.name.count("/") - one.name.endswith("**"), -one.noted, one.name)):
        above = [other for other in kept if other.name.endswith("/**") and one.name.startswith(other.name[:-2])]
        if not any(other.level in (one.level, "require") for other in above):
            kept.append(one)
    best = sorted(kept, key=lambda one: (-one.noted, one.name))[:_MOST_PATHS]
    return tuple(sorted(best, key=lambda one: one.name))


def _wilson_bounds(noted: int, seen: int) -> tuple[float, float]:
    """Between which shares the true one lies (E. B. Wilson, 1927)."""
    share, z2 = noted / seen, _Z * _Z
    middle = share + z2 / (2 * seen)
    width = _Z * sqrt(share * (1 - share) / seen + z2 / (4 * seen * seen))
    return (middle - width) / (1 + z2 / seen), (middle + width) / (1 + z2 / seen)


def suggestion_as_toml(suggestion: RuleSuggestion) -> str:
    """The table `[rules]`, ready to be copied, with the figures as comments."""
    share = _as_percent(suggestion.noted, suggestion.changes)
    lines = [
        f"# From {suggestion.changes:,} changes, {suggestion.noted:,} of them with a note ({share}). What follows a fact or a",
        "# path is how many of the changes that have it have a note. Try it: relbot backtest --rules FILE",
    ]
    if suggestion.empty:
        return "\n".join([*lines, "# Nothing stands out: the defaults fit, or there are too few notes.", ""])
    lines.append("[rules]")
    if suggestion.routine:
        lines += ["routine = [", *(f"    {_toml_string(one.name)},  {_share_comment(one)}" for one in suggestion.routine), "]"]
    detectors: dict[str, list[ProposedLevel]] = {}
    for one in suggestion.facts:
        detectors.setdefault(one.name.split("/")[0], []).append(one)
    for detector in sorted(detectors.keys() - {"paths"}):
        lines += ["", f"[rules.{detector}]"]
        lines += [
            f"{one.name.split('/', 1)[1]} = {_toml_string(one.level)}  {_share_comment(one)}" for one in detectors[detector]
        ]
    if suggestion.paths:
        lines += ["", "[rules.paths]"]
        lines += [f"{_toml_string(one.name)} = {_toml_string(one.level)}  {_share_comment(one)}" for one in suggestion.paths]
    return "\n".join([*lines, ""])


def _toml_string(text: str) -> str:
    """A TOML basic string: JSON's, with whatever cannot be seen written out."""
    shown = json.dumps(text.encode("utf-8", "replace").decode(), ensure_ascii=False)
    return "".join(c if c.isprintable() else f"\\U{ord(c):08x}" for c in shown)


def _share_comment(one: ProposedLevel) -> str:
    return f"# {one.noted} of {one.seen} ({_as_percent(one.noted, one.seen)})"


def _as_percent(part: int, whole: int) -> str:
    return f"{100 * part / whole:.0f} %" if whole else "none"
