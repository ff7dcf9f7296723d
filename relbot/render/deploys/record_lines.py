"""What single records say, in lines of plain text."""

from __future__ import annotations

from typing import TYPE_CHECKING, assert_never

from relbot.deploy.log.graph import record_hash
from relbot.deploy.log.record import DeedKind, Direction
from relbot.deploy.log.state import CLOSING
from relbot.render.common.invisible_characters import make_visible
from relbot.render.common.units import format_commit, format_time

if TYPE_CHECKING:
    from collections.abc import Iterable

    from relbot.deploy.log.progress import DeferredStep
    from relbot.deploy.log.record import Record


def stray_sentence(record: Record) -> str:
    """That a deed belongs to no deploy that is known here, and how to say that somebody has looked."""
    lift = f"relbot deploy lift {record.environment} stray:{record_hash(record)[:12]} --reason WHY"
    if record.deed.kind in CLOSING:
        adopt = f"relbot deploy adopt {record.environment} --at REV"
        how = "done" if record.deed.kind is DeedKind.ENDED else "aborted"
        return (
            f"{when_and_who(record)} recorded that the deploy to {format_commit(record.deed.target)} was {how}, but it had been"
            f" ended, aborted or replaced before. Find out which revision runs, then record it: {adopt}"
            f" If the ledger is right: {lift}"
        )
    if record.deed.kind is DeedKind.MISTAKEN:
        return (
            f"{when_and_who(record)} recorded that a record of {record.deed.step} was a mistake, and a deploy that went on from"
            f" it had ended. Find out whether {record.deed.step} is done, and record that. Then: {lift}"
        )
    what = f"{deed_text(record)}, {when_and_who(record)}: this belongs to no deploy that is under way or has ended."
    return f"{what} Find out whether it still holds, then record that you did: {lift}"


def notice_line(notice: Record) -> str:
    """A notice, whose it is, and until when it is shown; where it has no end, how to end it."""
    until = f", until {format_time(notice.deed.until)}" if notice.deed.until else ""
    lift = f"relbot deploy lift {notice.environment} note:{record_hash(notice)[:12]} --reason WHY"
    end = "" if until else f" (to remove it: {lift})"
    return f"Notice of {notice.who}, {format_time(notice.time)}{until}: {notice.deed.reason}{end}"


def overruled_line(record: Record) -> str:
    """What was set aside for a deploy, by whom and why."""
    kind, _, what = record.deed.what.partition(":")
    step, _, phase = what.rpartition(">")
    said = f"step {step} is done in the phase {phase}" if kind == "phase" and step else record.deed.what
    return f"Overruled: {said}, {when_and_who(record)}{reason_of(record)}"


def left_line(left: DeferredStep) -> str:
    """That an earlier deploy left a step open, and that somebody tried it and failed."""
    where = f" on {', '.join(left.hosts)}" if left.hosts else ""
    failed = f" It failed{host_of(left.failed)} at {when_and_who(left.failed)}{reason_of(left.failed)}." if left.failed else ""
    if left.is_needed_since and not left.failed:
        deed = left.by.deed
        return f"[ ] Restart again: {left.id}{where}, since {deed.step} was {deed.kind} at {when_and_who(left.by)}."
    if left.taken_back and not left.failed:
        return f"[ ] Taken back: {left.id}{where}, {when_and_who(left.by)}. Do it again, or roll back what needs it."
    by = f"the deploy to {format_commit(left.by.deed.target)}, {format_time(left.by.time)}"
    return f"[ ] Left for later: {left.id}{where} (by {by}).{failed}"


def deed_text(entry: Record) -> str:
    """What was done, in a few words."""
    deed = entry.deed
    reason = f": {deed.reason}" if deed.reason else ""
    pair = f"{format_commit(deed.start)} -> {format_commit(deed.target)}"
    until = f" until {format_time(deed.until)}" if deed.until else ""
    match deed.kind:
        case DeedKind.STARTED | DeedKind.DONE | DeedKind.FAILED | DeedKind.SKIPPED | DeedKind.UNDONE | DeedKind.MISTAKEN:
            return f"{deed.kind} {deed.step}{host_of(entry)}{reason}"
        case DeedKind.BEGUN | DeedKind.ABORTED | DeedKind.BREAK_GLASS:
            direction = f" ({deed.direction})" if deed.direction in (Direction.ROLLBACK, Direction.DIVERGED) else ""
            return f"{deed.kind} {pair}{direction}{reason}"
        case DeedKind.ENDED:
            left = f", left for later: {', '.join(deed.deferred)}" if deed.deferred else ""
            return f"ended: {format_commit(deed.target)} runs{reason}{left}"
        case DeedKind.ADOPTED:
            return f"adopted {format_commit(deed.target)}{reason}"
        case DeedKind.OVERRULED | DeedKind.LIFTED:
            return f"{deed.kind} {deed.what}{reason}"
        case DeedKind.ANNOUNCED:
            return f"{deed.kind} {pair} ({deed.what})"
        case DeedKind.VOUCHED:
            return f"{deed.kind} for record {deed.what[:12]}{reason}"
        case DeedKind.LOCKED | DeedKind.NOTED:
            return f"{deed.kind}{until}{reason}"
        case DeedKind.UNLOCKED:
            return f"{deed.kind}{reason}"
        case _:
            assert_never(deed.kind)


def happened(entry: Record) -> str:
    """What happened to a step, as a verb: `was done`, `failed`."""
    return "failed" if entry.deed.kind is DeedKind.FAILED else f"was {entry.deed.kind}"


def reason_of(record: Record) -> str:
    """The reason in a record, after a colon; "" where there is none."""
    return f": {record.deed.reason}" if record.deed.reason else ""


def host_of(record: Record) -> str:
    """Where a step was done, as it stands in a sentence; "" where nobody said."""
    return f" on {record.deed.host}" if record.deed.host else ""


def when_and_who(entry: Record) -> str:
    """When something was recorded, and by whom."""
    return f"{format_time(entry.time)} ({entry.who})"


def inert_lines(lines: Iterable[str]) -> str:
    """What others wrote stands in these lines: nothing in it stays invisible, nor begins a line of its own."""
    return "".join(make_visible(line).replace("\n", " ").replace("\t", " ").rstrip() + "\n" for line in lines)
