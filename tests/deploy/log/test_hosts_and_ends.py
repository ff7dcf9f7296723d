"""How a step stands on each of its hosts, and what the end of a deploy says of its steps and of what was left before."""

from __future__ import annotations

from datetime import UTC, datetime

from relbot.deploy.log.closing import ended_deed
from relbot.deploy.log.obstacles import find_obstacles
from relbot.deploy.log.progress import StepState, measure_progress, step_digest
from relbot.deploy.log.record import Deed, DeedKind, Record, Who
from relbot.deploy.log.replay import replay_records
from relbot.deploy.log.state import EnvironmentState
from relbot.deploy.plan.changelog import ChangeLog, Revision
from relbot.deploy.plan.make import make_plan
from relbot.fragment.model import Fragment, Phase, Step

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)
A, B, C = "a" * 40, "b" * 40, "c" * 40
X = Fragment(
    "x", "changes/x.md", "changed", "X.", migration=True,
    steps=(Step(Phase.BEFORE_INSTALL, "do-x", undo="undo-x", on=("web1", "web2")), Step(Phase.LATER, "do-later")),
)  # fmt: skip
Y = Fragment("y", "changes/y.md", "changed", "Y.", migration=True, steps=(Step(Phase.AFTER_RESTART, "do-y"),), needs=("x",))
OLD, NEW, NEWER = (
    ChangeLog(Revision("old", A)),
    ChangeLog(Revision("new", B), {"x": X}),
    ChangeLog(Revision("newer", C), {"x": X, "y": Y}),
)
PLAN = make_plan(OLD, NEW)
BEGUN = Record(1, NOON, Who("op"), "production", Deed(DeedKind.BEGUN, A, B))


def said(order: int, kind: DeedKind, host: str = "", reason: str = "") -> Record:
    digest = next(step_digest(each, B) for each in PLAN.steps if each.id == "x#1")
    return Record(order, NOON, Who("op"), "production", Deed(kind, A, B, "x#1", digest, host, reason))


def state_of(*records: Record) -> EnvironmentState:
    return replay_records((BEGUN, *records))


def test_a_step_of_several_hosts_is_done_once_it_is_done_on_all_of_them() -> None:
    def marks(*records: Record) -> tuple[StepState, dict[str, StepState]]:
        status = measure_progress(PLAN, state_of(*records).deploy).statuses[0]
        return status.mark, {each.host: each.mark for each in status.by_host}

    one = said(2, DeedKind.DONE, "web1")
    assert marks(one) == (StepState.OPEN, {"web1": StepState.DONE, "web2": StepState.OPEN})
    assert marks(one, said(3, DeedKind.FAILED, "web2"))[0] is StepState.FAILED
    assert marks(one, said(3, DeedKind.DONE, "web2"))[0] is StepState.DONE
    assert marks(one, said(3, DeedKind.DONE, "web3"))[0] is StepState.OPEN, "another host is no substitute"
    assert marks(said(2, DeedKind.DONE))[0] is StepState.DONE, "nobody told them apart"


def test_the_end_says_what_is_left_and_what_was_never_done() -> None:
    now = state_of(said(2, DeedKind.SKIPPED, reason="not here"))
    deed = ended_deed(measure_progress(PLAN, now.deploy), now, "it runs")
    assert (deed.deferred, deed.not_done, deed.moot, deed.reason) == (("x#2",), ("x#1",), (), "it runs")
    after = replay_records((BEGUN, said(2, DeedKind.SKIPPED, reason="not here"), Record(3, NOON, Who("op"), "production", deed)))
    back = make_plan(NEW, OLD)
    moot = ended_deed(measure_progress(back, None), after).moot
    assert set(moot) == {"x#1", "x#2"}, "a deploy that takes a change away ends what it had left, or never did"


def test_a_deploy_that_takes_a_change_away_needs_none_of_what_was_left_of_it() -> None:
    """Each by a rule of its own: what was never done, and what was done and says something else by now."""

    def moot(last: Deed) -> tuple[str, ...]:
        now = replay_records((BEGUN, said(2, DeedKind.DONE), Record(3, NOON, Who("op"), "production", last)))
        return ended_deed(measure_progress(make_plan(NEW, OLD), None), now).moot

    assert moot(Deed(DeedKind.ENDED, A, B, not_done=("x#2",))) == ("x#2",)
    assert moot(Deed(DeedKind.ENDED, A, B, deferred=("x#1",))) == ("x#1",)


def test_needs_are_met_by_what_was_done_and_not_taken_back() -> None:
    onward = make_plan(NEW, NEWER)
    done = EnvironmentState()
    assert [each.what for each in find_obstacles(onward, done)] == []
    left = done._replace(not_done={"x#2": BEGUN})
    (need,) = find_obstacles(onward, left)
    assert (need.what, need.message) == ("need:y>x", "y needs x, of which x#2 was not done.")
    records = (
        Record(1, NOON, Who("op"), "production", Deed(DeedKind.BEGUN, B, A)),
        Record(2, NOON, Who("op"), "production", Deed(DeedKind.DONE, B, A, "x#1:undo")),
        Record(3, NOON, Who("op"), "production", Deed(DeedKind.BEGUN, B, C)),
    )
    (need,) = find_obstacles(onward, replay_records(records))
    assert need.message == "y needs x, of which x#1 was not done.", "it was taken back on the way"


def test_a_slip_in_a_later_deploy_does_not_settle_what_an_earlier_one_had_taken_back() -> None:
    def recorded(order: int, kind: DeedKind, start: str, target: str, step: str = "") -> Record:
        return Record(order, NOON, Who("op"), "production", Deed(kind, start, target, step))

    earlier = [
        BEGUN,
        recorded(2, DeedKind.DONE, A, B, "x#1"),
        recorded(3, DeedKind.ENDED, A, B),
        recorded(4, DeedKind.UNDONE, A, B, "x#1"),
    ]
    later = [
        recorded(5, DeedKind.BEGUN, B, C),
        recorded(6, DeedKind.DONE, B, C, "y#1"),
        recorded(7, DeedKind.ENDED, B, C),
        recorded(8, DeedKind.UNDONE, B, C, "y#1"),
        recorded(9, DeedKind.MISTAKEN, B, C, "y#1"),
    ]
    assert list(replay_records((*earlier, *later)).deferred) == ["x#1"]
    assert list(replay_records((*earlier, *later[:-1])).deferred) == ["x#1", "y#1"]


def test_to_skip_a_step_that_was_taken_back_does_not_do_it_again() -> None:
    def recorded(order: int, kind: DeedKind, start: str, target: str, step: str = "") -> Record:
        return Record(order, NOON, Who("op"), "production", Deed(kind, start, target, step))

    records = (
        BEGUN,
        recorded(2, DeedKind.DONE, A, B, "x#1"),
        recorded(3, DeedKind.ENDED, A, B),
        recorded(4, DeedKind.BEGUN, B, A),
        recorded(5, DeedKind.UNDONE, B, A, "x#1"),
        recorded(6, DeedKind.SKIPPED, B, A, "x#1"),
        recorded(7, DeedKind.ABORTED, B, A),
    )
    assert [each.deed.kind for each in replay_records(records).open_stray] == [DeedKind.UNDONE]
