"""Decides whether a deploy may go on, and begins it if it may."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relbot.app.deploys.begin import begun_deed, is_under_way
from relbot.app.deploys.conflicts import NO_CONSENT, Consent, find_conflicts, lock_of_others
from relbot.app.deploys.deadline import Deadline
from relbot.app.deploys.end_by_source import end_deploy_that_runs
from relbot.app.deploys.evaluate import evaluate_deploy, overruled_by
from relbot.app.deploys.resolve_range import KnownBy, resolve_range
from relbot.app.deploys.session import renew_session
from relbot.app.deploys.source_word import (
    hear_source,
    installation_remark,
    no_record_remark,
    require_answer,
    require_no_third_revision,
)
from relbot.app.deploys.submodules import submodule_remarks
from relbot.deploy.answers import GateAnswer
from relbot.deploy.log.replay import replay_records
from relbot.deploy.plan.model import StepKind
from relbot.errors import Unknown
from relbot.fragment.model import PHASES, Phase
from relbot.schema.named_tuples import NamedTuple

if TYPE_CHECKING:
    from relbot.app.deploys.resolve_range import DeployRange
    from relbot.app.deploys.session import Session
    from relbot.deploy.log.record import Deed, Record
    from relbot.deploy.log.state import EnvironmentState

POINTS = {"install": Phase.BEFORE_RESTART, "restart": Phase.AFTER_RESTART, "done": Phase.LATER}
"""What a deploy script is about to do, and the phase that begins with it."""

_BREAK = "\n"


class GateRequest(NamedTuple):
    """What is about to be done (`point` is one of `POINTS` or a phase), to which revision, and what somebody agreed to.

    `look` records nothing.
    """

    point: str
    target: str | None = None
    consent: Consent = NO_CONSENT
    look: bool = False

    @property
    def phase(self) -> Phase:
        """The phase that is about to begin."""
        return POINTS.get(self.point) or Phase(self.point)

    @property
    def begins(self) -> bool:
        """Whether a deploy that may go on at this point is under way from then on."""
        return self.phase is not Phase.LATER


def ask_gate(session: Session, request: GateRequest) -> GateAnswer:
    """Whether a deploy may go on to a point. If it may, and was not begun, this begins it, in the same moment for everybody.

    Records nothing if it may not go on, if it was begun or has ended already, or if the request only looks. Unknown if that
    cannot be told, or if what has to be recorded cannot be.
    """
    if session.offline:
        what = "A gate has to know what others did, so it cannot be asked offline."
        tip = "If the remote cannot be reached and you have to deploy, this is recorded:"
        example = f'relbot deploy gate {session.environment} --before install --to REV --unverified --reason "WHY"'
        raise Unknown(what, tip=tip, example=example)
    if not request.look:
        publish_pending(session)
    if request.begins and not request.look:
        end_deploy_that_runs(session, request.target)
    gate, due = _ask_once(session, session.entries(), request)
    if request.look:
        return gate._replace(looked=True)
    if due is None:
        return gate
    answers: list[GateAnswer] = []

    def decide(records: tuple[Record, ...]) -> Deed | None:
        gate, due = _ask_once(session, records, request)
        answers.append(gate)
        return due

    session.ledger.claim(decide)
    return answers[-1]


def publish_pending(session: Session) -> None:
    """Publishes what only this clone has recorded: others would answer otherwise. Unpublished if that fails."""
    if session.ledger.unpublished():
        session.ledger.claim(lambda _: None)


def _ask_once(session: Session, records: tuple[Record, ...], request: GateRequest) -> tuple[GateAnswer, Deed | None]:
    """The answer that follows from the records, and the deed that has to be recorded with it, None if none has."""
    now = replay_records(records)
    of = resolve_range(session, now, request.target)
    gate = evaluate_gate(session, now, of, request)
    due = gate.may_go_on and request.begins and not gate.already and not is_under_way(now, of)
    return gate, begun_deed(session, now, of, request.consent) if due else None


def wait_for_gate(session: Session, request: GateRequest, seconds: float) -> GateAnswer:
    """The answer of `ask_gate`, asked again every few seconds until it is open, at most for so many seconds.

    Each time the remote is asked anew: for what others recorded here, and in the environments that come before.
    """
    deadline = Deadline(session.ledger.around, seconds)
    gate = ask_gate(session, request)
    while not gate.may_go_on and deadline.pause():
        session = renew_session(session, tuple(filter(None, (request.target, request.consent.replaces))))
        gate = ask_gate(session, request)
    return gate


def evaluate_gate(session: Session, now: EnvironmentState, of: DeployRange, request: GateRequest) -> GateAnswer:
    """The answer of a gate, from what is known. Unknown as `ask_gate`."""
    word = hear_source(session, now, of.target.commit)
    if request.phase is Phase.LATER:
        require_answer(session, word)
    remarks = [*session.remarks(), *word.remarks]
    if of.known_by is KnownBy.SOURCE:
        _require_beginning(session, request)
        remarks.append(no_record_remark(session, of.start.commit))
    if request.phase in (Phase.AFTER_RESTART, Phase.LATER):
        require_no_third_revision(session, now)
        remarks += installation_remark(session, now)
    evaluation = evaluate_deploy(session, now, ended_range(now, of))
    remarks += submodule_remarks(session.project, of)
    conflicts = (
        f"{each.what}{_BREAK if _BREAK in each.what else ' '}{each.tip} {each.example}"
        for each in find_conflicts(session, now, of, request.consent)
    )
    unsettled = evaluation.progress.unsettled(request.phase)
    if request.point == "restart":
        unsettled = tuple(each for each in unsettled if each.step.kind is not StepKind.RESTART)
    return GateAnswer(
        environment=session.environment,
        start=evaluation.of.start.commit,
        target=of.target.commit,
        before=request.point,
        obstacles=(*conflicts, *(each.advise(session.environment, of.target.commit) for each in evaluation.obstacles)),
        unsettled=unsettled,
        orphaned_ticks=evaluation.progress.orphaned_ticks,
        lock=lock_of_others(session, now),
        later=tuple(each for each in evaluation.progress.unsettled(None) if each.step.phase is Phase.LATER),
        notices=now.notices_at(session.now()),
        overruled=tuple(overruled_by(now, of).values()),
        remarks=tuple(remarks),
        already=now.deploy is None and of.start.commit == of.target.commit,
        left=evaluation.left,
        phase=request.phase,
    )


def ended_range(now: EnvironmentState, of: DeployRange) -> DeployRange:
    """The range of the deploy that ended last, where that is the target: another host may still ask for it."""
    if now.deploy is None and now.ended and of.start.commit == of.target.commit == now.ended.target:
        return of._replace(start=of.start._replace(name=now.ended.start[:12], commit=now.ended.start), has_ended=True)
    return of


def _require_beginning(session: Session, request: GateRequest) -> None:
    """Unknown if a deploy may be in its middle, and only a source tells what there is: that may be the target already."""
    if PHASES.index(request.phase) <= PHASES.index(Phase.BEFORE_RESTART):
        return
    name = session.environment
    what = f"No deploy of {name} was begun, and its source may tell the new revision already."
    tip = "So relbot cannot tell which steps are open. Before you install, ask:"
    raise Unknown(what, tip=tip, example=f"relbot deploy gate {name} --before install --to REV")
