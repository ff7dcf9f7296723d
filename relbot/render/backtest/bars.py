"""What would have been said over time: bars by month and by rule, each with the commits that it counts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relbot.render.backtest.report_sections import commit_cells
from relbot.schema.named_tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable

    from relbot.review.backtest.model import ChangeOutcome
    from relbot.review.backtest.report import BacktestReport

_MOST_COMMITS = 50
_WIDTH = 398

CommitLine = tuple[str, str, str, str]


class Bar(NamedTuple):
    """How many changes need an answer, by severity, and the newest of them; `more` are not listed."""

    label: str
    require: int
    ask: int
    commits: tuple[CommitLine, ...]
    more: int


class BarPlot(NamedTuple):
    """Bars of one scale: `scale` is the width of one change."""

    id: str
    title: str
    about: str
    column: str
    bars: tuple[Bar, ...]

    @property
    def scale(self) -> float:
        """The width of one change, so that the longest bar is as wide as the plot."""
        return round(_WIDTH / max([bar.require + bar.ask for bar in self.bars], default=1), 2)


def backtest_plots(report: BacktestReport) -> tuple[BarPlot, ...]:
    """Makes the plots: by month, the newest first, and by rule, the most frequent first."""
    flagged = [outcome for outcome in report.told if outcome.flagged]
    months = {outcome.change.date[:7] for outcome in flagged}
    by_month = [_bar(month or "no date", [each for each in flagged if each.change.date[:7] == month]) for month in months]
    rules = {evidence.id for outcome in flagged for level, evidence in outcome.spoke if level != "note"}
    by_rule = [_bar(rule, [each for each in flagged if _level(each, rule)], rule) for rule in rules]
    said = "A filled bar counts changes that require a note, a striped one questions. Choose a bar to see its commits."
    return (
        BarPlot("months", "By month", said, "Month", tuple(sorted(by_month, key=lambda bar: bar.label, reverse=True))),
        BarPlot(
            "rules",
            "By rule",
            f"{said} A change counts once for each rule that reports it.",
            "Rule",
            tuple(sorted(by_rule, key=lambda bar: (-bar.require, -bar.ask, bar.label))),
        ),
    )


def _bar(label: str, outcomes: list[ChangeOutcome], rule: str = "") -> Bar:
    levels = [_level(outcome, rule) for outcome in outcomes]
    newest = sorted(outcomes, key=lambda outcome: outcome.change.date, reverse=True)[:_MOST_COMMITS]
    lines = tuple((*commit_cells(outcome.change), _first_message(outcome, rule)) for outcome in newest)
    return Bar(label, levels.count("require"), levels.count("ask"), lines, len(outcomes) - len(newest))


def _level(outcome: ChangeOutcome, rule: str) -> str:
    """The gravest level that a rule has for a change, without a rule that of the change; "" if it is neither."""
    if not rule:
        return outcome.verdict
    levels = {level for level, evidence in outcome.spoke if evidence.id == rule}
    return next((level for level in ("require", "ask") if level in levels), "")


def _first_message(outcome: ChangeOutcome, rule: str) -> str:
    said: Iterable[str] = (
        f"{evidence.path}: {evidence.message}"
        for level, evidence in outcome.spoke
        if level != "note" and rule in ("", evidence.id)
    )
    return next(iter(said), "")
