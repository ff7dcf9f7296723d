"""A plan as somebody makes it who knows the ledger."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from hypothesis import given
from hypothesis import strategies as st

from relbot.deploy.log.deeds import inverse_id
from relbot.deploy.log.progress import StepState, measure_progress, step_digest
from relbot.deploy.log.reconcile import reconcile_plan
from relbot.deploy.log.record import Deed, DeedKind, Record, Who
from relbot.deploy.log.state import Deploy, EnvironmentState
from relbot.deploy.plan.make import make_plan
from relbot.deploy.plan.model import StepKind
from tests.deploy.plan.strategies import histories

if TYPE_CHECKING:
    from relbot.deploy.plan.changelog import ChangeLog
    from relbot.deploy.plan.model import Plan

WHO = Who("Ada")


def tick(order: int, made: Plan, step: str, kind: DeedKind = DeedKind.DONE) -> Record:
    hashed = next((step_digest(each, made.target.commit) for each in made.steps if each.id == step), "")
    deed = Deed(kind, made.start.commit, made.target.commit, step, hashed)
    return Record(order, datetime(2026, 1, 1, tzinfo=UTC), WHO, "production", deed)


def under_way(made: Plan, ticks: dict[str, Record]) -> Deploy:
    """A deploy of which this was recorded."""
    deeds: dict[str, tuple[Record, ...]] = {}
    for record in sorted(ticks.values(), key=lambda each: each.order):
        base = record.deed.step.removesuffix(":undo")
        deeds[base] = (*deeds.get(base, ()), record)
    begun = Record(1, datetime(2026, 1, 1, tzinfo=UTC), WHO, "production", Deed(DeedKind.BEGUN))
    return Deploy(made.start.commit, made.target.commit, begun, deeds)


def named(logs: list[ChangeLog]) -> list[ChangeLog]:
    """Each with a commit of its own."""
    return [log._replace(revision=log.revision._replace(commit=f"{n:040x}")) for n, log in enumerate(logs)]


@st.composite
def turned(draw: st.DrawFn) -> tuple[list[ChangeLog], Plan, dict[str, Record], Plan]:
    """Three trees, the plan from the first to the second, some ticks of it, and the plan to the third that knows of them."""
    logs = named(draw(histories()))
    logs = [logs[0], logs[1], draw(st.sampled_from(logs))]
    there = make_plan(logs[0], logs[1])
    results = [draw(st.sampled_from([None, DeedKind.DONE, DeedKind.FAILED, DeedKind.SKIPPED])) for _ in there.steps]
    pairs = [(step.id, result) for step, result in zip(there.steps, results, strict=True) if result]
    ticks = {step: tick(n, there, step, result) for n, (step, result) in enumerate(pairs, 1)}
    onward = reconcile_plan(
        make_plan(logs[0], logs[2]), EnvironmentState(deploy=under_way(there, ticks)), lambda _: make_plan(logs[1], logs[2])
    )
    return logs, there, ticks, onward


@given(turned())
def test_nothing_that_was_done_for_another_target_is_forgotten(
    case: tuple[list[ChangeLog], Plan, dict[str, Record], Plan],
) -> None:
    _, _, ticks, onward = case
    here = {step.id for step in onward.steps}
    for step, entry in ticks.items():
        if "#" in step and entry.deed.kind in (DeedKind.DONE, DeedKind.FAILED):
            assert {step, inverse_id(step)} & here or {
                e.deed.step for e in measure_progress(onward, under_way(onward, ticks)).orphaned_ticks
            } & {step}


@given(turned())
def test_who_turns_back_takes_back_what_was_done_and_nothing_else(
    case: tuple[list[ChangeLog], Plan, dict[str, Record], Plan],
) -> None:
    logs, there, ticks, _ = case
    back = reconcile_plan(
        make_plan(logs[0], logs[0]), EnvironmentState(deploy=under_way(there, ticks)), lambda _: make_plan(logs[1], logs[0])
    )
    touched = [
        step.id
        for step in there.steps
        if step.kind is not StepKind.RESTART and step.id in ticks and ticks[step.id].deed.kind is not DeedKind.SKIPPED
    ]
    done = [inverse_id(step.id) for step in back.steps if step.kind is not StepKind.RESTART]
    assert sorted(done) == sorted(touched)
    assert [step.number for step in back.steps] == list(range(1, len(back.steps) + 1))
    assert (
        not measure_progress(back, under_way(back, ticks)).orphaned_ticks
        or not touched
        or all(
            "#" not in e.deed.step or e.deed.step.endswith(":amended")
            for e in measure_progress(back, under_way(back, ticks)).orphaned_ticks
        )
    )


@given(turned())
def test_where_nothing_was_done_the_ledger_changes_nothing(
    case: tuple[list[ChangeLog], Plan, dict[str, Record], Plan],
) -> None:
    logs = case[0]
    made = make_plan(logs[0], logs[2])
    assert reconcile_plan(made, EnvironmentState(), lambda _: None) == made


@given(turned())
def test_what_was_taken_back_is_open_when_one_turns_again(
    case: tuple[list[ChangeLog], Plan, dict[str, Record], Plan],
) -> None:
    logs, there, ticks, _ = case
    back = reconcile_plan(
        make_plan(logs[0], logs[0]), EnvironmentState(deploy=under_way(there, ticks)), lambda _: make_plan(logs[1], logs[0])
    )
    after = {step.id: tick(100 + step.number, back, step.id) for step in back.steps}
    assert not measure_progress(back, under_way(back, {**ticks, **after})).unsettled(None)
    again = measure_progress(there, under_way(there, {**ticks, **after}))
    undone = {inverse_id(step) for step in after if "#" in step}
    assert all(each.mark is StepState.OPEN for each in again.statuses if each.step.id in undone)
    assert not again.orphaned_ticks
