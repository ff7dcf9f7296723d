"""Replays the records of a ledger: the state that follows from them, on every machine the same."""

from __future__ import annotations

from typing import TYPE_CHECKING, assert_never

from relbot.deploy.log.after_end import (
    apply_after_end,
    forget_left,
    with_deed,
    with_restarts,
)
from relbot.deploy.log.deeds import carried_out, inverse_id, is_undo, own_id, reverses
from relbot.deploy.log.graph import Lineage
from relbot.deploy.log.hosts import split_hosts
from relbot.deploy.log.late_deeds import find_late_deeds, find_late_for_moot, find_late_restarts, with_late
from relbot.deploy.log.left_hosts import with_hosts_of_ended, without_steps
from relbot.deploy.log.record import STEP_KINDS, DeedKind, Direction
from relbot.deploy.log.record_order import sort_with_lineage
from relbot.deploy.log.slips import find_slips
from relbot.deploy.log.state import ATTEMPTS, CLOSING, SETTLING, Deploy, EnvironmentState, rename_step
from relbot.deploy.log.written import apply_lifted, apply_lock, apply_overruled

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from relbot.deploy.log.record import Deed, Record


def replay_records(records: Iterable[Record]) -> EnvironmentState:
    """The state that follows from the records. It depends only on which there are, not on how they come."""
    different = tuple(dict.fromkeys(records))
    lineage = Lineage(different)
    now = EnvironmentState()
    slips = find_slips(different, lineage)
    for record in sort_with_lineage(different, lineage):
        if record not in slips and record.deed.kind is not DeedKind.MISTAKEN:
            now = _apply_record(now, record, lineage, slips)
    return now


def _apply_record(now: EnvironmentState, record: Record, lineage: Lineage, slips: Mapping[Record, Record]) -> EnvironmentState:
    deed = record.deed
    match deed.kind:
        case DeedKind.STARTED | DeedKind.DONE | DeedKind.FAILED | DeedKind.SKIPPED | DeedKind.UNDONE:
            return _apply_step(now, record)
        case DeedKind.BEGUN:
            return _apply_begun(now, record, lineage)
        case DeedKind.BREAK_GLASS:
            return _apply_break_glass(now, record, lineage)
        case DeedKind.ADOPTED:
            rest = _with_open_deeds_stray(now)
            known = (each for each in rest.stray if each.deed.kind in CLOSING and lineage.has_seen(record, each))
            stray = tuple(each for each in rest.stray if each not in tuple(known))
            as_ended = Deploy(deed.target, deed.target, record, lineage=lineage)  # what is said of its steps from now on
            return rest._replace(running=record, deploy=None, ended=as_ended, aborted=None, names={}, stray=stray)
        case DeedKind.ENDED:
            return _apply_ended(now, record, lineage, slips)
        case DeedKind.ABORTED:
            return _apply_aborted(now, record)
        case DeedKind.OVERRULED:
            return apply_overruled(now, record)
        case DeedKind.LIFTED:
            return apply_lifted(now, record)
        case DeedKind.NOTED:
            return now._replace(notices=(*now.notices, record))
        case DeedKind.LOCKED | DeedKind.UNLOCKED:
            return apply_lock(now, record)
        case DeedKind.MISTAKEN | DeedKind.VOUCHED | DeedKind.ANNOUNCED:
            return now  # the first two decide which records count: see relbot.deploy.log.slips and relbot.deploy.log.proof
        case _:
            assert_never(deed.kind)


def _apply_begun(now: EnvironmentState, record: Record, lineage: Lineage) -> EnvironmentState:
    deed, deploy = record.deed, now.deploy
    if deploy and (deploy.start, deploy.target) == (deed.start, deed.target):
        return now  # the first one stands
    overruled = now.overruled_for(deed.start, deed.target)
    if deploy and deploy.start == deed.start:
        # Another target than was begun: what was done on the way still holds, since both start alike.
        same = deploy._replace(target=deed.target, begun=record, overruled=overruled)
        held = {**now.held, deed.replaces: record} if deed.direction is Direction.ROLLBACK and deed.replaces else now.held
        return _renamed_kept(now, deed)._replace(deploy=same.under_names(dict(deed.renamed)), aborted=None, held=held)
    rest = _renamed_kept(_with_open_deeds_stray(now), deed)
    # One that was given up and started alike: its changes keep the names that they had there.
    names = now.names if now.aborted and now.aborted.deed.start == deed.start else {}
    new = Deploy(deed.start, deed.target, record, overruled=overruled, names=names, lineage=lineage)
    new = new.under_names(dict(deed.renamed))
    # What was done from the same start, after its deploy had been aborted or before it was known to have begun.
    steps = (each for each in rest.stray if each.deed.kind in STEP_KINDS and each.deed.kind is not DeedKind.MISTAKEN)
    mine = [each for each in steps if each.deed.start == deed.start and _is_since_end(each, now, lineage)]
    for each in mine:
        new, rest = with_deed(new, each), forget_left(rest, each)
    return rest._replace(deploy=new, aborted=None, names={}, stray=tuple(each for each in rest.stray if each not in mine))


def _is_since_end(record: Record, now: EnvironmentState, lineage: Lineage) -> bool:
    """Whether a record was written in knowledge of what runs: not for a deploy that started there, too, and has ended."""
    return now.running is None or lineage.has_seen(record, now.running)


def _apply_break_glass(now: EnvironmentState, record: Record, lineage: Lineage) -> EnvironmentState:
    """A gate that was passed while the ledger could not be reached: it begins a deploy where none is under way."""
    begun = now if now.deploy else _apply_begun(now, record, lineage)
    assert begun.deploy is not None
    if (begun.deploy.start, begun.deploy.target) != (record.deed.start, record.deed.target):
        return now._replace(stray=(*now.stray, record))
    return apply_overruled(begun, record._replace(deed=record.deed._replace(what="gate")))


def _apply_step(now: EnvironmentState, record: Record) -> EnvironmentState:
    deed = record.deed
    if now.deploy and now.deploy.start == deed.start:
        return forget_left(now._replace(deploy=with_deed(now.deploy, record)), record)
    return apply_after_end(now, record)


def _apply_ended(now: EnvironmentState, record: Record, lineage: Lineage, slips: Mapping[Record, Record]) -> EnvironmentState:
    deed, deploy = record.deed, now.deploy
    if not _ends_what_is_known(now, record, lineage):
        same = now.running and (now.running.deed.start, now.running.deed.target) == (deed.start, deed.target)
        return now if same else now._replace(stray=(*now.stray, record))  # another deploy has begun, or ended, first
    deploy = deploy.under_names(dict(deed.renamed)) if deploy else None
    deed, apart = _correct_end(record, deploy, _believed_by(record, slips, lineage)) if deploy else (deed, [])
    renamed = _renamed(now, deed)
    deed = _without_keeping_nothing(deed, renamed)
    now = _without_moot(renamed, deed)
    kept = {step: deploy.deeds.get(inverse_id(step), ()) for step in deed.not_done if is_undo(step)} if deploy else {}
    for step, each in deploy.ticks.items() if deploy else ():
        now = forget_left(now, each, step)  # again, now that what was renamed has its new name
    late = [*(find_late_deeds(record, deploy, lineage) if deploy else ()), *find_late_for_moot(renamed, record, lineage)]
    left = _with_what_is_left(now, record, deed, deploy, lineage)
    held = _held_after(now, record, deploy)
    made_good = {step: each for step, each in now.made_good.items() if not lineage.has_seen(record, each)}
    rest = left._replace(
        placed=_phases_said(renamed, deed, deploy),
        kept={**renamed.kept, **kept},
        running=record,
        deploy=None,
        ended=deploy,
        aborted=None,
        names={},
        held=held,
        early=(),
        made_good=made_good,
    )
    restarts = find_late_restarts(record, deploy, late, lineage) if deploy else {}
    return with_restarts(with_late(rest._replace(stray=(*rest.stray, *apart)), late), restarts)


def _phases_said(now: EnvironmentState, deed: Deed, deploy: Deploy | None) -> dict[str, str]:
    """The phases of the steps that were left, as far as operators have said them in writing."""
    overruled, deeds = (deploy.overruled, deploy.deeds) if deploy else ({}, {})
    said = (what.removeprefix("phase:").rpartition(">") for what in overruled if what.startswith("phase:"))
    known = without_steps(now.placed, *deed.deferred, *deeds)
    return {**known, **{step: phase for step, _, phase in said if step in deed.deferred}}


def _ends_what_is_known(now: EnvironmentState, record: Record, lineage: Lineage) -> bool:
    """Whether an ENDED is of the deploy under way or, where none is, its writer knew how the last one had ended."""
    deed, deploy = record.deed, now.deploy
    if deploy:
        return (deploy.start, deploy.target) == (deed.start, deed.target)
    return all(lineage.has_seen(record, each) for each in (now.running, now.aborted) if each)


def _believed_by(ended: Record, slips: Mapping[Record, Record], lineage: Lineage) -> Iterator[tuple[Record, Record]]:
    """The slips that the writer of an ENDED knew, and did not know to be slips, each with the MISTAKEN that tells."""
    for slip, mistaken in slips.items():
        known = slip.deed.start == ended.deed.start and lineage.has_seen(ended, slip)
        if known and slip.deed.kind is not DeedKind.STARTED and not lineage.has_seen(ended, mistaken):
            yield slip, mistaken


def _correct_end(ended: Record, deploy: Deploy, believed: Iterable[tuple[Record, Record]]) -> tuple[Deed, list[Record]]:
    """An ENDED without slips that its writer believed, and those MISTAKEN from which it does not follow how a step stands.

    A step of which nothing else is known, or that had failed, is left.
    """
    deed = ended.deed
    apart: list[Record] = []
    for slip, mistaken in believed:
        own = deploy.name_of(own_id(slip.deed))
        deeds = deploy.deeds.get(own.removesuffix(":undo"), ())
        turned = slip.deed.target != deed.target or inverse_id(own) in (*deed.deferred, *deed.not_done)
        if turned or any(each.deed.kind is not DeedKind.FAILED or carried_out(each, own) != own for each in deeds):
            apart.append(mistaken)
        elif f"step:{own}" not in deploy.overruled or not all(deploy.overrule_of(own, each) for each in deeds):
            moot = tuple(each for each in deed.moot if each != own)
            deed = deed._replace(deferred=(*deed.deferred, own), moot=moot)
    return deed, apart


def _without_keeping_nothing(deed: Deed, now: EnvironmentState) -> Deed:
    """An ENDED without the steps that its writer kept on the way back, and that were never done, as a slip tells by now."""
    never = {step for step in now.not_done if inverse_id(step) not in now.not_done and step not in now.failed}
    kept = tuple(step for step in deed.not_done if is_undo(step) and inverse_id(step) in never)
    if not kept:
        return deed
    not_done = tuple(step for step in deed.not_done if step not in kept)
    return deed._replace(not_done=not_done, moot=(*deed.moot, *map(inverse_id, kept)))


def _with_what_is_left(
    now: EnvironmentState, record: Record, deed: Deed, deploy: Deploy | None, lineage: Lineage
) -> EnvironmentState:
    """With what an ENDED leaves: what was skipped or deferred was not done; whatever it does not name counts as done.

    A step that was done and is deferred all the same says something else by now. One that failed may be half done, also if it
    was skipped after that, or its end did not know of the failure.
    """
    ticks, deeds = (deploy.ticks, deploy.deeds) if deploy else ({}, {})
    open_on = {step: split_hosts(deeds.get(step.removesuffix(":undo"), ()), step).open for step in deed.deferred}
    done = {step for step, each in ticks.items() if each.deed.kind in SETTLING and not open_on.get(step)}
    unknown = {step for step in done if not lineage.has_seen(record, ticks[step])}
    deferred = {**now.deferred, **dict.fromkeys((step for step in deed.deferred if step not in unknown), record)}
    untold = {step: each for step, each in now.failed.items() if step not in deed.deferred or not lineage.has_seen(record, each)}
    failed = {**untold, **_failures_left(deed, deploy)}
    not_done = dict.fromkeys((step for step in (*deed.deferred, *deed.not_done) if step not in done), record)
    settled = {step: ticks[step] for step in done}
    stray = tuple(each for each in now.stray if not _settles(settled.get(own_id(each.deed)), each, lineage))
    now = with_hosts_of_ended(now, deeds, open_on)
    return now._replace(deferred=deferred, failed=failed, not_done={**now.not_done, **not_done}, stray=stray)


def _failures_left(deed: Deed, deploy: Deploy | None) -> dict[str, Record]:
    """What failed last of the steps that an ENDED leaves, and of those that it never did: skipped or not, they were tried.

    What could not be taken back may be half there, too.
    """
    if deploy is None:
        return {}
    found: dict[str, Record] = {}
    for step in (*deed.deferred, *deed.not_done):
        attempts = [each for each in deploy.deeds.get(step.removesuffix(":undo"), ()) if each.deed.kind in ATTEMPTS]
        if attempts and (not is_undo(step) or reverses(attempts[-1])):
            found[step] = attempts[-1]
    return {step: record for step, record in found.items() if record.deed.kind is DeedKind.FAILED}


def _settles(done: Record | None, stray: Record, lineage: Lineage) -> bool:
    """Whether what was done of a step ends what is told apart of it: a failure only if whoever did it knew of that."""
    return done is not None and (stray.deed.kind is not DeedKind.FAILED or lineage.has_seen(done, stray))


def _renamed(now: EnvironmentState, deed: Deed) -> EnvironmentState:
    new = dict(deed.renamed)
    if not new:
        return now
    deferred, failed, not_done = (
        {rename_step(step, new): record for step, record in of.items()} for of in (now.deferred, now.failed, now.not_done)
    )
    done_on, open_on = ({rename_step(step, new): hosts for step, hosts in of.items()} for of in (now.done_on, now.open_on))
    kept = {rename_step(step, new): deeds for step, deeds in now.kept.items()}
    return now._replace(deferred=deferred, failed=failed, not_done=not_done, done_on=done_on, open_on=open_on, kept=kept)


def _renamed_kept(now: EnvironmentState, deed: Deed) -> EnvironmentState:
    """With the steps that ways back kept by the names that a BEGUN tells: what runs does not have their changes."""
    new = dict(deed.renamed)
    deferred, not_done = (
        {rename_step(step, new) if is_undo(step) else step: record for step, record in of.items()}
        for of in (now.deferred, now.not_done)
    )
    open_on = {rename_step(step, new) if is_undo(step) else step: hosts for step, hosts in now.open_on.items()}
    kept = {rename_step(step, new): deeds for step, deeds in now.kept.items()}
    return now._replace(deferred=deferred, not_done=not_done, open_on=open_on, kept=kept) if new else now


def _without_moot(now: EnvironmentState, deed: Deed) -> EnvironmentState:
    deferred, failed = (without_steps(of, *deed.moot) for of in (now.deferred, now.failed))
    gone = (step for step in deed.moot if not is_undo(step))  # what was never taken back is still there
    open_on = without_steps(now.open_on, *deed.moot)
    return now._replace(deferred=deferred, failed=failed, not_done=without_steps(now.not_done, *gone), open_on=open_on)


def _held_after(now: EnvironmentState, record: Record, deploy: Deploy | None) -> dict[str, Record]:
    """What stays held after an ENDED: what it brought, knowingly, is not held any more; what it left is."""
    deed = record.deed
    overruled = {what.removeprefix("left:") for what in (deploy.overruled if deploy else ()) if what.startswith("left:")}
    held = without_steps(now.held, deed.target, *overruled)
    left = deed.replaces or deed.start
    return {**held, left: record} if deed.direction is Direction.ROLLBACK and left not in ("", deed.target) else held


def _apply_aborted(now: EnvironmentState, record: Record) -> EnvironmentState:
    deploy, deed = now.deploy, record.deed
    if deploy is None or (deploy.start, deploy.target) != (deed.start, deed.target):
        return now._replace(stray=(*now.stray, record))
    written = {each for step, each in deploy.touched.items() if deploy.overrule_of(step, each)}
    return _with_open_deeds_stray(now)._replace(deploy=None, aborted=record, names=deploy.names, accepted=now.accepted | written)


def _with_open_deeds_stray(now: EnvironmentState) -> EnvironmentState:
    """What was done for the deploy under way, if another one that does not start alike takes its place."""
    return now._replace(stray=(*now.stray, *now.deploy.unsettled_attempts)) if now.deploy else now
