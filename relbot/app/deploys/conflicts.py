"""What keeps somebody from deploying a revision now: a lock, another deploy, the direction, a rollback, an environment before."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relbot.deploy.log.record import Direction
from relbot.errors import Refused, UsageError
from relbot.git.revisions import RevisionUnknown, is_ancestor, is_shallow
from relbot.render.common.units import format_time
from relbot.schema.named_tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

    from relbot.app.deploys.resolve_range import DeployRange
    from relbot.app.deploys.session import Session
    from relbot.deploy.log.record import Record
    from relbot.deploy.log.state import Deploy, EnvironmentState
    from relbot.git.process import Git


class Consent(NamedTuple):
    """What somebody agreed to in writing: to go back, to a revision that diverged, to take the place of another deploy.

    `replaces` is the target of that deploy as somebody wrote it, and `reason` says why.
    """

    rollback: bool = False
    diverged: bool = False
    replaces: str | None = None
    reason: str = ""


NO_CONSENT = Consent()
"""What somebody agreed to who said nothing."""


def find_direction(git: Git, start: str, target: str) -> Direction:
    """How `target` lies to `start`, both full ids; NONE if they are the same."""
    if start == target:
        return Direction.NONE
    if contains_commit(git, target, start):
        return Direction.FORWARD
    return Direction.ROLLBACK if contains_commit(git, start, target) else Direction.DIVERGED


def require_lock_free(session: Session, now: EnvironmentState) -> None:
    """Refused if another person holds the lock."""
    if held := lock_of_others(session, now):
        raise lock_held(session.environment, held)


def lock_of_others(session: Session, now: EnvironmentState) -> Record | None:
    """The lock that another person holds, None if nobody or you do."""
    held = now.holder(session.now())
    return held if held and held.who.person != session.who.person else None


def lock_held(environment: str, held: Record) -> Refused:
    """That somebody else holds the lock: who, until when and why."""
    until = f" until {format_time(held.deed.until)}" if held.deed.until else ""
    since = format_time(held.time)
    what = f"{held.who} has locked {environment} since {since}{until}: {held.deed.reason.rstrip('.')}."
    return Refused(what, tip=f"Ask {held.who.name}. Without an answer:", example=f"relbot deploy unlock {environment} --force")


def require_consent(session: Session, now: EnvironmentState, of: DeployRange, consent: Consent) -> None:
    """Refused if the deploy must not begin or go on: because of a lock, another deploy, or the direction it takes.

    The same deploy as the one under way needs no consent again.
    """
    for refused in find_conflicts(session, now, of, consent):
        raise refused


def find_conflicts(session: Session, now: EnvironmentState, of: DeployRange, consent: Consent) -> Iterator[Refused]:
    """Everything that `require_consent` would refuse, each with who, what and since when.

    UsageError for a replacement without a reason.
    """
    if held := lock_of_others(session, now):
        yield lock_held(session.environment, held)
    under_way = now.deploy
    if under_way and under_way.target == of.target.commit:
        return
    if under_way and not _replaces(session, under_way, consent):
        yield other_deploy(session.environment, under_way)
    elif conflict := _direction_conflict(session, now, of, consent):
        yield conflict


def other_deploy(environment: str, deploy: Deploy, *, replaceable: bool = True) -> Refused:
    """That another deploy is under way: who began it, when, and to which revision.

    `replaceable` tells whether the command that is refused could take its place.
    """
    since = format_time(deploy.begun.time)
    what = f"{deploy.begun.who} began another deploy of {environment} at {since}: {deploy.start[:12]} -> {deploy.target[:12]}."
    if not replaceable:
        tip = f"Finish it first, or end it with `relbot deploy abort {environment}`. To see how far it is:"
        return Refused(what, tip=tip, example=f"relbot deploy status {environment}")
    tip = f"Finish it, or end it with `relbot deploy abort {environment}`. To replace it with another revision:"
    return Refused(what, tip=tip, example=f'--replaces {deploy.target} --reason "WHY"')


def _replaces(session: Session, deploy: Deploy, consent: Consent) -> bool:
    """Whether somebody agreed to take the place of this very deploy."""
    if consent.replaces is None:
        return False
    if not consent.reason.strip():
        raise UsageError("`--replaces` needs a reason.", tip="Say in a few words why:", example='--reason "a fix is in"')
    return session.commit_of(consent.replaces) == deploy.target


def _direction_conflict(session: Session, now: EnvironmentState, of: DeployRange, consent: Consent) -> Refused | None:
    """That the target lies behind what runs, or behind the deploy whose place it takes, or beside it."""
    git, name, target = session.project.git, session.environment, of.target
    for begin in dict.fromkeys((of.start.commit, *((now.deploy.target,) if now.deploy else ()))):
        since = format_time(now.running.time) if now.running and now.running.deed.target == begin else ""
        ran = f"{begin[:12]}, which runs on {name}" + (f" since {since}" if since else "")
        direction = find_direction(git, begin, target.commit)
        if direction is Direction.ROLLBACK and not consent.rollback:
            what = f"{target.name} ({target.commit[:12]}) is older than {ran}: this is a rollback."
            return Refused(what, tip="If you want to go back:", example="--rollback")
        if direction is Direction.DIVERGED and not (consent.diverged or now.deploy):
            what = f"{target.name} ({target.commit[:12]}) does not contain {ran}: their histories diverged."
            only = "\n".join(_both_sides(git, begin, target.commit))
            return Refused(f"{what}\n{only}", tip="If you want to deploy it all the same:", example="--diverged")
    return None


def _both_sides(git: Git, start: str, target: str) -> Iterator[str]:
    for label, span in (("Only what runs has", f"{target}..{start}"), ("Only the target has", f"{start}..{target}")):
        lines = git.text("log", "--oneline", "--abbrev=12", "--no-decorate", "--max-count=6", span, "--").splitlines()
        yield f"  {label}:"
        yield from (f"    {line}" for line in lines[:5])
        if len(lines) > 5:
            yield "    and more"


def contains_commit(git: Git, newer: str, older: str) -> bool:
    """Whether a commit is another one or a descendant of it, both full ids.

    RevisionUnknown if a shallow clone hides the answer.
    """
    if is_ancestor(git, older, newer):
        return True
    if is_shallow(git):
        what = f"This clone is shallow, so relbot cannot tell whether {newer[:12]} contains {older[:12]}."
        raise RevisionUnknown(what, tip="Fetch the rest of the history:", example="git fetch --unshallow")
    return False
