"""A record as a line of JSON, and back. Everything is bounded: nothing that a ledger holds makes relbot fail otherwise."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from relbot.deploy.log.record import VERSION, Deed, DeedKind, Direction, Record, Who, is_record_path, is_utc_year
from relbot.errors import Unknown, UsageError
from relbot.schema import lazy_re as re
from relbot.schema.json_text import load_json

if TYPE_CHECKING:
    from collections.abc import Iterable

LONGEST_LINE = 1_000_000
"""Bytes of a line: a deploy that defers 10,000 steps fits."""
LONGEST_TEXT = 10_000
"""Characters of a text in a record."""
GREATEST_ORDER = 10**15
_COMMIT = re.compile("(?:[0-9a-f]{40}|[0-9a-f]{64})?")
_HASH = re.compile("[0-9a-f]{64}")
_TEXTS = ("environment", "start", "target", "step", "digest", "host", "reason", "what", "replaces")
_LISTS = ("deferred", "not_done", "moot", "knew")


class UnreadableRecord(Unknown):
    """A record that this relbot cannot read. It must never be left out: it may say that a step failed."""


def format_line(record: Record) -> str:
    """The record as one line of JSON in ASCII that ends in a newline; equal records give equal lines.

    Raises UsageError if a text is too long, or cannot be printed: nobody could read the record again. Raises Unknown if the
    clock that gave the record its time is wrong by years.
    """
    if not is_utc_year(record.time):
        what = f"relbot cannot record this: the clock of this machine says {record.time:%Y-%m-%d}."
        raise Unknown(
            what, tip="A ledger allows the years 2000 to 2199. Set the clock. To see what it says:", example="date --utc"
        )
    try:
        _require_fields(record)
    except ValueError as error:
        raise UsageError(f"relbot cannot record this: {error}.", tip="Shorten it, or type it again.") from error
    return dump_record(record)


def dump_record(record: Record) -> str:
    """The same line of a record that was read from one, or made into one: it is not looked at again."""
    return _dump_record(record, record.order)


def dump_without_order(record: Record) -> str:
    """The same line, with 0 as the order."""
    return _dump_record(record, 0)


def _dump_record(record: Record, order: int) -> str:
    deed = record.deed
    data = {
        "version": VERSION,
        "order": order,
        "time": _format_time(record.time),
        "who": {"name": record.who.name, "email": record.who.email, "host": record.who.host},
        "environment": record.environment,
        "kind": deed.kind.value,
        "start": deed.start,
        "target": deed.target,
        "step": deed.step,
        "digest": deed.digest,
        "host": deed.host,
        "reason": deed.reason,
        "what": deed.what,
        "replaces": deed.replaces,
        "until": _format_time(deed.until) if deed.until else None,
        "direction": deed.direction.value,
        "deferred": list(deed.deferred),
        "not_done": list(deed.not_done),
        "moot": list(deed.moot),
        "renamed": [list(pair) for pair in deed.renamed],
        "knew": list(record.knew),
        **({"on": list(deed.on)} if deed.on else {}),  # few records have it
    }
    return json.dumps(data) + "\n"


def parse_line(line: bytes, where: str, shown_by: str = "") -> Record:
    """The record that a line of JSON holds.

    Raises UnreadableRecord, naming `where`, if it holds none or if a newer relbot wrote it. `shown_by` is a command that
    shows the line; the error offers it.
    """
    try:
        if len(line) > LONGEST_LINE:
            raise ValueError(f"it has {len(line)} bytes, and {LONGEST_LINE} are allowed")
        data = load_json(line)
        if not isinstance(data, dict) or type(data.get("version")) is not int:
            raise ValueError("it has no version")
        if data["version"] > VERSION:
            tip = "Install the relbot that your colleagues use: python -m pip install --upgrade relbot"
            raise UnreadableRecord(f"A newer relbot wrote the ledger's record {where}.", tip=tip)
        return _parse_record(data)
    except (ValueError, KeyError, TypeError, OverflowError) as error:
        tip = "Nothing was changed. To see the record:"
        problem = f"`{error.args[0]}` is missing" if isinstance(error, KeyError) else str(error)[:200]
        raise UnreadableRecord(
            f"relbot cannot read the ledger's record {where}: {problem}.", tip=tip, example=shown_by
        ) from error


def read_record_file(path: str, content: bytes, environment: str) -> Record:
    """The record in a file of the ledger. Raises UnreadableRecord if it is none, or if the file was changed."""
    where = f"{environment}:{path}"
    if not is_record_path(path):
        what = f"The ledger of {environment} holds `{path}`, which this relbot does not know."
        raise UnreadableRecord(what, tip="Install a newer one.")
    record = parse_line(content, where, f"git log --stat refs/relbot/{environment}")
    if record.environment != environment:
        what = f"The ledger's record {where} belongs to {record.environment}."
        raise UnreadableRecord(what, tip="One ledger was pushed to the ref of another.")
    if hashlib.sha256(content).hexdigest()[:32] != path[-37:-5]:
        what = f"The ledger's record {where} was changed after it was written."
        raise UnreadableRecord(what, tip="To see who did that: git log -p")
    return record


def _parse_record(data: dict[str, Any]) -> Record:
    _require_each({key: data[key] for key in _TEXTS})
    for key in ("start", "target", "replaces"):
        if not _COMMIT.fullmatch(data[key]):
            raise ValueError(f"`{key}` is not a commit")
    for key in _LISTS:
        _require_texts(key, data[key])
    if not all(_HASH.fullmatch(each) for each in data["knew"]):
        raise ValueError("`knew` is not a list of hashes")
    if type(data["order"]) is not int or not 1 <= data["order"] <= GREATEST_ORDER:
        raise ValueError(f"`order` is not a number from 1 to {GREATEST_ORDER}")
    if not isinstance(data["renamed"], list):
        raise TypeError("`renamed` is not a list")
    for pair in data["renamed"]:
        _require_texts("renamed", pair)
    renamed = tuple((old, new) for old, new in data["renamed"])
    _require_texts("on", on := data.get("on", []))
    who = data["who"]
    if not isinstance(who, dict):
        raise TypeError("`who` is not a person")
    _require_each({key: who[key] for key in ("name", "email", "host")})
    texts: dict[str, Any] = {key: data[key] for key in _TEXTS[1:]}
    lists: dict[str, Any] = {key: tuple(data[key]) for key in _LISTS[:3]}
    until = _parse_time(data["until"]) if data["until"] is not None else None
    direction = Direction(data["direction"])
    deed = Deed(DeedKind(data["kind"]), **texts, until=until, direction=direction, **lists, renamed=renamed, on=tuple(on))
    about = Who(who["name"], who["email"], who["host"])
    return Record(data["order"], _parse_time(data["time"]), about, data["environment"], deed, tuple(data["knew"]))


def _require_fields(record: Record) -> None:
    deed, who = record.deed, record.who
    _require_each({key: getattr(deed, key) for key in _TEXTS[1:]})
    _require_each(who._asdict())
    _require_texts("on", list(deed.on))
    if deed.until and not is_utc_year(deed.until):
        raise ValueError(f"the time {deed.until} is not between the years 2000 and 2199")


def _require_each(texts: dict[str, Any]) -> None:
    if not _are_short(texts.values()):
        for key, value in texts.items():
            _require_text(key, value)


def _are_short(values: Iterable[Any]) -> bool:
    """Whether all values are texts that are short even together, and in ASCII: nothing can be wrong with any, and most are."""
    try:
        together = "".join(values)
    except TypeError:  # one is no text
        return False
    return len(together) <= LONGEST_TEXT and together.isascii()


def _require_text(key: str, value: Any) -> None:
    if not isinstance(value, str):
        raise TypeError(f"`{key}` is not a text")
    if len(value) > LONGEST_TEXT:
        raise ValueError(f"`{key}` has {len(value)} characters, and {LONGEST_TEXT} are allowed")
    value.encode("utf-8")  # half a surrogate pair could not be printed; UnicodeEncodeError is a ValueError


def _require_texts(key: str, values: Any) -> None:
    if not isinstance(values, list):
        raise TypeError(f"`{key}` is not a list")
    if not _are_short(values):
        for value in values:
            _require_text(key, value)


def _format_time(time: datetime) -> str:
    return time.astimezone(UTC).isoformat(timespec="microseconds")


def _parse_time(text: str) -> datetime:
    time = datetime.fromisoformat(text)
    if time.tzinfo is None:
        raise ValueError(f"`{text}` has no time zone")
    if not is_utc_year(time):
        raise ValueError(f"`{text}` is not between the years 2000 and 2199")
    return time.astimezone(UTC)
