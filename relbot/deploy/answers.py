"""What the commands about deploys answer, as values that every format renders."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from relbot.fragment.model import ALL_PHASES, Phase
from relbot.schema.named_tuples import NamedTuple

if TYPE_CHECKING:
    from datetime import datetime

    from relbot.deploy.log.progress import DeferredStep, Progress, StepStatus
    from relbot.deploy.log.proof import LedgerGap
    from relbot.deploy.log.record import Record
    from relbot.deploy.log.state import EnvironmentState
    from relbot.deploy.plan.model import Plan


class DeployStatus(NamedTuple):
    """An environment: its state, how far the deploy under way is, what is left of earlier ones, the lock that holds.

    `unpublished` tells that this clone knows something that others do not. `obstacles` speak against the deploy under way.
    `overruled` is what was set aside for it, or for one that has not begun.
    `remarks` are sentences about how current the answer is and what the source of the revision says. `unclear` tells that this
    source has no answer, or another one than the ledger: what is there is not known.
    """

    environment: str
    state: EnvironmentState
    progress: Progress | None
    left: tuple[DeferredStep, ...]
    lock: Record | None
    unpublished: bool
    obstacles: tuple[str, ...] = ()
    notices: tuple[Record, ...] = ()
    overruled: tuple[Record, ...] = ()
    remarks: tuple[str, ...] = ()
    unclear: bool = False

    @property
    def settled(self) -> bool:
        """Whether nothing is in the way of the deploy under way, no stray deed is unclear, and no step before `later` is open."""
        progress = self.progress
        if self.obstacles or self.state.open_stray or any(is_overdue(each) for each in self.left):
            return False
        return progress is None or not (progress.unsettled(Phase.LATER) or progress.orphaned_ticks)


class Checklist(NamedTuple):
    """What a deploy needs, and what was done of it.

    `progress` is None where no environment is meant. `obstacles` are why it must not be deployed, but for what somebody
    overruled; `beside` are those of them that the plan itself does not have. `headline` are sentences that stand above
    everything else: the deploy under way, and how far it is. `stray` are deeds that belong to no deploy that is known here.
    `overruled` is what was set aside for this deploy. `unclear` as of `DeployStatus`. `lock` is the one that holds, whose ever.
    """

    plan: Plan
    progress: Progress | None = None
    obstacles: tuple[str, ...] = ()
    beside: tuple[str, ...] = ()
    left: tuple[DeferredStep, ...] = ()
    notices: tuple[Record, ...] = ()
    headline: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()
    stray: tuple[Record, ...] = ()
    overruled: tuple[Record, ...] = ()
    unclear: bool = False
    lock: Record | None = None

    @property
    def open(self) -> bool:
        """Whether a step of a phase before `later` is open, or something is in the way."""
        plan, progress = self.plan, self.progress
        if self.obstacles or any(is_overdue(each) for each in self.left):
            return True
        if progress is None:
            return bool(plan.amended) or any(step.phase is not Phase.LATER for step in plan.steps)
        return bool(progress.unsettled(Phase.LATER) or progress.orphaned_ticks)

    @property
    def all_clear(self) -> bool:
        """Whether "nothing to do" may be said of a plan without steps."""
        return not (self.open or self.unclear)


class ChecklistSheet(NamedTuple):
    """A checklist that is kept or printed: who made it, when, for which environment, and the plan of the way back.

    `environment` is "" where two revisions are compared. `way_back` is None where it is not known.
    """

    checklist: Checklist
    environment: str
    made_by: str
    made_at: datetime
    way_back: Plan | None


class Motd(NamedTuple):
    """What people who log in to a host should know: what runs there and since when, what is open, what comes next.

    `commit` is what runs and `date` the day that it is of, both "" where that is not known. `status` is None without an
    environment. `next` is the checklist of the next deploy, None where it is not known or where one is under way. `unknown`
    is why something is not known, in sentences.
    """

    place: str
    commit: str = ""
    date: str = ""
    status: DeployStatus | None = None
    next: Checklist | None = None
    unknown: tuple[str, ...] = ()

    @property
    def place_is_environment(self) -> bool:
        """Whether `place` is the name of an environment, and not of a project."""
        return self.status is not None or (self.next is not None and self.next.progress is not None)

    @property
    def open(self) -> bool:
        """Whether somebody has to do something before the next deploy, or for it."""
        return (self.status is not None and not self.status.settled) or (self.next is not None and self.next.open)

    @property
    def unclear(self) -> bool:
        """Whether what is there is not known, as far as the source of the revision tells."""
        return any(each.unclear for each in (self.status, self.next) if each is not None)

    @property
    def all_clear(self) -> bool:
        """Whether "nothing to do" may be said of a plan without steps."""
        return not (self.open or self.unclear)


CLOCKS_DIFFER = timedelta(minutes=5)
"""By how much the clocks of two machines may differ without a word."""


class SavedMotd(NamedTuple):
    """A message of the day as it was shown once: its text, when that was, and the exit code that went with it."""

    text: str
    time: datetime
    exit_code: int


def is_overdue(left: DeferredStep) -> bool:
    """Whether a step that a deploy left is of a phase before `later`, or nothing tells its phase."""
    return left.step is None or left.step.phase is not Phase.LATER


def comes_before(left: DeferredStep, phase: Phase) -> bool:
    """Whether a step that a deploy left is of a phase before this one, or nothing tells its phase."""
    return left.step is None or left.step.phase in ALL_PHASES[: ALL_PHASES.index(phase)]


class GateAnswer(NamedTuple):
    """Whether a deploy may go on: `obstacles` speak against all of it, `unsettled` and `orphaned_ticks` against this point.

    `later` are the steps that may wait: they close no gate. `already` tells that the deploy has ended, `looked` that nothing
    was to be recorded. `notices` hold now, and `overruled` was set aside for this deploy. `unverified` is why somebody went on
    although the ledger could not be reached, "" if nobody did. `left` are the steps that earlier deploys
    left open and that this one neither does nor makes needless; those of a phase before `phase` close the gate.
    """

    environment: str
    start: str
    target: str
    before: str
    obstacles: tuple[str, ...]
    unsettled: tuple[StepStatus, ...]
    orphaned_ticks: tuple[Record, ...]
    lock: Record | None = None
    later: tuple[StepStatus, ...] = ()
    notices: tuple[Record, ...] = ()
    overruled: tuple[Record, ...] = ()
    remarks: tuple[str, ...] = ()
    already: bool = False
    looked: bool = False
    unverified: str = ""
    left: tuple[DeferredStep, ...] = ()
    phase: Phase = Phase.LATER

    @property
    def overdue(self) -> tuple[DeferredStep, ...]:
        """The steps of `left` that come before this point."""
        return tuple(each for each in self.left if comes_before(each, self.phase))

    @property
    def may_go_on(self) -> bool:
        """Whether the deploy may continue."""
        return not (self.obstacles or self.unsettled or self.orphaned_ticks or self.lock or self.overdue)


class RecordedLog(NamedTuple):
    """Everything that was recorded of an environment, in any order."""

    environment: str
    records: tuple[Record, ...]


class LedgerProof(NamedTuple):
    """Whether the ledger of an environment is complete.

    `records` are all that was recorded, () where there are gaps; `heads` the hashes of the newest. `gaps` are missing or do
    not count. `vouched` are the records by which somebody closed a gap.
    """

    environment: str
    records: tuple[Record, ...]
    heads: tuple[str, ...]
    gaps: tuple[LedgerGap, ...]
    vouched: tuple[Record, ...]
    remarks: tuple[str, ...] = ()

    @property
    def whole(self) -> bool:
        """Whether every record that a clone knew exists and counts."""
        return not self.gaps
