"""Comments and Deployments of a ledger on GitHub that relbot did not write, or a newer one did."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from relbot.deploy.log.line import UnreadableRecord
from relbot.deploy.log.proof import Witness
from relbot.deploy.log.record import Deed, DeedKind, Record, Who
from relbot.ledger.github.deployments import LedgerIssues, list_deployments
from relbot.ledger.github.event import (
    CompactedState,
    LedgerItem,
    LedgerRecord,
    from_body,
    parse_html_comment,
    to_body,
    to_html_comment,
)
from tests.github.test_ledger_unsure import Silent, deployment

MARK = "<!-- relbot-record "
ENTRY = Record(1, datetime(2018, 8, 15, tzinfo=UTC), Who("Ada"), "production", Deed(DeedKind.DONE, "a" * 40, "b" * 40, "x#1"))
BODY = to_body(LedgerRecord("0" * 32, 7, LedgerItem(ENTRY, 3), CompactedState((LedgerItem(ENTRY, 2),), 5)))


def comment_with(**changed: Any) -> str:
    """The comment with other data, and the checksum of that."""
    data = parse_html_comment(BODY.split("\n")[0].removeprefix(MARK).removesuffix(" -->"))
    return to_html_comment(MARK, data | changed) + "\n"


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"relbot": 2}, "was written by a newer relbot"),
        ({"relbot": "1"}, "it has no version"),
        ({"relbot": True}, "it has no version"),
        ({"key": "0" * 31}, "`key` is not a key"),
        ({"key": 0}, "`key` is not a key"),
        ({"seen": -1}, "`seen` is not a number"),
        ({"seen": True}, "`seen` is not a number"),
        ({"item": {"deployment": "3", "entry": {}}}, "`deployment` is not a number"),
        ({"item": {"deployment": 3, "entry": {}}}, "relbot cannot read the ledger's record there"),
        ({"carried": {"items": [], "last_claim": None}}, "`last_claim` is not a number"),
        ({"carried": {"items": [{}], "last_claim": 5}}, "cannot be read: 'deployment'"),
        ({"carried": []}, "cannot be read"),
    ],
)
def test_a_comment_that_holds_something_else_is_unreadable(changed: dict[str, Any], said: str) -> None:
    with pytest.raises(UnreadableRecord, match=said):
        from_body(9, "ada", comment_with(**changed), "there")


def test_a_comment_may_hold_the_least() -> None:
    read = from_body(9, "ada", comment_with(seen=0, carried=None), "there").record
    assert (read.seen, read.carried, read.item) == (0, None, LedgerItem(ENTRY, 3))


class Listing(Silent):
    """A GitHub that lists one Deployment."""

    def __init__(self, payload: object) -> None:
        super().__init__([deployment(7, "mine") | {"payload": payload}])
        self.writes = 1


PAYLOAD = deployment(7, "mine")["payload"]


@pytest.mark.parametrize("payload", ["", "{", "[]", [], {}, {"relbot": "1"}, {"relbot": None}, '{"relbot": true}'])
def test_a_deployment_of_others_is_none_of_the_ledger(payload: object) -> None:
    assert list_deployments(Listing(payload), "production") == []


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"relbot": 2}, "Deployment 7 was made by a newer relbot"),
        ({"issues": []}, "its payload has no `issues`"),
        ({"issues": ["1"]}, "its payload has no `issues`"),
        ({"issues": 1}, "its payload has no `issues`"),
        ({"key": None}, "its payload has no `key`"),
        ({"opens": 1}, "its payload has no `opens`"),
        ({"knew": [["a", "b"]]}, "its payload has no `knew`"),
        ({"knew": [["a", "b", 3]]}, "its payload has no `knew`"),
        ({"knew": ["abc"]}, "its payload has no `knew`"),
    ],
)
def test_a_deployment_that_tells_something_else_is_unreadable(changed: dict[str, Any], said: str) -> None:
    with pytest.raises(UnreadableRecord, match=said):
        list_deployments(Listing(PAYLOAD | changed), "production")


def test_a_deployment_tells_its_place_whether_its_payload_is_text_or_not() -> None:
    payload = PAYLOAD | {"issues": [1, 4], "opens": True, "knew": [["a", "b", "c"]]}
    for shown in (payload, json.dumps(payload)):
        (found,) = list_deployments(Listing(shown), "production")
        assert (found.place, found.opens, found.author) == (LedgerIssues((1, 4)), True, "ada")
        assert found.knew == (Witness("a", "b", "c", "deployment 7"),)
    gone = Listing(payload)
    gone.shows[0]["creator"] = None
    assert list_deployments(gone, "production")[0].author == ""
