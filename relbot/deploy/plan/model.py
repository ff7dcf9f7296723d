"""A plan as values. `Annotated` texts are the documentation of its JSON, see `relbot.deploy.plan.json_form`."""

from enum import StrEnum
from typing import Annotated

from relbot.deploy.plan.changelog import Revision
from relbot.finding import Finding, Level
from relbot.fragment.model import Phase
from relbot.schema.named_tuples import NamedTuple

VERSION = 1
"""The version of a plan's JSON. Raised when a reader of the old one would go wrong."""


class StepKind(StrEnum):
    """Why a step is in the plan. `CHECK`: to see whether a service still works that stops with one that is restarted."""

    DO = "do"
    UNDO = "undo"
    RESTART = "restart"
    CHECK = "check"


class Reversibility(StrEnum):
    """How well something can be taken back."""

    SAFE = "safe"
    NEEDS_WORK = "needs-work"
    UNKNOWN = "unknown"
    IMPOSSIBLE = "impossible"


class Change(NamedTuple):
    """One change that the deploy brings or takes away."""

    identity: Annotated[str, "The stem of its fragment's file."]
    path: Annotated[str, "Where the fragment lies in the tree that has it."]
    type: Annotated[str, "What kind of change it is."]
    component: Annotated[str | None, "The part of the project that changes."]
    breaking: Annotated[bool, "Whether something that worked stops working."]
    summary: Annotated[str, "The first paragraph of its text, on one line."]
    migration: Annotated[str, "What the author says below `## Migration`, as Markdown."]
    authors: Annotated[tuple[str, ...], "Whom to ask."]
    issues: Annotated[tuple[str, ...], "The issues that it resolves."]
    prs: Annotated[tuple[str, ...], "The pull requests that brought it, as far as known."]
    commit: Annotated[str, "The first-parent commit by which it arrived, empty where not known."]
    other_components: Annotated[tuple[str, ...], "Further parts of the project that change."] = ()


class PlannedStep(NamedTuple):
    """One thing to do, or a service to restart."""

    number: Annotated[int, "Its place in the plan, from 1."]
    id: Annotated[
        str,
        "`IDENTITY#N`, `IDENTITY#N:undo`, `restart:SERVICE` or `check:SERVICE`: the same in every plan that has it.",
    ]
    kind: Annotated[StepKind, "Whether it is done, taken back, a restart, or a check of a service."]
    phase: Annotated[Phase, "When it is done; `not-said` where neither its author nor an operator said it."]
    changes: Annotated[tuple[str, ...], "The identities of the changes for which it is done."]
    run: Annotated[str | None, "The command to run."] = None
    do: Annotated[str | None, "What to do, if there is no command for it."] = None
    note: Annotated[str, "Prose to read first, as Markdown."] = ""
    on: Annotated[tuple[str, ...], "The hosts or roles on which to do it; empty if the fragment names none."] = ()
    check: Annotated[str | None, "A command that succeeds after the step."] = None
    undo: Annotated[str | None, "The command that undoes the step."] = None
    takes_back: Annotated[str | None, "Of an undo: the command or instruction that it takes back."] = None
    irreversible: Annotated[bool, "Whether the step cannot be undone."] = False
    reason: Annotated[str | None, "Why it cannot be undone."] = None
    service: Annotated[str | None, "Of a restart or a check: which service."] = None
    after: Annotated[tuple[str, ...], "Of a restart: the ids of the steps that need it, and that are done before it."] = ()
    duration: Annotated[int | None, "Seconds it takes, where stated."] = None
    downtime: Annotated[int | None, "The expected downtime in seconds, where stated."] = None
    path: Annotated[str, "The fragment that asks for it; empty for a restart."] = ""
    line: Annotated[int | None, "The line of the fragment, from 1."] = None
    withheld: Annotated[tuple[str, ...], "Keys that relbot leaves out because they contain invisible characters."] = ()
    phase_said: Annotated[bool, "True if its author gave it a phase."] = True


class Amendment(NamedTuple):
    """A change that is in both trees with different steps. Somebody compares them: nothing else knows what was done."""

    change: Annotated[Change, "The change as the target has it."]
    was: Annotated[tuple[PlannedStep, ...], "Its steps where the deploy starts, numbered within the change."]
    now: Annotated[tuple[PlannedStep, ...], "Its steps in the target, numbered within the change."]


class Split(NamedTuple):
    """A change that must not go in one deploy with a change that it needs."""

    change: Annotated[str, "The identity of the change that has to wait."]
    needs: Annotated[tuple[str, ...], "The identities of what has to be deployed before it, or taken back after it."]
    kind: Annotated[StepKind, "`do`, or `undo` where both are taken back."]
    stop: Annotated[Revision | None, "Deploy this first, then go on; null where the history here does not tell."]


class Leg(NamedTuple):
    """A part of a deploy that cannot be made in one go: all of it is done before the next one begins."""

    start: Annotated[Revision, "Where it starts."]
    target: Annotated[Revision, "What to deploy in it."]
    steps: Annotated[tuple[PlannedStep, ...], "Its steps, numbered within the leg."]


class Hold(NamedTuple):
    """A change that must not be deployed yet."""

    change: Annotated[str, "The identity of the change that is held."]
    awaits: Annotated[str, "The fragment, issue or pull request that is neither in the target nor deployed."]


class Need(NamedTuple):
    """A change of this deploy that needs one that is deployed already: the ledger tells whether that one was done."""

    change: Annotated[str, "The identity of the change that this deploy brings."]
    needs: Annotated[str, "The identity of the change that has to be done before it."]
    component: Annotated[str | None, "The component of what it needs, where that is not the one of the deploy."] = None


class Contract(NamedTuple):
    """An old way that works for a while, until a later change takes it away."""

    change: Annotated[str, "The identity of the change with `compat: shim`."]
    opened: Annotated[bool, "True if the old way starts to be deprecated with this deploy, false if this deploy removes it."]


class WaivedChange(NamedTuple):
    """A change of which its author says that nobody has to act."""

    change: Annotated[str, "The identity of the change."]
    reason: Annotated[str, "Why."]


class WayBack(NamedTuple):
    """Whether some steps can be taken back, and how. Numbers are those of the plan's steps."""

    verdict: Annotated[
        Reversibility,
        "`needs-work`: a step has no undo. `unknown`: there may be more steps, because a fragment cannot be read."
        " `impossible`: a step cannot be taken back at all.",
    ]
    undo: Annotated[tuple[int, ...], "The steps that have an undo, in the order in which it is done."]
    by_hand: Annotated[tuple[int, ...], "The steps without an undo, in the same order."]
    no_return: Annotated[
        tuple[int, ...], "The steps that cannot be taken back, in the order of the plan; the first is the point of no return."
    ]


class Total(NamedTuple):
    """A sum over the steps before the phase `later`."""

    seconds: Annotated[int, "The sum over the steps that state it."]
    stated: Annotated[int, "How many steps state it."]
    unstated: Annotated[int, "How many do not, not counting restarts."]


class Plan(NamedTuple):
    """What it takes to get from the revision `start` to the revision `target`."""

    start: Annotated[Revision, "The revision that runs."]
    target: Annotated[Revision, "The target revision."]
    do: Annotated[tuple[Change, ...], "The changes that the target has and the start has not, in order."]
    undo: Annotated[tuple[Change, ...], "The changes that the start has and the target has not, last first."]
    amended: Annotated[tuple[Amendment, ...], "The changes that both have with different steps."]
    unreadable: Annotated[tuple[str, ...], "Changes that are unknown because their fragments have errors."]
    steps: Annotated[tuple[PlannedStep, ...], "Everything to be done, in order."]
    holds: Annotated[tuple[Hold, ...], "Why this must not be deployed yet."]
    splits: Annotated[tuple[Split, ...], "Why this must not be deployed in one go."]
    contracts: Annotated[tuple[Contract, ...], "The compatibility periods that begin and end."]
    waivers: Annotated[tuple[WaivedChange, ...], "The changes whose author says that they need no action."]
    rollback: Annotated[WayBack, "Whether one can go back to the start once this is done."]
    undoing: Annotated[WayBack, "Whether what is to be taken back can be."]
    duration: Annotated[Total, "How long the steps take."]
    downtime: Annotated[Total, "The expected downtime."]
    findings: Annotated[tuple[Finding, ...], "What is wrong with the fragments or their order."]
    abandoned: Annotated[
        tuple[Revision, ...],
        "Targets of the deploy under way: what was done for them, says the ledger, is taken back.",
    ] = ()
    not_done: Annotated[
        tuple[str, ...], "Ids of steps that need no undo, because the ledger records that they were not done."
    ] = ()
    needs: Annotated[tuple[Need, ...], "What the changes of this deploy need of earlier deploys."] = ()
    elsewhere: Annotated[tuple[Need, ...], "What the changes of this deploy need of other components."] = ()
    renamed: Annotated[
        tuple[tuple[str, str], ...], "Pairs of identities, old and new, of changes whose fragments were only renamed."
    ] = ()

    legs: Annotated[tuple[Leg, ...], "Where it has to stop on the way: its parts, in order; else empty."] = ()
    tidied: Annotated[tuple[str, ...], "Changes that stay deployed although one of the two revisions has no note of them."] = ()
    vanished: Annotated[tuple[str, ...], "Changes that may be gone, or of which only the notes are gone."] = ()

    @property
    def empty(self) -> bool:
        """Whether nothing differs between the two revisions, as far as fragments tell."""
        return not (self.do or self.undo or self.amended or self.unreadable or self.vanished)

    @property
    def quiet(self) -> bool:
        """Whether there is nothing that anybody has to do or to know."""
        what = self.steps, self.amended, self.not_done, self.contracts, self.waivers
        spoken = *what, self.unreadable, self.tidied, self.vanished, self.holds, self.splits, self.findings
        return not any(spoken)

    @property
    def blocked(self) -> bool:
        """Whether this must not be deployed as it stands."""
        faulty = any(finding.level is Level.ERROR for finding in self.findings)
        hopeless = self.undoing.verdict is Reversibility.IMPOSSIBLE
        return bool(self.holds or self.splits or self.unreadable or self.vanished) or faulty or hopeless
