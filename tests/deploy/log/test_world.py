"""The laws of deploys, over whole histories: what the ledger says is compared with what really happened."""

from __future__ import annotations

import random
from dataclasses import replace
from typing import TYPE_CHECKING

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from relbot.deploy.log.deeds import effective_deed, inverse_id, live_deeds, own_id
from relbot.deploy.log.record import DeedKind
from relbot.deploy.log.replay import replay_records
from relbot.deploy.plan.model import StepKind
from tests.deploy.log.world import DONE, MAYBE, NOT_DONE, Clone, World, commit_of, number_of
from tests.tiers import examples

if TYPE_CHECKING:
    from collections.abc import Callable

    from relbot.deploy.log.record import Record
    from relbot.deploy.log.state import EnvironmentState

    Key = tuple[int, str]

ACTIONS = (
    "fragment", "fragment", "rename", "amend", "revert", "backport", "sync",
    "begin", "begin", "work", "work", "work", "work", "work", "work", "work", "work", "alone", "alone",
    "end", "end", "end", "end", "overrule", "take_back", "take_back", "skip", "abort", "deferred",
)  # fmt: skip
NUMBERS = st.integers(0, 59)
HISTORIES = st.lists(st.tuples(st.sampled_from(ACTIONS), NUMBERS, NUMBERS), min_size=4, max_size=30)


def end(world: World, clone: Clone) -> None:
    if world.end(clone):
        check_nothing_is_open(world)


ACT: dict[str, Callable[[World, Clone, int, int], object]] = {
    "fragment": lambda world, _, x, y: world.add_fragment(-1 if x % 4 else x, y),
    "rename": lambda world, _, x, y: world.rename(-1, x, y),
    "amend": lambda world, _, x, __: world.amend(-1, x),
    "revert": lambda world, _, x, __: world.revert(-1, x),
    "backport": lambda world, _, x, y: world.backport(x, y),
    "begin": lambda world, clone, x, _: world.begin(clone, -1 if x % 3 else x),
    "work": lambda world, clone, x, y: world.work(clone, x, y // 2, online=True),
    "alone": lambda world, clone, x, y: world.work(clone, x, y // 2, online=False),
    "end": lambda world, clone, _, __: end(world, clone),
    "sync": lambda world, clone, _, __: world.sync(clone),
    "overrule": lambda world, clone, x, _: world.overrule(clone, x),
    "take_back": lambda world, clone, x, _: world.take_back(clone, x),
    "skip": lambda world, clone, x, _: world.skip_what_was_done(clone, x),
    "abort": lambda world, clone, _, __: world.abort(clone),
    "deferred": lambda world, clone, x, _: world.do_deferred(clone, x),
}


def act(world: World, action: str, x: int, y: int) -> None:
    ACT[action](world, world.clones[y % 2], x, y)


def check_nothing_is_open(world: World) -> None:
    """Said of a deploy that has just ended: its steps were done, or somebody has written why not."""
    now = replay_records(world.remote)
    assert now.running is not None
    there = {world.uids[each]: each for each in world.trees[number_of(now.running.deed.target)]}
    overruled = now.ended.overruled if now.ended else {}
    unsure = unpublished(world) | strays(world, now)
    unsure |= {world.key(what.removeprefix("step:").removesuffix(":undo")) for what in overruled if "#" in what}
    for identity, fragment in world.trees[number_of(now.running.deed.target)].items():
        for number in range(1, len(fragment.steps) + 1):
            key = world.uids[identity], str(number)
            assert world.real.get(key) == DONE or key in world.excused | unsure, f"{identity}#{number} is open"
    for key, state in world.real.items():
        assert key[0] in there or state != DONE or key in world.excused | unsure, f"{key} was not taken back"
    assert not world.stale.get("web") or unsure or "step:restart:web" in overruled, "web was not restarted"


def unpublished(world: World) -> set[Key]:
    return world.contended | {key for clone in world.clones for record in clone.unpublished for key in keys(world, record)}


def strays(world: World, now: EnvironmentState) -> set[Key]:
    """What is told apart: what belongs to no deploy, what failed, and what is still to be taken back after an abort."""
    back = {world.key(step.removesuffix(":undo")) for step in now.deferred if step.endswith(":undo")}
    return back | {key for record in (*now.stray, *now.failed.values()) for key in keys(world, record)}


def keys(world: World, record: Record) -> list[Key]:
    step = record.deed.step.removesuffix(":undo")
    if "#" in step:
        return [world.key(step)]
    identity = step.removesuffix(":amended")
    tree = next((tree for tree in world.trees if identity in tree), {identity: None})
    fragment = tree[identity]
    return [(world.uids[identity], str(number)) for number, _ in enumerate(fragment.steps, 1)] if fragment else []


def believed(world: World, now: EnvironmentState) -> dict[Key, str]:
    """What the ledger and the trees tell of every step."""
    running = now.running.deed.target if now.running else commit_of(0)
    found: dict[Key, str] = {}
    for identity, fragment in world.trees[number_of(running)].items():
        for number in range(1, len(fragment.steps) + 1):
            key = world.key(f"{identity}#{number}")
            found[key] = NOT_DONE if f"{identity}#{number}" in now.not_done else DONE
    found |= {world.key(step.removesuffix(":undo")): DONE for step in now.not_done if step.endswith(":undo")}
    of_step: dict[Key, list[Record]] = {}
    records = [record for deeds in now.deploy.deeds.values() for record in live_deeds(deeds)] if now.deploy else []
    for record in sorted(records, key=lambda each: each.order):
        for key in keys(world, record):
            of_step.setdefault(key, []).append(plain(record))
    for key, deeds in of_step.items():
        holds = effective_deed(deeds, "x#1")
        if holds is not None and holds.deed.kind is not DeedKind.SKIPPED:
            done = NOT_DONE if own_id(holds.deed) == "x#1:undo" else DONE
            found[key] = MAYBE if holds.deed.kind is DeedKind.FAILED else done
    return found


def plain(record: Record) -> Record:
    """The record as one of a step that has the same name in every tree."""
    step = "x#1:undo" if record.deed.step.endswith(":undo") else "x#1"
    return replace(record, deed=replace(record.deed, step=step))


def check(world: World, chance: random.Random) -> None:
    now = replay_records(world.remote)
    unsure = unpublished(world) | strays(world, now)
    broken = [need for need in world.broken_needs if need[1] not in unsure]
    assert not broken, "a change was done without what it needs"
    beliefs = believed(world, now)
    for key in {*beliefs, *world.real}:
        real, told = world.real.get(key, NOT_DONE), beliefs.get(key, NOT_DONE)
        if key not in unsure and not (key in world.excused and MAYBE in (real, told)):
            assert told == real, f"{key}: the ledger says {told}, and it is {real}"
    shuffled = list(world.remote)
    chance.shuffle(shuffled)
    assert replay_records(shuffled) == now, "two clones that have fetched the same say the same"
    target = chance.randrange(len(world.trees))
    check_plan(world, now, target, unsure)


def check_plan(world: World, now: EnvironmentState, target: int, unsure: set[Key]) -> None:
    plan = world.plan_for(now, target)
    if now.deploy:  # what an amended step did under another name is told once its deploy has ended
        amended = [each for step, deeds in now.deploy.deeds.items() if step.endswith(":amended") for each in deeds]
        unsure = unsure.union(*(keys(world, record) for record in amended))
    undone = {world.key(step.id.removesuffix(":undo")) for step in plan.steps if step.kind is StepKind.UNDO}
    settled = {
        world.key(step.removesuffix(":undo")) for step in (now.deploy.ticks if now.deploy else ()) if step.endswith(":undo")
    }
    for key in undone - unsure - settled:
        real = world.real.get(key, NOT_DONE)
        assert real != NOT_DONE, f"{key} is taken back, and was never done"
    there = {world.uids[each] for each in world.trees[target]}
    for key, real in world.real.items():
        if real == DONE and key[0] not in there and key not in unsure | world.excused:
            assert key in undone, f"{key} was done, is not in the target, and is not taken back"
    start = number_of(now.running.deed.target) if now.running else 0
    there_again, back = world.plan_between(start, target), world.plan_between(target, start)
    assert {s.id for s in there_again.steps if s.kind is StepKind.DO} == {
        inverse_id(s.id) for s in back.steps if s.kind is StepKind.UNDO
    }
    assert world.plan_between(target, target).quiet


@settings(max_examples=examples(2_000, 50_000), deadline=None, suppress_health_check=list(HealthCheck))
@given(HISTORIES)
def test_the_laws_hold_over_every_history(history: list[tuple[str, int, int]]) -> None:
    world = World()
    chance = random.Random(len(history))  # noqa: S311 -- no secret, and the same every time
    for action, x, y in history:
        act(world, action, x, y)
    for clone in world.clones:
        world.sync(clone)
    check(world, chance)
