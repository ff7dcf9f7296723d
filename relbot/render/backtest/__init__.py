"""A backtest as text, JSON and a page of HTML."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from relbot.review.backtest.report import BacktestReport

BACKTEST_FORMATS = ("text", "json", "html")
_MODULES = {"text": "text", "json": "as_json", "html": "html_page"}


def render_backtest(report: BacktestReport, form: str) -> str:
    """In one of `FORMATS`, ending in a line end."""
    text: str = import_module(f"relbot.render.backtest.{_MODULES[form]}").render(report)
    return text
