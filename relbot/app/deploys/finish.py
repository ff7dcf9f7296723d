"""Ends a deploy: because its target runs, or because somebody gives it up."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relbot.app.deploys.begin import begun_deed, is_under_way, left_by_rollback, require_online
from relbot.app.deploys.conflicts import NO_CONSENT, Consent, find_direction, other_deploy, require_consent, require_lock_free
from relbot.app.deploys.environment_state import component_of
from relbot.app.deploys.evaluate import evaluate_deploy
from relbot.app.deploys.gate import publish_pending
from relbot.app.deploys.resolve_range import DeployRange, KnownBy, resolve_range
from relbot.app.deploys.source_word import hear_source, require_answer, require_no_third_revision
from relbot.deploy.answers import is_overdue
from relbot.deploy.log.closing import ended_deed
from relbot.deploy.log.record import Deed, DeedKind
from relbot.deploy.log.replay import replay_records
from relbot.deploy.plan.changelog import Revision
from relbot.deploy.plan.model import StepKind
from relbot.errors import Refused, Unknown
from relbot.fragment.model import Phase
from relbot.render.deploys.commands import tick_command

if TYPE_CHECKING:
    from relbot.app.deploys.evaluate import DeployEvaluation
    from relbot.app.deploys.session import Session
    from relbot.deploy.log.record import Direction, Record
    from relbot.deploy.log.state import EnvironmentState


def finish_deploy(session: Session, target: str | None, anyway: str = "", consent: Consent = NO_CONSENT) -> Deed | None:
    """Records that the deploy under way is done, and gives the deed; None if it had ended already.

    `target` is the revision that runs as somebody wrote it, None for that of the deploy under way. A deploy that nobody
    began is begun and ended, if nothing of it is open; `consent` is as for a beginning. `anyway` is why it is done although
    steps are open or something is held: the steps are left for later.

    Refused while something is open and nobody says why that is fine, or if another deploy is under way; Unknown offline, or if
    nothing but the source tells where the deploy starts.
    """
    if session.offline:
        what = "`done` has to know what others recorded, so it cannot be used offline."
        raise Unknown(what, tip="Once the remote answers, run the command again without `--offline`.")
    now = session.state()
    require_lock_free(session, now)
    of = resolve_range(session, now, target)
    if now.deploy is None and now.running and now.running.deed.target == of.target.commit:
        hear_source(session, now)  # Unknown if something else runs
        publish_pending(session)
        return None
    if of.known_by is KnownBy.SOURCE:
        name = session.environment
        what = f"No deploy of {name} was begun, and its source may tell the new revision already."
        tip = "So relbot cannot tell which steps were due. Do what they need, then record what runs:"
        raise Unknown(what, tip=tip, example=f"relbot deploy adopt {name} --at {of.target.commit}")
    if now.deploy and now.deploy.target != of.target.commit:
        raise other_deploy(session.environment, now.deploy, replaceable=False)
    word = hear_source(session, now, of.target.commit)
    if not anyway.strip():
        require_answer(session, word)
    require_no_third_revision(session, now)
    require_consent(session, now, of, consent)
    evaluation = evaluate_deploy(session, now, of)
    require_settled(session, evaluation, anyway)
    if not is_under_way(now, of):
        _claim(session, now, begun_deed(session, now, of, consent))
    for what in dict.fromkeys(each.what for each in evaluation.obstacles):  # the reason stands beside each, as of `overrule`
        session.ledger.record(Deed(DeedKind.OVERRULED, *of.commits, what=what, reason=anyway.strip()))
    direction, component = _end_direction(session, now, evaluation), component_of(session.project, session.environment)
    left = left_by_rollback(session, now.deploy) if now.deploy else ""
    deed = ended_deed(evaluation.progress, now, anyway.strip(), direction)._replace(what=component or "", replaces=left)
    session.ledger.record(deed)
    return deed


def require_settled(session: Session, evaluation: DeployEvaluation, anyway: str = "") -> None:
    """Refused while something speaks against a deploy, or a step before the phase `later` is open.

    `anyway` is why it is done all the same, "" if nobody says.
    """
    progress = evaluation.progress
    open_ones = [f"{each.step.id} is {each.mark}." for each in progress.unsettled(Phase.LATER)]
    orphaned = [f"{each.deed.step} was done, and the target does not have it: undo it." for each in progress.orphaned_ticks]
    left = [f"{each.id} was left open by an earlier deploy." for each in evaluation.left if is_overdue(each)]
    against = [*map(str, evaluation.obstacles), *orphaned, *open_ones, *left]
    if against and not anyway.strip():
        name = session.environment
        what = f"The deploy of {name} is not done:\n  " + "\n  ".join(against)
        tip = "Do what is open, record it, and try again. If the target runs all the same, say why:"
        raise Refused(what, tip=tip, example=f'relbot deploy done {name} --anyway "WHY"')


def _end_direction(session: Session, now: EnvironmentState, evaluation: DeployEvaluation) -> Direction:
    """How the target of a deploy lies to its start, as it was begun."""
    return now.deploy.begun.deed.direction if now.deploy else find_direction(session.project.git, *evaluation.of.commits)


def abort_deploy(session: Session, reason: str) -> Deed:
    """Records that the deploy under way is given up, and gives the deed: what ran before goes on running.

    Refused if none is under way, if somebody holds the lock, or while a step that was done is neither undone nor overruled.
    UsageError offline.
    """
    require_online(session, "Other people cannot see that this deploy is aborted, and may go on with it.")
    found: list[Deed] = []

    def decide(records: tuple[Record, ...]) -> Deed:
        now = replay_records(records)
        require_lock_free(session, now)
        if now.deploy is None:
            raise Refused(f"No deploy of {session.environment} is under way.", tip="There is nothing to abort.")
        _require_undone(session, now)
        _require_restarted(session, now)
        found.append(Deed(DeedKind.ABORTED, now.deploy.start, now.deploy.target, reason=reason.strip()))
        return found[-1]

    session.ledger.claim(decide)
    return found[-1]


def _require_undone(session: Session, now: EnvironmentState) -> None:
    deploy = now.deploy
    assert deploy is not None
    done = [
        step
        for step, record in deploy.touched.items()
        if record.deed.kind is DeedKind.DONE and "#" in step and not deploy.overrule_of(step, record)
    ]
    if not done:
        return
    name = session.environment
    lines = "".join(f"\n  {step} was done by {deploy.touched[step].who}." for step in done)
    what = f"The deploy of {name} to {deploy.target[:12]} cannot be aborted yet:{lines}"
    stays = f"If one stays, say why: relbot deploy overrule {name} 'step:{done[0]}' --reason WHY."
    tip = f"Undo each and record it with `relbot deploy tick {name} STEP --undone`. {stays} How to undo them:"
    raise Refused(what, tip=tip, example=f"relbot checklist {name} --to {deploy.start}")


def _require_restarted(session: Session, now: EnvironmentState) -> None:
    """Refused while a service was restarted in the deploy, and a step for which it was has been undone since."""
    deploy = now.deploy
    assert deploy is not None
    if not any(step.startswith("restart:") for step in deploy.touched):
        return
    of = DeployRange(Revision(deploy.start[:12], deploy.start), Revision(deploy.target[:12], deploy.target))
    open_ones = [
        each.step.id
        for each in evaluate_deploy(session, now, of).progress.statuses
        if each.step.kind is StepKind.RESTART and not each.mark.settled and each.step.id in deploy.touched
    ]
    if open_ones:
        what = (
            f"The deploy of {session.environment} to {deploy.target[:12]} cannot be aborted yet: {', '.join(open_ones)} is open."
        )
        tip = "A step was undone after that restart. Restart it again, and record that:"
        raise Refused(what, tip=tip, example=tick_command(session.environment, open_ones[0]))


def adopt_revision(session: Session, revision: str, reason: str) -> Deed:
    """Records that a revision runs, whatever was recorded before, and gives the deed.

    Every step up to it counts as done. Refused while a deploy is under way, or if somebody holds the lock. UsageError offline.
    """
    require_online(session, "Other people cannot see what runs, and may deploy from another revision.")
    commit = session.commit_of(revision)
    component = component_of(session.project, session.environment) or ""
    deed = Deed(DeedKind.ADOPTED, target=commit, reason=reason.strip(), what=component)

    def decide(records: tuple[Record, ...]) -> Deed:
        now = replay_records(records)
        require_lock_free(session, now)
        if now.deploy:
            raise other_deploy(session.environment, now.deploy, replaceable=False)
        return deed

    session.ledger.claim(decide)
    return deed


def _claim(session: Session, known: EnvironmentState, deed: Deed) -> None:
    """Records a deed if nobody has begun a deploy since `known`. Refused otherwise."""

    def decide(records: tuple[Record, ...]) -> Deed:
        now = replay_records(records)
        if now.deploy and now.deploy != known.deploy:
            raise other_deploy(session.environment, now.deploy)
        return deed

    session.ledger.claim(decide)
