"""Ends a deploy because its target runs, says the source of the environment."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relbot.app.deploys.begin import left_by_rollback
from relbot.app.deploys.resolve_range import resolve_target
from relbot.app.deploys.show import evaluate_under_way
from relbot.app.deploys.source_word import ask_source
from relbot.deploy.log.closing import ended_deed
from relbot.deploy.log.replay import replay_records
from relbot.fragment.model import Phase

if TYPE_CHECKING:
    from relbot.app.deploys.evaluate import DeployEvaluation
    from relbot.app.deploys.session import Session
    from relbot.deploy.log.record import Deed, Record

_REASON = "its target runs, says the source of the environment"


def end_deploy_that_runs(session: Session, target: str | None) -> None:
    """Ends the deploy under way before one to another `target` begins, if its target runs and nothing of it is open.

    Only a source that tells what runs counts: what is installed may still have to be restarted. Otherwise nothing happens.
    """
    environment = session.configured
    if environment is None or environment.deployed == "ledger" or not environment.tells_running:
        return
    now = session.state()
    if now.deploy is None or resolve_target(session, now, target).commit == now.deploy.target:
        return
    answer = ask_source(session)
    evaluation = evaluate_under_way(session, now)
    if answer is None or answer.commit != now.deploy.target or evaluation is None or not _is_settled(evaluation):
        return
    begun, left = now.deploy.begun, left_by_rollback(session, now.deploy)

    def decide(records: tuple[Record, ...]) -> Deed | None:
        latest = replay_records(records)
        if latest.deploy is None or latest.deploy.begun != begun:
            return None
        deed = ended_deed(evaluation.progress, latest, _REASON, begun.deed.direction)
        return deed._replace(what=begun.deed.what, replaces=left)

    session.ledger.claim(decide)


def _is_settled(evaluation: DeployEvaluation) -> bool:
    progress = evaluation.progress
    return not (evaluation.obstacles or progress.unsettled(Phase.LATER) or progress.orphaned_ticks)
