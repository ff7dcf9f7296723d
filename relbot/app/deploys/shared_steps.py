"""Steps of no component that environments share, as where they have one database: what was undone in one is undone in all."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relbot.app.deploys.session import open_ledger
from relbot.deploy.log.deeds import inverse_id, is_undo, live_deeds, own_id
from relbot.deploy.log.obstacles import Obstacle
from relbot.deploy.log.progress import StepState
from relbot.deploy.log.record import STEP_KINDS, DeedKind
from relbot.deploy.log.record_order import sort_records
from relbot.deploy.log.replay import replay_records
from relbot.deploy.plan.model import StepKind
from relbot.git.change_logs import read_change_log
from relbot.git.trees import list_stems, list_tree

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from relbot.app.deploys.session import Session
    from relbot.deploy.log.progress import Progress
    from relbot.deploy.log.record import Record

_NO_RESULT = (DeedKind.STARTED, DeedKind.SKIPPED)


def shared_obstacles(session: Session, progress: Progress, target: str) -> Iterator[Obstacle]:
    """What speaks against a deploy because environments share steps.

    A step that this deploy takes back, and whose change another one runs; and a step that another one has undone, and whose
    change is in `target`. GitFailed if git cannot read what runs.
    """
    for other in _partners(session):
        records = open_ledger(session.project, other, session.refs, session.ledger.around).entries()
        yield from _still_needed(session, progress, other, records)
        yield from _undone_there(session, other, records, target)


def _partners(session: Session) -> list[str]:
    """The environments that share steps with this one, whichever of the two says so."""
    mine = session.configured
    if mine is None:
        return []
    return [
        each.name
        for each in session.project.config.environments
        if each.name != mine.name and (each.name in mine.shares or mine.name in each.shares)
    ]


def _still_needed(session: Session, progress: Progress, other: str, records: tuple[Record, ...]) -> Iterator[Obstacle]:
    common = {change.identity for change in progress.plan.undo if change.component is None}
    state = replay_records(records) if common else None
    if state is None or state.running is None:
        return
    there = list_stems(list_tree(session.project.git, state.running.deed.target, session.project.config.folders))
    for status in progress.statuses:
        identity = status.step.id.partition("#")[0]
        kept = status.mark in (StepState.SKIPPED, StepState.OVERRULED)
        if status.step.kind is StepKind.UNDO and identity in common & there and not kept:
            message = (
                f"{other} runs {identity}, too, and shares its steps: do not undo {inverse_id(status.step.id)}. Take it back"
                f" there first, or keep it: relbot deploy tick {session.environment} '{status.step.id}' --skip"
                f' "{other} runs it"'
            )
            yield Obstacle(f"shared:{status.step.id}", message)


def _undone_there(session: Session, other: str, records: tuple[Record, ...], target: str) -> Iterator[Obstacle]:
    undone = {inverse_id(step): record for step, record in _last_results(records).items() if is_undo(own_id(record.deed))}
    if not undone:
        return
    mine = _last_results(session.entries())
    fragments = read_change_log(session.project.git, target, session.project.config).fragments
    for step, record in undone.items():
        fragment = fragments.get(step.partition("#")[0])
        again = mine.get(step) or mine.get(inverse_id(step))
        if fragment is None or fragment.component is not None or (again and again.time > record.time):
            continue
        message = (
            f"{record.who} undid {step} on {other}, which shares it, and {target[:12]} needs it. Do it again, and record that:"
            f" relbot deploy tick {other} '{step}'"
        )
        yield Obstacle(f"shared:{step}", message)


def _last_results(records: Iterable[Record]) -> dict[str, Record]:
    """What was last done or tried of each step, and was no slip, by the id of what was carried out; never both directions."""
    of_step: dict[str, list[Record]] = {}
    for record in sort_records(records):
        if record.deed.kind in STEP_KINDS and "#" in record.deed.step:
            of_step.setdefault(record.deed.step.removesuffix(":undo"), []).append(record)
    results = ([each for each in live_deeds(deeds) if each.deed.kind not in _NO_RESULT] for deeds in of_step.values())
    return {own_id(each[-1].deed): each[-1] for each in results if each}
