"""A backtest as a whole: what was judged, by which rules, and the figures."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relbot.schema.named_tuples import NamedTuple

if TYPE_CHECKING:
    from relbot.review.backtest.model import ChangeOutcome
    from relbot.review.backtest.suggest_rules import RuleSuggestion
    from relbot.review.backtest.tally import BacktestTally


class BacktestReport(NamedTuple):
    """What was replayed (`of`, in words), and what came out.

    `rules` says whose rules judged. `cut`: a shallow clone hides older changes. `told` are the outcomes worth telling one by
    one: of what is labelled, noted, flagged or unknown. `notes` are the patterns of the team's notes.
    `is_kept` is False where what was seen could not be kept for the next run.
    """

    of: str
    rules: str
    cut: bool
    notes: tuple[str, ...]
    tally: BacktestTally
    told: tuple[ChangeOutcome, ...]
    suggestion: RuleSuggestion | None = None
    is_kept: bool = True
