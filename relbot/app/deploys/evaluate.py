"""How far a deploy is, or would be: its plan with what the ledger says, and what is in its way."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relbot.app.deploys.conflicts import contains_commit, find_direction
from relbot.app.deploys.environment_state import component_of, deferred_steps, renamed_since, with_ledger_state
from relbot.app.deploys.other_components import needed_by_others, needs_of_others
from relbot.app.deploys.passed_fragments import requiring_nothing_passed
from relbot.app.deploys.planning import before_adoption, plan_between, range_before_adoption
from relbot.app.deploys.session import open_ledger
from relbot.app.deploys.shared_steps import read_partners, shared_deeds, shared_obstacles
from relbot.app.deploys.unread_folders import BEFORE_RELBOT
from relbot.deploy.answers import is_overdue
from relbot.deploy.log.closing import moot_steps
from relbot.deploy.log.graph import find_heads, record_hash
from relbot.deploy.log.obstacles import Obstacle, find_obstacles
from relbot.deploy.log.progress import measure_progress
from relbot.deploy.log.reconcile import place_steps
from relbot.deploy.log.record import STEP_KINDS, Deed, DeedKind, Direction, Record
from relbot.deploy.log.replay import replay_records
from relbot.deploy.log.state import Deploy
from relbot.errors import Unknown
from relbot.git.revisions import RevisionUnknown
from relbot.git.trees import list_stems
from relbot.render.common.units import format_time
from relbot.render.deploys.record_lines import stray_sentence
from relbot.schema.named_tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from relbot.app.deploys.resolve_range import DeployRange
    from relbot.app.deploys.session import Session
    from relbot.deploy.log.progress import DeferredStep, Progress
    from relbot.deploy.log.state import EnvironmentState
    from relbot.deploy.plan.model import Plan


class DeployEvaluation(NamedTuple):
    """A deploy and how far it is. `obstacles` speak against all of it. `left` is what earlier deploys left, and is open still."""

    of: DeployRange
    progress: Progress
    obstacles: tuple[Obstacle, ...]
    left: tuple[DeferredStep, ...] = ()


def evaluate_deploy(session: Session, now: EnvironmentState, of: DeployRange, component: str | None = None) -> DeployEvaluation:
    """How far a deploy is and what is in its way: of a component, else of that of the environment.

    Unknown if its revisions cannot be read, or if part of the range was made before the project used relbot and nobody has
    said in the ledger that it was looked at.
    """
    try:
        return _evaluate(session, now, of, component)
    except Unknown as error:
        _require_commits_here(session, of, error)
        raise


def _require_commits_here(session: Session, of: DeployRange, error: Unknown) -> None:
    """Unknown if this clone lacks a commit of the range: nobody has pushed it, or a branch was overwritten since."""
    for commit in of.commits:
        if session.project.git.answer("cat-file", "-e", f"{commit}^{{commit}}")[0] != 0:
            what = f"This clone does not have {commit[:12]}, and the ledger of {session.environment} names it."
            tip = "Fetch it. If the remote does not have it either, ask for it to be pushed:"
            remote = session.refs.remote.name if session.refs.remote else "origin"
            raise RevisionUnknown(what, tip=tip, example=f"git fetch {remote} {commit}") from error


def _evaluate(session: Session, now: EnvironmentState, of: DeployRange, component: str | None) -> DeployEvaluation:
    now = _as_if_begun(session, now, of)
    overruled = overruled_by(now, of)
    require_known_range(session, of, overruled)
    of_component = component or component_of(session.project, session.environment)
    with requiring_nothing_passed(session.project, of.start, of.target, overruled) as way:
        made = plan_between(session.project, of.start, of.target, of_component, overruled, way)
    made, missing = needs_of_others(session, _without_met_splits(session, made))
    deeds = deploy_deeds(now, of)
    # Of a deploy that has ended, too, what it took back of targets on its way is part of the plan.
    plan = with_ledger_state(session.project, session.environment, made, now if now.deploy else now._replace(deploy=deeds))
    plan = place_steps(plan, overruled)
    partners = read_partners(session)
    progress = _without_what_runs(session, measure_progress(plan, deeds, shared_deeds(session, plan, partners)))
    found = (each for each in find_obstacles(plan, now) if each.what not in overruled)
    of_others = (*missing, *needed_by_others(session, plan), *shared_obstacles(session, progress, of.target.commit, partners))
    of_others = tuple(each for each in of_others if each.what not in overruled)
    stray = (each for each in _stray_obstacles(now, of) if each.what not in overruled)
    obstacles = (*found, *of_others, *_own_obstacles(session, now, of, plan), *stray)
    return DeployEvaluation(of, progress, obstacles, _still_left(session, now, progress, overruled))


def _without_what_runs(session: Session, progress: Progress) -> Progress:
    """Without what was recorded, after their deploys, of changes that both trees have: the target contains them."""
    if not progress.orphaned_ticks:
        return progress
    git, folders = session.project.git, session.project.config.folders
    start, target = (list_stems(git, each.commit, folders) for each in (progress.plan.start, progress.plan.target))
    orphaned = (each for each in progress.orphaned_ticks if each.deed.step.partition("#")[0] not in start & target)
    return progress._replace(orphaned_ticks=tuple(orphaned))


def _still_left(
    session: Session, now: EnvironmentState, progress: Progress, overruled: Mapping[str, Record]
) -> tuple[DeferredStep, ...]:
    """What earlier deploys left, but for what a deploy has as a step, makes needless, or overrules."""
    if not now.deferred:
        return ()
    gone = {*moot_steps(progress, now), *(each.step.id for each in progress.statuses)}
    left = deferred_steps(session.project, session.environment, now)
    return tuple(each for each in left if each.id not in gone and f"step:{each.id}" not in overruled)


def _as_if_begun(session: Session, now: EnvironmentState, of: DeployRange) -> EnvironmentState:
    """The state with a deploy under way that has not begun, where it takes over what was done for one that was given up.

    What it has to take back, and what failed, is open before it begins.
    """
    if now.deploy or not any(_takes_over(of, each) for each in now.stray):
        return now
    records = session.entries()
    renamed = renamed_since(session.project, session.environment, now, *of.commits)
    order = 1 + max(each.order for each in records)
    begun = Record(order, session.now(), session.who, session.environment, Deed(DeedKind.BEGUN, *of.commits, renamed=renamed))
    return replay_records((*records, begun._replace(knew=find_heads(records))))


def _takes_over(of: DeployRange, record: Record) -> bool:
    """Whether a deploy takes over a deed that belongs to none: a step of one that starts alike."""
    return record.deed.start == of.start.commit != of.target.commit and record.deed.kind in STEP_KINDS


def deploy_deeds(now: EnvironmentState, of: DeployRange) -> Deploy | None:
    """The deploy whose deeds count for a range: the one under way if it starts alike, or the one that has ended with it.

    What was overruled in it is what was overruled for the range, which may not have begun.
    """
    overruled = now.overruled_for(*of.commits)
    if now.deploy and now.deploy.start == of.start.commit:
        return now.deploy._replace(overruled=overruled)
    ended = of.has_ended or of.start.commit != of.target.commit
    if now.deploy is None and now.ended and ended and (now.ended.start, now.ended.target) == of.commits:
        return now.ended
    return Deploy(*of.commits, next(iter(overruled.values())), overruled=overruled) if overruled else None


def overruled_by(now: EnvironmentState, of: DeployRange) -> Mapping[str, Record]:
    """What somebody has set aside in writing for a deploy, by what it is (`hold:5644`)."""
    return now.overruled_for(*of.commits)


def require_known_range(session: Session, of: DeployRange, overruled: Mapping[str, Record]) -> None:
    """Unknown if part of a range was made before the project used relbot, and nobody has said that it was looked at."""
    early = before_adoption(session.project, *of.commits)
    if early and BEFORE_RELBOT not in overruled:
        name = session.environment
        example = f'relbot deploy overrule {name} {BEFORE_RELBOT} --to {of.target.commit} --reason "looked at the diff"'
        raise range_before_adoption(session.project, of.start, of.target, "Then record that you have looked:", example)


def _own_obstacles(session: Session, now: EnvironmentState, of: DeployRange, plan: Plan) -> Iterator[Obstacle]:
    """What the state of this environment, and of the one that comes first, has against a target."""
    overruled = overruled_by(now, of)
    forward = find_direction(session.project.git, *of.commits) is not Direction.ROLLBACK
    for commit, record in now.held.items():
        if f"left:{commit}" not in overruled and _brings_again(session, record, commit, of.target.commit):
            target = of.target.commit
            which = f"{target[:12]}" if target == commit else f"{target[:12]} contains {commit[:12]}, which"
            message = (
                f"{which} was rolled back by {record.who} at {format_time(record.time)}."
                f" Revert it, or allow it again: relbot deploy lift {session.environment} {commit[:12]} --reason WHY"
            )
            yield Obstacle(f"left:{commit}", message)
    environment = session.configured
    if environment and environment.after and forward and f"after:{environment.after}" not in overruled:
        yield from _not_finished_before(session, environment.after, plan)


def _stray_obstacles(now: EnvironmentState, of: DeployRange) -> Iterator[Obstacle]:
    """What somebody did for no deploy that is known here, but for steps that this one takes over: they start alike."""
    for record in now.open_stray:
        if not _takes_over(of, record):
            yield Obstacle(f"stray:{record_hash(record)}", stray_sentence(record))


def _brings_again(session: Session, rolled_back: Record, left: str, target: str) -> bool:
    """Whether a target contains what a rollback left, and nothing of that was reverted since."""
    git = session.project.git
    if not contains_commit(git, target, left):
        return False
    code, out, _ = git.answer("log", "--format=%B", f"{left}..{target}", "--")
    if code != 0:
        return True
    brought = set(git.text("rev-list", f"{rolled_back.deed.target}..{left}", "--").split())
    return not any(commit in out.decode("utf-8", "replace") for commit in brought)


def _not_finished_before(session: Session, first: str, plan: Plan) -> Iterator[Obstacle]:
    """That the environment that comes first has not finished the target, leaves it, or has left it again."""
    state = replay_records(open_ledger(session.project, first, session.refs, session.ledger.around).entries())
    runs, target = state.running.deed.target if state.running else "", plan.target.commit
    brought = {change.identity for change in plan.do}
    left = [each.id for each in deferred_steps(session.project, first, state) if is_overdue(each)]
    left = [step for step in left if step.partition("#")[0] in brought]
    leaves = state.deploy is not None and state.deploy.begun.deed.direction is Direction.ROLLBACK
    if runs and not left and not leaves and contains_commit(session.project.git, runs, target):
        return
    runs_now = f"runs {runs[:12]}" if runs else "has no deploy in its ledger"
    if runs and left:
        runs_now = f"{runs_now}, and {', '.join(left)} {'is' if len(left) == 1 else 'are'} open there"
    elif state.deploy and leaves:
        runs_now = f"{runs_now}, and is being rolled back to {state.deploy.target[:12]}"
    act = "Do that" if runs and left else "Deploy it"
    message = (
        f"{session.environment} comes after {first}, and {first} has not finished {target[:12]}: it {runs_now}."
        f" {act} there first, or: relbot deploy overrule {session.environment} after:{first} --to {target[:12]} --reason WHY"
    )
    yield Obstacle(f"after:{first}", message)


def _without_met_splits(session: Session, plan: Plan) -> Plan:
    """The plan without the splits that wait for what an environment that shares with this one runs already."""
    environment = session.configured
    if not plan.splits or environment is None or not environment.shares:
        return plan
    there: set[str] = set()
    for other in environment.shares:
        state = replay_records(open_ledger(session.project, other, session.refs, session.ledger.around).entries())
        if state.running and state.deploy is None:
            there |= list_stems(session.project.git, state.running.deed.target, session.project.config.folders)
    return plan._replace(splits=tuple(split for split in plan.splits if not there.issuperset(split.needs)))
