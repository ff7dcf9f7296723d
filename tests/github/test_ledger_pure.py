"""The pure parts of a ledger on GitHub: what a comment holds, which events count, what goes on to the next issue."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from relbot.deploy.log.graph import record_hash
from relbot.deploy.log.line import UnreadableRecord
from relbot.deploy.log.record import STEP_KINDS, Deed, DeedKind, Who
from relbot.deploy.log.record import Record as Entry
from relbot.deploy.log.replay import replay_records
from relbot.github.client import Answer, GitHubRepository, GitHubServers
from relbot.ledger.github.deployments import LedgerDeployment, LedgerIssues, choose_issues
from relbot.ledger.github.event import CompactedState, LedgerEvent, LedgerItem, LedgerRecord, from_body, is_record, to_body
from relbot.ledger.github.issue_api import read_record_comments
from relbot.ledger.github.ordering import order_events
from relbot.ledger.github.rotation import can_carry, carry_items, compact_items
from relbot.ledger.github.snapshot import Snapshot, ended_deployment, wanted_states
from tests.deploy.log.story import told as records_of
from tests.deploy.log.test_stories import STORIES
from tests.github.stories_that_stay import STAYS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from relbot.deploy.log.state import EnvironmentState

NOON = datetime(2018, 8, 15, 12, tzinfo=UTC)
COMMITS = tuple(letter * 40 for letter in "abc")
PEOPLE = (Who("Ada", "a@x", "one"), Who("Bob", "b@x", "two"))
STEPS = ("x#1", "x#2", "y#1")
KINDS = (
    DeedKind.BEGUN,
    DeedKind.DONE,
    DeedKind.SKIPPED,
    DeedKind.FAILED,
    DeedKind.UNDONE,
    DeedKind.ENDED,
    DeedKind.ABORTED,
    DeedKind.LOCKED,
    DeedKind.UNLOCKED,
    DeedKind.NOTED,
)


@st.composite
def entries(draw: st.DrawFn) -> list[Entry]:
    """What happens to an environment, in the order in which GitHub numbers it."""
    found: list[Entry] = []
    for number in range(draw(st.integers(0, 14))):
        kind = draw(st.sampled_from(KINDS))
        deed = Deed(
            kind,
            draw(st.sampled_from(COMMITS)),
            draw(st.sampled_from(COMMITS)),
            step=draw(st.sampled_from(STEPS)) if kind in STEP_KINDS else "",
            until=NOON + timedelta(minutes=draw(st.integers(0, 200)))
            if kind is DeedKind.LOCKED and draw(st.booleans())
            else None,
            deferred=tuple(draw(st.lists(st.sampled_from(STEPS), unique=True))) if kind is DeedKind.ENDED else (),
            moot=tuple(draw(st.lists(st.sampled_from(STEPS), unique=True))) if kind is DeedKind.ENDED else (),
        )
        time = NOON + timedelta(minutes=draw(st.integers(0, 200)))
        found.append(Entry(10 * number + 10, time, draw(st.sampled_from(PEOPLE)), "production", deed))
    return found


def told(now: EnvironmentState) -> tuple[object, ...]:
    """All of a state but the steps that a done once left and that were done since."""
    return (
        now.running and now.running.order,
        now.deploy and (now.deploy.start, now.deploy.target, now.deploy.begun, now.deploy.ticks),
        now.lock,
        {step: by.order for step, by in now.deferred.items()},
        now.failed.keys(),
        now.not_done.keys(),
        now.held.keys(),
        now.notices,
    )


@given(entries(), st.integers(0, 14))
def test_whoever_reads_what_is_carried_on_knows_the_same(all_of_them: list[Entry], at: int) -> None:
    before = tuple(LedgerItem(entry, entry.order) for entry in all_of_them[:at])
    now = replay_records(all_of_them[:at])
    assume(not now.stray)
    kept = [item.entry for item in carry_items(before)]
    if now.deploy or can_carry(before):  # with a deploy under way, an issue whose beginning was cut off is taken up
        assert told(replay_records([*kept, *all_of_them[at:]])) == told(replay_records(all_of_them))
    if now.deploy is None and can_carry(before):
        assert told(replay_records(item.entry for item in compact_items(compact_items(before)))) == told(replay_records(kept))


def test_a_state_is_carried_on_whole_or_not_at_all() -> None:
    """A further deed shows what carried records lost: what failed or was taken back after the end of its deploy."""
    stays = set()
    for story in STORIES:
        items = [LedgerItem(each._replace(order=10 * each.order), each.order) for each in records_of(story)]
        now = replay_records(item.entry for item in items)
        if "~" in story or now.stray:
            continue
        if not can_carry(items):
            stays.add(story)
            continue
        then = replay_records(item.entry for item in compact_items(items))
        assert [each.keys() for each in then.left] == [each.keys() for each in now.left], story
        assert (told(then)[:3], then.held.keys()) == (told(now)[:3], now.held.keys()), story
        assert (then.deploy and then.deploy.overruled) == (now.deploy and now.deploy.overruled), story
    assert stays == STAYS


def test_what_failed_for_an_earlier_target_and_was_left_is_carried_on() -> None:
    start, first, second = COMMITS
    deeds = (
        Deed(DeedKind.BEGUN, start, first),
        Deed(DeedKind.FAILED, start, first, step="x#1"),
        Deed(DeedKind.BEGUN, start, second),
        Deed(DeedKind.ENDED, start, second, deferred=("x#1",)),
    )
    items = tuple(LedgerItem(Entry(10 * n, NOON, PEOPLE[0], "production", deed), n) for n, deed in enumerate(deeds, 1))
    assert set(replay_records([item.entry for item in items]).failed) == {"x#1"}
    assert set(replay_records([item.entry for item in compact_items(items)]).failed) == {"x#1"}
    assert compact_items(compact_items(items)) == compact_items(items)


def test_what_was_done_since_a_deploy_left_it_may_fail_after_the_ledger_went_on() -> None:
    for before, after in (
        ("begin ab; end ab later=y#1+x#1; begin bc; end bc; done ab y#1", "failed ab y#1"),
        ("begin ab; end ab later=y#1; begin bc; end bc; done ab y#1", "undone ab y#1; failed ab y#1"),
    ):
        records = records_of(f"{before}; {after}")
        at = before.count(";") + 1
        items = [LedgerItem(each, each.order) for each in records[:at]]
        then = replay_records([*(item.entry for item in compact_items(items)), *records[at:]])
        assert (can_carry(items), told(then), "y#1" in then.failed) == (True, told(replay_records(records)), True)


def test_each_end_is_carried_on_with_what_it_left_itself() -> None:
    items = [LedgerItem(each, each.order) for each in records_of("begin ab; end ab later=x#1; begin bc; end bc later=y#1")]
    assert [item.entry.deed.deferred for item in compact_items(items) if item.entry.deed.kind is DeedKind.ENDED] == [
        ("x#1",),
        ("y#1",),
    ]


TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)


@given(entries(), TEXTS, TEXTS)
def test_a_comment_holds_the_record_and_nothing_live(some: list[Entry], name: str, reason: str) -> None:
    for entry in some[:3]:
        mine = entry._replace(order=1, who=Who(name), deed=entry.deed._replace(reason=reason))
        record = LedgerRecord("0" * 32, 7, LedgerItem(mine, 3), CompactedState(tuple(LedgerItem(each, 1) for each in some), 5))
        body = to_body(record)
        assert is_record(body)
        assert from_body(9, "ada", body, "there") == LedgerEvent(9, "ada", record)
        assert from_body(9, "ada", body.replace("\n", "\r\n"), "there").entry == mine._replace(order=9)
        hidden = body.split("\n")[0].removeprefix("<!-- ").removesuffix(" -->")
        assert hidden.isascii()
        assert not set("<>@#") & set(hidden)


@pytest.mark.parametrize(
    ("was", "now"), [('"seen":7', '"seen":8'), ("done", "failed"), ("-->", "--> "), ("relbot-record {", "relbot-record {{")]
)
def test_a_comment_that_was_changed_is_unreadable(was: str, now: str) -> None:
    deed = Deed(DeedKind.DONE, COMMITS[0], COMMITS[1], step="x#1")
    body = to_body(LedgerRecord("0" * 32, 7, LedgerItem(Entry(1, NOON, PEOPLE[0], "production", deed))))
    assert was in body
    with pytest.raises(UnreadableRecord, match="there cannot be read"):
        from_body(9, "ada", body.replace(was, now, 1), "there")


class Canned(GitHubRepository):
    """A GitHub that has one page of everything."""

    def __init__(self, answers: list[dict[str, Any]]) -> None:
        super().__init__("acme/widgets", GitHubServers("https://api.github.com", "https://github.com"), "")
        self._answers = answers

    def pages(self, what: str, path: str, **query: str | int) -> Iterator[Answer]:
        return (Answer(each, what) for each in self._answers)


@pytest.mark.parametrize(
    ("kind", "permissions", "may"),
    [
        ("Bot", {"deployments": "write"}, True),
        ("Bot", {"deployments": "read", "issues": "write"}, False),
        ("Bot", None, False),
        ("User", {"deployments": "write"}, False),
    ],
)
def test_an_app_counts_by_what_github_says_that_it_may(kind: str, permissions: dict[str, str] | None, may: bool) -> None:
    app = None if permissions is None else {"permissions": permissions}
    user = {"login": "shipit[bot]", "type": kind}
    answer = {"id": 1, "user": user, "body": "", "html_url": "x", "performed_via_github_app": app}
    assert [comment.may for comment in read_record_comments(Canned([answer]), 1)] == [may]


def event(number: int, kind: DeedKind, seen: int, key: str = "") -> LedgerEvent:
    entry = Entry(1, NOON, PEOPLE[0], "production", Deed(kind, COMMITS[0], COMMITS[1]))
    return LedgerEvent(number, "ada", LedgerRecord(key or f"{number:032x}", seen, LedgerItem(entry)))


def counted(*events: LedgerEvent) -> list[int]:
    return [each.number for each in order_events(events).counted]


def test_of_claims_that_did_not_know_of_each_other_the_first_counts() -> None:
    assert counted(event(3, DeedKind.LOCKED, 1), event(1, DeedKind.ENDED, 0), event(2, DeedKind.BEGUN, 1)) == [1, 2]
    assert counted(event(1, DeedKind.ENDED, 0), event(2, DeedKind.BEGUN, 1), event(3, DeedKind.LOCKED, 2)) == [1, 2, 3]
    assert counted(event(1, DeedKind.ENDED, 0), event(2, DeedKind.BEGUN, 0), event(3, DeedKind.LOCKED, 1)) == [1, 3], (
        "void ones are no news"
    )


def test_facts_count_always_and_ticks_are_no_news_to_claims() -> None:
    assert counted(
        event(1, DeedKind.BEGUN, 0), event(2, DeedKind.DONE, 0), event(3, DeedKind.UNLOCKED, 1), event(4, DeedKind.ENDED, 0)
    ) == [
        1,
        2,
        3,
        4,
    ]


def test_a_claim_has_to_know_what_was_before_the_issue() -> None:
    assert [each.number for each in order_events([event(9, DeedKind.BEGUN, 5)], last_claim=6).counted] == []
    assert [each.number for each in order_events([event(9, DeedKind.BEGUN, 6)], last_claim=6).counted] == [9]


def test_what_arrives_twice_counts_once() -> None:
    twice = [event(1, DeedKind.DONE, 0, "f" * 32), event(2, DeedKind.DONE, 0, "f" * 32)]
    assert counted(*twice) == [1]
    assert order_events(twice).rejected == (2,)


def made(number: int, *issues: int, opens: bool = False) -> LedgerDeployment:
    return LedgerDeployment(number, "a" * 40, "production", "ada", LedgerIssues(issues), "0" * 32, opens)


@pytest.mark.parametrize(
    ("found", "issues"),
    [
        ([], None),
        ([made(1, 5)], (5,)),
        ([made(2, 6, opens=True), made(1, 7, opens=True)], (7,)),
        ([made(3, 6), made(2, 7, opens=True)], (6,)),
        ([made(4, 5), made(3, 5, 8, opens=True), made(2, 5, 9, opens=True)], (5, 9)),
    ],
)
def test_the_place_of_the_records_is_the_same_for_everybody(
    found: list[LedgerDeployment], issues: tuple[int, ...] | None
) -> None:
    place = choose_issues(found)
    assert (place and place.issues) == issues


def test_who_records_twice_names_the_newest_records_alone() -> None:
    known = Snapshot()
    for number, (knew, heads) in enumerate([((), [0]), ((0,), [1]), ((), [1, 2]), ((1, 2), [3])], 1):
        deed = Deed(DeedKind.DONE, COMMITS[0], COMMITS[1], step=f"a#{number}")
        hashes = tuple(record_hash(item.entry) for item in known.items)
        entry = Entry(number, NOON, PEOPLE[0], "production", deed, tuple(hashes[each] for each in knew))
        assert known.deployment_of(entry) == 0
        known = known.followed_by(LedgerItem(entry, number))
        assert [head.hash for head in known.heads] == [record_hash(known.items[each].entry) for each in heads]
        assert (known.seen, known.deployment_of(entry)) == (number, number)


def test_the_deployment_of_a_deploy_says_how_it_is_and_a_done_of_the_same_revisions_ends_it() -> None:
    start, target = COMMITS[:2]
    known, said = Snapshot(), []
    deeds = [
        Deed(DeedKind.ADOPTED, "", start),
        Deed(DeedKind.BEGUN, start, target),
        Deed(DeedKind.FAILED, start, target, step="a#1"),
        Deed(DeedKind.DONE, start, target, step="a#1"),
        Deed(DeedKind.ENDED, start, target),
    ]
    for number, deed in enumerate(deeds, 1):
        assert ended_deployment(known, deed) == (7 if deed.kind is DeedKind.ENDED else 0)
        assert ended_deployment(known, Deed(DeedKind.ENDED, target, start)) == 0
        deployment = 7 if deed.kind is DeedKind.BEGUN else 0
        known = known.followed_by(LedgerItem(Entry(number, NOON, PEOPLE[0], "production", deed), deployment))
        said.append(wanted_states(known))
    assert said == [{}, {7: "in_progress"}, {7: "failure"}, {7: "in_progress"}, {}]
    begun = Entry(1, NOON, PEOPLE[0], "production", deeds[1])
    assert wanted_states(Snapshot(items=(LedgerItem(begun, 0),))) == {}
    assert Snapshot(items=(LedgerItem(begun, 0),)).entries("production") == (begun,)
