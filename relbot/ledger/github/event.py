"""One entry of the ledger as a comment of an issue: invisible JSON first, then a line for people. Pure.

The JSON stands in an HTML comment, which GitHub does not show. In it no `<`, `>`, `@` or `#` stands for itself, so nothing
ends the comment, mentions somebody or links anything. A checksum tells when somebody edited it.
"""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any

from relbot.deploy.log.line import UnreadableRecord, format_line, parse_line
from relbot.render.common.inert_markdown import inert_name, inert_sentence
from relbot.render.deploys.record_lines import deed_text
from relbot.schema import lazy_re as re
from relbot.schema.json_text import load_json
from relbot.schema.named_tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable

    from relbot.deploy.log.record import Record


VERSION = 1
"""The version of what surrounds an entry. Raised when an older relbot would misread what a newer one writes."""
_MARK = "<!-- relbot-record "
_LINE = re.compile(re.escape(_MARK) + r"(\{.*\}) -->")
_KEY = re.compile(r"[0-9a-f]{32}")
_LIVE = str.maketrans({"<": r"\u003c", ">": r"\u003e", "@": r"\u0040", "#": r"\u0023"})


class LedgerItem(NamedTuple):
    """An entry, and the number of the Deployment that it is about, 0 for none."""

    entry: Record
    deployment: int = 0


class CompactedState(NamedTuple):
    """What whoever reads only this issue has to know of the time before: entries, and the last event that claims have to know."""

    items: tuple[LedgerItem, ...]
    last_claim: int


class LedgerRecord(NamedTuple):
    """What a writer has to say.

    `key` is its own for ever, so that what arrives twice counts once. `seen` is the number of the last event that its
    writer knew, 0 for none. `carried` stands in the first record of a further issue.
    """

    key: str
    seen: int
    item: LedgerItem
    carried: CompactedState | None = None


class LedgerEvent(NamedTuple):
    """A record as GitHub has it: the number of its comment, which is greater than that of all that were there before."""

    number: int
    author: str
    record: LedgerRecord

    @property
    def entry(self) -> Record:
        """The entry; its order is GitHub's."""
        return self.record.item.entry._replace(order=self.number)

    @property
    def item(self) -> LedgerItem:
        """The entry with its Deployment."""
        return LedgerItem(self.entry, self.record.item.deployment)


def to_body(record: LedgerRecord) -> str:
    """The record as a comment."""
    entry = record.item.entry
    shown = f"{inert_sentence(deed_text(entry))}, by {inert_name(str(entry.who))}"
    return f"{to_html_comment(_MARK, _record_data(record))}\n{shown}\n"


def to_html_comment(mark: str, data: dict[str, Any]) -> str:
    """Data as an HTML comment on one line, with a checksum."""
    return f"{mark}{_inert_json({**data, 'sum': _checksum_of(data)})} -->"


def parse_html_comment(text: str) -> dict[str, Any]:
    """The data of such a comment's braces. ValueError if it is none, or if it was changed."""
    data = load_json(text)
    if not isinstance(data, dict):
        raise TypeError("it is not an object")
    if data.pop("sum", None) != _checksum_of(data):
        raise ValueError("it was changed after it was written")
    return data


def is_record(body: str) -> bool:
    """Whether a comment wants to be a record."""
    return body.startswith(_MARK)


def from_body(number: int, author: str, body: str, page: str) -> LedgerEvent:
    """The event of a comment that wants to be a record. Unreadable, naming its `page`, if it cannot be read."""
    try:
        match = _LINE.fullmatch(body.replace("\r\n", "\n").partition("\n")[0])
        if not match:
            raise ValueError("its first line was not written by relbot")
        data = parse_html_comment(match.group(1))
        if type(data["relbot"]) is not int:
            raise TypeError("it has no version")
        if data["relbot"] > VERSION:
            tip = "Install the relbot that your colleagues use: python -m pip install --upgrade relbot"
            raise UnreadableRecord(f"The record {page} was written by a newer relbot.", tip=tip)
        return LedgerEvent(number, author, _as_record(data, page))
    except (ValueError, KeyError, TypeError) as error:
        tip = "Nothing was changed. If the comment was edited, its history on GitHub shows the original text."
        raise UnreadableRecord(f"The record {page} cannot be read: {error}.", tip=tip, example=page) from error


def _as_record(data: dict[str, Any], page: str) -> LedgerRecord:
    key, seen = data["key"], data["seen"]
    if not (isinstance(key, str) and _KEY.fullmatch(key)):
        raise ValueError("`key` is not a key")
    if type(seen) is not int or seen < 0:
        raise ValueError("`seen` is not a number")
    return LedgerRecord(key, seen, _as_item(data["item"], page), _as_compacted(data["carried"], page))


def _as_compacted(data: Any, page: str) -> CompactedState | None:
    if data is None:
        return None
    if type(data["last_claim"]) is not int:
        raise TypeError("`last_claim` is not a number")
    return CompactedState(tuple(_as_item(each, page) for each in data["items"]), data["last_claim"])


def _as_item(data: Any, page: str) -> LedgerItem:
    if type(data["deployment"]) is not int:
        raise TypeError("`deployment` is not a number")
    return LedgerItem(parse_line(json.dumps(data["entry"]).encode("ascii"), page, page), data["deployment"])


def _record_data(record: LedgerRecord) -> dict[str, Any]:
    carried = record.carried
    return {
        "relbot": VERSION,
        "key": record.key,
        "seen": record.seen,
        "item": _item_data(record.item),
        "carried": None
        if carried is None
        else {"items": [_item_data(item) for item in carried.items], "last_claim": carried.last_claim},
    }


def _item_data(item: LedgerItem) -> dict[str, Any]:
    return {"deployment": item.deployment, "entry": load_json(format_line(item.entry))}


def _inert_json(data: dict[str, Any]) -> str:
    return json.dumps(data, separators=(",", ":")).translate(_LIVE)


def _checksum_of(data: dict[str, Any]) -> str:
    return hashlib.sha256(json.dumps(data, sort_keys=True).encode("ascii")).hexdigest()[:32]


def last_number(events: Iterable[LedgerEvent]) -> int:
    """The number of the last one, 0 if there is none."""
    return max((event.number for event in events), default=0)
