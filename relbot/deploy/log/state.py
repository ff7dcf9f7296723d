"""What follows from a ledger's records: what runs, which deploy is under way and how far, what is held, who has the lock."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, assert_never

from relbot.deploy.log.deeds import effective_deed, inverse_id, is_undo, live_deeds, own_id
from relbot.deploy.log.graph import Lineage, record_hash
from relbot.deploy.log.record import DeedKind, Direction

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from relbot.deploy.log.record import Deed, Record

_SETTLING = (DeedKind.DONE, DeedKind.UNDONE)
_ATTEMPTS = (*_SETTLING, DeedKind.FAILED)


@dataclass(frozen=True, slots=True)
class Deploy:
    """A deploy and what was done for it.

    `deeds` has what was recorded of each step, the earliest first, by the id of the step; what takes a step back is
    recorded of the same step. `overruled` has what was set aside for this deploy. `lineage` tells who knew what.
    """

    start: str
    target: str
    begun: Record
    deeds: Mapping[str, tuple[Record, ...]] = field(default_factory=dict)
    overruled: Mapping[str, Record] = field(default_factory=dict)
    lineage: Lineage = field(default_factory=lambda: Lineage(()), compare=False, repr=False)

    @property
    def has_deeds(self) -> bool:
        """Whether something was recorded of a step."""
        return bool(self.deeds)

    @property
    def touched(self) -> dict[str, Record]:
        """The steps after which something may be different on the hosts: done or failed, and not taken back since."""
        found = {step: effective_deed(deeds, step) for step, deeds in self.deeds.items()}
        return {step: each for step, each in found.items() if each and _is_touched(each.deed)}

    @property
    def attempts(self) -> dict[str, Record]:
        """What was last done or tried, by the id of the step that was carried out; what was reversed since is there, too."""
        live = [each for deeds in self.deeds.values() for each in live_deeds(deeds) if each.deed.kind in _ATTEMPTS]
        return {own_id(each.deed): each for each in live}

    @property
    def ticks(self) -> dict[str, Record]:
        """What holds of each step, by the id of the step that it is about: `ID`, `ID:undo` or `restart:SERVICE`."""
        found = {step: effective_deed(deeds, step) for base, deeds in self.deeds.items() for step in (base, inverse_id(base))}
        return {step: each for step, each in found.items() if each and own_id(each.deed) == step}


def _is_touched(deed: Deed) -> bool:
    undone = is_undo(own_id(deed))
    return deed.kind is DeedKind.FAILED or (deed.kind is DeedKind.DONE and not undone)


@dataclass(frozen=True, slots=True)
class EnvironmentState:
    """Where an environment stands.

    `running` is the last ENDED or ADOPTED: its target runs since its time. `deploy` is under way; `ended` is the one that
    ended last; `aborted` tells that the newest deploy was aborted.
    `deferred` has the steps that finished deploys left for later and that nobody has done since, each with the record that
    left it; `failed` has the records of those of them that somebody tried, and failed.
    `not_done` has the steps of finished deploys that were never done, each with the record that tells: they are never
    taken back, and meet no `needs`.
    `held` has the commits that were left by a rollback, each with its ENDED, until somebody lifts that.
    `stray` are deeds that belong to no deploy that is known here: somebody did them for one that was replaced or ended.
    `early` are the OVERRULED of deploys that have not begun yet: a closed gate is overruled before it can begin one.
    `lock` may have expired: see `holder`. `notices` may have, too: see `notices_at`.
    """

    running: Record | None = None
    deploy: Deploy | None = None
    ended: Deploy | None = None
    aborted: Record | None = None
    lock: Record | None = None
    deferred: Mapping[str, Record] = field(default_factory=dict)
    failed: Mapping[str, Record] = field(default_factory=dict)
    not_done: Mapping[str, Record] = field(default_factory=dict)
    held: Mapping[str, Record] = field(default_factory=dict)
    notices: tuple[Record, ...] = ()
    stray: tuple[Record, ...] = ()
    early: tuple[Record, ...] = ()

    def holder(self, now: datetime) -> Record | None:
        """The lock that holds at this time."""
        return self.lock if self.lock and not _is_expired(self.lock, now) else None

    def overruled_for(self, start: str, target: str) -> dict[str, Record]:
        """What was set aside for the deploy from and to these commits, which may not have begun yet, by what it is."""
        early = {each.deed.what: each for each in self.early if (each.deed.start, each.deed.target) == (start, target)}
        same = self.deploy is not None and (self.deploy.start, self.deploy.target) == (start, target)
        return {**early, **(self.deploy.overruled if self.deploy and same else {})}

    def notices_at(self, now: datetime) -> tuple[Record, ...]:
        """The notices that hold at this time, the earliest first."""
        return tuple(each for each in self.notices if not _is_expired(each, now))


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
        case DeedKind.LOCKED:
            held = now.holder(record.time)
            return now if held and held.who.person != record.who.person else replace(now, lock=record)
        case DeedKind.UNLOCKED:
            return replace(now, lock=None)
        case _:
            assert_never(deed.kind)


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
    return replace(rest, deploy=new, aborted=None)


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
    left = now.deferred.get(own_id(deed)) or now.not_done.get(own_id(deed))
    if left and deed.target in (left.deed.target, left.deed.start):
        if deed.kind is DeedKind.FAILED:
            return replace(_into_ended(now, record), failed={**now.failed, own_id(deed): record})
        if deed.kind is DeedKind.SKIPPED:
            deferred, failed = (_without(of, own_id(deed)) for of in (now.deferred, now.failed))
            return replace(_into_ended(now, record), deferred=deferred, failed=failed)
        return _forget(_into_ended(now, record), record)
    if now.ended and (now.ended.start, now.ended.target) == (deed.start, deed.target):
        return _forget(_into_ended(now, record), record)
    if deed.kind in (DeedKind.STARTED, DeedKind.SKIPPED, DeedKind.MISTAKEN):
        return now
    return replace(now, stray=(*now.stray, record))


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
    if deed.kind not in _SETTLING:
        return now
    own = own_id(deed)
    ended = [own, inverse_id(own)]
    if own.endswith(":amended"):  # somebody compared what was deployed with what should be, and did what was missing
        mark = f"{own.removesuffix(':amended')}#"
        ended += [step for step in (*now.deferred, *now.not_done) if step.startswith(mark)]
    return replace(
        now,
        deferred=_without(now.deferred, *ended),
        failed=_without(now.failed, *ended),
        not_done=_without(now.not_done, *(step for step in ended if step != inverse_id(own))),
        stray=tuple(each for each in now.stray if each.deed.step.removesuffix(":undo") != deed.step.removesuffix(":undo")),
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
    deferred = {**now.deferred, **dict.fromkeys(deed.deferred, record)}
    ticks = deploy.ticks if deploy else {}
    failures = {step: ticks[step] for step in deed.deferred if step in ticks and ticks[step].deed.kind is DeedKind.FAILED}
    # What was skipped or deferred was not done; what was not recorded as either counts as done.
    done = {step for step, each in ticks.items() if each.deed.kind in _SETTLING}
    not_done = dict.fromkeys((step for step in (*deed.deferred, *deed.not_done) if step not in done), record)
    return replace(
        now,
        running=record,
        deploy=None,
        ended=deploy,
        aborted=None,
        deferred=deferred,
        failed={**{step: tick for step, tick in now.failed.items() if step not in deed.deferred}, **failures},
        not_done={**now.not_done, **not_done},
        held=_held_after(now, record, deploy),
        early=(),
    )


def _renamed(now: EnvironmentState, deed: Deed) -> EnvironmentState:
    new = dict(deed.renamed)
    if not new:
        return now
    deferred, failed, not_done = (
        {rename_step(step, new): record for step, record in of.items()} for of in (now.deferred, now.failed, now.not_done)
    )
    return replace(now, deferred=deferred, failed=failed, not_done=not_done)


def rename_step(step: str, new: Mapping[str, str]) -> str:
    """The id of a step whose fragment was renamed; `new` has the new identities by the old ones."""
    identity, mark, number = step.partition("#")
    return f"{new.get(identity, identity)}{mark}{number}"


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
    matches = deploy is not None and (deploy.start, deploy.target) == (deed.start, deed.target)
    if not matches and (deploy or not deed.deferred):
        return replace(now, stray=(*now.stray, record))
    touched = deploy.touched if deploy else {}
    left = {**dict.fromkeys(deed.deferred, record), **{inverse_id(step): record for step in touched if "#" in step}}
    return replace(now, deploy=None, aborted=record, deferred={**now.deferred, **left})


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


def _is_expired(record: Record, now: datetime) -> bool:
    return record.deed.until is not None and now >= record.deed.until
