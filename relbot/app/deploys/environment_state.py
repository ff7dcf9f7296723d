"""What the ledger of an environment adds to a plan."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relbot.app.deploys.planning import plan_between
from relbot.deploy.log.deeds import is_undo
from relbot.deploy.log.progress import DeferredStep, measure_progress, recordable_steps
from relbot.deploy.log.reconcile import done_elsewhere, place_steps, reconcile_plan, renamed_on_the_way, renamed_since_kept
from relbot.deploy.log.state import rename_step
from relbot.deploy.plan.changelog import Revision
from relbot.deploy.plan.services import with_services
from relbot.deploy.plan.step_order import amended_steps
from relbot.errors import Unknown
from relbot.fragment.model import Phase
from relbot.git.change_logs import read_change_log

if TYPE_CHECKING:
    from collections.abc import Collection

    from relbot.app.project import Project
    from relbot.deploy.log.progress import Progress
    from relbot.deploy.log.state import Deploy, EnvironmentState
    from relbot.deploy.plan.model import Plan, PlannedStep


def deploy_progress(project: Project, environment: str, now: EnvironmentState, deploy: Deploy) -> Progress:
    """How far a deploy of the environment is. Unknown if its revisions cannot be read."""
    start, target = (Revision(each[:12], each) for each in (deploy.start, deploy.target))
    made = plan_between(project, start, target, component_of(project, environment), deploy.overruled)
    plan = place_steps(with_ledger_state(project, environment, made, now), deploy.overruled)
    return measure_progress(plan, deploy)


def with_ledger_state(project: Project, environment: str, made: Plan, now: EnvironmentState) -> Plan:
    """A plan that begins where the environment stands, with what its ledger adds: see `relbot.deploy.log.reconcile`.

    Unknown if something was done for a target that is not in this clone.
    """

    def plan_from(commit: str) -> Plan | None:
        return plan_between(
            project,
            Revision(commit[:12], commit),
            made.target,
            component_of(project, environment),
            now.overruled_for(commit, made.target.commit),
        )

    _require_targets_here(project, made, now)
    return with_services(reconcile_plan(made, now, plan_from), project.config.services)


def deferred_steps(project: Project, environment: str, now: EnvironmentState) -> tuple[DeferredStep, ...]:
    """What finished deploys left for later; of a deploy whose revisions this clone lacks, the ids of the steps alone."""
    deploys = {(by.deed.start, by.deed.target) for by in now.deferred.values()}
    known = {of: _steps_left_by(project, environment, now, of) for of in deploys}
    steps = {step: _in_phase_said(known[by.deed.start, by.deed.target].get(step), now) for step, by in now.deferred.items()}
    return tuple(
        DeferredStep(step, by, steps[step], now.failed.get(step), now.open_on.get(step, ())) for step, by in now.deferred.items()
    )


def _in_phase_said(step: PlannedStep | None, now: EnvironmentState) -> PlannedStep | None:
    """The step in the phase that an operator gave it, where its author gave none."""
    phase = now.placed.get(step.id) if step and not step.phase_said else None
    return step._replace(phase=Phase(phase)) if step and phase else step


def _steps_left_by(project: Project, environment: str, now: EnvironmentState, of: tuple[str, str]) -> dict[str, PlannedStep]:
    """The steps of a finished deploy, by their ids, and those that it left under the ids that they have by now."""
    found = _steps_by_id(project, environment, *of)
    left = {step for step, by in now.deferred.items() if (by.deed.start, by.deed.target) == of}
    found |= _steps_of_replaced(project, environment, now, of, left - found.keys())
    runs = now.running.deed.target if now.running else ""
    if runs and not left <= found.keys():  # a later deploy has given a change another name
        renamed = _renamed_between(project, environment, of[1], runs)
        found |= {rename_step(step, renamed): planned for step, planned in found.items()}
    if runs and (rest := left - found.keys()):  # of changes that both ends of the deploy have
        found |= _steps_of_what_runs(project, runs, rest)
    return found


def _steps_of_replaced(
    project: Project, environment: str, now: EnvironmentState, of: tuple[str, str], wanted: Collection[str]
) -> dict[str, PlannedStep]:
    """What undoes steps that were done for another target, whose place the last deploy took, and that neither of its ends has."""
    if not wanted or now.ended is None or (now.ended.start, now.ended.target) != of:
        return {}
    deeds = (each for step in wanted for each in now.ended.deeds.get(step.removesuffix(":undo"), ()))
    found: dict[str, PlannedStep] = {}
    for target in sorted({each.deed.target for each in deeds} - {of[1]}):
        found |= {step: each for step, each in _steps_by_id(project, environment, target, of[1]).items() if step in wanted}
    return found


def _steps_of_what_runs(project: Project, runs: str, wanted: Collection[str]) -> dict[str, PlannedStep]:
    """Steps of changes of which the commit that runs has the fragments; nothing where this clone lacks the commit."""
    identities = {step.partition("#")[0] for step in wanted}
    try:
        fragments = read_change_log(project.git, runs, project.config).fragments
    except Unknown:
        return {}
    steps = (step for identity in identities & fragments.keys() for step in amended_steps(fragments[identity]))
    return {step.id: step for step in steps if step.id in wanted}


def plan_commits(project: Project, environment: str, start: str, target: str) -> Plan:
    """The plan between two commits for the environment's component, without its ledger."""
    return plan_between(project, Revision(start[:12], start), Revision(target[:12], target), component_of(project, environment))


def renamed_since(
    project: Project, environment: str, now: EnvironmentState, start: str, target: str
) -> tuple[tuple[str, str], ...]:
    """The names in a target of changes that have deeds under other names, of deploys from the same start that it follows.

    And those of changes of which a way back kept a step, as far as this clone has the commits.
    """
    if not (now.deploy or now.stray or any(is_undo(step) for step in now.not_done)):
        return ()

    def plan_from(commit: str) -> Plan:
        return plan_commits(project, environment, commit, target)

    def plan_if_here(commit: str) -> Plan | None:
        try:
            return plan_from(commit)
        except Unknown:
            return None

    plan = plan_from(start)
    renamed = renamed_on_the_way(plan, now, plan_from) if now.deploy or now.stray else {}
    return tuple(sorted({**renamed_since_kept(plan, now, plan_if_here), **renamed}.items()))


def component_of(project: Project, environment: str) -> str | None:
    """The component that runs in an environment, None for all of the project."""
    configured = project.config.environment(environment)
    return configured.component if configured else None


def _require_targets_here(project: Project, made: Plan, now: EnvironmentState) -> None:
    for target, touched in done_elsewhere(made, now.deploy).items():
        if project.git.answer("cat-file", "-e", f"{target}^{{commit}}")[0] != 0:
            who = ", ".join(dict.fromkeys(str(entry.who) for entry in touched.values()))
            what = f"{who} recorded {', '.join(touched)} for {target}, which is not in this clone."
            tip = "So relbot cannot tell how to undo it. Fetch the commit, or ask for it to be pushed:"
            raise Unknown(what, tip=tip, example=f"git fetch origin {target}")


def _renamed_between(project: Project, environment: str, start: str, target: str) -> dict[str, str]:
    """The names that changes of one commit have in another one, by the former; nothing where this clone lacks one."""
    try:
        return dict(plan_commits(project, environment, start, target).renamed)
    except Unknown:
        return {}


def _steps_by_id(project: Project, environment: str, start: str, target: str) -> dict[str, PlannedStep]:
    try:
        return {step.id: step for step in recordable_steps(plan_commits(project, environment, start, target))}
    except Unknown:
        return {}
