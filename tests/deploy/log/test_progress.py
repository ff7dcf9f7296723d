from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given

from relbot.deploy.log.obstacles import list_obstacles
from relbot.deploy.log.progress import measure_progress, recordable_steps, step_digest
from relbot.deploy.plan.make import make_plan
from relbot.deploy.plan.model import PlannedStep, StepKind
from relbot.fragment.model import Phase
from tests.deploy.plan.strategies import histories

if TYPE_CHECKING:
    from relbot.deploy.plan.changelog import ChangeLog

STEP = PlannedStep(1, "x#1", StepKind.DO, Phase.BEFORE_RESTART, ("x",), run="make")
OTHER: dict[str, Any] = {
    "kind": StepKind.UNDO,
    "phase": Phase.LATER,
    "run": "make all",
    "do": "Make it.",
    "note": "Careful.",
    "on": ("web",),
    "check": "true",
    "takes_back": "make",
    "service": "web",
    "withheld": ("run",),
    "phase_said": False,
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
    "after": ("x#1",),
}


def test_every_field_of_a_step_was_thought_of() -> None:
    assert set(OTHER) | set(SAME) == set(PlannedStep._fields)


@pytest.mark.parametrize("key", OTHER)
def test_another_thing_to_do_has_another_digest(key: str) -> None:
    assert step_digest(STEP, "b") != step_digest(STEP._replace(**{key: OTHER[key]}), "b")


@pytest.mark.parametrize("key", SAME)
def test_the_same_thing_to_do_has_the_same_digest(key: str) -> None:
    assert step_digest(STEP, "b") == step_digest(STEP._replace(**{key: SAME[key]}), "c")


def test_a_restart_belongs_to_its_target_and_changes() -> None:
    restart = STEP._replace(kind=StepKind.RESTART, run=None, service="web")
    assert (
        len({step_digest(restart, "b"), step_digest(restart, "c"), step_digest(restart._replace(changes=("x", "y")), "b")}) == 3
    )


@given(histories())
def test_nothing_of_a_plan_is_left_out(logs: list[ChangeLog]) -> None:
    made = make_plan(logs[0], logs[1])
    how_far = measure_progress(made, None)
    listed = [standing.step for standing in how_far.statuses]
    assert [step for step in listed if step.number] == list(made.steps)
    assert [step.changes[0] for step in listed if not step.number] == [each.change.identity for each in made.amended]
    assert len({step.id for step in recordable_steps(made)}) == len(listed), "a tick is about one step"
    assert how_far.unsettled(None) == how_far.statuses
    assert bool(list(list_obstacles(made))) == made.blocked
