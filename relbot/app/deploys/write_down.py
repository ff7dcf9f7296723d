"""Records what somebody decides in writing: to overrule, to lift, to note, to lock and to unlock."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relbot.app.deploys.begin import require_online
from relbot.app.deploys.conflicts import require_lock_free
from relbot.app.deploys.deadline import Deadline
from relbot.app.deploys.resolve_range import resolve_range
from relbot.deploy.log.graph import record_hash
from relbot.deploy.log.record import Deed, DeedKind
from relbot.deploy.log.replay import replay_records
from relbot.errors import Refused, UsageError
from relbot.fragment.model import PHASES
from relbot.render.common.units import format_time
from relbot.schema import lazy_re as re

if TYPE_CHECKING:
    from datetime import datetime, timedelta

    from relbot.app.deploys.session import Session
    from relbot.deploy.log.record import Record

_SUBJECT = re.compile(
    r"(?:hold|split|step|need|finding|unreadable|vanished|shared|stray|left|after):\S.*|before-relbot|no-return|phase:\S.*>(.+)"
)
OVERRULABLE = (
    "hold:REFERENCE, split:CHANGE, step:ID, need:CHANGE>NEED, finding:RULE@PATH, unreadable:CHANGE, vanished:CHANGE,"
    " shared:ID, stray:HASH, left:COMMIT, after:ENV, before-relbot, no-return, phase:ID>PHASE"
)
"""What can be overruled, as somebody writes it."""


def overrule(session: Session, what: str, target: str | None, reason: str) -> Deed:
    """Records that something does not keep a deploy from going on, and gives the deed. `target` as for a gate.

    UsageError if `what` names nothing that can be overruled, or if the reason is empty.
    """
    match = _SUBJECT.fullmatch(what)
    if not match:
        raise UsageError(f"`{what}` cannot be overruled.", tip=f"Allowed: {OVERRULABLE}.", example="hold:5644")
    if match[1] is not None and match[1] not in PHASES:
        raise UsageError(
            f"`{match[1]}` is not a phase.", tip=f"Allowed: {', '.join(PHASES)}.", example="phase:5622#1>after-restart"
        )
    require_reason(reason)
    now = session.state()
    require_lock_free(session, now)
    of = resolve_range(session, now, target)
    if what.startswith("left:"):
        what = f"left:{session.commit_of(what.removeprefix('left:'))}"
    deed = Deed(DeedKind.OVERRULED, *of.commits, what=what, reason=reason.strip())
    session.ledger.record(deed)
    return deed


def record_lift(session: Session, what: str, reason: str) -> Deed:
    """Records that something no longer needs attention, and gives the deed.

    `what` is a revision that was left by a rollback and may be deployed again, `note:HASH` or `stray:HASH`, where the first
    digits of the hash are enough. Refused if it is not held, or if no notice or stray deed has that hash.
    """
    require_reason(reason)
    now = session.state()
    require_lock_free(session, now)
    kind, _, digits = what.partition(":")
    if kind in ("note", "stray"):
        found = _find_record(session, kind, digits, now.notices_at(session.now()) if kind == "note" else now.stray)
    else:
        found = session.commit_of(what)
        if found not in now.held:
            held = ", ".join(each[:12] for each in now.held) or "nothing"
            raise Refused(f"No rollback of {session.environment} left {found[:12]}.", tip=f"Held after a rollback: {held}.")
    deed = Deed(DeedKind.LIFTED, what=found, reason=reason.strip())
    session.ledger.record(deed)
    return deed


def _find_record(session: Session, kind: str, digits: str, among: tuple[Record, ...]) -> str:
    """How a LIFTED calls the record whose hash begins with these digits. Refused if there is not exactly one."""
    hashes = [record_hash(each) for each in among]
    found = [each for each in hashes if digits and each.startswith(digits)]
    if len(found) != 1:
        what = f"`{kind}:{digits}` is no {'notice' if kind == 'note' else 'stray deed'} of {session.environment}."
        raise Refused(what, tip=f"There are: {', '.join(f'{kind}:{each[:12]}' for each in hashes) or 'none'}.")
    return f"{kind}:{found[0]}"


def note_for_operators(session: Session, text: str, until: datetime | None) -> Deed:
    """Records a notice that MOTD and every checklist show until a moment, and gives the deed.

    UsageError if that moment is past; Refused while somebody else holds the lock.
    """
    if until is not None and until <= session.now():
        raise UsageError(f"{format_time(until)} is past, so the notice would never be shown.", tip="Name a later time.")
    if not text.strip():
        raise UsageError("The notice is empty.", tip="Write in a few words what operators have to know.")
    require_lock_free(session, session.state())
    deed = Deed(DeedKind.NOTED, reason=text.strip(), until=until)
    session.ledger.record(deed)
    return deed


def lock_environment(session: Session, reason: str, length: timedelta, wait: float = 0) -> Deed:
    """Keeps everybody else from deploying for a while, and gives the deed. Your own lock gets a new end and reason.

    Refused if another person holds the lock, and still does after `wait` seconds.
    """
    require_reason(reason)
    require_online(session, "Other people cannot see this lock, so it does not lock the environment.")
    deadline = Deadline(session.ledger.around, wait)
    while True:
        try:
            return _claim_lock(session, reason, length)
        except Refused:
            if not deadline.pause():
                raise


def _claim_lock(session: Session, reason: str, length: timedelta) -> Deed:
    deed = Deed(DeedKind.LOCKED, reason=reason.strip(), until=session.now() + length)

    def decide(records: tuple[Record, ...]) -> Deed:
        require_lock_free(session, replay_records(records))
        return deed

    session.ledger.claim(decide)
    return deed


def unlock_environment(session: Session, *, force: bool) -> None:
    """Takes the lock away, if there is one. Refused if somebody else holds it, unless `force` is set."""
    require_online(session, "Others still see the lock.")

    def decide(records: tuple[Record, ...]) -> Deed | None:
        now = replay_records(records)
        if not now.holder(session.now()):
            return None
        if not force:
            require_lock_free(session, now)
        return Deed(DeedKind.UNLOCKED)

    session.ledger.claim(decide)


def require_reason(reason: str) -> None:
    """UsageError if a reason is empty."""
    if not reason.strip():
        raise UsageError("The reason is empty.", tip="Give the reason in a few words, for the next person who deploys.")
