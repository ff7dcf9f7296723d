"""One entry of a ledger, and its line of JSON. An entry is never changed: what was wrong is followed by what is right."""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from relbot.errors import Unknown

VERSION = 1
"""The version of an entry's JSON. Raised when an older relbot would misread what a newer one writes."""
_COMMIT = re.compile("(?:[0-9a-f]{40}|[0-9a-f]{64})?")


class DeedKind(StrEnum):
    """What an entry reports."""

    BEGIN = "begin"
    TICK = "tick"
    DONE = "done"
    LOCK = "lock"
    UNLOCK = "unlock"
    NOTE = "note"


class Result(StrEnum):
    """How a step went. An empty text where an entry is about no step."""

    DONE = "done"
    SKIPPED = "skipped"
    FAILED = "failed"
    NONE = ""


@dataclass(frozen=True, slots=True)
class Who:
    """Who did something, and on which machine relbot was told so."""

    name: str
    email: str = ""
    host: str = ""

    @property
    def person(self) -> tuple[str, str]:
        """The same person on any machine."""
        return self.name, self.email

    def __str__(self) -> str:
        return f"{self.name} on {self.host}" if self.host else self.name


@dataclass(frozen=True, slots=True)
class Deed:
    """What was done. `start` and `target` are full commit ids, "" where they say nothing.

    Of a tick: `step` is the step's id, `digest` says which content of it was meant, see `relbot.deploy.log.progress`.
    Of a lock: `until` is when it ends by itself. Of a done: `left` are the ids of the steps that are left for later, `moot`
    those that an earlier deploy left and that need not be done any more, because their change was taken back.
    """

    kind: DeedKind
    start: str = ""
    target: str = ""
    step: str = ""
    digest: str = ""
    result: Result = Result.NONE
    reason: str = ""
    until: datetime | None = None
    left: tuple[str, ...] = ()
    moot: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Record:
    """A deed, who did it, when and where.

    `order` is greater than that of every entry that its writer knew. So what somebody did after having seen something
    counts as later, whatever the two machines' clocks say (Lamport, "Time, Clocks, and the Ordering of Events", 1978).
    """

    order: int
    time: datetime
    who: Who
    environment: str
    deed: Deed


class UnreadableRecord(Unknown):
    """An entry that this relbot cannot read: never to be left out, for it may say that a step failed."""


def format_line(entry: Record) -> str:
    """The entry as one line of JSON in ASCII that ends in a newline; equal entries give equal lines."""
    deed = entry.deed
    data = {
        "version": VERSION,
        "order": entry.order,
        "time": _format_time(entry.time),
        "who": {"name": entry.who.name, "email": entry.who.email, "host": entry.who.host},
        "environment": entry.environment,
        "kind": deed.kind.value,
        "start": deed.start,
        "target": deed.target,
        "step": deed.step,
        "digest": deed.digest,
        "result": deed.result.value,
        "reason": deed.reason,
        "until": _format_time(deed.until) if deed.until else None,
        "left": list(deed.left),
        "moot": list(deed.moot),
    }
    return json.dumps(data) + "\n"


def parse_line(line: bytes, where: str, shown_by: str = "") -> Record:
    """The entry that a line of JSON holds. Unreadable, naming `where`, if it is none or a newer relbot wrote it.

    `shown_by` is what shows the line as it is, to be copied.
    """
    try:
        data = json.loads(line)
        if not isinstance(data, dict) or type(data.get("version")) is not int:
            raise ValueError("it has no version")
        if data["version"] > VERSION:
            tip = "Install the relbot that your colleagues use: python -m pip install --upgrade relbot"
            raise UnreadableRecord(f"The ledger's entry {where} was written by a newer relbot.", tip=tip)
        return _parse_record(data)
    except (ValueError, KeyError, TypeError) as error:
        tip = "Nothing was changed. To see what is there:"
        raise UnreadableRecord(f"The ledger's entry {where} cannot be read: {error}.", tip=tip, example=shown_by) from error


def _parse_record(data: dict[str, Any]) -> Record:
    texts = ("environment", "start", "target", "step", "digest", "reason")
    if wrong := [key for key in texts if not isinstance(data[key], str)]:
        raise TypeError(f"`{wrong[0]}` is no text")
    if wrong := [key for key in ("start", "target") if not _COMMIT.fullmatch(data[key])]:
        raise ValueError(f"`{wrong[0]}` is no commit")
    if type(data["order"]) is not int or data["order"] < 1:
        raise ValueError("`order` is no number from 1")
    who = data["who"]
    for key in ("left", "moot"):
        if not isinstance(data[key], list) or not all(isinstance(step, str) for step in data[key]):
            raise TypeError(f"`{key}` is no list of steps")
    if not all(isinstance(who[key], str) for key in ("name", "email", "host")):
        raise TypeError("`who` is no person")
    deed = Deed(
        kind=DeedKind(data["kind"]),
        start=data["start"],
        target=data["target"],
        step=data["step"],
        digest=data["digest"],
        result=Result(data["result"]),
        reason=data["reason"],
        until=_parse_time(data["until"]) if data["until"] is not None else None,
        left=tuple(data["left"]),
        moot=tuple(data["moot"]),
    )
    return Record(
        data["order"], _parse_time(data["time"]), Who(who["name"], who["email"], who["host"]), data["environment"], deed
    )


def _format_time(time: datetime) -> str:
    return time.astimezone(UTC).isoformat(timespec="microseconds")


def _parse_time(text: str) -> datetime:
    time = datetime.fromisoformat(text)
    if time.tzinfo is None:
        raise ValueError(f"`{text}` has no time zone")
    return time


_PATH = re.compile(r"\d{6,}/\d{8,}-[0-9a-f]{32}\.json")


def record_path(entry: Record, line: str) -> str:
    """The path of the entry's file. It depends on all that the entry says: different entries never meet in one file."""
    name = hashlib.sha256(line.encode("ascii")).hexdigest()[:32]
    return f"{entry.order // 256:06d}/{entry.order:08d}-{name}.json"


def read_record(path: str, content: bytes, environment: str) -> Record:
    """The entry in a file of the ledger. Unreadable if it is none, or if the file is not the one that was written."""
    where = f"{environment}:{path}"
    if not _PATH.fullmatch(path):
        raise UnreadableRecord(
            f"The ledger of {environment} holds `{path}`, which this relbot does not know.", tip="Install a newer one."
        )
    entry = parse_line(content, where, f"git log --stat refs/relbot/{environment}")
    if entry.environment != environment:
        raise UnreadableRecord(
            f"The ledger's entry {where} belongs to {entry.environment}.", tip="Somebody pushed one ledger to another."
        )
    if hashlib.sha256(content).hexdigest()[:32] != path[-37:-5]:
        raise UnreadableRecord(
            f"The ledger's entry {where} was changed after it was written.", tip="See who did, with: git log -p"
        )
    return entry
