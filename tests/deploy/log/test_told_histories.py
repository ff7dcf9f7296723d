"""Histories that once failed: changes renamed between two deploys, and failures that come late."""

from __future__ import annotations

import random

import pytest

from relbot.deploy.log.replay import replay_records
from tests.deploy.log.test_world import ACT, check
from tests.deploy.log.world import World

FAIL_BOTH = "fragment begin fails rename begin fails"
HISTORIES = {
    "both names failed, one is undone, and the deploy is given up": f"{FAIL_BOTH} take_back abort begin",
    "both names failed, one is undone and the other skipped": f"{FAIL_BOTH} take_back skip_inverse end begin",
    "it failed, could not be undone, and comes again under another name": "fragment begin fails rename back fails abort begin",
    "it was done under its first name, and the target after next lacks it": "fragment begin do rename begin revert begin",
    "it was done, renamed, given up, and goes back to its first name": "fragment begin do rename begin back first",
    "it failed under its first name, and is planned under it again": "fragment begin fails rename begin revert first",
}
"""What happens one after the other, by what it is about."""


@pytest.mark.parametrize("history", HISTORIES.values(), ids=HISTORIES)
def test_deeds_under_every_name_of_a_change_count_as_one(history: str) -> None:
    world = World()
    clone = world.clones[0]
    for action in history.split():
        match action:
            case "do":
                world.work(clone, 0, 0, online=True)
            case "back":
                world.begin(clone, 0)
            case "first":
                world.begin(clone, 1)
            case _:
                ACT[action](world, clone, 1, 0)
    for each in world.clones:
        world.sync(each)
    assert world.real, "something was done or tried"
    check(world, random.Random(1))  # noqa: S311 -- no secret, and the same every time


def test_a_failure_that_comes_after_two_further_deploys_is_told() -> None:
    """Offline, somebody failed to undo a step for a deploy that others replaced, ended and rolled back without knowing that."""
    world = World()
    one, two = world.clones
    world.add_fragment(0, 50)
    world.begin(one, 1)
    world.work(one, 0, 0, online=True)
    world.begin(two, 0)
    for target in (1, 0):
        world.begin(one, target)
        if target == 0:
            world.work(one, 0, 0, online=True)
        assert world.end(one)
        if target == 1:
            world.work(two, 0, 2, online=False)
    for each in world.clones:
        world.sync(each)
    told = [each.deed.step for each in replay_records(world.remote).open_stray]
    assert told == ["c0#1:undo"]
    check(world, random.Random(1))  # noqa: S311 -- as above
