"""`relbot backtest`: what the rules would have said about the past."""

from __future__ import annotations

from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from relbot.cli.exits import Exit
from relbot.cli.output import is_error_terminal, is_quiet, print_notice, print_rendered, progress_console
from relbot.cli.project_options import with_project
from relbot.render.backtest.formats import BACKTEST_FORMATS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from relbot.app.project import Project


@click.command(name="backtest", short_help="Shows what the rules would have said about the past.")
@click.argument("revisions", default="HEAD")
@click.option("--since", metavar="DATE", help="Only changes since that day, as YYYY-MM-DD.")
@click.option("--limit", type=click.IntRange(min=1), metavar="N", help="Only the newest N changes.")
@click.option("--first-parent/--all-commits", default=True, show_default=True, help="Merges as a whole, or each commit.")
@click.option("--rules", "rules_file", type=click.Path(path_type=Path), help="Judge by the rules of this relbot.toml.")
@click.option(
    "--notes",
    multiple=True,
    metavar="GLOB",
    help="Files in which the team writes notes for operators. relbot compares its findings with them.",
)
@click.option("--labels", type=click.Path(path_type=Path), help="Judge the labelled changes in this file, JSON lines.")
@click.option("--suggest", is_flag=True, help="Propose rules from the history of notes.")
@click.option("--format", "form", type=click.Choice(BACKTEST_FORMATS.names), default="text", show_default=True)
@click.option("--jobs", type=click.IntRange(min=1), metavar="N", help="Number of processes. Default: one per core.")
@click.option("--fresh", is_flag=True, help="Ignore the results of earlier runs.")
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
    labels. Fragments do not count: what matters is when relbot would have asked for one. The facts of each change are kept in
    git's folder, so that a run that was interrupted goes on, and one with other rules only judges anew.

    Exit code 0 whatever is found, 3 if something could not be looked at.
    """
    from relbot.app.backtest_rules import BacktestRequest, backtest_rules

    with _progress_bar() as on_progress:
        request = BacktestRequest(
            revisions, since, limit, not first_parent, rules_file, notes, labels, suggest, fresh, jobs or 0, on_progress
        )
        try:
            report = backtest_rules(project, request)
        except KeyboardInterrupt:
            print_notice("relbot: Interrupted. relbot kept its results so far. Run the same command again to continue.")
            raise
    if not report.is_kept:
        print_notice("relbot: relbot cannot write to git's folder, so the next run starts from the beginning.")
    print_rendered(BACKTEST_FORMATS.render(report, form))
    return Exit.UNKNOWN if report.tally.verdicts["unknown"] or report.cut else Exit.FINE


@contextmanager
def _progress_bar() -> Iterator[Callable[[int, int], None]]:
    """A bar on standard error, if that is a terminal and `--quiet` was not given, and what moves it to so many changes of all."""
    if not is_error_terminal() or is_quiet():
        yield lambda done, total: None
        return
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=progress_console(), transient=True) as bar:
        task = bar.add_task("Changes", total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)
