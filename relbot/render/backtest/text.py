"""A backtest as plain text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relbot.render.backtest.report_sections import report_sections, report_title
from relbot.render.common.invisible_characters import make_visible, one_line

if TYPE_CHECKING:
    from collections.abc import Iterator

    from relbot.render.backtest.report_sections import ReportExamples, ReportTable
    from relbot.review.backtest.report import BacktestReport

_NAME = 44


def render(report: BacktestReport) -> str:
    """Headings, sentences, tables in columns, and examples below."""
    lines = [one_line(report_title(report))]
    for section in report_sections(report):
        lines += ["", section.title, "-" * len(section.title)]
        lines += [one_line(sentence, 1000) for sentence in section.sentences]
        for table in section.tables:
            lines += ["", f"{table.caption}:", "", *_table_lines(table)]
        for examples in section.examples:
            lines += ["", *_example_lines(examples)]
        lines += [make_visible(line) for line in section.code.split("\n")[:-1]]
    return "\n".join(lines) + "\n"


def _table_lines(table: ReportTable) -> Iterator[str]:
    rows = [tuple(one_line(cell, _NAME) for cell in row) for row in (table.columns, *table.rows)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(table.columns))]
    for row in rows:
        cells = (
            cell.ljust(width) if column == 0 else cell.rjust(width)
            for column, (cell, width) in enumerate(zip(row, widths, strict=True))
        )
        yield f"  {'  '.join(cells)}".rstrip()


def _example_lines(examples: ReportExamples) -> Iterator[str]:
    yield f"{one_line(examples.title)}:"
    for commit, date, subject, said in examples.lines:
        yield f"  {' '.join(part for part in (one_line(commit), one_line(date), one_line(subject, 100)) if part)}"
        if said:
            yield f"      {one_line(said, 240)}"
