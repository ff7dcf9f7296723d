"""A backtest as one page of HTML that needs nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relbot.render.backtest.bars import backtest_plots
from relbot.render.backtest.report_sections import report_sections, report_title
from relbot.render.page.render import render_page

if TYPE_CHECKING:
    from relbot.review.backtest.report import BacktestReport


def render(report: BacktestReport) -> str:
    """Renders the page: bars by month and by rule, then the figures of the report."""
    sections = list(report_sections(report))
    return render_page("backtest.html.j2", title=report_title(report), plots=backtest_plots(report), sections=sections)
