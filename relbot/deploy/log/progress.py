"""How far a plan has been carried out, and whether a deploy may go on."""

from __future__ import annotations

import hashlib
import json
from enum import StrEnum
from types import MappingProxyType
from typing import TYPE_CHECKING

from relbot.deploy.log.deeds import carried_out, effective_deed, inverse_id, reverses, started_deed
from relbot.deploy.log.record import DeedKind
from relbot.deploy.log.state import SETTLING, rename_deeds, rename_step
from relbot.deploy.plan.model import PlannedStep, StepKind
from relbot.deploy.plan.services import CHECK_ID
from relbot.fragment.model import ALL_PHASES, PHASES, Phase
from relbot.schema.named_tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from relbot.deploy.log.record import Record
    from relbot.deploy.log.state import Deploy
    from relbot.deploy.plan.model import Amendment, Plan

    Deeds = Mapping[str, tuple[Record, ...]]

_NOTHING: Mapping[str, Record] = MappingProxyType({})
_OF_SERVICES = (StepKind.RESTART, StepKind.CHECK)


class StepState(StrEnum):
    """How a step stands.

    `CHANGED`: it says something else than when it was ticked, so it is open again. `STARTED`: somebody is at it.
    """

    OPEN = "open"
    STARTED = "started"
    DONE = "done"
    SKIPPED = "skipped"
    FAILED = "failed"
    CHANGED = "changed"
    OVERRULED = "overruled"

    @property
    def settled(self) -> bool:
        """Whether nothing is left to do."""
        return self in (StepState.DONE, StepState.SKIPPED, StepState.OVERRULED)


class HostStatus(NamedTuple):
    """How a step stands on one host, and the record that says so."""

    host: str
    mark: StepState
    entry: Record | None


class StepStatus(NamedTuple):
    """A step, how it stands, and the record that says so.

    `started` is the record of whoever is at it. `by_host` is empty unless somebody said where the step was done.
    """

    step: PlannedStep
    mark: StepState
    entry: Record | None = None
    started: Record | None = None
    by_host: tuple[HostStatus, ...] = ()


class DeferredStep(NamedTuple):
    """The id of a step that a deploy left for later, the record that left it, and the step, None where it is not known here.

    `by` is a deed about a step where somebody took back, after the end, what the deploy had done. `failed` is the record of
    whoever tried it, and failed. `hosts` are those where it is open, () where that is not told apart.
    """

    id: str
    by: Record
    step: PlannedStep | None
    failed: Record | None = None
    hosts: tuple[str, ...] = ()

    @property
    def taken_back(self) -> bool:
        """Whether it was done, and somebody took it back after its deploy had ended."""
        return self.by.deed.kind is not DeedKind.ENDED and not self.is_needed_since

    @property
    def is_needed_since(self) -> bool:
        """Whether it is a restart that is needed since somebody did or undid a step after the end."""
        return self.by.deed.kind in SETTLING and self.id in self.by.deed.deferred


class Progress(NamedTuple):
    """Every step of a plan with how it stands, and what was done (`orphaned_ticks`) that the plan does not have any more."""

    plan: Plan
    statuses: tuple[StepStatus, ...]
    orphaned_ticks: tuple[Record, ...]

    def unsettled(self, before: Phase | None) -> tuple[StepStatus, ...]:
        """The steps that are not settled and come before a phase; all of them for None."""
        phases = ALL_PHASES[: ALL_PHASES.index(before)] if before else ALL_PHASES
        return tuple(s for s in self.statuses if not s.mark.settled and s.step.phase in phases)


def step_digest(step: PlannedStep, target: str) -> str:
    """What a tick of the step is about: all that tells somebody what to do.

    Its number, its place and the time it takes may change; so may the phase that an operator gave it. A restart, and a check of
    a service, belongs to one target: other code, another restart. How it is done is configuration, which differs from clone to
    clone.
    """
    if step.kind in _OF_SERVICES:
        told: list[object] = [step.kind, step.service, target, step.changes]
        return hashlib.sha256(json.dumps(told).encode("ascii")).hexdigest()[:16]
    told = [
        step.kind,
        step.phase if step.phase_said else Phase.NOT_SAID,
        step.run,
        step.do,
        step.note,
        step.on,
        step.check,
        step.takes_back,
        step.service,
        step.withheld,
    ]
    return hashlib.sha256(json.dumps(told).encode("ascii")).hexdigest()[:16]


def recordable_steps(plan: Plan) -> tuple[PlannedStep, ...]:
    """All that somebody has to tick: the steps of the plan, after one for each change that was amended."""
    return (*(_comparison_step(amendment) for amendment in plan.amended), *plan.steps)


def restarts_by_step(plan: Plan) -> dict[str, tuple[str, ...]]:
    """The ids of the restarts that the steps of a plan need, by the ids of the steps without `:undo`."""
    found: dict[str, tuple[str, ...]] = {}
    for restart in plan.steps:
        for step in restart.after if restart.kind is StepKind.RESTART else ():
            base = step.removesuffix(":undo")
            found[base] = (*found.get(base, ()), restart.id)
    return found


def _comparison_step(amendment: Amendment) -> PlannedStep:
    change = amendment.change
    lines = [f"{label}: {each}" for label, of in (("was", amendment.was), ("now", amendment.now)) for each in _step_lines(of)]
    return PlannedStep(
        number=0,
        id=f"{change.identity}:amended",
        kind=StepKind.DO,
        phase=PHASES[0],
        changes=(change.identity,),
        do="Its steps have changed since it was deployed. Compare them, and do what is missing.",
        note="\n".join(lines),
        path=change.path,
    )


def _step_lines(of: tuple[PlannedStep, ...]) -> list[str]:
    told = (s.run or " ".join(filter(None, (s.do, s.note))) or f"restart {s.service}" for s in of)
    return [f"{s.phase}: {what}" for s, what in zip(of, told, strict=True)] or ["no steps"]


def measure_progress(plan: Plan, deploy: Deploy | None, shared: Mapping[str, Record] = _NOTHING) -> Progress:
    """The plan against what was recorded of its deploy, or of one that starts alike; None if nothing was.

    `shared` has, by the ids of steps, what was done in other environments and counts here, too, where nothing was recorded
    here. A restart counts only if whoever recorded it knew that the steps that need it had been done.
    """
    listed = recordable_steps(plan)
    deeds = rename_deeds(deploy.deeds, dict(plan.renamed), deploy.lineage) if deploy else {}
    found = {step.id: _step_status(step, deeds, deploy, plan.target.commit) for step in listed}
    for step, record in shared.items():
        if (
            step in found
            and found[step].entry is None
            and record.deed.digest == step_digest(found[step].step, record.deed.target)
        ):
            found[step] = StepStatus(found[step].step, StepState.DONE, record)
    if deploy:
        restarts = [step for step in listed if step.kind in _OF_SERVICES]
        found |= {step.id: _restart_status(step, found[step.id], deploy, dict(plan.renamed)) for step in restarts}
    return Progress(plan, tuple(found.values()), tuple(_orphaned(listed, deeds)))


def _orphaned(listed: Iterable[PlannedStep], deeds: Deeds) -> Iterator[Record]:
    """What was done, or tried, and is not in the plan, neither to be done nor to be taken back."""
    known = {step.id for step in listed}
    for step, records in deeds.items():
        holds = None if {step, inverse_id(step)} & known or step.startswith(CHECK_ID) else effective_deed(records, step)
        if holds and (holds.deed.kind is DeedKind.FAILED or (not reverses(holds) and holds.deed.kind is DeedKind.DONE)):
            yield holds


def _step_status(step: PlannedStep, deeds: Deeds, deploy: Deploy | None, target: str) -> StepStatus:
    records = deeds.get(step.id.removesuffix(":undo"), ())
    hosts = _hosts(step, records)
    by_host = tuple(_host_status(step, host, records, target) for host in hosts)
    mark, entry = _united(by_host)
    if not mark.settled and deploy and (written := deploy.overruled.get(f"step:{step.id}")):
        # A failure of its inverse tells as much, and one of a step that has changed since.
        holding = (effective_deed(_on_host(records, host), step.id) for host in hosts)
        failed = [each for each in holding if each and each.deed.kind is DeedKind.FAILED]
        if all(deploy.lineage.has_seen(written, each) for each in failed):
            mark, entry = StepState.OVERRULED, written
    started = started_deed(records)
    if mark is StepState.OPEN and started and carried_out(started, step.id) == step.id:
        mark, entry = StepState.STARTED, started
    return StepStatus(step, mark, entry, started, by_host if hosts != ("",) else ())


def _hosts(step: PlannedStep, records: Iterable[Record]) -> tuple[str, ...]:
    """The hosts whose state tells that of the step: those that it names, else those where somebody said to have done it."""
    said = dict.fromkeys(each.deed.host for each in records if each.deed.host)
    return (*dict.fromkeys((*step.on, *said)),) if said else ("",)


def _on_host(records: Iterable[Record], host: str) -> Iterator[Record]:
    """What was recorded of one host, or of no certain one; all of it for ""."""
    return (each for each in records if each.deed.host in ("", host) or not host)


def _host_status(step: PlannedStep, host: str, records: Iterable[Record], target: str) -> HostStatus:
    entry = effective_deed(_on_host(records, host), step.id)
    if entry is None or carried_out(entry, step.id) != step.id:
        failed = entry is not None and entry.deed.kind is DeedKind.FAILED and step.kind is StepKind.DO
        return HostStatus(host, StepState.FAILED if failed else StepState.OPEN, entry if failed else None)
    same = entry.deed.digest == step_digest(step, target) or (entry.deed.kind is DeedKind.UNDONE and not entry.deed.digest)
    return HostStatus(host, _MARKS[entry.deed.kind] if same else StepState.CHANGED, entry)


_MARKS = {
    DeedKind.DONE: StepState.DONE,
    DeedKind.UNDONE: StepState.DONE,
    DeedKind.SKIPPED: StepState.SKIPPED,
    DeedKind.FAILED: StepState.FAILED,
}
_WORST_FIRST = (StepState.FAILED, StepState.CHANGED, StepState.OPEN, StepState.DONE, StepState.SKIPPED)


def _united(by_host: tuple[HostStatus, ...]) -> tuple[StepState, Record | None]:
    """The state of a step from those of its hosts: it is settled where all of them are."""
    worst = min(by_host, key=lambda each: _WORST_FIRST.index(each.mark))
    return worst.mark, worst.entry


def _restart_status(restart: PlannedStep, status: StepStatus, deploy: Deploy, new: Mapping[str, str]) -> StepStatus:
    if status.entry is None or status.mark not in (StepState.DONE, StepState.SKIPPED):
        return status
    needing = {step.removesuffix(":undo") for step in restart.after}
    of_needing = (records for step, records in deploy.deeds.items() if rename_step(step, new) in needing)
    changed = (record for records in of_needing for record in records if _changes(record))
    if any(not deploy.lineage.has_seen(status.entry, record) for record in changed):
        return status._replace(mark=StepState.OPEN, entry=None)
    return status


def _changes(record: Record) -> bool:
    return record.deed.kind in (DeedKind.DONE, DeedKind.UNDONE, DeedKind.FAILED)
