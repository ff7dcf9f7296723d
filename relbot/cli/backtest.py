"""`relbot backtest`: what the rules would have said about the past."""

from __future__ import annotations

import os
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from relbot.cli.exits import Exit
from relbot.cli.output import is_error_terminal, print_notice, print_rendered, progress_console
from relbot.cli.project_options import with_project
from relbot.errors import UsageError
from relbot.files.configuration import load_config
from relbot.files.opener import CannotOpen, read_regular_file
from relbot.git.backtest_cache import BacktestCache
from relbot.git.commit_log import PastChanges, add_commit_details, list_all_commits, list_first_parents
from relbot.git.replay import ReplaySettings, replay_changes
from relbot.git.revisions import resolve_revision
from relbot.render.backtest.formats import BACKTEST_FORMATS
from relbot.review.backtest.change_record import record_from_line
from relbot.review.backtest.evaluate_past import evaluate_past_change
from relbot.review.backtest.labels import read_labels
from relbot.review.backtest.report import BacktestReport
from relbot.review.backtest.suggest_rules import RuleLearning
from relbot.review.backtest.tally import TallyBuilder

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from relbot.app.project import Project
    from relbot.config.model import Rules
    from relbot.review.backtest.model import PastChange

LARGEST_LABELS = 268_435_456
"""Bytes of a file of labels: a hundred thousand changes have some 50 MB."""


@click.command(name="backtest", short_help="Shows what the rules would have said about the past.")
@click.argument("revisions", default="HEAD")
@click.option("--since", metavar="DATE", help="Only changes of that day or younger, as YYYY-MM-DD.")
@click.option("--limit", type=click.IntRange(min=1), metavar="N", help="Only the newest N changes.")
@click.option("--first-parent/--all-commits", default=True, show_default=True, help="Merges as a whole, or each commit.")
@click.option("--rules", "rules_file", type=click.Path(path_type=Path), help="Judge by the rules of this relbot.toml.")
@click.option("--notes", multiple=True, metavar="GLOB", help="Where the team writes what operators have to do; not looked at.")
@click.option("--labels", type=click.Path(path_type=Path), help="Judge the labelled changes in this file, JSON lines.")
@click.option("--suggest", is_flag=True, help="Propose rules from the history of notes.")
@click.option("--format", "form", type=click.Choice(BACKTEST_FORMATS.names), default="text", show_default=True)
@click.option("--jobs", type=click.IntRange(min=1), metavar="N", help="Processes at work; by default one for each core.")
@click.option("--fresh", is_flag=True, help="Forget what was seen in earlier runs.")
@with_project
def command(
    project: Project,
    revisions: str,
    since: str | None,
    limit: int | None,
    first_parent: bool,
    rules_file: Path | None,
    notes: tuple[str, ...],
    labels: Path | None,
    suggest: bool,
    form: str,
    jobs: int | None,
    fresh: bool,
) -> int:
    """Replays the rules over the changes up to REVISIONS (a revision, or A..B), each against its first parent.

    Shows how often each rule would have spoken, with examples: against the notes that the team did write (--notes), or against
    labels. Fragments do not count: what matters is when relbot would have asked for one. What was seen is kept in git's
    folder, so that a run that was interrupted goes on, and one with other rules only judges anew.

    Exit code 0 whatever is found, 3 if something could not be looked at.
    """
    if suggest and not notes and labels is None:
        tip = "Say where the team writes what operators have to do."
        raise UsageError("`--suggest` learns from notes.", tip=tip, example="relbot backtest --suggest --notes 'docs/upgrade/**'")
    rules, whose = _rules(project, rules_file)
    if labels is None:
        past, of = _past(project, revisions, since, limit, first_parent=first_parent)
    else:
        past, of = _labelled(project, labels, since, limit), f"the labelled changes in {labels.name}"
    masked = (*(f"{folder.path}/**" for folder in project.config.folders), *notes)
    with BacktestCache(project.git, ("masked", *masked, "notes", *notes)) as traces:
        if fresh:
            traces.forget()
        if not traces.kept:
            print_notice("relbot: git's folder cannot be written, so the next run has to look at everything again.")
        _look(ReplaySettings(project.git.root, masked, notes), past.changes, traces, jobs or _cores())
        counting, learning = TallyBuilder(against_notes=bool(notes)), RuleLearning()
        told = []
        for change in past.changes:
            found = evaluate_past_change(change, record_from_line(traces.line(change)), rules)
            counting.add(found)
            learning.add(found)
            if found.told:
                told.append(found)
    suggestion = learning.suggestion() if suggest else None
    report = BacktestReport(of, whose, past.cut, notes, counting.tally(), tuple(told), suggestion)
    print_rendered(BACKTEST_FORMATS.render(report, form))
    return Exit.UNKNOWN if report.tally.verdicts["unknown"] or report.cut else Exit.FINE


def _rules(project: Project, file: Path | None) -> tuple[Rules, str]:
    """The rules that judge, and whose they are, in words."""
    if file is not None:
        _, config, _ = load_config(project.root, file.absolute())
        return config.rules, f"the rules in {file.name}"
    if project.config_path is None:
        return project.config.rules, "the default rules"
    return project.config.rules, f"the rules in {project.config_path.name}"


def _past(
    project: Project, revisions: str, since: str | None, limit: int | None, *, first_parent: bool
) -> tuple[PastChanges, str]:
    base, dots, head = revisions.rpartition("..")
    if "..." in revisions:
        raise UsageError(f"`{revisions}` is no range that can be replayed.", tip="Allowed: REVISION, or A..B.", example="v1..v2")
    end = resolve_revision(project.git, head or "HEAD")
    span = f"{resolve_revision(project.git, base or 'HEAD')}..{end}" if dots else end
    walk = list_first_parents if first_parent else list_all_commits
    whole = "the merges and commits" if first_parent else "all commits"
    where = f"of {revisions}" if dots else f"up to {revisions}"
    return walk(project.git, span, _time(since), limit), f"{whole} {where}"


def _labelled(project: Project, file: Path, since: str | None, limit: int | None) -> PastChanges:
    try:
        text = read_regular_file(file, LARGEST_LABELS).decode("utf-8")
    except (CannotOpen, UnicodeDecodeError) as error:
        why = error.what if isinstance(error, CannotOpen) else "is no UTF-8"
        raise UsageError(f"`{file}` {why}.", tip="`--labels` names a file of JSON lines.") from None
    _time(since)
    changes = [change for change in read_labels(file.name, text) if not since or not change.date or change.date >= since]
    return PastChanges(add_commit_details(project.git, changes[:limit]))


def _time(day: str | None) -> int:
    if day is None:
        return 0
    try:
        return int(datetime.strptime(day, "%Y-%m-%d").replace(tzinfo=UTC).timestamp())
    except ValueError:
        raise UsageError(f"`{day}` is not a day.", tip="Allowed: YYYY-MM-DD.", example="--since 2024-01-01") from None


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _look(sight: ReplaySettings, changes: Sequence[PastChange], traces: BacktestCache, jobs: int) -> None:
    """Looks at the changes that were not looked at yet, and keeps what is seen as it comes."""
    missing = [(number, change) for number, change in enumerate(changes) if not traces.has(change)]
    with _progress(len(changes), len(changes) - len(missing)) as advance:
        try:
            for looked in replay_changes(sight, missing, jobs):
                traces.add(changes[looked.number], looked.line, sure=looked.sure)
                advance()
        except KeyboardInterrupt:
            print_notice("relbot: What was seen so far is kept: the same command goes on from there.")
            raise


@contextmanager
def _progress(total: int, done: int) -> Iterator[Callable[[], object]]:
    """A bar on standard error, if that is a terminal, and how to move it on."""
    if not is_error_terminal() or done == total:
        yield lambda: None
        return
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=progress_console(), transient=True) as bar:
        task = bar.add_task("Changes", total=total, completed=done)
        yield lambda: bar.advance(task)
