"""Shows where an environment stands: the checklist of a deploy, the status, everything that was recorded."""

from __future__ import annotations

from typing import TYPE_CHECKING, assert_never

from relbot.app.deploys.conflicts import find_direction
from relbot.app.deploys.environment_state import component_of, deferred_steps
from relbot.app.deploys.evaluate import evaluate_deploy, overruled_by
from relbot.app.deploys.legs import with_legs
from relbot.app.deploys.other_components import needs_taken_back
from relbot.app.deploys.passed_fragments import requiring_nothing_passed
from relbot.app.deploys.planning import before_adoption, first_with_relbot, plan_between, range_before_adoption
from relbot.app.deploys.release_revisions import resolve_named
from relbot.app.deploys.resolve_range import (
    DeployRange,
    KnownBy,
    resolve_start,
    resolve_target,
)
from relbot.app.deploys.shared_steps import list_partners
from relbot.app.deploys.source_word import hear_source, no_record_remark
from relbot.app.deploys.submodules import submodule_remarks
from relbot.app.lookup import known_component
from relbot.deploy.answers import Checklist, DeployStatus
from relbot.deploy.log.obstacles import find_obstacles
from relbot.deploy.log.record import Direction
from relbot.deploy.log.replay import replay_records
from relbot.deploy.plan.changelog import Revision
from relbot.errors import Unknown
from relbot.fragment.model import Phase
from relbot.render.common.units import count_noun, format_time
from relbot.schema.named_tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

    from relbot.app.deploys.evaluate import DeployEvaluation
    from relbot.app.deploys.session import Session
    from relbot.app.project import Project
    from relbot.deploy.log.obstacles import Obstacle
    from relbot.deploy.log.record import Record
    from relbot.deploy.log.state import EnvironmentState
    from relbot.deploy.plan.model import Plan


class ChecklistRequest(NamedTuple):
    """From which revision to which, as somebody wrote them, and of which component; None where the environment tells."""

    start: str | None = None
    target: str | None = None
    component: str | None = None


def compare_revisions(project: Project, start: str, target: str, component: str | None) -> Checklist:
    """What a deploy between two revisions or releases of this clone needs, without an environment.

    Unknown if that cannot be told.
    """
    part = known_component(project.config, component)
    a, b = (resolve_named(project, name, part) for name in (start, target))
    return compare_commits(project, a, b, component)


def compare_commits(
    project: Project, a: Revision, b: Revision, component: str | None, again: str = "relbot checklist --from {} --to {}"
) -> Checklist:
    """The same between two commits, under the names that people know them by. `again` is the command that compares others."""
    with requiring_nothing_passed(project, a, b) as way:
        plan = plan_between(project, a, b, component, way=way)
    if before_adoption(project, a.commit, b.commit):
        first = first_with_relbot(project, a.commit, b.commit)
        then = "Then compare from the first commit that uses relbot:" if first else ""
        raise range_before_adoption(project, a, b, then, first and again.format(first[:12], b.name))
    obstacles = tuple(each.message for each in find_obstacles(plan))
    remarks = (*_stale_remarks(project, a.name, b.name), *submodule_remarks(project, DeployRange(a, b)))
    return Checklist(with_legs(project, plan, component), obstacles=obstacles, remarks=remarks)


def _stale_remarks(project: Project, *names: str) -> Iterator[str]:
    """For each name of a branch of a remote, that it is as this clone fetched it last."""
    for name in dict.fromkeys(names):
        code, out, _ = project.git.answer("rev-parse", "--symbolic-full-name", "--end-of-options", name)
        if code == 0 and b"refs/remotes/" in out:
            yield f"`{name}` is as this clone last fetched it: without an environment, relbot does not ask the remote."


def show_checklist(session: Session, request: ChecklistRequest) -> Checklist:
    """What a deploy of an environment needs, with what was done of it, under a headline that names the deploy under way.

    Unknown if it cannot be told what runs, or what the deploy needs.
    """
    known_component(session.project.config, request.component)
    now = session.state()
    target = resolve_target(session, now, request.target)
    word = hear_source(session, now, target.commit)
    remarks = [*session.remarks(), *word.remarks]
    start, known_by = (session.commit_of(request.start), KnownBy.LEDGER) if request.start else resolve_start(session, now)
    if known_by is KnownBy.SOURCE:
        remarks.append(no_record_remark(session, start))
    name = request.start or session.environment
    of = DeployRange(Revision(name, start), target, known_by)
    evaluation = evaluate_deploy(session, now, of, request.component)
    component = request.component or component_of(session.project, session.environment)
    own = find_obstacles(evaluation.progress.plan)
    brings_nothing = now.deploy is None and of.start.commit == of.target.commit
    obstacles = (*evaluation.obstacles, *(needs_taken_back(session, now) if brings_nothing else ()))
    remarks += [*_direction_remarks(session, evaluation), *submodule_remarks(session.project, of)]
    return Checklist(
        plan=with_legs(session.project, evaluation.progress.plan, component, overruled_by(now, of)),
        progress=evaluation.progress,
        obstacles=tuple(each.message for each in obstacles),
        beside=tuple(each.message for each in obstacles if each not in own),
        left=evaluation.left,
        notices=now.notices_at(session.now()),
        headline=tuple(_headline(session, now, evaluation, request.component)),
        remarks=tuple(remarks),
        stray=now.told_stray,
        overruled=tuple(overruled_by(now, of).values()),
        unclear=word.unclear,
        lock=now.holder(session.now()),
    )


def _direction_remarks(session: Session, evaluation: DeployEvaluation) -> list[str]:
    """That a target which brings nothing is older than what runs, or lies beside it: no step shows that, and gates refuse it."""
    of = evaluation.of
    if evaluation.progress.plan.do or of.start.commit == of.target.commit:
        return []
    direction = find_direction(session.project.git, *of.commits)
    match direction:
        case Direction.ROLLBACK:
            return [f"{of.target.name} is older than {of.start.commit[:12]}: this is a rollback (`--rollback`)."]
        case Direction.DIVERGED:
            return [f"{of.target.name} does not contain {of.start.commit[:12]}: their histories diverged (`--diverged`)."]
        case Direction.FORWARD | Direction.NONE:
            return []
        case _:
            assert_never(direction)


def plan_way_back(project: Project, answer: Checklist, component: str | None) -> Plan | None:
    """Plans the way from the target of a checklist back to its start. None if relbot cannot tell what that needs."""
    plan = answer.plan
    try:
        return plan_between(project, plan.target, plan.start, known_component(project.config, component))
    except Unknown:
        return None


def show_status(session: Session) -> DeployStatus:
    """Where an environment stands. Unknown if nothing was recorded of it, or if the deploy under way cannot be evaluated."""
    return make_status(session, replay_records(session.require_entries(session.entries())))


def make_status(session: Session, now: EnvironmentState) -> DeployStatus:
    """Where an environment stands, from its state. Unknown if the deploy under way cannot be evaluated."""
    evaluation = evaluate_under_way(session, now)
    obstacles = evaluation.obstacles if evaluation else (*_shared_obstacles(session, now), *needs_taken_back(session, now))
    target = evaluation.of.target.commit if evaluation else ""
    word = hear_source(session, now)
    return DeployStatus(
        environment=session.environment,
        state=now,
        progress=evaluation.progress if evaluation else None,
        left=deferred_steps(session.project, session.environment, now),
        lock=now.holder(session.now()),
        unpublished=session.ledger.unpublished(),
        obstacles=tuple(each.advise(session.environment, target) for each in obstacles),
        notices=now.notices_at(session.now()),
        overruled=tuple(now.deploy.overruled.values() if now.deploy else now.early),
        remarks=(*session.remarks(), *word.remarks),
        unclear=word.unclear,
    )


def evaluate_under_way(session: Session, now: EnvironmentState) -> DeployEvaluation | None:
    """How far the deploy under way is, None if none is."""
    if now.deploy is None:
        return None
    deploy = now.deploy
    of = DeployRange(Revision(deploy.start[:12], deploy.start), Revision(deploy.target[:12], deploy.target))
    return evaluate_deploy(session, now, of)


def _shared_obstacles(session: Session, now: EnvironmentState) -> Iterator[Obstacle]:
    """What speaks against what runs, since environments that share its steps have undone one."""
    if now.running is None or not list_partners(session):
        return
    commit = now.running.deed.target
    runs = Revision(commit[:12], commit)
    for each in evaluate_deploy(session, now, DeployRange(runs, runs)).obstacles:
        if each.what.startswith("shared:"):
            yield each


def list_records(session: Session) -> tuple[Record, ...]:
    """Everything that was ever recorded of an environment, at least one record. Unknown if there is none."""
    return session.require_entries(session.ledger.history() if not session.offline else session.entries())


def _headline(session: Session, now: EnvironmentState, asked: DeployEvaluation, component: str | None) -> list[str]:
    """What stands above a checklist while a deploy is under way; `asked` is what it shows, of a `component` if one was named."""
    deploy = now.deploy
    if deploy is None:
        return []
    name = session.environment
    by = f"begun by {deploy.begun.who} at {format_time(deploy.begun.time)}"
    if asked.of.commits == (deploy.start, deploy.target):
        evaluation = asked if component is None else evaluate_under_way(session, now)
        assert evaluation is not None
        before = [each for each in evaluation.progress.statuses if each.step.phase is not Phase.LATER]
        settled = sum(each.mark.settled for each in before)
        return [f"This deploy of {name} is under way, {by}. {settled} of {count_noun(len(before), 'step')} settled."]
    said = f"Another deploy of {name} is under way, {by}: {deploy.start[:12]} -> {deploy.target[:12]}."
    return [said, f"To see how far it is: relbot deploy status {name}"]
