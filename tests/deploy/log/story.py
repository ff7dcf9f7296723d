"""Records written as a short story, and the state that follows from them as a short text."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from relbot.deploy.log.graph import record_hash
from relbot.deploy.log.record import Deed, DeedKind, Direction, Record, Who
from relbot.deploy.log.replay import replay_records

if TYPE_CHECKING:
    from collections.abc import Sequence

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)
_KINDS = {
    "begin": DeedKind.BEGUN, "turn": DeedKind.BEGUN, "end": DeedKind.ENDED, "back": DeedKind.ENDED,
    "abort": DeedKind.ABORTED, "adopt": DeedKind.ADOPTED,
    "glass": DeedKind.BREAK_GLASS, "overrule": DeedKind.OVERRULED, "lift": DeedKind.LIFTED, "start": DeedKind.STARTED,
    "done": DeedKind.DONE, "failed": DeedKind.FAILED, "skip": DeedKind.SKIPPED, "undone": DeedKind.UNDONE,
    "slip": DeedKind.MISTAKEN, "note": DeedKind.NOTED, "lock": DeedKind.LOCKED, "unlock": DeedKind.UNLOCKED,
}  # fmt: skip


def told(story: str) -> list[Record]:
    """The records of a story: `begin ab; done ab x#1; end ab later=x#2`, the earliest first.

    `ab` is the deploy from commit a to commit b; `turn` and `back` begin and end a rollback, `instead=b` tells from where. What
    begins with `~` was written without knowing the one before.
    `slip ab x#1 !3` and `lift - stray !3` name the third record. `done ab x#1 on=v of=v+w` tells where, and of which hosts.
    """
    records: list[Record] = []
    order = 0
    for sentence in filter(None, (part.strip() for part in story.split(";"))):
        order += not sentence.startswith("~")
        word, commits, *rest = sentence.lstrip("~").split()
        step = next((each for each in rest if "=" not in each and not each.startswith("!")), "")
        named = next((record_hash(records[int(each[1:]) - 1]) for each in rest if each.startswith("!")), "")
        lists = {key: tuple(value.split("+")) for key, _, value in (each.partition("=") for each in rest if "=" in each)}
        kind = _KINDS[word]
        start, target = ("" if each == "-" else each * 40 for each in commits.rjust(2, "-"))
        written = kind in (DeedKind.OVERRULED, DeedKind.LIFTED)
        deed = Deed(
            kind, start, target, "" if written else step, what=(named and f"{step}:{named}") or _what(step) if written else named,
            direction=Direction.ROLLBACK if word in ("turn", "back") else Direction.NONE, deferred=lists.get("later", ()),
            not_done=lists.get("never", ()), moot=lists.get("moot", ()), host="".join(lists.get("on", ())),
            on=lists.get("of", ()), replaces="".join(lists.get("instead", ())) * 40,
            renamed=tuple((each[0], each[1:]) for each in lists.get("renamed", ())),
        )  # fmt: skip
        number = len(records)
        records.append(Record(order, NOON + timedelta(minutes=number), Who(f"writer {number}"), "production", deed))
    return records


def _what(text: str) -> str:
    """With the commit in full: `b`, `left:b`."""
    before, mark, last = text.rpartition(":")
    return f"{before}{mark}{last * 40}" if before in ("", "left") and len(last) == 1 else text


def state_after(story: str, clocks: Sequence[timedelta] = ()) -> str:
    """What follows from a story, in a text: what runs, the deploy under way, what is left, never done, held and stray.

    `clocks` are by how much the clocks of its writers are wrong, one after the other.
    """
    records = told(story)
    for number, wrong in enumerate(clocks):  # what a slip or a lift names is found by its hash
        assert "!" not in story
        records[number :: len(clocks)] = [each._replace(time=each.time + wrong) for each in records[number :: len(clocks)]]
    now = replay_records(records)
    deploy, failed, stray = now.deploy, now.failed, [f"{each.deed.kind} {each.deed.step}".strip() for each in now.stray]
    parts = {
        "runs": [now.running.deed.target[:1]] if now.running else [],
        "to": [deploy.target[:1]] if deploy else [],
        "aborted": [now.aborted.deed.target[:1]] if now.aborted else [],
        "has": [f"{step} {each.deed.kind}" for step, each in deploy.ticks.items()] if deploy else [],
        "ended with": [f"{step} {each.deed.kind}" for step, each in now.ended.ticks.items()] if now.ended else [],
        "left": [f"{step} failed" if step in failed else step for step in now.deferred],
        "failed": [step for step in failed if step not in now.deferred],
        "never": list(now.not_done),
        "done on": [f"{step} {'+'.join(hosts)}" for step, hosts in now.done_on.items()],
        "open on": [f"{step} {'+'.join(hosts)}" for step, hosts in now.open_on.items()],
        "placed": [f"{step} {phase}" for step, phase in now.placed.items()],
        "set aside": [re.sub(r"(.)\1{39}", r"\1", what) for what in deploy.overruled] if deploy else [],
        "held": [commit[:1] for commit in now.held],
        "locked by": [now.lock.who.name] if now.lock else [],
        "notes by": [each.who.name for each in now.notices],
        "stray": stray,
        "open": [each.deed.step or each.deed.kind for each in now.open_stray] or ["nothing"]
        if len(now.open_stray) != len(stray)
        else [],
    }
    return "; ".join(f"{name} {', '.join(of)}" for name, of in parts.items() if of)
