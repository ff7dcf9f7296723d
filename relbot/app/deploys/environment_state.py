"""What the ledger of an environment says, for commands that only read it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relbot.app.deploys.resolve_range import plan_between
from relbot.cli.deploy.options import open_ledger
from relbot.deploy.log.progress import DeferredStep, measure_progress, recordable_steps
from relbot.deploy.log.reconcile import done_elsewhere, reconcile_plan
from relbot.deploy.log.state import replay_records
from relbot.deploy.plan.changelog import Revision
from relbot.errors import Unknown

if TYPE_CHECKING:
    from relbot.app.project import Project
    from relbot.deploy.log.progress import Progress
    from relbot.deploy.log.state import Deploy, EnvironmentState
    from relbot.deploy.plan.model import Plan, PlannedStep


def read_state(project: Project, environment: str, *, local: bool = False) -> EnvironmentState:
    """Where an environment stands, as everybody knows it, or with `local` as this clone does. Unknown if it cannot be read."""
    ledger = open_ledger(project, environment, local=local)
    return replay_records(ledger.entries() if local else ledger.synced())


def deploy_progress(project: Project, environment: str, now: EnvironmentState, deploy: Deploy) -> Progress:
    """How far the deploy under way is. Unknown if its revisions cannot be read."""
    made = _plan_between(project, environment, deploy.start, deploy.target)
    return measure_progress(with_ledger_state(project, environment, made, now), deploy)


def with_ledger_state(project: Project, environment: str, made: Plan, now: EnvironmentState) -> Plan:
    """A plan that begins where the environment stands, with what its ledger tells beside: see `relbot.deploy.log.reconcile`."""

    def plan_from(commit: str) -> Plan | None:
        configured = project.config.environment(environment)
        try:
            return plan_between(project, Revision(commit[:12], commit), made.target, configured.component if configured else None)
        except Unknown:
            return None

    return reconcile_plan(made, now, plan_from)


def require_abandoned(project: Project, made: Plan, now: EnvironmentState) -> None:
    """Unknown if something was done for a target that is not in this clone, for what takes that back cannot be seen."""
    for target, touched in done_elsewhere(made, now.deploy).items():
        if project.git.answer("cat-file", "-e", f"{target}^{{commit}}")[0] != 0:
            who = ", ".join(dict.fromkeys(str(entry.who) for entry in touched.values()))
            what = f"For {target}, which is not in this clone, {who} recorded {', '.join(touched)}."
            tip = "What takes that back is not to be seen here. Fetch the commit, or ask for it to be pushed:"
            raise Unknown(what, tip=tip, example=f"git fetch origin {target}")


def deferred_steps(project: Project, environment: str, now: EnvironmentState) -> tuple[DeferredStep, ...]:
    """What finished deploys left for later; of a deploy whose revisions this clone lacks, the ids of the steps alone."""
    deploys = {(by.deed.start, by.deed.target) for by in now.deferred.values()}
    known = {of: _steps_by_id(project, environment, *of) for of in deploys}
    return tuple(
        DeferredStep(step, by, known[by.deed.start, by.deed.target].get(step), now.failed.get(step))
        for step, by in now.deferred.items()
    )


def _steps_by_id(project: Project, environment: str, start: str, target: str) -> dict[str, PlannedStep]:
    try:
        return {step.id: step for step in recordable_steps(_plan_between(project, environment, start, target))}
    except Unknown:
        return {}


def _plan_between(project: Project, environment: str, start: str, target: str) -> Plan:
    configured = project.config.environment(environment)
    component = configured.component if configured else None
    return plan_between(project, Revision(start[:12], start), Revision(target[:12], target), component)


def running_by_ledger(now: EnvironmentState) -> str:
    """The commit that runs: where the deploy under way began, else what was done last; "" if neither was ever recorded."""
    if now.deploy:
        return now.deploy.start
    return now.running.deed.target if now.running else ""
