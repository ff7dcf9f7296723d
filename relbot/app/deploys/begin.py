"""Begins a deploy: once, whoever else begins one at the same moment."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relbot.deploy.log.record import Deed, DeedKind, Record
from relbot.deploy.log.state import Deploy, EnvironmentState, replay_records
from relbot.errors import Refused

if TYPE_CHECKING:
    from relbot.cli.deploy.options import Session
    from relbot.cli.deploy.pair import Pair


def start_deploy(opened: Session, of: Pair, agreed: Deploy | None) -> None:
    """Records that this deploy is under way, unless it is. `agreed` is the other deploy that it may take the place of.

    Refused if somebody holds the lock, or has begun another deploy that nobody agreed to. Unknown if it cannot be recorded.
    """

    def decide(entries: tuple[Record, ...]) -> Deed | None:
        now = replay_records(entries)
        opened.respect(now)
        if now.deploy and is_same_deploy(now.deploy, of):
            return None
        if now.deploy and (agreed is None or now.deploy.begun != agreed.begun):
            raise other_deploy_under_way(opened, now.deploy)
        return Deed(DeedKind.BEGUN, of.start, of.target)

    opened.ledger.claim(decide)


def is_same_deploy(deploy: Deploy, of: Pair) -> bool:
    """Whether the deploy under way is this one."""
    return (deploy.start, deploy.target) == (of.start, of.target)


def other_deploy_under_way(opened: Session, deploy: Deploy) -> Refused:
    """That another deploy is under way."""
    what = f"{deploy.begun.who} has begun another deploy of {opened.environment}: {deploy.start[:12]} -> {deploy.target[:12]}."
    tip = "Finish that one first, or take its place on a terminal; what was done for it still counts if it starts alike:"
    return Refused(what, tip=tip, example=f"relbot deploy run {opened.environment} --to REV")


def ticks_count(now: EnvironmentState, of: Pair) -> bool:
    """Whether ticks for these revisions count."""
    return now.deploy is not None and is_same_deploy(now.deploy, of)
