"""Begins a deploy: once, whoever else begins one at the same moment."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relbot.app.deploys.conflicts import Consent, find_direction, require_consent
from relbot.app.deploys.environment_state import component_of, renamed_since
from relbot.app.deploys.evaluate import evaluate_deploy
from relbot.app.deploys.resolve_range import resolve_range
from relbot.app.deploys.source_word import hear_source
from relbot.deploy.log.record import Deed, DeedKind, Direction
from relbot.deploy.log.replay import replay_records
from relbot.errors import Refused, UsageError
from relbot.schema.named_tuples import NamedTuple

if TYPE_CHECKING:
    from relbot.app.deploys.evaluate import DeployEvaluation
    from relbot.app.deploys.resolve_range import DeployRange
    from relbot.app.deploys.session import Session
    from relbot.deploy.log.record import Record
    from relbot.deploy.log.state import Deploy, EnvironmentState


class BegunDeploy(NamedTuple):
    """A deploy from and to these revisions: whether it is under way, or was not begun because its target runs already."""

    of: DeployRange
    under_way: bool


def begin_deploy(session: Session, target: str | None, consent: Consent) -> BegunDeploy:
    """Records that a deploy to `target` is under way, unless it is or the target runs already, and gives it.

    Refused if somebody holds the lock, if another deploy is under way that `consent` does not replace, if the direction needs
    a word that `consent` does not give, or if something is held. Unknown if it cannot be recorded, or if a source that tells
    what runs contradicts the ledger.
    """
    require_online(session, "Other people cannot see this deploy, so it does not keep them from deploying.")
    found: list[BegunDeploy] = []

    def decide(records: tuple[Record, ...]) -> Deed | None:
        now = replay_records(records)
        of = resolve_range(session, now, target)
        found.append(BegunDeploy(of, not runs_already(now, of)))
        hear_source(session, now, of.target.commit)  # Unknown if something else runs
        require_consent(session, now, of, consent)
        if is_under_way(now, of) or runs_already(now, of):
            return None
        evaluation = evaluate_deploy(session, now, of)
        if evaluation.obstacles:
            raise obstacles_refused(session, evaluation)
        return begun_deed(session, now, of, consent)

    session.ledger.claim(decide)
    return found[-1]


def claim_begin(session: Session, of: DeployRange, consent: Consent) -> None:
    """Records that a deploy is under way because somebody did a step of it. Refused and Unknown as `begin_deploy`.

    What is held does not matter here: the step was done.
    """

    def decide(records: tuple[Record, ...]) -> Deed | None:
        now = replay_records(records)
        hear_source(session, now, of.target.commit)  # as above
        require_consent(session, now, of, consent)
        return None if is_under_way(now, of) else begun_deed(session, now, of, consent)

    session.ledger.claim(decide)


def begun_deed(session: Session, now: EnvironmentState, of: DeployRange, consent: Consent) -> Deed:
    """The deed that begins a deploy. If it takes the place of another one, its reason says so."""
    direction = find_direction(session.project.git, *of.commits)
    left = now.deploy.target if now.deploy and now.deploy.target != of.target.commit else ""
    if left and find_direction(session.project.git, left, of.target.commit) is Direction.ROLLBACK:
        direction = Direction.ROLLBACK
    component = component_of(session.project, session.environment) or ""
    reason, renamed = consent.reason.strip(), renamed_since(session.project, session.environment, now, *of.commits)
    deed = Deed(DeedKind.BEGUN, *of.commits, reason=reason, what=component, direction=direction, renamed=renamed)
    return deed._replace(replaces=left)


def left_by_rollback(session: Session, deploy: Deploy) -> str:
    """The target that a rollback in the middle of its deploy leaves, "" where it leaves the start of the deploy, or nothing."""
    begun = deploy.begun.deed
    back_from_start = find_direction(session.project.git, deploy.start, deploy.target) is Direction.ROLLBACK
    return "" if begun.direction is not Direction.ROLLBACK or back_from_start else begun.replaces


def is_under_way(now: EnvironmentState, of: DeployRange) -> bool:
    """Whether the deploy under way is this one."""
    return now.deploy is not None and (now.deploy.start, now.deploy.target) == of.commits


def runs_already(now: EnvironmentState, of: DeployRange) -> bool:
    """Whether the deploy has ended: its target is what runs, and no deploy is under way."""
    return now.deploy is None and of.start.commit == of.target.commit


def obstacles_refused(session: Session, evaluation: DeployEvaluation) -> Refused:
    """That something speaks against all of a deploy."""
    of = evaluation.of
    what = f"Do not deploy {of.target.name} to {session.environment}:\n  " + "\n  ".join(
        each.advise(session.environment, of.target.commit) for each in evaluation.obstacles
    )
    example = f"relbot checklist {session.environment} --to {of.target.commit}"
    return Refused(what, tip="The whole checklist:", example=example)


def require_online(session: Session, why: str) -> None:
    """UsageError if the remote was left out although there is one."""
    if session.offline:
        raise UsageError(why, tip="Run the command again without `--offline`.")
