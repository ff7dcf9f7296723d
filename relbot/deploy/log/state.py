"""Where an environment stands: what runs, which deploy is under way and how far, what is held, who has the lock."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from relbot.deploy.log.deeds import carried_out, effective_deed, inverse_id, order_deeds, reverses
from relbot.deploy.log.graph import Lineage
from relbot.deploy.log.record import DeedKind
from relbot.schema.named_tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from relbot.deploy.log.record import Record

SETTLING = (DeedKind.DONE, DeedKind.UNDONE)
ATTEMPTS = (*SETTLING, DeedKind.FAILED)
"""Deeds after which something may be different on the hosts: what failed may be half done."""
CLOSING = (DeedKind.ENDED, DeedKind.ABORTED)
"""Deeds that tell which revision runs after a deploy."""
_NO_LINEAGE = Lineage(())


class Deploy(NamedTuple):
    """A deploy and what was done for it.

    `deeds` has what was recorded of each step and was no slip, the earliest first, by the id of the step; what takes a step
    back is recorded of the same step. `overruled` has what was set aside for this deploy. `names` has the names that changes
    have in the target, by the names that they had in another target of this deploy: deeds under all of them are those of one
    step.
    `lineage` tells who knew what.
    """

    start: str
    target: str
    begun: Record
    deeds: Mapping[str, tuple[Record, ...]] = MappingProxyType({})
    overruled: Mapping[str, Record] = MappingProxyType({})
    names: Mapping[str, str] = MappingProxyType({})
    lineage: Lineage = _NO_LINEAGE

    def __eq__(self, other: object) -> bool:
        """Whether two deploys are the same but for their lineage, which is only how an answer is looked up."""
        return isinstance(other, Deploy) and tuple(self)[:-1] == tuple(other)[:-1]

    def __ne__(self, other: object) -> bool:
        return not self == other

    def __hash__(self) -> int:
        return hash((self.start, self.target, self.begun))

    @property
    def has_deeds(self) -> bool:
        """Whether something was recorded of a step."""
        return bool(self.deeds)

    @property
    def touched(self) -> dict[str, Record]:
        """What is other than when the deploy began: done or failed, and not reversed since.

        By the id of the step that was carried out: `ID`, `ID:undo` or `restart:SERVICE`.
        """
        found: dict[str, Record] = {}
        for step, deeds in self.deeds.items():
            attempts = [each for each in deeds if each.deed.kind in ATTEMPTS]
            if not attempts:
                continue
            holds = attempts[-1]  # to skip something changes nothing
            if holds.deed.kind is DeedKind.FAILED or reverses(holds) == reverses(attempts[0]):
                found[carried_out(holds, step)] = holds
        return found

    @property
    def attempts(self) -> dict[str, Record]:
        """What was last done or tried, by the id of the step that was carried out; what was reversed since is there, too."""
        all_deeds = ((step, each) for step, deeds in self.deeds.items() for each in deeds)
        return {carried_out(each, step): each for step, each in all_deeds if each.deed.kind in ATTEMPTS}

    @property
    def unsettled_attempts(self) -> tuple[Record, ...]:
        """What is other than when the deploy began: the deeds of `touched`, and before a failed reversal the deed before it.

        That one tells which target has the step, and how it stood when the deploy began: other than the first deed left it.
        """
        attempts = self.attempts
        found: list[Record] = []
        for step, record in self.touched.items():
            first = next(each for each in self.deeds[step.removesuffix(":undo")] if each.deed.kind in ATTEMPTS)
            before = [attempts[inverse_id(step)]] if reverses(first) != reverses(record) else []
            found += [*before, record]
        return tuple(found)

    def tried_for(self, step: str) -> list[str]:
        """The targets of the deploys for which a step, or what takes it back, was done or tried, the latest first."""
        records = self.deeds.get(self.name_of(step).removesuffix(":undo"), ())
        return [each.deed.target for each in reversed(records) if each.deed.kind in ATTEMPTS]

    @property
    def ticks(self) -> dict[str, Record]:
        """What holds of each step, by the id of the step that it is about: `ID`, `ID:undo` or `restart:SERVICE`."""
        found = {step: effective_deed(deeds, step) for base, deeds in self.deeds.items() for step in (base, inverse_id(base))}
        return {step: each for step, each in found.items() if each and carried_out(each, step) == step}

    def name_of(self, step: str) -> str:
        """The id that a step has in the target, whichever of its names somebody used."""
        return rename_step(step, self.names) if self.names else step

    def overrule_of(self, step: str, record: Record) -> Record | None:
        """What set a step aside in writing, by somebody who knew what `record` says of it."""
        written = self.overruled.get(f"step:{step}")
        return written if written and self.lineage.has_seen(written, record) else None

    def under_names(self, new: Mapping[str, str]) -> Deploy:
        """The deploy with its deeds by the names that changes have now; `new` has those by the former ones."""
        if not new:
            return self
        names = {**{old: new.get(name, name) for old, name in self.names.items()}, **new}
        return self._replace(deeds=rename_deeds(self.deeds, new, self.lineage), names=names)


class EnvironmentState(NamedTuple):
    """Where an environment stands.

    `running` is the last ENDED or ADOPTED: its target runs since its time. `deploy` is under way; `ended` is the one that
    ended last, or stands for a revision that was adopted; `aborted` tells that the newest deploy was aborted; `names` are those
    of it.
    `deferred` has the steps that finished deploys left for later and that nobody has done since, each with the record that
    left it, or with the deed that took it back after its deploy had ended; `failed` has the records of those of them that
    somebody tried, and failed.
    `not_done` has the steps of finished deploys that were never done, each with the record that tells: they are never
    taken back, and meet no `needs`.
    `held` has the commits that were left by a rollback, each with its ENDED, until somebody lifts that.
    `stray` are deeds that belong to no deploy that is known here: somebody did them for one that was replaced or ended, or
    took back, after its end, a record that it had gone on from;
    `accepted` are those of them that were overruled when their deploy was aborted.
    `early` are the OVERRULED of deploys that have not begun yet: a closed gate is overruled before it can begin one.
    `done_on` has the hosts where a step of a finished deploy was done or tried, if it was not on others; `open_on` those where
    a step that was left is open still, if it was done or skipped on others. `placed` has the phases into which an operator put
    steps that were left, by the step.
    `kept` has the deeds of steps that finished deploys did not take back, by the id of what takes them back.
    `made_good` has what was done or tried of what a deploy had left, by the step, until a later deploy ends that knows it.
    `lock` may have expired: see `holder`. `notices` may have, too: see `notices_at`.
    """

    running: Record | None = None
    deploy: Deploy | None = None
    ended: Deploy | None = None
    aborted: Record | None = None
    names: Mapping[str, str] = MappingProxyType({})
    lock: Record | None = None
    deferred: Mapping[str, Record] = MappingProxyType({})
    failed: Mapping[str, Record] = MappingProxyType({})
    not_done: Mapping[str, Record] = MappingProxyType({})
    held: Mapping[str, Record] = MappingProxyType({})
    notices: tuple[Record, ...] = ()
    stray: tuple[Record, ...] = ()
    accepted: frozenset[Record] = frozenset()
    early: tuple[Record, ...] = ()
    made_good: Mapping[str, Record] = MappingProxyType({})
    done_on: Mapping[str, tuple[str, ...]] = MappingProxyType({})
    open_on: Mapping[str, tuple[str, ...]] = MappingProxyType({})
    placed: Mapping[str, str] = MappingProxyType({})
    kept: Mapping[str, tuple[Record, ...]] = MappingProxyType({})

    @property
    def left(self) -> tuple[Mapping[str, Record], ...]:
        """What earlier deploys left: `deferred`, `failed` and `not_done`."""
        return self.deferred, self.failed, self.not_done

    @property
    def open_stray(self) -> tuple[Record, ...]:
        """The stray deeds after which something may be other than the ledger says, until somebody has looked.

        Steps that were done, undone or failed, restarts that failed, gates that were passed unverified, slips that were
        found after the end of a deploy that went on from them, and an end of a deploy that had ended otherwise, or been
        replaced: another revision may run.
        """
        return tuple(each for each in self.told_stray if _changed_something(each))

    @property
    def told_stray(self) -> tuple[Record, ...]:
        """The stray deeds, but for those of which an operator said in writing that they stay."""
        return tuple(each for each in self.stray if each not in self.accepted)

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


def rename_deeds(
    deeds: Mapping[str, tuple[Record, ...]], new: Mapping[str, str], lineage: Lineage
) -> Mapping[str, tuple[Record, ...]]:
    """The deeds by the names that their steps have now. What was recorded of a step under several names is one list."""
    if not new:
        return deeds
    found: dict[str, list[Record]] = {}
    for step, records in deeds.items():
        found.setdefault(rename_step(step, new), []).extend(records)
    return {step: order_deeds(records, lineage) for step, records in found.items()}


def rename_step(step: str, new: Mapping[str, str]) -> str:
    """The id of a step whose fragment was renamed; `new` has the new identities by the old ones."""
    identity, mark, number = step.partition(":amended") if step.endswith(":amended") else step.partition("#")
    return f"{new.get(identity, identity)}{mark}{number}"


def _changed_something(record: Record) -> bool:
    deed = record.deed
    if deed.kind in (DeedKind.BREAK_GLASS, DeedKind.FAILED, DeedKind.MISTAKEN, *CLOSING):
        return True
    return deed.kind in SETTLING and "#" in deed.step


def _is_expired(record: Record, now: datetime) -> bool:
    return record.deed.until is not None and now >= record.deed.until
