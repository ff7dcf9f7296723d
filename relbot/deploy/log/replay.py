"""Replays the records of a ledger: the state that follows from them, on every machine the same."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, assert_never

from relbot.deploy.log.deeds import inverse_id, is_undo, live_deeds, own_id
from relbot.deploy.log.graph import Lineage, record_hash
from relbot.deploy.log.record import STEP_KINDS, DeedKind, Direction
from relbot.deploy.log.state import ATTEMPTS, SETTLING, Deploy, EnvironmentState, rename_step

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from relbot.deploy.log.record import Deed, Record


def sort_records(records: Iterable[Record]) -> list[Record]:
    """By what their writers knew of each other; where they knew nothing, by their clocks. The same on every machine."""
    return sorted(records, key=_record_key)


def _record_key(record: Record) -> tuple[object, ...]:
    who, deed = record.who, record.deed
    about = deed.kind, deed.step, deed.host, deed.target, deed.reason, deed.what
    return record.order, record.time, who.name, who.email, who.host, *about


def replay_records(records: Iterable[Record]) -> EnvironmentState:
    """The state that follows from the records. It depends only on which there are, not on how they come."""
    ordered = sort_records(dict.fromkeys(records))
    lineage = Lineage(ordered)
    now = EnvironmentState()
    for record in ordered:
        now = _apply_record(now, record, lineage)
    return now


def _apply_record(now: EnvironmentState, record: Record, lineage: Lineage) -> EnvironmentState:
    deed = record.deed
    match deed.kind:
        case DeedKind.STARTED | DeedKind.DONE | DeedKind.FAILED | DeedKind.SKIPPED | DeedKind.UNDONE | DeedKind.MISTAKEN:
            return _apply_step(now, record)
        case DeedKind.BEGUN:
            return _apply_begun(now, record, lineage)
        case DeedKind.BREAK_GLASS:
            return _apply_break_glass(now, record, lineage)
        case DeedKind.ADOPTED:
            return replace(_with_open_deeds_stray(now), running=record, deploy=None, ended=None, aborted=None)
        case DeedKind.ENDED:
            return _apply_ended(now, record, lineage)
        case DeedKind.ABORTED:
            return _apply_aborted(now, record)
        case DeedKind.OVERRULED:
            return _apply_overruled(now, record)
        case DeedKind.LIFTED:
            return _apply_lifted(now, record)
        case DeedKind.NOTED:
            return replace(now, notices=(*now.notices, record))
        case DeedKind.LOCKED | DeedKind.UNLOCKED:
            return _apply_lock(now, record)
        case DeedKind.VOUCHED | DeedKind.ANNOUNCED:
            return now  # the first decides which records count: see relbot.deploy.log.proof
        case _:
            assert_never(deed.kind)


def _apply_lock(now: EnvironmentState, record: Record) -> EnvironmentState:
    if record.deed.kind is DeedKind.UNLOCKED:
        return replace(now, lock=None)
    held = now.holder(record.time)
    return now if held and held.who.person != record.who.person else replace(now, lock=record)


def _apply_begun(now: EnvironmentState, record: Record, lineage: Lineage) -> EnvironmentState:
    deed, deploy = record.deed, now.deploy
    if deploy and (deploy.start, deploy.target) == (deed.start, deed.target):
        return now  # the first one stands
    overruled = now.overruled_for(deed.start, deed.target)
    if deploy and deploy.start == deed.start:
        # Another target than was begun: what was done on the way still holds, since both start alike.
        same = replace(deploy, target=deed.target, begun=record, overruled=overruled)
        return replace(now, deploy=same, aborted=None)
    rest = _with_open_deeds_stray(now)
    new = Deploy(deed.start, deed.target, record, overruled=overruled, lineage=lineage)
    # What was done from the same start, after its deploy had been aborted or before it was known to have begun.
    mine = [each for each in rest.stray if each.deed.kind in STEP_KINDS and each.deed.start == deed.start]
    for each in mine:
        new, rest = _with_deed(new, each), _forget(rest, each)
    return replace(rest, deploy=new, aborted=None, stray=tuple(each for each in rest.stray if each not in mine))


def _apply_break_glass(now: EnvironmentState, record: Record, lineage: Lineage) -> EnvironmentState:
    """A gate that was passed while the ledger could not be reached: it begins a deploy where none is under way."""
    begun = now if now.deploy else _apply_begun(now, record, lineage)
    assert begun.deploy is not None
    if (begun.deploy.start, begun.deploy.target) != (record.deed.start, record.deed.target):
        return replace(now, stray=(*now.stray, record))
    return _apply_overruled(begun, replace(record, deed=replace(record.deed, what="gate")))


def _apply_step(now: EnvironmentState, record: Record) -> EnvironmentState:
    deed = record.deed
    if now.deploy and now.deploy.start == deed.start:
        return _forget(replace(now, deploy=_with_deed(now.deploy, record)), record)
    if deed.kind is DeedKind.MISTAKEN:
        return _apply_mistaken(now, record)
    left = now.deferred.get(own_id(deed)) or now.not_done.get(own_id(deed))
    if left and deed.target in (left.deed.target, left.deed.start):
        if deed.kind is DeedKind.FAILED:
            return replace(_into_ended(now, record), failed={**now.failed, own_id(deed): record})
        if deed.kind is DeedKind.SKIPPED:
            deferred, failed = (_without(of, own_id(deed)) for of in (now.deferred, now.failed))
            return replace(_into_ended(now, record), deferred=deferred, failed=failed)
        return _forget(_into_ended(now, record), record)
    if now.ended and (now.ended.start, now.ended.target) == (deed.start, deed.target) and own_id(deed) in now.ended.ticks:
        return _forget(_into_ended(now, record), record)
    if deed.kind is DeedKind.UNDONE and any(own_id(each.deed) == inverse_id(own_id(deed)) for each in now.stray):
        return replace(now, stray=tuple(each for each in now.stray if own_id(each.deed) != inverse_id(own_id(deed))))
    if deed.kind in (DeedKind.STARTED, DeedKind.SKIPPED, DeedKind.MISTAKEN):
        return now
    return replace(now, stray=(*now.stray, record))


def _apply_mistaken(now: EnvironmentState, record: Record) -> EnvironmentState:
    """A slip about a deploy that has ended, which leaves again what it had left, or about one that is not known here."""
    slips = [each for each in now.stray if each.deed.step == record.deed.step]
    named = [each for each in slips if record.deed.what in ("", record_hash(each))]
    if named:
        return replace(now, stray=tuple(each for each in now.stray if each is not named[-1]))
    after = _into_ended(now, record)
    if after.ended is None or after.running is None or after is now:
        return now
    ticks, deed = after.ended.ticks, after.running.deed
    again = {
        step
        for step in (*deed.deferred, *deed.not_done)
        if step.removesuffix(":undo") == record.deed.step.removesuffix(":undo")
        and (step not in ticks or ticks[step].deed.kind not in SETTLING)
    }
    deferred = {step: after.running for step in again if step in deed.deferred}
    not_done = dict.fromkeys(again, after.running)
    return replace(after, deferred={**after.deferred, **deferred}, not_done={**after.not_done, **not_done})


def _into_ended(now: EnvironmentState, record: Record) -> EnvironmentState:
    if now.ended and (now.ended.start, now.ended.target) == (record.deed.start, record.deed.target):
        return replace(now, ended=_with_deed(now.ended, record))
    return now


def _with_deed(deploy: Deploy, record: Record) -> Deploy:
    step = record.deed.step.removesuffix(":undo")
    return replace(deploy, deeds={**deploy.deeds, step: (*deploy.deeds.get(step, ()), record)})


def _forget(now: EnvironmentState, record: Record) -> EnvironmentState:
    """Without what a deed ends that earlier deploys had left: the step itself, and the one that it takes back."""
    deed = record.deed
    if deed.kind not in SETTLING:
        return now
    own = own_id(deed)
    ended = [own, inverse_id(own)]
    never = ended if not is_undo(own) else [own]  # what was taken back was not done, still
    if own.endswith(":amended"):  # somebody compared what was deployed with what should be, and did what was missing
        mark = f"{own.removesuffix(':amended')}#"
        never = ended = [*ended, *(step for step in (*now.deferred, *now.not_done) if step.startswith(mark))]
    return replace(
        now,
        deferred=_without(now.deferred, *ended),
        failed=_without(now.failed, *ended),
        not_done=_without(now.not_done, *never),
    )


def _without(of_steps: Mapping[str, Record], *steps: str) -> dict[str, Record]:
    return {step: record for step, record in of_steps.items() if step not in steps}


def _apply_ended(now: EnvironmentState, record: Record, lineage: Lineage) -> EnvironmentState:
    deed, deploy = record.deed, now.deploy
    matches = deploy is not None and (deploy.start, deploy.target) == (deed.start, deed.target)
    if not matches and (deploy or (now.running and not lineage.has_seen(record, now.running))):
        same = now.running and (now.running.deed.start, now.running.deed.target) == (deed.start, deed.target)
        return now if same else replace(now, stray=(*now.stray, record))  # another deploy has begun, or ended, first
    now = _without_moot(_renamed(now, deed), deed)
    for each in deploy.ticks.values() if deploy else ():
        if each.deed.step.endswith(":amended"):
            now = _forget(now, each)  # again, now that what was renamed has its new name
    late = _late_deeds(record, deploy, lineage) if deploy else []
    if now.ended:  # what was deferred, and done after all, without the writer's knowledge: it believed that to be moot
        done = (each for deeds in now.ended.deeds.values() for each in live_deeds(deeds) if own_id(each.deed) in deed.moot)
        late += [each for each in done if each.deed.kind in ATTEMPTS and not lineage.has_seen(record, each)]
    left = _with_what_is_left(now, record, deploy.ticks if deploy else {}, lineage)
    held = _held_after(now, record, deploy)
    stray = (*left.stray, *late)
    return replace(left, running=record, deploy=None, ended=deploy, aborted=None, held=held, early=(), stray=stray)


def _with_what_is_left(
    now: EnvironmentState, record: Record, of_deploy: Mapping[str, Record], lineage: Lineage
) -> EnvironmentState:
    """With what an ENDED leaves: what was skipped or deferred was not done; whatever it does not name counts as done.

    A step that was done and is deferred all the same says something else by now.
    """
    deed = record.deed
    new = dict(deed.renamed)
    ticks = {rename_step(step, new): each for step, each in of_deploy.items()}
    done = {step for step, each in ticks.items() if each.deed.kind in SETTLING}
    unknown = {step for step in done if not lineage.has_seen(record, ticks[step])}
    deferred = {**now.deferred, **dict.fromkeys((step for step in deed.deferred if step not in unknown), record)}
    failed = {step: tick for step, tick in now.failed.items() if step not in deed.deferred}
    failed |= {step: ticks[step] for step in deed.deferred if step in ticks and ticks[step].deed.kind is DeedKind.FAILED}
    not_done = dict.fromkeys((step for step in (*deed.deferred, *deed.not_done) if step not in done), record)
    stray = tuple(each for each in now.stray if own_id(each.deed) not in done)
    return replace(now, deferred=deferred, failed=failed, not_done={**now.not_done, **not_done}, stray=stray)


def _late_deeds(record: Record, deploy: Deploy, lineage: Lineage) -> list[Record]:
    """What the writer of an ENDED did not know of, and did not allow for: it belongs to the deploy no more."""
    left = {*record.deed.deferred, *record.deed.not_done}
    late: list[Record] = []
    for deeds in deploy.deeds.values():
        live = [each for each in live_deeds(deeds) if each.deed.kind in ATTEMPTS]
        known = {own_id(each.deed) for each in live if each.deed.kind in SETTLING and lineage.has_seen(record, each)}
        for each in live:
            own = own_id(each.deed)
            agrees = each.deed.kind in SETTLING and own in left | known and inverse_id(own) not in known
            if not (agrees or lineage.has_seen(record, each)):
                late.append(each)
    return late


def _renamed(now: EnvironmentState, deed: Deed) -> EnvironmentState:
    new = dict(deed.renamed)
    if not new:
        return now
    deferred, failed, not_done = (
        {rename_step(step, new): record for step, record in of.items()} for of in (now.deferred, now.failed, now.not_done)
    )
    return replace(now, deferred=deferred, failed=failed, not_done=not_done)


def _without_moot(now: EnvironmentState, deed: Deed) -> EnvironmentState:
    deferred, failed = (_without(of, *deed.moot) for of in (now.deferred, now.failed))
    return replace(now, deferred=deferred, failed=failed)


def _held_after(now: EnvironmentState, record: Record, deploy: Deploy | None) -> dict[str, Record]:
    """What stays held after an ENDED: what it brought, knowingly, is not held any more; what it left is."""
    deed = record.deed
    overruled = {what.removeprefix("left:") for what in (deploy.overruled if deploy else ()) if what.startswith("left:")}
    held = _without(now.held, deed.target, *overruled)
    return {**held, deed.start: record} if deed.direction is Direction.ROLLBACK and deed.start else held


def _apply_aborted(now: EnvironmentState, record: Record) -> EnvironmentState:
    deploy, deed = now.deploy, record.deed
    if deploy is None or (deploy.start, deploy.target) != (deed.start, deed.target):
        return replace(now, stray=(*now.stray, record))
    return replace(_with_open_deeds_stray(now), deploy=None, aborted=record)


def _apply_overruled(now: EnvironmentState, record: Record) -> EnvironmentState:
    deed = record.deed
    if now.deploy and (now.deploy.start, now.deploy.target) == (deed.start, deed.target):
        return replace(now, deploy=replace(now.deploy, overruled={**now.deploy.overruled, deed.what: record}))
    return replace(now, early=(*now.early, record))


def _apply_lifted(now: EnvironmentState, record: Record) -> EnvironmentState:
    what = record.deed.what
    if what.startswith("note:"):
        return replace(now, notices=tuple(each for each in now.notices if record_hash(each) != what.removeprefix("note:")))
    return replace(now, held=_without(now.held, what))


def _with_open_deeds_stray(now: EnvironmentState) -> EnvironmentState:
    """What was done for the deploy under way, if another one that does not start alike takes its place."""
    return replace(now, stray=(*now.stray, *now.deploy.touched.values())) if now.deploy else now
