"""Replays rules over the changes of the past."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING

from relbot.app.replay_changes import ReplaySettings, replay_changes
from relbot.errors import UsageError
from relbot.files.configuration import load_config
from relbot.files.opener import CannotOpen, read_regular_file
from relbot.git.backtest_cache import BacktestCache
from relbot.git.commit_log import PastChanges, add_commit_details, list_all_commits, list_first_parents
from relbot.git.reverts import is_undeployed
from relbot.git.revisions import resolve_revision
from relbot.review.backtest.change_record import record_from_line
from relbot.review.backtest.evaluate_past import evaluate_past_change
from relbot.review.backtest.labels import read_labels
from relbot.review.backtest.report import BacktestReport
from relbot.review.backtest.suggest_rules import RuleLearning
from relbot.review.backtest.tally import TallyBuilder
from relbot.schema.named_tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from relbot.app.project import Project
    from relbot.config.model import Rules
    from relbot.review.backtest.model import PastChange

LARGEST_LABELS = 268_435_456
"""Bytes of a file of labels: a hundred thousand changes have some 50 MB."""


def ignore_progress(done: int, total: int) -> None:
    """Does nothing about the progress of a backtest."""


class BacktestRequest(NamedTuple):
    """What to replay, and by which rules.

    `revisions` is a revision or `A..B`; `since` a day, `YYYY-MM-DD`; `limit` the most changes, the newest first. With
    `every_commit` each commit counts, not each merge as a whole. `rules_file` is a configuration whose rules judge instead of
    the project's. `notes` are patterns of paths where the team writes its notes, which are not looked at. `labels` is a file of
    labelled changes, which are replayed instead of `revisions`. With `fresh` what was seen in earlier runs is forgotten. `jobs`
    is the number of processes, 0 for one for each core. `on_progress` is told how many of all changes were looked at.
    """

    revisions: str = "HEAD"
    since: str | None = None
    limit: int | None = None
    every_commit: bool = False
    rules_file: Path | None = None
    notes: tuple[str, ...] = ()
    labels: Path | None = None
    suggest: bool = False
    fresh: bool = False
    jobs: int = 0
    on_progress: Callable[[int, int], None] = ignore_progress


def backtest_rules(project: Project, request: BacktestRequest) -> BacktestReport:
    """What the rules would have said about each change of the past, without its fragments, and the figures.

    What each change shows is kept in git's folder as it comes: an interrupted run goes on where it was. UsageError if the request
    does not fit together or a file cannot be read, ConfigError if the rules or the labels have faults, RevisionUnknown if there
    is no such revision. What relbot could not check is unknown in the report.
    """
    if request.suggest and not request.notes and request.labels is None:
        tip = "Name the files in which the team writes notes for operators."
        raise UsageError("`--suggest` learns from notes.", tip=tip, example="relbot backtest --suggest --notes 'docs/upgrade/**'")
    rules, whose = _choose_rules(project, request.rules_file)
    past, of = _list_changes(project, request)
    masked = (*(f"{folder.path}/**" for folder in project.config.folders), *request.notes)
    settings = ReplaySettings(project.git.root, masked, request.notes, rules.tools)
    with BacktestCache(project.git, ("masked", *masked, "notes", *request.notes, "tools", *rules.tools)) as cache:
        if request.fresh:
            cache.forget()
        _look_at_changes(settings, past.changes, cache, request)
        tally, learning = TallyBuilder(against_notes=bool(request.notes)), RuleLearning()
        told = []
        for change in past.changes:
            outcome = evaluate_past_change(
                change, record_from_line(cache.line(change)), rules, partial(is_undeployed, project.git)
            )
            tally.add(outcome)
            learning.add(outcome)
            if outcome.told:
                told.append(outcome)
        kept = cache.kept
    suggestion = learning.suggestion() if request.suggest else None
    return BacktestReport(of, whose, past.cut, request.notes, tally.tally(), tuple(told), suggestion, kept)


def _choose_rules(project: Project, file: Path | None) -> tuple[Rules, str]:
    """The rules that judge, and whose they are, in words."""
    if file is not None:
        _, config, _ = load_config(project.root, file.absolute())
        return config.rules, f"the rules in {file.name}"
    if project.config_path is None:
        return project.config.rules, "the default rules"
    return project.config.rules, f"the rules in {project.config_path.name}"


def _list_changes(project: Project, request: BacktestRequest) -> tuple[PastChanges, str]:
    """The changes to be replayed, and what they are, in words."""
    if request.labels is not None:
        changes = _read_labelled(request.labels, request.since)
        return PastChanges(
            add_commit_details(project.git, changes[: request.limit])
        ), f"the labelled changes in {request.labels.name}"
    revisions = request.revisions
    base, dots, head = revisions.rpartition("..")
    if "..." in revisions:
        raise UsageError(f"`{revisions}` is not a range of commits.", tip="Allowed: REVISION, or A..B.", example="v1..v2")
    end = resolve_revision(project.git, head or "HEAD")
    span = f"{resolve_revision(project.git, base or 'HEAD')}..{end}" if dots else end
    walk = list_all_commits if request.every_commit else list_first_parents
    whole = "all commits" if request.every_commit else "the merges and commits"
    where = f"of {revisions}" if dots else f"up to {revisions}"
    return walk(project.git, span, _parse_day(request.since), request.limit), f"{whole} {where}"


def _read_labelled(file: Path, since: str | None) -> list[PastChange]:
    """The changes in a file of labels, without those that are older than the day `since`."""
    try:
        text = read_regular_file(file, LARGEST_LABELS).decode("utf-8")
    except (CannotOpen, UnicodeDecodeError) as error:
        why = error.what if isinstance(error, CannotOpen) else "is not UTF-8"
        raise UsageError(f"`{file}` {why}.", tip="`--labels` names a file of JSON lines.") from None
    _parse_day(since)
    return [change for change in read_labels(file.name, text) if not since or not change.date or change.date >= since]


def _parse_day(day: str | None) -> int:
    """The first second of a day, since 1970; 0 without a day."""
    if day is None:
        return 0
    try:
        return int(datetime.strptime(day, "%Y-%m-%d").replace(tzinfo=UTC).timestamp())
    except ValueError:
        raise UsageError(f"`{day}` is not a day.", tip="Allowed: YYYY-MM-DD.", example="--since 2024-01-01") from None


def _look_at_changes(
    settings: ReplaySettings, changes: Sequence[PastChange], cache: BacktestCache, request: BacktestRequest
) -> None:
    """Looks at the changes that the cache does not have, and keeps what is seen as it comes."""
    missing = [(number, change) for number, change in enumerate(changes) if not cache.has(change)]
    done = len(changes) - len(missing)
    for seen in replay_changes(settings, missing, request.jobs or _count_cores()):
        cache.add(changes[seen.number], seen.line, sure=seen.sure)
        done += 1
        request.on_progress(done, len(changes))


def _count_cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
