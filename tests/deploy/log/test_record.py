from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from relbot.deploy.log.line import UnreadableRecord, format_line, parse_line, read_record_file
from relbot.deploy.log.record import Deed, DeedKind, Direction, Record, Who, record_path
from relbot.deploy.log.record_order import sort_records
from relbot.errors import Unknown, UsageError

COMMITS = st.sampled_from(["", "a" * 40, "0123456789abcdef" * 4])
YEARS = datetime(2000, 1, 2), datetime(2199, 12, 30)  # noqa: DTZ001 -- hypothesis wants them without a zone
TIMES = st.datetimes(*YEARS, timezones=st.sampled_from([UTC, timezone(timedelta(hours=2))]))
DEEDS = st.builds(
    Deed,
    kind=st.sampled_from(DeedKind),
    start=COMMITS,
    target=COMMITS,
    step=st.text(),
    digest=st.text(),
    host=st.text(),
    reason=st.text(),
    what=st.text(),
    replaces=COMMITS,
    direction=st.sampled_from(Direction),
    until=st.none() | TIMES,
    deferred=st.lists(st.text()).map(tuple),
    not_done=st.lists(st.text()).map(tuple),
    moot=st.lists(st.text()).map(tuple),
    renamed=st.lists(st.tuples(st.text(), st.text())).map(tuple),
)
ENTRIES = st.builds(
    Record,
    order=st.integers(min_value=1, max_value=10**9),
    time=TIMES,
    who=st.builds(Who, st.text(), st.text(), st.text()),
    environment=st.just("production"),
    deed=DEEDS,
    knew=st.lists(st.sampled_from(["a" * 64, "0" * 64])).map(tuple),
)
PLAIN = Record(1, datetime(2018, 8, 15, tzinfo=UTC), Who("Ada"), "production", Deed(DeedKind.DONE, step="x#1"))


@given(ENTRIES)
def test_what_is_written_is_read(entry: Record) -> None:
    line = format_line(entry)
    assert line.isascii()
    assert line.endswith("\n")
    assert line.count("\n") == 1
    assert parse_line(line.encode(), "here") == entry
    assert read_record_file(record_path(entry, line), line.encode(), "production") == entry


@given(ENTRIES, ENTRIES)
def test_only_equal_entries_share_a_file(one: Record, other: Record) -> None:
    lines = format_line(one), format_line(other)
    assert (record_path(one, lines[0]) == record_path(other, lines[1])) == (lines[0] == lines[1])


@pytest.mark.parametrize(
    "wrong",
    [
        {"version": None},
        {"version": True},
        {"order": 0},
        {"order": "1"},
        {"kind": "tick"},
        {"direction": "up"},
        {"order": 10**16},
        {"time": "0001-01-01T00:00:00+01:00"},
        {"time": "9999-12-31T23:59:59-23:00"},
        {"until": "2200-01-01T00:00:00+00:00"},
        {"knew": ["abc"]},
        {"renamed": [["x"]]},
        {"renamed": "xy"},
        {"reason": "x" * 10_001},
        {"step": "\ud800"},
        {"replaces": "HEAD"},
        {"time": "2018-08-15T08:00:00"},
        {"time": "now"},
        {"time": 3},
        {"until": "soon"},
        {"who": "Ada"},
        {"who": {"name": "Ada"}},
        {"start": "main"},
        {"target": "--upload-pack=x"},
        {"step": 1},
        {"deferred": "x#1"},
        {"not_done": None},
        {"moot": [1]},
        {"reason": None},
    ],
)
def test_what_is_no_entry_is_unreadable(wrong: dict[str, Any]) -> None:
    line = json.dumps(json.loads(format_line(PLAIN)) | wrong).encode()
    with pytest.raises(UnreadableRecord, match="here"):
        parse_line(line, "here")


@pytest.mark.parametrize("line", [b"", b"{", b"[]", b"null", b"\xff", b"{}"])
def test_what_is_no_json_object_is_unreadable(line: bytes) -> None:
    with pytest.raises(UnreadableRecord):
        parse_line(line, "here")


@given(st.sampled_from(sorted(json.loads(format_line(PLAIN)))))
def test_a_missing_key_is_unreadable(key: str) -> None:
    data = json.loads(format_line(PLAIN))
    del data[key]
    with pytest.raises(UnreadableRecord):
        parse_line(json.dumps(data).encode(), "here")


def test_a_newer_version_is_not_guessed_at() -> None:
    line = json.dumps(json.loads(format_line(PLAIN)) | {"version": 2, "kind": "something new"}).encode()
    with pytest.raises(UnreadableRecord, match="newer relbot"):
        parse_line(line, "here")


def test_an_entry_of_another_environment_is_unreadable() -> None:
    line = format_line(PLAIN)
    with pytest.raises(UnreadableRecord, match="belongs to production"):
        read_record_file(record_path(PLAIN, line), line.encode(), "staging")


@pytest.mark.parametrize("wrong", ["x" * 10_001, "\ud800"])
def test_what_nobody_could_read_again_is_not_written(wrong: str) -> None:
    deed, who = PLAIN.deed, PLAIN.who
    deeds = [
        deed._replace(step=wrong), deed._replace(digest=wrong), deed._replace(host=wrong), deed._replace(reason=wrong),
        deed._replace(what=wrong), deed._replace(on=("web1", wrong)),
    ]  # fmt: skip
    people = (Who(wrong), who._replace(email=wrong), who._replace(host=wrong))
    for record in (*(PLAIN._replace(deed=each) for each in deeds), *(PLAIN._replace(who=each) for each in people)):
        with pytest.raises(UsageError, match="relbot cannot record this: "):
            format_line(record)
    late = datetime(2200, 1, 1, tzinfo=UTC)
    with pytest.raises(UsageError, match="between the years 2000 and 2199"):
        format_line(PLAIN._replace(deed=deed._replace(until=late)))
    with pytest.raises(Unknown, match="the clock of this machine says 2200-01-01"):
        format_line(PLAIN._replace(time=late))


def test_records_come_in_one_order_whatever_differs() -> None:
    """Also those that two wrote at the same moment: the same on every machine."""
    deed, who = PLAIN.deed, PLAIN.who
    others = [
        PLAIN._replace(order=2),
        PLAIN._replace(time=PLAIN.time + timedelta(seconds=1)),
        *(PLAIN._replace(who=each) for each in (Who("Z"), who._replace(email="z"), who._replace(host="z"))),
        PLAIN._replace(deed=deed._replace(kind=DeedKind.FAILED)),
        *(PLAIN._replace(deed=each) for each in (deed._replace(step="z"), deed._replace(host="z"), deed._replace(target="z"))),
        *(PLAIN._replace(deed=each) for each in (deed._replace(reason="z"), deed._replace(what="z"))),
    ]
    for other in others:
        assert sort_records([PLAIN, other]) == sort_records([other, PLAIN]) == [PLAIN, other]
