"""The formats of a backtest."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relbot.render.backtest import as_json, html_page, text
from relbot.render.common.media import Medium
from relbot.render.formats import FormatRegistry, OutputFormat

if TYPE_CHECKING:
    from relbot.review.backtest.report import BacktestReport

BACKTEST_FORMATS: FormatRegistry[BacktestReport] = FormatRegistry(
    "A backtest",
    ("backtest",),
    (
        OutputFormat("text", "for people", Medium.TEXT, text.render),
        OutputFormat("json", "for programs (schema: `relbot schema backtest`)", Medium.JSON, as_json.render),
        OutputFormat("html", "a page for people, complete in one file", Medium.HTML, html_page.render),
    ),
)
