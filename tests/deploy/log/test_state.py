from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from relbot.deploy.log.record import Deed, DeedKind, Record, Who
from relbot.deploy.log.replay import replay_records
from relbot.deploy.log.state import EnvironmentState

NOON = datetime(2018, 8, 15, 12, tzinfo=UTC)
ADA, BOB = Who("Ada", "a@x", "one"), Who("Bob", "b@x", "two")
A, B, C = "a" * 40, "b" * 40, "c" * 40


def entry(order: int, kind: DeedKind, who: Who = ADA, minutes: int | None = None, **deed: object) -> Record:
    time = NOON + timedelta(minutes=order if minutes is None else minutes)
    return Record(order, time, who, "production", Deed(kind, **deed))  # type: ignore[arg-type]  # passed through


def tick(order: int, step: str, kind: DeedKind = DeedKind.DONE, start: str = A, target: str = B) -> Record:
    return entry(order, kind, step=step, start=start, target=target)


BEGIN = entry(1, DeedKind.BEGUN, start=A, target=B)


@given(
    st.permutations(
        [
            BEGIN,
            tick(2, "x#1"),
            tick(2, "x#2", DeedKind.FAILED),
            tick(3, "x#2"),
            entry(4, DeedKind.ENDED, start=A, target=B, deferred=("x#3",)),
            entry(5, DeedKind.LOCKED, until=NOON + timedelta(hours=2)),
            entry(5, DeedKind.LOCKED, BOB, until=NOON + timedelta(hours=9)),
            entry(6, DeedKind.BEGUN, start=B, target=C),
        ]
    )
)
def test_the_state_does_not_depend_on_how_entries_come(entries: list[Record]) -> None:
    now = replay_records(entries)
    assert now == replay_records(sorted(entries, key=lambda e: e.order))
    assert now.running is not None
    assert now.running.deed.target == B
    assert now.deploy is not None
    assert (now.deploy.start, now.deploy.target, now.deploy.ticks) == (B, C, {})
    assert list(now.deferred) == ["x#3"]


def test_nothing_was_ever_done() -> None:
    assert replay_records([]) == EnvironmentState()


def test_the_last_word_on_a_step_counts_whatever_the_clocks_say() -> None:
    late_clock = tick(2, "x#1", DeedKind.FAILED)._replace(time=NOON + timedelta(hours=5))
    now = replay_records([BEGIN, tick(3, "x#1"), late_clock])
    assert now.deploy
    assert now.deploy.ticks["x#1"].deed.kind is DeedKind.DONE


def test_ticks_are_kept_for_another_target_but_not_from_another_start() -> None:
    onward = replay_records([BEGIN, tick(2, "x#1"), entry(3, DeedKind.BEGUN, start=A, target=C)])
    back = replay_records([BEGIN, tick(2, "x#1"), entry(3, DeedKind.BEGUN, start=B, target=A)])
    assert onward.deploy
    assert list(onward.deploy.ticks) == ["x#1"]
    assert back.deploy
    assert back.deploy.ticks == {}


def test_a_tick_of_another_deploy_does_not_count() -> None:
    now = replay_records([BEGIN, tick(2, "x#1", start=C)])
    assert now.deploy
    assert now.deploy.ticks == {}


def test_steps_left_for_later_stay_until_somebody_does_them() -> None:
    left = [
        entry(1, DeedKind.ENDED, target=B, deferred=("x#3", "x#4")),
        entry(2, DeedKind.ENDED, start=B, target=C, deferred=("y#1",)),
    ]
    assert list(replay_records(left).deferred) == ["x#3", "x#4", "y#1"]
    assert list(replay_records([*left, tick(3, "x#3", target=B)]).deferred) == ["x#4", "y#1"]
    assert list(replay_records([*left, tick(3, "x#3", DeedKind.FAILED, target=B)]).deferred) == ["x#3", "x#4", "y#1"]
    assert list(replay_records([*left, entry(3, DeedKind.ENDED, start=C, target=A, moot=("x#3", "x#4"))]).deferred) == ["y#1"]


def test_a_lock_ends_at_its_time_and_not_before() -> None:
    end = NOON + timedelta(hours=2)
    now = replay_records([entry(1, DeedKind.LOCKED, until=end)])
    assert now.holder(end - timedelta(microseconds=1))
    assert now.holder(end) is None
    assert replay_records([entry(1, DeedKind.LOCKED, until=end), entry(2, DeedKind.UNLOCKED, BOB)]).holder(NOON) is None


def test_of_two_locks_the_first_holds_until_it_ended() -> None:
    mine = entry(1, DeedKind.LOCKED, until=NOON + timedelta(hours=2))
    early = entry(2, DeedKind.LOCKED, BOB, minutes=60, until=NOON + timedelta(hours=5))
    late = entry(2, DeedKind.LOCKED, BOB, minutes=121, until=NOON + timedelta(hours=5))
    longer = entry(2, DeedKind.LOCKED, ADA._replace(host="three"), minutes=60, until=NOON + timedelta(hours=9))
    assert replay_records([mine, early]).lock == mine
    assert replay_records([mine, late]).lock == late
    assert replay_records([mine, longer]).lock == longer, "the owner may set it anew, from any machine"


def test_a_tick_for_another_target_does_nothing_to_what_is_left_for_later() -> None:
    left = entry(3, DeedKind.ENDED, start=A, target=B, deferred=("x#2",))
    assert replay_records([BEGIN, left, tick(4, "x#2", target=C)]).deferred == {"x#2": left}


def test_who_began_at_the_same_moment_is_not_ended_by_a_done_that_did_not_know_of_it() -> None:
    done = entry(4, DeedKind.ENDED, BOB, minutes=-60, start=A, target=B)  # by a clock that is slow
    other = entry(4, DeedKind.BEGUN, start=A, target=C)
    now = replay_records([BEGIN, tick(2, "x#1"), tick(3, "x#2", DeedKind.FAILED), other, done])
    assert now.deploy is not None
    assert (now.deploy.target, set(now.deploy.ticks)) == (C, {"x#1", "x#2"})
    assert now.stray == (done,), "it is told"


def test_a_slip_about_what_an_older_deploy_left_leaves_it_again() -> None:
    first = [BEGIN, entry(2, DeedKind.ENDED, start=A, target=B, deferred=("x#1",))]
    second = [entry(3, DeedKind.BEGUN, start=B, target=C), entry(4, DeedKind.ENDED, start=B, target=C)]
    slip = [tick(5, "x#1"), tick(6, "x#1", DeedKind.MISTAKEN)]
    assert set(replay_records([*first, *second]).deferred) == {"x#1"}
    assert set(replay_records([*first, *second, slip[0]]).deferred) == set()
    now = replay_records([*first, *second, *slip])
    assert (set(now.deferred), set(now.not_done)) == ({"x#1"}, {"x#1"})


def test_what_failed_although_its_deploy_had_ended_is_told_until_it_is_done() -> None:
    ended = [BEGIN, tick(2, "x#1"), entry(3, DeedKind.ENDED, start=A, target=B)]
    now = replay_records([*ended, tick(4, "x#1", DeedKind.FAILED)])
    assert (set(now.deferred), set(now.failed)) == ({"x#1"}, {"x#1"})
    now = replay_records([*ended, tick(4, "x#1", DeedKind.FAILED), tick(5, "x#1")])
    assert (set(now.deferred), set(now.failed), set(now.not_done)) == (set(), set(), set())
