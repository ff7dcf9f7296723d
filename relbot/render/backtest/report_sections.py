"""A backtest as sections for people: sentences, tables and examples, the same in every format."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relbot.render.common.units import count_noun, format_commit
from relbot.review.backtest.model import EXEMPT
from relbot.review.backtest.suggest_rules import suggestion_as_toml
from relbot.schema.named_tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from relbot.review.backtest.model import PastChange
    from relbot.review.backtest.report import BacktestReport
    from relbot.review.backtest.tally import ChangeExample, FactTally, LabelFigures, LabelRow, NoteFigures, VerdictShare

_MOST_UNKNOWN = 10
_MOST_MISSED = 20


class ReportTable(NamedTuple):
    """A table: what it is about, its columns, of which the first names a row, and its rows."""

    caption: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


class ReportExamples(NamedTuple):
    """Lines of examples, folded where that is possible. Each is the commit, its date, its subject, and what was seen."""

    title: str
    lines: tuple[tuple[str, str, str, str], ...]


class ReportSection(NamedTuple):
    """A heading; below it sentences, a table, examples, text to be copied."""

    title: str
    sentences: tuple[str, ...] = ()
    tables: tuple[ReportTable, ...] = ()
    examples: tuple[ReportExamples, ...] = ()
    code: str = ""


def report_title(report: BacktestReport) -> str:
    """What the whole is about, in a line."""
    return f"Backtest of {report.of}"


def report_sections(report: BacktestReport) -> Iterator[ReportSection]:
    """The sections in the order in which they are read."""
    yield _verdicts_section(report)
    if report.tally.unknown or report.cut:
        yield _unknown_section(report)
    if report.tally.noted is not None:
        yield _notes_section(report.tally.noted, report.notes)
    if report.tally.labelled is not None:
        yield _labels_section(report.tally.labelled)
    yield _facts_section(
        report.tally.facts, report.tally.judged, against=report.tally.noted is not None or report.tally.labelled is not None
    )
    if report.suggestion is not None:
        yield ReportSection("Rules that the notes of the past suggest", code=suggestion_as_toml(report.suggestion))


def _verdicts_section(report: BacktestReport) -> ReportSection:
    tally = report.tally
    between = f" from {tally.first} to {tally.last}" if tally.first else ""
    sentences = [f"{count_noun(tally.total, 'change')}{between}, checked by {report.rules}."]
    if tally.verdicts[EXEMPT]:
        sentences.append(f"{count_noun(tally.verdicts[EXEMPT], 'change')} by exempt authors, of which relbot asks nothing.")
    if tally.reverts:
        sentences.append(
            f"{count_noun(tally.reverts, 'change')} only took back what was never deployed: relbot asks nothing of that."
        )
    sentences.append(f"On pull requests, relbot would have written {count_noun(tally.comments, 'comment')}.")
    sentences += [
        f"Not checked: {count_noun(files, 'file')} {why}, in {count_noun(changes, 'change')}."
        for why, (changes, files) in tally.left_out.items()
    ]
    words = (
        ("require", "a note is required"),
        ("ask", "a note is asked for"),
        ("clean", "no finding"),
        ("unknown", "unknown: relbot could not check something"),
    )
    whole = tally.judged + tally.verdicts["unknown"]
    rows = tuple(
        (text, f"{tally.verdicts[verdict]:,}", format_percent(tally.verdicts[verdict], whole)) for verdict, text in words
    )
    return ReportSection(
        "Verdicts", tuple(sentences), (ReportTable("What relbot would have said", ("Verdict", "Changes", "Share"), rows),)
    )


def _unknown_section(report: BacktestReport) -> ReportSection:
    sentences = []
    if report.cut:
        sentences.append(
            "This clone is shallow, so relbot does not know what came before the oldest change. Fetch it: git fetch --unshallow"
        )
    unknown = report.tally.unknown
    items = tuple((*commit_cells(change), why) for change, why in unknown[:_MOST_UNKNOWN])
    if len(unknown) > len(items):
        sentences.append(f"The first {len(items)} of {count_noun(len(unknown), 'change')} are shown.")
    return ReportSection(
        "Unknown", tuple(sentences), (), (ReportExamples("What relbot could not check", items),) if items else ()
    )


def _notes_section(noted: NoteFigures, globs: tuple[str, ...]) -> ReportSection:
    flagged = noted.with_note.flagged + noted.without.flagged
    required = noted.with_note.require + noted.without.require
    sentences = (
        (
            f"Notes are files that match {', '.join(globs)}. relbot did not read them. A change without "
            "a note may still have needed one."
        ),
        (
            f"relbot reports {format_percent(noted.with_note.flagged, noted.with_note.total)} of the changes with a note "
            f"(recall), and {format_percent(noted.with_note.require, noted.with_note.total)} as required."
        ),
        (
            f"Of the changes that relbot reports, {format_percent(noted.with_note.flagged, flagged)} have a note (precision). "
            f"Of those that it reports as required, {format_percent(noted.with_note.require, required)} have one."
        ),
    )
    rows = (_share_row("with a note", noted.with_note), _share_row("without", noted.without))
    return ReportSection(
        "Against the notes of the team",
        sentences,
        (ReportTable("Changes with and without a note", ("Changes", *_SHARE), rows),),
        (_missed_examples(noted.missed),) if noted.missed else (),
    )


def _labels_section(labelled: LabelFigures) -> ReportSection:
    return ReportSection(
        "Against labels",
        ("This includes changes by robots. For `random` and `hard`, which need no note, a small share is right.",),
        (
            ReportTable("All changes", ("Group", *_SHARE), tuple(map(_labelled_row, labelled.rows))),
            ReportTable("Without those of robots", ("Group", *_SHARE), tuple(map(_labelled_row, labelled.without_bots))),
        ),
        (_missed_examples(labelled.missed),) if labelled.missed else (),
    )


_SHARE = ("Number", "Require", "Require or ask", "Unknown")


def _share_row(name: str, share: VerdictShare) -> tuple[str, ...]:
    return (
        name,
        f"{share.total:,}",
        f"{share.require:,} ({format_percent(share.require, share.total)})",
        f"{share.flagged:,} ({format_percent(share.flagged, share.total)})",
        f"{share.unknown:,}",
    )


def _labelled_row(row: LabelRow) -> tuple[str, ...]:
    return _share_row(f"{row.scope}: {row.kind}" if row.kind else row.scope, row.share)


def _facts_section(facts: Sequence[FactTally], judged: int, *, against: bool) -> ReportSection:
    if not facts:
        return ReportSection("Facts", ("Nothing.",))
    columns = ("Rule", "Seen in", "Share", "Requires", "Asks", *(("With a note",) if against else ()))
    rows = tuple(
        (
            fact.fact,
            f"{fact.seen:,}",
            format_percent(fact.seen, judged),
            f"{fact.require:,}",
            f"{fact.ask:,}",
            *((f"{fact.noted:,} ({format_percent(fact.noted, fact.seen)})",) if against else ()),
        )
        for fact in facts
    )
    examples = tuple(
        ReportExamples(fact.fact, tuple((*commit_cells(one.change), _evidence_line(one)) for one in fact.examples))
        for fact in facts
        if fact.examples
    )
    sentences = ("Facts add up, so a single one may not cause a finding. `relbot detect COMMIT^ COMMIT` shows one change.",)
    return ReportSection("Facts", sentences, (ReportTable("Rules, by how often they report something", columns, rows),), examples)


def _missed_examples(missed: Sequence[ChangeExample]) -> ReportExamples:
    shown = missed[:_MOST_MISSED]
    head = f"Missed (the first {len(shown)} of {len(missed)})" if len(missed) > len(shown) else "Missed"
    return ReportExamples(head, tuple((*commit_cells(one.change), _label_reason(one)) for one in shown))


def _label_reason(one: ChangeExample) -> str:
    label = one.change.label
    return "" if label is None else ": ".join(part for part in (label.kind, label.why) if part)


def _evidence_line(one: ChangeExample) -> str:
    assert one.evidence is not None
    return f"{one.verdict}: {one.evidence.path}: {one.evidence.message}"


def commit_cells(change: PastChange) -> tuple[str, str, str]:
    """Writes the commit, the date and the subject of a change."""
    return format_commit(change.head), change.date, change.subject


def format_percent(part: int, whole: int) -> str:
    """A share in words: a digit after the point below ten."""
    if not whole:
        return "–"
    share = 100 * part / whole
    return f"{share:.0f} %" if share >= 10 or not part else f"{share:.1f} %"
