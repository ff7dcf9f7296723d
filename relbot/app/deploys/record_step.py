"""Records what somebody did about one step of a deploy."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relbot.app.deploys.begin import claim_begin, is_under_way
from relbot.app.deploys.conflicts import NO_CONSENT, Consent, other_deploy, require_consent, require_lock_free
from relbot.app.deploys.environment_state import deferred_steps
from relbot.app.deploys.evaluate import deploy_deeds, evaluate_deploy
from relbot.app.deploys.gate import ended_range
from relbot.app.deploys.resolve_range import DeployRange, resolve_range
from relbot.app.deploys.shared_steps import known_results
from relbot.deploy.log.deeds import carried_out, effective_deed, inverse_id
from relbot.deploy.log.graph import record_hash
from relbot.deploy.log.progress import recordable_steps, restarts_by_step, step_digest
from relbot.deploy.log.record import Deed, DeedKind
from relbot.deploy.log.slips import newest_deed
from relbot.deploy.log.state import ATTEMPTS, SETTLING
from relbot.deploy.plan.changelog import Revision
from relbot.deploy.plan.difference import steps_of
from relbot.errors import Refused, Unknown, UsageError
from relbot.git.change_logs import read_change_log
from relbot.git.trees import list_stems
from relbot.render.common.units import format_time
from relbot.render.deploys.commands import tick_command
from relbot.schema.faults import nearest_word
from relbot.schema.named_tuples import NamedTuple

if TYPE_CHECKING:
    from relbot.app.deploys.session import Session
    from relbot.deploy.log.record import Record
    from relbot.deploy.log.state import Deploy, EnvironmentState
    from relbot.deploy.plan.model import Plan, PlannedStep


class StepRequest(NamedTuple):
    """What happened to the step of an id: `kind` is one of the deeds about a step, and `reason` says why.

    `host` is where, "" where nobody said. `target` is the revision of its deploy, None for the one that is under way: it
    begins that deploy, as far as `consent` allows.
    """

    step: str
    kind: DeedKind = DeedKind.DONE
    reason: str = ""
    host: str = ""
    target: str | None = None
    consent: Consent = NO_CONSENT


def record_step(session: Session, request: StepRequest) -> Deed:
    """Records a deed about a step and gives it.

    A step that a finished deploy left, and that the deploy under way does not have, belongs to that one. UsageError if the
    deploy has no such step; Refused if somebody holds the lock, if another deploy is under way, or if a step that was done is to
    be skipped; Unpublished if it is recorded in this clone and others cannot see it yet.
    """
    now = session.state()
    require_lock_free(session, now)
    slip = _slip_of(session, request)
    if slip:
        session.ledger.record(slip)
        return slip
    is_earlier = request.target is None and _is_of_earlier(now, request.step)  # a look at the deploy itself costs a plan
    if is_earlier and not (now.deploy and _is_of_deploy(session, now, request.step)):
        of_finished = _deed_of_finished(session, now, request) or _deed_of_ended(session, now, request)
        if of_finished:
            return _record_with_restarts(session, of_finished)
    of_running = None if is_earlier else _deed_of_running(session, now, request)
    if of_running:
        return _record_with_restarts(session, of_running)
    of = resolve_range(session, now, request.target)
    finished = now.deploy is None and of.start.commit == of.target.commit and now.ended is not None
    of = ended_range(now, of)
    deed = _make_deed(session, now, of, request)
    if finished:
        return _record_with_restarts(session, deed)
    require_consent(session, now, of, request.consent)
    if not is_under_way(now, of):
        claim_begin(session, of, request.consent)
    session.ledger.record(deed)
    return deed._replace(deferred=())  # while it is under way its restarts are steps of the deploy


def _record_with_restarts(session: Session, deed: Deed) -> Deed:
    """Records a deed about a step of a deploy that has ended, and gives it with the restarts that it makes necessary."""
    restarts = (f"restart:{service}" for service in _services_to_restart(session, deed)) if deed.kind in SETTLING else ()
    told = deed._replace(deferred=tuple(restarts))
    session.ledger.record(told)
    return told


def _services_to_restart(session: Session, deed: Deed) -> tuple[str, ...]:
    """The services that restart after a step, as its change says in the target of the deed or, without it there, in the start."""
    identity, _, number = deed.step.removesuffix(":undo").partition("#")
    for commit in filter(None, (deed.target, deed.start)) if number else ():
        fragment = read_change_log(session.project.git, commit, session.project.config).fragments.get(identity)
        for at, step in enumerate(steps_of(fragment) if fragment else (), 1):
            if str(at) == number:
                return tuple(dict.fromkeys(step.restart))
    return ()


def _slip_of(session: Session, request: StepRequest) -> Deed | None:
    """The MISTAKEN about what was last recorded of a step, in whichever deploy; None if it is another deed, or nothing was."""
    if request.kind is not DeedKind.MISTAKEN:
        return None
    target = session.commit_of(request.target) if request.target is not None else ""
    slip = newest_deed(session.entries(), request.step, request.host, target)
    if slip is None:
        return None
    reason = request.reason.strip()
    return slip.deed._replace(kind=request.kind, host=request.host, reason=reason, what=record_hash(slip))


def record_answer(session: Session, of: DeployRange, plan: Plan, step: PlannedStep, kind: DeedKind, reason: str = "") -> Deed:
    """Records a deed of somebody who works through the plan of a deploy, and gives it.

    What was done or failed is a fact, and recorded even if the deploy is not under way any more. Anything else is Refused then,
    and while somebody else holds the lock.
    """
    if kind not in (DeedKind.DONE, DeedKind.FAILED):
        now = session.state()
        require_lock_free(session, now)
        require_under_way(session, now, of)
    digest, what = step_digest(step, of.target.commit), known_results(session, step.id)
    deed = Deed(kind, *of.commits, step=step.id, digest=digest, reason=reason.strip(), what=what)
    deed = _with_restarts(deed, plan)
    session.ledger.record(deed)
    return deed


def require_under_way(session: Session, now: EnvironmentState, of: DeployRange) -> None:
    """Refused if a deploy is not under way any more, with who ended it or took its place."""
    if is_under_way(now, of):
        return
    if now.deploy:
        raise other_deploy(session.environment, now.deploy)
    closed, how = (now.aborted, "aborted") if now.aborted else (now.running, "ended")
    by = f" by {closed.who}" if closed else ""
    what = f"The deploy of {of.target.name} to {session.environment} is no longer under way: it was {how}{by}."
    raise Refused(what, tip="See what was recorded:", example=f"relbot deploy log {session.environment}")


def _make_deed(session: Session, now: EnvironmentState, of: DeployRange, request: StepRequest) -> Deed:
    plan = evaluate_deploy(session, now, of).progress.plan
    found = _find_step(session, now, of, plan, request)
    _require_not_done(session, now, of, request)
    if request.kind is DeedKind.MISTAKEN:
        tip, example = "See what was recorded:", f"relbot deploy log {session.environment}"
        raise Refused(f"Nothing was recorded of {request.step} that could be a mistake.", tip=tip, example=example)
    return _with_restarts(_step_deed(session, request, of.commits, found), plan)


def _with_restarts(deed: Deed, plan: Plan) -> Deed:
    """A deed with the restarts that it needs: they are open where whoever ends its deploy does not know it."""
    if deed.kind not in SETTLING:
        return deed
    return deed._replace(deferred=restarts_by_step(plan).get(deed.step.removesuffix(":undo"), ()))


def _step_deed(
    session: Session, request: StepRequest, commits: tuple[str, str], step: PlannedStep | None, on: tuple[str, ...] = ()
) -> Deed:
    what = known_results(session, request.step) if request.kind is not DeedKind.MISTAKEN else ""
    digest = step_digest(step, commits[1]) if step else ""
    named = (step.on if step else on) if request.host else ()
    deed = Deed(request.kind, *commits, step=request.step, digest=digest, host=request.host, reason=request.reason.strip())
    return deed._replace(what=what, on=named)


def _deed_of_finished(session: Session, now: EnvironmentState, request: StepRequest) -> Deed | None:
    """The deed about a step that a finished deploy left for later, or that takes back one by which it was done; else None."""
    left = now.deferred.get(request.step) or (now.not_done.get(request.step) if request.kind in ATTEMPTS else None)
    if left is None:
        return None
    steps = {each.id: each.step for each in deferred_steps(session.project, session.environment, now)}
    return _step_deed(session, request, (left.deed.start, left.deed.target), steps.get(request.step))


def _deed_of_ended(session: Session, now: EnvironmentState, request: StepRequest) -> Deed | None:
    """The deed about a step of the deploy that ended last; None if it had no such step, or if the one to come has it, too."""
    ended = now.ended
    if ended is None or not _is_recorded(ended, request.step):
        return None
    if now.deploy is None and _is_of_deploy(session, now, request.step):
        return None
    start, target = (Revision(each[:12], each) for each in (ended.start, ended.target))
    return _make_deed(session, now._replace(deploy=None), DeployRange(start, target, has_ended=True), request)


def _deed_of_running(session: Session, now: EnvironmentState, request: StepRequest) -> Deed | None:
    """The deed about a step of what runs, which a deploy before the last one did, and that does not hold any more; else None.

    It belongs to the deploy that ended last: the step is open in what runs since then.
    """
    if request.kind not in (DeedKind.UNDONE, DeedKind.FAILED) or request.target is not None or now.ended is None:
        return None
    project, runs = session.project, now.ended.target
    identity, _, number = request.step.partition("#")
    if identity not in list_stems(project.git, runs, project.config.folders):
        return None
    fragment = read_change_log(project.git, runs, project.config).fragments.get(identity)
    steps = {str(each): step for each, step in enumerate(steps_of(fragment), 1)} if fragment else {}
    if number not in steps or (now.deploy and _is_of_deploy(session, now, request.step)):
        return None
    return _step_deed(session, request, (now.ended.start, now.ended.target), None, steps[number].on)


def _is_of_earlier(now: EnvironmentState, step: str) -> bool:
    """Whether something is known of a step from a deploy that has ended."""
    return any(step in each for each in (now.deferred, now.not_done)) or (now.ended is not None and _is_recorded(now.ended, step))


def _is_of_deploy(session: Session, now: EnvironmentState, step: str) -> bool:
    """Whether the deploy under way, or else the next one, has a step of that id, or something was recorded of it there."""
    of = resolve_range(session, now, None)
    steps = {each.id for each in recordable_steps(evaluate_deploy(session, now, of).progress.plan)}
    return step in steps or (now.deploy is not None and _is_recorded(now.deploy, step))


def _is_recorded(deploy: Deploy, step: str) -> bool:
    """Whether something holds of a step, or of its inverse, under this or another of its names."""
    name = deploy.name_of(step)
    return not deploy.ticks.keys().isdisjoint((name, inverse_id(name)))


def _require_not_done(session: Session, now: EnvironmentState, of: DeployRange, request: StepRequest) -> None:
    """Refused if a step is to be skipped that was done."""
    record = _done_record(now, of, request.step, request.host)
    if request.kind is not DeedKind.SKIPPED or record is None:
        return
    what = f"{record.who} did {request.step} at {format_time(record.time)}, so it cannot be skipped."
    tip = "If you took it back, record that. If the record was a slip, use `--mistaken` in place of `--undone`:"
    raise Refused(what, tip=tip, example=tick_command(session.environment, request.step, "--undone"))


def _done_record(now: EnvironmentState, of: DeployRange, step: str, host: str) -> Record | None:
    """The deed by which a step was done, on a host or, for "", anywhere."""
    deploy = deploy_deeds(now, of)
    name = deploy.name_of(step) if deploy else step
    deeds = deploy.deeds.get(name.removesuffix(":undo"), ()) if deploy else ()
    record = effective_deed((each for each in deeds if not host or each.deed.host in ("", host)), name)
    if record and carried_out(record, name) != name:
        return None
    return record if record and record.deed.kind is DeedKind.DONE else None


def _find_step(session: Session, now: EnvironmentState, of: DeployRange, plan: Plan, request: StepRequest) -> PlannedStep | None:
    """The step of that id; None for one of which something was recorded and that is not in the plan any more.

    UsageError if there never was one, Unknown if it may be of a fragment that cannot be read.
    """
    there, step = {each.id: each for each in recordable_steps(plan)}, request.step
    if step in there:
        return there[step]
    deploy = deploy_deeds(now, of)
    if deploy and _is_recorded(deploy, step):
        return None
    name = session.environment
    if step.partition("#")[0] in plan.unreadable:
        what = f"relbot cannot tell whether this deploy of {name} has a step `{step}`: its fragment has errors."
        raise Unknown(what, tip="To see them:", example=f"relbot checklist {name} --to {of.target.commit}")
    runs = list_stems(session.project.git, of.start.commit, session.project.config.folders)
    if step.partition("#")[0] in runs and request.kind not in (DeedKind.UNDONE, DeedKind.FAILED):
        what = f"This deploy of {name} has no step `{step}`: {of.start.commit[:12]} has the change, so its steps count as done."
        tip = "If the step was taken back, or failed, record that with `--undone` or `--failed WHY`:"
        raise UsageError(what, tip=tip, example=tick_command(name, step, "--undone"))
    near = nearest_word(step, there)
    tip = f"Did you mean `{near}`?" if near else f"Its steps are: {', '.join(there) or 'none'}."
    raise UsageError(f"This deploy of {name} has no step `{step}`.", tip=tip)
