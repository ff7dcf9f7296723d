from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given

from relbot.deploy.log.progress import digest, obstacles, progress, steps
from relbot.deploy.plan.make import plan
from relbot.deploy.plan.model import Kind, PlannedStep
from relbot.fragment.model import Phase
from tests.plan.strategies import histories

if TYPE_CHECKING:
    from relbot.deploy.plan.changelog import ChangeLog

STEP = PlannedStep(1, "x#1", Kind.DO, Phase.BEFORE_RESTART, ("x",), run="make")
OTHER: dict[str, Any] = {
    "kind": Kind.UNDO,
    "phase": Phase.LATER,
    "run": "make all",
    "do": "Make it.",
    "note": "Careful.",
    "on": ("web",),
    "check": "true",
    "takes_back": "make",
    "service": "web",
    "withheld": ("run",),
}
SAME: dict[str, Any] = {
    "number": 2,
    "id": "y#1",
    "changes": ("y",),
    "undo": "make clean",
    "irreversible": True,
    "reason": "so",
    "duration": 3,
    "downtime": 4,
    "path": "changes/released/1/x.md",
    "line": 9,
}


def test_every_field_of_a_step_was_thought_of() -> None:
    assert set(OTHER) | set(SAME) == set(PlannedStep._fields)


@pytest.mark.parametrize("key", OTHER)
def test_another_thing_to_do_has_another_digest(key: str) -> None:
    assert digest(STEP, "b") != digest(STEP._replace(**{key: OTHER[key]}), "b")


@pytest.mark.parametrize("key", SAME)
def test_the_same_thing_to_do_has_the_same_digest(key: str) -> None:
    assert digest(STEP, "b") == digest(STEP._replace(**{key: SAME[key]}), "c")


def test_a_restart_belongs_to_its_target_and_changes() -> None:
    restart = STEP._replace(kind=Kind.RESTART, run=None, service="web")
    assert len({digest(restart, "b"), digest(restart, "c"), digest(restart._replace(changes=("x", "y")), "b")}) == 3


@given(histories())
def test_nothing_of_a_plan_is_left_out(logs: list[ChangeLog]) -> None:
    made = plan(logs[0], logs[1])
    how_far = progress(made, {})
    listed = [standing.step for standing in how_far.standings]
    assert [step for step in listed if step.number] == list(made.steps)
    assert [step.changes[0] for step in listed if not step.number] == [each.change.identity for each in made.amended]
    assert len({step.id for step in steps(made)}) == len(listed), "a tick is about one step"
    assert how_far.unsettled(None) == how_far.standings
    assert bool(list(obstacles(made))) == made.blocked
