"""What forbids to go on with a deploy, whatever was done of it."""

from __future__ import annotations

import posixpath
import shlex
from typing import TYPE_CHECKING

from relbot.deploy.log.deeds import effective_deed, reverses
from relbot.deploy.log.record import DeedKind
from relbot.deploy.plan.model import Reversibility
from relbot.finding import Level
from relbot.schema.named_tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from relbot.deploy.log.state import Deploy, EnvironmentState
    from relbot.deploy.plan.changelog import Revision
    from relbot.deploy.plan.model import Plan


class Obstacle(NamedTuple):
    """Why a deploy must not go on. `what` is how `relbot deploy overrule` calls it.

    `way` says what else to do, as the begin of a sentence; "" where the message does.
    """

    what: str
    message: str
    way: str = ""

    def __str__(self) -> str:
        return self.message

    def advise(self, environment: str, target: str) -> str:
        """The message, and what to do about it in the deploy of a commit."""
        if not self.way:
            return self.message
        what = shlex.quote(self.what)
        return f"{self.message} {self.way}, or: relbot deploy overrule {environment} {what} --to {target[:12]} --reason WHY"


def find_obstacles(plan: Plan, now: EnvironmentState | None = None) -> tuple[Obstacle, ...]:
    """What the fragments and the ledger say against the plan, without what was overruled for its deploy.

    `now` is the state of the environment, None where there is no ledger.
    """
    deploy = now.deploy if now else None
    same = deploy is not None and (deploy.start, deploy.target) == (plan.start.commit, plan.target.commit)
    overruled: Collection[str] = deploy.overruled if deploy and same else ()
    found = [*_plan_obstacles(plan), *(_need_obstacles(plan, now) if now else ())]
    return tuple(each for each in found if each.what not in overruled)


def list_obstacles(plan: Plan, now: EnvironmentState | None = None) -> Iterator[str]:
    """The same as sentences."""
    return (each.message for each in find_obstacles(plan, now))


def _plan_obstacles(plan: Plan) -> Iterator[Obstacle]:
    for hold in plan.holds:
        yield Obstacle(
            f"hold:{hold.awaits}",
            f"{hold.change} must not be deployed without {hold.awaits}, which is not in {plan.target.name}.",
            f"Deploy a target that has {hold.awaits}",
        )
    for split in plan.splits:
        stop = f" First deploy {_typed_name(split.stop)}." if split.stop else ""
        needs = " and ".join(split.needs)
        message = f"{split.change} must not go in one deploy with {needs}, which it needs.{stop}"
        yield Obstacle(f"split:{split.change}", message, "Deploy them one after the other")
    for identity in plan.unreadable:
        message = f"relbot does not know what {identity} needs: its fragment has errors."
        yield Obstacle(f"unreadable:{identity}", message, "Correct the fragment")
    for identity in plan.vanished:
        message = f"relbot does not know whether {identity} was reverted: its fragment is gone, and no commit says why."
        yield Obstacle(f"vanished:{identity}", message, "Say in a commit why it is gone")
    if plan.undoing.verdict is Reversibility.IMPOSSIBLE:
        steps = [step for step in plan.steps if step.number in plan.undoing.no_return]
        numbers = ", ".join(str(step.number) for step in steps)
        message = f"This rollback crosses the point of no return: step {numbers} cannot be undone."
        yield Obstacle("no-return", message, "Deploy a newer revision instead")
    for finding in plan.findings:
        if finding.level is Level.ERROR and finding.rule != "fragment-vanished":
            stem = posixpath.basename(finding.place.path).removesuffix(".md")
            what = f"unreadable:{stem}" if stem in plan.unreadable else f"finding:{finding.rule}@{finding.place.path}"
            yield Obstacle(what, f"{finding.place}: {finding.message}", "Correct it")


def _typed_name(revision: Revision) -> str:
    """A tag as it is, a commit in full: somebody types it."""
    return revision.commit if revision.commit.startswith(revision.name) else revision.name


def _need_obstacles(plan: Plan, now: EnvironmentState) -> Iterator[Obstacle]:
    """The `needs` that the trees meet and the deeds do not.

    A step of what is needed was skipped or left for later, or the deploy under way has taken it back.
    """
    names = dict(plan.renamed)  # steps and needs are told by the names of several trees
    open_steps: dict[str, list[str]] = {}
    for step in dict.fromkeys((*now.not_done, *_taken_back(plan, now.deploy))):
        identity = step.partition(":amended")[0].partition("#")[0]
        open_steps.setdefault(names.get(identity, identity), []).append(step)
    for need in plan.needs:
        if steps := open_steps.get(names.get(need.needs, need.needs)):
            done = "was not done" if len(steps) == 1 else "were not done"
            message = f"{need.change} needs {need.needs}, of which {', '.join(sorted(steps))} {done}."
            yield Obstacle(f"need:{need.change}>{need.needs}", message, f"Do {'it' if len(steps) == 1 else 'them'} first")


def _taken_back(plan: Plan, deploy: Deploy | None) -> Iterator[str]:
    """The steps from before that the deploy under way has undone or tried to, and the comparisons that it skipped."""
    if deploy is None or deploy.start != plan.start.commit:
        return
    for step, records in deploy.deeds.items():
        holds = effective_deed((each for each in records if each.deed.kind is not DeedKind.SKIPPED), step)
        again = holds and holds.deed.kind is DeedKind.FAILED and "#" in step  # could not be done again
        if holds and (reverses(holds) or again):
            yield step
        compared = effective_deed(records, step) if step.endswith(":amended") else None
        here = step.removesuffix(":amended") in {each.change.identity for each in plan.amended}
        if compared and (compared.deed.kind is DeedKind.SKIPPED or (compared.deed.kind is DeedKind.FAILED and not here)):
            yield step
