"""A backtest as a whole: what was judged, by which rules, and the figures."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from relbot.review.backtest.model import Outcome
    from relbot.review.backtest.suggest import Suggestion
    from relbot.review.backtest.tally import Tally


class Report(NamedTuple):
    """What was replayed (`of`, in words), and what came out.

    `rules` says whose rules judged. `cut`: a shallow clone hides older changes. `told` are the outcomes worth telling one by
    one: of what is labelled, noted, flagged or unknown. `notes` are the patterns of the team's notes.
    """

    of: str
    rules: str
    cut: bool
    notes: tuple[str, ...]
    tally: Tally
    told: tuple[Outcome, ...]
    suggestion: Suggestion | None = None
