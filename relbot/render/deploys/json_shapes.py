"""What `deploy status`, `gate`, `log` and `verify` print as JSON.

`Annotated` texts are its documentation, see `relbot.schema.values`.
"""

from dataclasses import dataclass
from typing import Annotated

from relbot.deploy.log.progress import StepState
from relbot.deploy.log.record import DeedKind, Direction
from relbot.deploy.plan.model import StepKind
from relbot.fragment.model import Phase

VERSION = 1
"""The version of these formats. Raised when a reader of the old one would go wrong."""


@dataclass(frozen=True, slots=True)
class PersonShape:
    """Who recorded something."""

    name: Annotated[str, "As git commits have it."]
    email: Annotated[str, "Empty where git has none."]
    host: Annotated[str, "The machine."]


@dataclass(frozen=True, slots=True)
class RecordedShape:
    """One entry of a ledger."""

    version: Annotated[int, "The version of the entry's own format."]
    order: Annotated[int, "Greater than that of every entry that its writer knew."]
    time: Annotated[str, "When, as ISO 8601 in UTC."]
    who: Annotated[PersonShape, "Who."]
    environment: Annotated[str, "Where."]
    kind: Annotated[DeedKind, "What was done."]
    start: Annotated[str, "The commit that ran; empty if unknown."]
    target: Annotated[str, "The commit that was to run."]
    step: Annotated[str, "Of a tick: the id of the step."]
    digest: Annotated[str, "Of a tick: what the step said, so that it is open again once it says something else."]
    host: Annotated[str, "Of a step: the host, empty if unknown."]
    reason: Annotated[str, "Why it was skipped or failed, why the environment is locked, why a deploy is done anyway."]
    what: Annotated[
        str,
        "What was overruled or lifted; of `mistaken` the hash of the record that was a slip, of `vouched` that of the record;"
        " of a shared step the hashes of what was known of it in other environments.",
    ]
    replaces: Annotated[
        str, "Of `begun`: the target of the deploy that it replaces. Of `ended`: that target, where a rollback left it."
    ]
    until: Annotated[str | None, "Of a lock or a note: when it ends."]
    direction: Annotated[Direction, "How the target lies to the start."]
    deferred: Annotated[
        tuple[str, ...],
        "Of a deploy that ended: the ids of the steps that it leaves for later. Of a step that was done or undone: the restarts"
        " that it needs.",
    ]
    not_done: Annotated[tuple[str, ...], "Of a deploy that ended: the ids of the steps that were skipped or overruled."]
    moot: Annotated[tuple[str, ...], "Of a deploy that ended: the ids of earlier steps that are no longer needed."]
    renamed: Annotated[
        tuple[tuple[str, str], ...], "Of a deploy that began or ended: fragments that were renamed, old and new identity."
    ]
    knew: Annotated[tuple[str, ...], "The hashes of the newest records that its writer knew."]
    on: Annotated[tuple[str, ...], "Of a deed with a host: the hosts that its step names."]


@dataclass(frozen=True, slots=True)
class HostShape:
    """How a step stands on one host."""

    host: Annotated[str, "The host."]
    mark: Annotated[StepState, "How the step stands there."]


@dataclass(frozen=True, slots=True)
class StepShape:
    """A step of a deploy and how it stands."""

    id: Annotated[str, "As in the plan."]
    phase: Annotated[Phase, "When it is done."]
    kind: Annotated[StepKind, "Whether it is done, taken back, or a restart."]
    run: Annotated[str | None, "The command to run."]
    do: Annotated[str | None, "What to do, if there is no command for it."]
    service: Annotated[str | None, "Of a restart: what to restart."]
    mark: Annotated[StepState, "How it stands. `changed`: it says something else than when it was ticked, so it is open again."]
    entry: Annotated[RecordedShape | None, "The entry that says so."]
    started: Annotated[RecordedShape | None, "The entry that says that an operator is at it."]
    hosts: Annotated[tuple[HostShape, ...], "How it stands on each host; empty if no host was named when it was recorded."]


@dataclass(frozen=True, slots=True)
class DeferredStepShape:
    """A step that a finished deploy left for later."""

    step: Annotated[str, "Its id."]
    run: Annotated[str | None, "The command to run; null where there is none, or where this clone lacks the revisions."]
    do: Annotated[str | None, "What to do, if there is no command for it."]
    left_by: Annotated[RecordedShape, "The entry of the deploy that left it, or of the step that was done or undone since."]
    failed: Annotated[RecordedShape | None, "The entry that says that it failed."]
    hosts: Annotated[tuple[str, ...], "The hosts where it is open; empty if it is open on all of them."]


@dataclass(frozen=True, slots=True)
class UnderWayShape:
    """A deploy that was begun and is not done."""

    start: Annotated[str, "The commit that ran when it was begun."]
    target: Annotated[str, "The target commit."]
    begun: Annotated[RecordedShape, "The entry that began it."]
    obstacles: Annotated[tuple[str, ...], "Why it must not go on at all, in sentences."]
    steps: Annotated[tuple[StepShape, ...], "All its steps, in order."]
    orphaned_ticks: Annotated[tuple[RecordedShape, ...], "Steps that were done and are not part of the target: undo them."]


@dataclass(frozen=True, slots=True)
class StatusShape:
    """Where an environment stands."""

    environment: Annotated[str, "Its name."]
    running: Annotated[RecordedShape | None, "The deploy that was done last: its target runs. Null if none was."]
    deploy: Annotated[UnderWayShape | None, "The deploy under way."]
    lock: Annotated[RecordedShape | None, "The lock that holds."]
    later: Annotated[tuple[DeferredStepShape, ...], "What is still left of earlier deploys."]
    held: Annotated[
        tuple[RecordedShape, ...],
        "The rollbacks that hold what they left: `replaces` of each, else its `start`, and what contains it.",
    ]
    notices: Annotated[tuple[RecordedShape, ...], "The notices that hold."]
    overruled: Annotated[tuple[RecordedShape, ...], "What was set aside for the deploy, in writing."]
    stray: Annotated[tuple[RecordedShape, ...], "Deeds that belong to no deploy that is known here."]
    remarks: Annotated[tuple[str, ...], "How current the answer is, and what the source of the revision says, in sentences."]
    unclear: Annotated[bool, "Whether the source of the revision has no answer, or another one than the ledger: exit code 3."]
    unpublished: Annotated[bool, "Whether this clone holds something that the remote lacks."]


@dataclass(frozen=True, slots=True)
class GateShape:
    """Whether a deploy may go on, and if not, why."""

    environment: Annotated[str, "Its name."]
    start: Annotated[str, "The commit that runs."]
    target: Annotated[str, "The target commit."]
    before: Annotated[str, "What the deploy is about to do: `install`, `restart`, `done`, or the phase that it is to begin."]
    may_go_on: Annotated[bool, "Whether the deploy may continue."]
    obstacles: Annotated[tuple[str, ...], "Why it must not go on at all, in sentences."]
    lock: Annotated[RecordedShape | None, "The lock that another person holds."]
    steps: Annotated[tuple[StepShape, ...], "The steps before this point that are open."]
    orphaned_ticks: Annotated[tuple[RecordedShape, ...], "Steps that were done and are not part of the target: undo them."]
    later: Annotated[tuple[StepShape, ...], "The steps of the phase `later` that are open: they close no gate."]
    left: Annotated[tuple[DeferredStepShape, ...], "What earlier deploys left open. A step before this point closes the gate."]
    notices: Annotated[tuple[RecordedShape, ...], "The notices that hold."]
    overruled: Annotated[tuple[RecordedShape, ...], "What was set aside for the deploy, in writing."]
    remarks: Annotated[tuple[str, ...], "How current the answer is, and what the source of the revision says, in sentences."]
    already: Annotated[bool, "Whether the deploy has ended: its target runs."]
    looked: Annotated[bool, "Whether nothing was to be recorded."]
    unverified: Annotated[str, "Why the deploy continued although relbot could not reach the ledger; else empty."]


@dataclass(frozen=True, slots=True)
class ChecklistDeployShape:
    """What stands around the checklist of an environment: the deploy under way, and what the ledger holds beside."""

    headline: Annotated[tuple[str, ...], "That a deploy is under way, and how far it is, in sentences."]
    remarks: Annotated[tuple[str, ...], "How current the answer is, and what the source of the revision says, in sentences."]
    unclear: Annotated[bool, "Whether the source of the revision has no answer, or another one than the ledger."]
    lock: Annotated[RecordedShape | None, "The lock that holds."]
    obstacles: Annotated[tuple[str, ...], "Why it must not go on at all, in sentences, without what was overruled."]
    notices: Annotated[tuple[RecordedShape, ...], "The notices that hold."]
    steps: Annotated[tuple[StepShape, ...], "All steps of the plan and how each stands."]
    orphaned_ticks: Annotated[tuple[RecordedShape, ...], "What was done that the target does not have: it has to be undone."]
    later: Annotated[tuple[DeferredStepShape, ...], "What is still left of earlier deploys."]
    stray: Annotated[tuple[RecordedShape, ...], "Deeds that belong to no deploy that is known here."]
    overruled: Annotated[tuple[RecordedShape, ...], "What was set aside for the deploy, in writing."]


@dataclass(frozen=True, slots=True)
class LogShape:
    """Everything that was recorded of an environment."""

    environment: Annotated[str, "Its name."]
    entries: Annotated[tuple[RecordedShape, ...], "The earliest first."]


@dataclass(frozen=True, slots=True)
class GapShape:
    """A record that somebody relied on and that does not count."""

    hash: Annotated[str, "What a voucher covers."]
    who: Annotated[str, "Who wrote it; empty where nothing tells."]
    what: Annotated[str, "What it reported; empty where nothing tells."]
    told_by: Annotated[str, "What names it."]
    problem: Annotated[str, "What is wrong with it, as the end of a sentence."]
    covered: Annotated[bool, "Whether a voucher for another gap covers it, because that record names this one."]


@dataclass(frozen=True, slots=True)
class ProofShape:
    """Whether a ledger is whole."""

    environment: Annotated[str, "The environment."]
    whole: Annotated[bool, "Whether every record that a clone knew exists and counts."]
    records: Annotated[int, "The number of records; 0 if the ledger is not complete."]
    heads: Annotated[tuple[str, ...], "The hashes of the newest records."]
    gaps: Annotated[tuple[GapShape, ...], "What is missing or does not count."]
    vouched: Annotated[tuple[str, ...], "The hashes that have a voucher."]
