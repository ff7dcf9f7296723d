"""What was really done on the hosts, kept beside the ledger, so that the two can be compared."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relbot.deploy.log.record import DeedKind
from relbot.deploy.plan.model import StepKind

if TYPE_CHECKING:
    from relbot.deploy.log.state import EnvironmentState
    from relbot.deploy.plan.model import Plan, PlannedStep
    from relbot.fragment.model import Step

from tests.deploy.log.changing_sources import ChangingSources, number_of

DONE, NOT_DONE, MAYBE = "done", "not done", "maybe"


class RealHosts(ChangingSources):
    """What was done of the steps of changes, whoever recorded it."""

    def __init__(self) -> None:
        super().__init__()
        self.real: dict[tuple[int, str], str] = {}
        """What was done of the Nth step of a change."""
        self.done_as: dict[tuple[int, str], str | None] = {}
        """The command by which that was done."""
        self.taken_back: set[tuple[int, str]] = set()
        """What was undone since a deploy ended last."""
        self.stale: set[tuple[int, str]] = set()
        """What was done or undone since the service was restarted last, and needs that."""
        self.excused: set[tuple[int, str]] = set()
        self.contended: set[tuple[int, str]] = set()
        """What two people did at once, or what the ledger asks for once more to be safe: nothing tells how it stands."""
        self.broken_needs: list[tuple[str, tuple[int, str]]] = []

    def _note_broken_needs(self, step: PlannedStep, plan: Plan, now: EnvironmentState, unseen: set[tuple[int, str]]) -> None:
        """Notes what is about to be done without what it needs, unless that was written down, or nobody here can know it."""
        overruled = now.deploy.overruled if now.deploy else {}
        started = self.trees[number_of(plan.start.commit)]
        target = self.trees[number_of(plan.target.commit)]
        for identity in step.changes if step.kind is StepKind.DO and "#" in step.id else ():
            for need in target[identity].needs:
                there = [each for each in started if self.uids[each] == self.uids[need]]
                compared = now.deploy.ticks.get(f"{need}:amended") if now.deploy else None
                skipped = compared is not None and compared.deed.kind is DeedKind.SKIPPED
                if any(each.change.identity == need for each in plan.amended) and not skipped:
                    continue  # it is done in this deploy, and the phases give the order
                written = any(f"need:{identity}>{each}" in overruled for each in (need, *there))
                written |= f"split:{identity}" in overruled  # the two go in one deploy
                written |= need not in target and any(what.startswith("finding:needs-missing") for what in overruled)
                for number in range(1, len(started[there[0]].steps) + 1) if there and not written else ():
                    key = self.uids[need], str(number)
                    otherwise = skipped and self.done_as.get(key) not in (None, self.run_of(f"{need}#{number}"))
                    if (self.real.get(key) != DONE or otherwise) and key not in unseen:
                        self.broken_needs.append((identity, key))

    def _carry_out(self, step: PlannedStep, kind: DeedKind, plan: Plan) -> None:
        if kind is DeedKind.SKIPPED:
            self._excuse(f"step:{step.id}")
            return
        if step.kind is StepKind.RESTART:
            if kind is DeedKind.DONE:
                self.stale.clear()
            return
        if step.id.endswith(":amended"):
            amended = next(each for each in plan.amended if f"{each.change.identity}:amended" == step.id)
            for each in amended.now:
                if self.real.get(self.key(each.id)) == MAYBE or self.key(each.id) in self.taken_back:
                    self.contended.add(self.key(each.id))  # the ledger asks for it once more, to be safe
                self._set(each.id, DONE if kind is DeedKind.DONE else MAYBE, each.run)
            was, there = ({self.key(each.id) for each in of} for of in (amended.was, amended.now))
            self.contended |= was ^ there  # no tree tells of it any more, if the next target does not have it
            return
        if step.kind is StepKind.UNDO:
            self.taken_back.add(self.key(step.id.removesuffix(":undo")))
        after = NOT_DONE if step.kind is StepKind.UNDO else DONE
        self._set(step.id.removesuffix(":undo"), after if kind is DeedKind.DONE else MAYBE, step.run)
        self._needs_restart(step.id)

    def run_of(self, step: str) -> str | None:
        """The command of a step in the newest tree that has it."""
        return self._step_of(step).run

    def _needs_restart(self, step: str) -> None:
        """Notes that a step was done or undone."""
        if self._restarts_of(step):
            self.stale.add(self.key(step.removesuffix(":undo")))

    def _restarts_of(self, step: str) -> tuple[str, ...]:
        """The restarts that a step needs, done or undone."""
        return tuple(f"restart:{service}" for service in self._step_of(step).restart) if "#" in step else ()

    def _step_of(self, step: str) -> Step:
        identity, _, number = step.removesuffix(":undo").partition("#")
        known = (tree[identity].steps for tree in reversed(self.trees) if identity in tree)
        return next(steps[int(number) - 1] for steps in known if int(number) <= len(steps))

    def _set(self, step: str, state: str, run: str | None = None) -> None:
        key = self.key(step)
        self.real[key] = state
        self.done_as[key] = run
        self.excused.discard(key)

    def _excuse(self, what: str) -> None:
        kind, _, step = what.partition(":")
        if kind != "step":
            return
        if "#" in step:
            self.excused.add(self.key(step.removesuffix(":undo")))
        elif step.startswith("restart:"):
            self.stale.clear()
        else:
            identity = step.removesuffix(":amended")
            self.excused |= {(self.uids[identity], str(n)) for n in range(1, 3)}

    def keys_of(self, step: str) -> set[tuple[int, str]]:
        """What a record of this step is about: a comparison is about every step of its change."""
        if "#" in step:
            return {self.key(step.removesuffix(":undo"))}
        identity = step.removesuffix(":amended")
        return {(self.uids[identity], str(number)) for number in (1, 2)} if step.endswith(":amended") else set()

    def step_key(self, step: str) -> tuple[int | None, str]:
        """What a step and its inverse have in common, whatever its change was called."""
        at = step.find("#") if "#" in step else step.find(":")
        return self.uids.get(step[:at]), step[at:].removesuffix(":undo")

    def key(self, step: str) -> tuple[int, str]:
        identity, _, number = step.partition("#")
        return self.uids[identity], number
