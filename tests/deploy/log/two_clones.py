"""A remote ledger and two clones of it, above sources that change and real hosts."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from relbot.deploy.log.graph import record_hash
from relbot.deploy.log.progress import measure_progress, step_digest
from relbot.deploy.log.reconcile import reconcile_plan
from relbot.deploy.log.record import STEP_KINDS, Deed, DeedKind, Record, Who
from relbot.deploy.log.record_order import record_key
from relbot.deploy.log.replay import replay_records
from relbot.deploy.log.state import SETTLING

if TYPE_CHECKING:
    from relbot.deploy.log.progress import Progress
    from relbot.deploy.log.state import EnvironmentState
    from relbot.deploy.plan.model import Plan, PlannedStep

from tests.deploy.log.changing_sources import commit_of, number_of
from tests.deploy.log.real_hosts import RealHosts

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)


@dataclass
class Clone:
    """What one operator's clone has of the ledger, and what of that nobody else has yet."""

    who: Who
    clock: timedelta = timedelta()
    """How far its clock is wrong."""
    known: list[Record] = field(default_factory=list)
    unpublished: list[Record] = field(default_factory=list)
    shown: tuple[Plan, PlannedStep] | None = None
    """The step that somebody has on the screen."""


class TwoClones(RealHosts):
    """Starts with an adopted revision without fragments."""

    def __init__(self) -> None:
        super().__init__()
        self.remote: list[Record] = []
        self.clones = (Clone(Who("op1")), Clone(Who("op2"), timedelta(hours=-3)))
        self._hashes: dict[int, str] = {}
        self.slips: set[Record] = set()
        self.false: list[Record] = []
        """What somebody said by mistake, and nobody has taken back yet."""
        self._time = NOON
        self._claim(self.clones[0], Deed(DeedKind.ADOPTED, target=commit_of(0)))

    def sync(self, clone: Clone) -> None:
        self.remote += clone.unpublished
        clone.unpublished = []
        clone.known = list(self.remote)

    def _record(self, clone: Clone, deed: Deed) -> Record:
        self._time += timedelta(minutes=1)
        if deed.kind in STEP_KINDS:
            self.contended |= self._unseen(clone) & self.keys_of(deed.step)  # two did it, and the second did not know
        if deed.kind in SETTLING and not deed.deferred:
            deed = deed._replace(deferred=self._restarts_of(deed.step))
        named = {each for record in clone.known for each in record.knew}
        knew = tuple(sorted({self._hash(record) for record in clone.known} - named))
        order = max((each.order for each in clone.known), default=0) + 1
        record = Record(order, self._time + clone.clock, clone.who, "production", deed, knew)
        clone.known.append(record)
        clone.unpublished.append(record)
        return record

    def _was_a_slip(self, clone: Clone, slip: Record, *, by_hash: bool = False) -> None:
        """Takes back what was recorded last."""
        self.slips.add(slip)
        self._record(clone, slip.deed._replace(kind=DeedKind.MISTAKEN, what=self._hash(slip) if by_hash else ""))

    def say_wrongly(self, clone: Clone, which: int) -> None:
        """Records a step as done that nobody has done, as in the wrong terminal."""
        now = replay_records(clone.known)
        how_far = self.progress(clone, now)
        steps = [each.step for each in how_far.unsettled(None) if "#" in each.step.id] if how_far else []
        if steps and how_far and now.deploy:
            step = steps[which % len(steps)]
            digest = step_digest(step, how_far.plan.target.commit)
            deed = Deed(DeedKind.DONE, now.deploy.start, now.deploy.target, step.id, digest)
            self.false.append(self._record(clone, deed))

    def take_back_a_slip(self, clone: Clone, which: int, how: int) -> None:
        """Takes back what was said wrongly, maybe after the deploy has ended: without a hash where it is the newest known."""
        mine = [each for each in self.false if each in clone.known]
        if mine:
            slip = mine[which % len(mine)]
            step = self.step_key(slip.deed.step)
            same = [each for each in clone.known if each.deed.step and self.step_key(each.deed.step) == step]
            self.false.remove(slip)
            self._was_a_slip(clone, slip, by_hash=bool(how % 2) or max(same, key=record_key) != slip)

    def doubtful(self) -> set[tuple[int, str]]:
        """What two people did at once, or somebody said wrongly: nothing tells how it stands."""
        return self.contended | {key for each in self.false for key in self.keys_of(each.deed.step)}

    def _unseen(self, clone: Clone) -> set[tuple[int, str]]:
        """What others recorded something about that this clone does not know."""
        known = {id(each) for each in clone.known}
        everything = (*self.remote, *self.clones[0].unpublished, *self.clones[1].unpublished)
        return {key for each in everything if id(each) not in known for key in self.keys_of(each.deed.step)}

    def known_to(self, record: Record) -> set[Record]:
        """The records that the writer of this one knew."""
        by_hash = {self._hash(each): each for each in self.remote}
        found: set[Record] = set()
        waiting = [record]
        while waiting:
            new = {by_hash[each] for each in waiting.pop().knew} - found
            found |= new
            waiting += new
        return found

    def _hash(self, record: Record) -> str:
        return self._hashes.setdefault(id(record), record_hash(record))

    def _claim(self, clone: Clone, deed: Deed) -> None:
        self.sync(clone)
        self._record(clone, deed)
        self.sync(clone)

    def plan_for(self, now: EnvironmentState, target: int) -> Plan:
        start = number_of(now.deploy.start if now.deploy else now.running.deed.target if now.running else commit_of(0))
        return reconcile_plan(self.plan_between(start, target), now, lambda commit: self.plan_between(number_of(commit), target))

    def progress(self, clone: Clone, now: EnvironmentState) -> Progress | None:
        if now.deploy is None:
            return None
        return measure_progress(self.plan_for(now, number_of(now.deploy.target)), now.deploy)
