"""Outcomes to figures: how often each rule speaks, and how that fits the notes and the labels."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from relbot.review.backtest.model import EXEMPT
from relbot.schema import lazy_re as re
from relbot.schema.named_tuples import NamedTuple

if TYPE_CHECKING:
    from relbot.detect.engine.model import Evidence
    from relbot.review.backtest.model import ChangeOutcome, PastChange

MOST_EXAMPLES = 3
_MOST_MISSED = 10
_GRAVITY = {"require": 2, "ask": 1, "note": 0}
_COUNT = re.compile(r"^([\d,]+) files? ")


class ChangeExample(NamedTuple):
    """A change in which something spoke, or nothing, and the gravest that was said."""

    change: PastChange
    verdict: str
    evidence: Evidence | None = None


class FactTally(NamedTuple):
    """A fact: in how many changes it was seen, required a note, asked for one; how many of the first had a note."""

    fact: str
    seen: int
    require: int
    ask: int
    noted: int
    examples: tuple[ChangeExample, ...]


class VerdictShare(NamedTuple):
    """So many changes of a kind; of how many a note is required, of how many it is required or asked for."""

    total: int = 0
    require: int = 0
    flagged: int = 0
    unknown: int = 0


class LabelRow(NamedTuple):
    """A share, and of what."""

    scope: str
    kind: str
    share: VerdictShare


class LabelFigures(NamedTuple):
    """How the verdicts fit labels: by scope or stratum, by kind, with robots and without; and what was missed."""

    rows: tuple[LabelRow, ...]
    without_bots: tuple[LabelRow, ...]
    missed: tuple[ChangeExample, ...]
    repos: tuple[str, ...]


class NoteFigures(NamedTuple):
    """How the verdicts fit the notes of the team: changes with and without one, and what was missed."""

    with_note: VerdictShare
    without: VerdictShare
    missed: tuple[ChangeExample, ...]


class BacktestTally(NamedTuple):
    """All figures. `facts` are in the order of how often they require, then ask, then were seen."""

    verdicts: dict[str, int]
    facts: tuple[FactTally, ...]
    noted: NoteFigures | None
    labelled: LabelFigures | None
    left_out: dict[str, tuple[int, int]]
    """Why files were not looked at: in how many changes, how many files."""
    unknown: tuple[tuple[PastChange, str], ...]
    first: str
    last: str
    comments: int = 0
    """The pull requests on which `relbot pr` would have written a comment."""
    reverts: int = 0
    """The changes that only take back what was never deployed: nothing is asked of them."""

    @property
    def total(self) -> int:
        """All changes."""
        return sum(self.verdicts.values())

    @property
    def judged(self) -> int:
        """The changes on which there is a verdict."""
        return self.total - self.verdicts[EXEMPT] - self.verdicts["unknown"]


class TallyBuilder:
    """Takes outcomes one by one and keeps figures and a few examples. `against_notes`: the team's notes are known."""

    def __init__(self, *, against_notes: bool) -> None:
        self._against_notes = against_notes
        self._verdicts: Counter[str] = Counter(dict.fromkeys(("require", "ask", "clean", "unknown", EXEMPT), 0))
        self._facts: dict[str, Counter[str]] = {}
        self._examples: dict[str, list[ChangeExample]] = {}
        self._shares: Counter[tuple[str, ...]] = Counter()
        self._missed_notes: list[ChangeExample] = []
        self._missed_labels: list[ChangeExample] = []
        self._left_out: dict[str, tuple[int, int]] = {}
        self._unknown: list[tuple[PastChange, str]] = []
        self._labels = False
        self._comments = self._reverts = 0
        self._repos: set[str] = set()
        self._dates: tuple[str, str] = ("", "")

    def add(self, outcome: ChangeOutcome) -> None:
        """Counts one change."""
        date = outcome.change.date
        if date:
            low, high = self._dates
            self._dates = min(low or date, date), max(high, date)
        self._verdicts[outcome.verdict] += 1
        self._comments += outcome.commented
        self._reverts += outcome.only_reverts
        if outcome.verdict == EXEMPT:
            return
        if outcome.verdict == "unknown":
            self._unknown.append((outcome.change, outcome.trace.observed.unknown[0]))
        for sentence in outcome.trace.observed.left_out:
            count = _COUNT.match(sentence)
            why = (sentence[count.end() :] if count else sentence).partition(" (")[0]  # which endings differs by change
            changes, files = self._left_out.get(why, (0, 0))
            self._left_out[why] = changes + 1, files + (int(count.group(1).replace(",", "")) if count else 0)
        self._add_facts(outcome)
        if outcome.change.label is not None:
            self._add_label(outcome)
        elif self._against_notes:
            self._count(("notes", "with" if outcome.noted else "without"), outcome)
            if outcome.noted and not outcome.flagged and len(self._missed_notes) < _MOST_MISSED:
                self._missed_notes.append(ChangeExample(outcome.change, outcome.verdict))

    def _add_facts(self, outcome: ChangeOutcome) -> None:
        gravest: dict[str, tuple[int, str, Evidence]] = {}
        for level, evidence in outcome.spoke:
            if evidence.id not in gravest or _GRAVITY[level] > gravest[evidence.id][0]:
                gravest[evidence.id] = _GRAVITY[level], level, evidence
        for name in {evidence.id for evidence in outcome.trace.observed.evidence} | gravest.keys():
            counts = self._facts.setdefault(name, Counter())
            counts["seen"] += 1
            counts["noted"] += outcome.noted
            if name in gravest:
                _, level, evidence = gravest[name]
                counts[level] += 1
                examples = self._examples.setdefault(name, [])
                if level != "note" and len(examples) < MOST_EXAMPLES:
                    examples.append(ChangeExample(outcome.change, outcome.verdict, evidence))

    def _add_label(self, outcome: ChangeOutcome) -> None:
        label = outcome.change.label
        assert label is not None
        self._labels = True
        if label.repo:
            self._repos.add(label.repo)
        scope = (label.scope or "needs_note") if label.needs_note else (label.stratum or "no_note")
        for bots in ("all", *(() if label.bot else ("without",))):
            self._count(("labels", bots, scope, ""), outcome)
            if label.needs_note:
                self._count(("labels", bots, scope, label.kind or "?"), outcome)
        if label.needs_note and not outcome.flagged:
            self._missed_labels.append(ChangeExample(outcome.change, outcome.verdict))

    def _count(self, key: tuple[str, ...], outcome: ChangeOutcome) -> None:
        self._shares[(*key, "total")] += 1
        self._shares[(*key, "require")] += outcome.verdict == "require"
        self._shares[(*key, "flagged")] += outcome.flagged
        self._shares[(*key, "unknown")] += outcome.verdict == "unknown"

    def _share(self, *key: str) -> VerdictShare:
        return VerdictShare(*(self._shares[(*key, what)] for what in VerdictShare._fields))

    def _rows(self, bots: str) -> tuple[LabelRow, ...]:
        found = {(key[2], key[3]) for key in self._shares if key[:2] == ("labels", bots)}
        ordered = sorted(found, key=lambda one: (_scope_order(one[0]), *one))
        return tuple(LabelRow(scope, kind, self._share("labels", bots, scope, kind)) for scope, kind in ordered)

    def tally(self) -> BacktestTally:
        """The figures so far."""
        facts = [
            FactTally(
                name, counts["seen"], counts["require"], counts["ask"], counts["noted"], tuple(self._examples.get(name, ()))
            )
            for name, counts in self._facts.items()
        ]
        noted = labelled = None
        if self._against_notes:
            noted = NoteFigures(self._share("notes", "with"), self._share("notes", "without"), tuple(self._missed_notes))
        if self._labels:
            missed = tuple(self._missed_labels)
            labelled = LabelFigures(self._rows("all"), self._rows("without"), missed, tuple(sorted(self._repos)))
        return BacktestTally(
            dict(self._verdicts),
            tuple(sorted(facts, key=lambda fact: (-fact.require, -fact.ask, -fact.seen, fact.fact))),
            noted,
            labelled,
            dict(sorted(self._left_out.items())),
            tuple(self._unknown),
            *self._dates,
            self._comments,
            self._reverts,
        )


_SCOPES = ("deploy", "interface", "needs_note", "random", "no_note", "hard")


def _scope_order(scope: str) -> int:
    return _SCOPES.index(scope) if scope in _SCOPES else len(_SCOPES)
