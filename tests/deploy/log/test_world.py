"""The laws of deploys, over whole histories: what the ledger says is compared with what really happened."""

from __future__ import annotations

import random
from types import MappingProxyType
from typing import TYPE_CHECKING

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from relbot.deploy.log.deeds import effective_deed, own_id
from relbot.deploy.log.progress import StepState, measure_progress
from relbot.deploy.log.record import DeedKind
from relbot.deploy.log.replay import replay_records
from relbot.deploy.plan.model import StepKind
from tests.deploy.log.changing_sources import commit_of, number_of
from tests.deploy.log.laws_of_ledgers import (
    check_no_failure_is_lost,
    check_overrules,
    check_the_deploy,
    check_what_differs,
    check_what_is_left,
)
from tests.deploy.log.real_hosts import DONE, MAYBE, NOT_DONE
from tests.deploy.log.world import World
from tests.tiers import LONG, examples

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from relbot.deploy.log.record import Record
    from relbot.deploy.log.state import EnvironmentState
    from relbot.fragment.model import Fragment
    from tests.deploy.log.two_clones import Clone

    Key = tuple[int, str]

SCENES = tuple(each.split() for each in (
    "fragment", "fragment", "rename", "amend", "revert", "backport", "sync", "begin", "work", "alone", "end", "end_alone",
    "overrule", "take_back", "skip", "abort", "deferred", "deferred", "undo_ended",
    "skip_inverse", "late_answer", "wrongly", "slip",
    "fragment begin work work work work end",
    "fragment fragment begin work end work end",
    "fragment begin work begin work work work",
    "begin sync' work work alone' work end",
    "begin sync' alone' work work end sync' begin",
    "begin work amend begin work work end",
    "begin work rename begin work end",
    "begin work take_back begin work work end",
    "begin sync' alone' abort sync' begin work end",
    "begin sync' begin' end_alone sync' work",
    "begin work work end alone' deferred amend begin work end",
    "fragment begin work work work end undo_ended deferred",
    "fragment begin work work end undo_ended begin work end",
    "fragment begin work rename begin",
    "fragment begin work skip_inverse",
    "fragment begin sync' late_answer' work work work end fragment begin sync' late_answer'",
    "fragment begin sync' fails' work sync' work",
    "fragment begin sync' fails' work work end sync'",
    "fragment begin work sync' fails' work end sync'",
    "fragment begin_new do do end sync' revert begin_new do do deferred_alone' end",
    "fragment begin work begin fails abort begin",
    "fragment begin_new do end sync' deferred_fails' deferred end",
    "fragment begin_new do end revert begin_new undo skip_inverse abort",
    "fragment begin_new do begin_old fails abort revert begin_new",
    "fragment begin_new sync' fails' overrule sync'",
    "fragment begin_new sync' fails' overrule sync' abort",
    "fragment begin_new do do do do sync' fragment begin_new' end_alone sync'",
    "fragment begin_new do begin_old wrongly do end sync' slip'",
    "fragment begin wrongly work work end sync' slip' begin work end",
    "fragment begin work wrongly work work end slip deferred end",
    "fragment begin_new do do shorten begin_new do do end",
    "fragment begin_new do do end shorten begin_new do do end",
    "fragment revert begin_new sync' abort end_alone'",
    "fragment begin_new do take_back do do do sync' take_back_alone' end sync'",
    "fragment begin_new do sync' end' fragment begin_new do do end revert begin_new do do deferred_alone' end",
    "fragment begin_new do do end amend rename begin_new do do end",
))  # fmt: skip
"""What happens one after the other; `'` marks what the other operator does."""
NUMBERS = st.integers(0, 59)
HISTORIES = st.lists(st.tuples(st.integers(0, len(SCENES) - 1), NUMBERS, NUMBERS), min_size=2, max_size=6)


def end(world: World, clone: Clone) -> None:
    if world.end(clone):
        check_nothing_is_open(world)


ACT: dict[str, Callable[[World, Clone, int, int], object]] = {
    "fragment": lambda world, _, x, y: world.add_fragment(-1 if x % 4 else x, y),
    "rename": lambda world, _, x, y: world.rename(-1, x, y),
    "shorten": lambda world, _, x, __: world.shorten(-1, x),
    "amend": lambda world, _, x, __: world.amend(-1, x),
    "revert": lambda world, _, x, __: world.revert(-1, x),
    "backport": lambda world, _, x, y: world.backport(x, y),
    "begin": lambda world, clone, x, _: world.begin(clone, -1 if x % 3 else x),
    "work": lambda world, clone, x, y: world.work(clone, x, y // 2, online=True),
    "alone": lambda world, clone, x, y: world.work(clone, x, y // 2, online=False),
    "begin_new": lambda world, clone, _, __: world.begin(clone, -1),
    "begin_old": lambda world, clone, _, __: world.turn_back(clone),
    "undo": lambda world, clone, _, __: world.undo_by_script(clone),
    "do": lambda world, clone, _, __: world.work(clone, 0, 0, online=True),
    "fails": lambda world, clone, _, __: world.work(clone, 0, 2, online=False),
    "end": lambda world, clone, _, __: end(world, clone),
    "sync": lambda world, clone, _, __: world.sync(clone),
    "overrule": lambda world, clone, x, _: world.overrule(clone, x),
    "take_back": lambda world, clone, x, _: world.take_back(clone, x),
    "take_back_alone": lambda world, clone, x, _: world.take_back(clone, x, online=False),
    "skip": lambda world, clone, x, _: world.skip_what_was_done(clone, x),
    "abort": lambda world, clone, _, __: world.abort(clone),
    "deferred": lambda world, clone, x, y: world.do_deferred(clone, x, y // 2),
    "deferred_alone": lambda world, clone, x, y: world.do_deferred(clone, x, y // 2, online=False),
    "deferred_fails": lambda world, clone, x, _: world.fail_deferred(clone, x),
    "skip_inverse": lambda world, clone, x, _: world.skip_inverse(clone, x),
    "late_answer": lambda world, clone, x, _: world.answer_late(clone, x),
    "undo_ended": lambda world, clone, x, y: world.take_back_what_ended(clone, x, y // 2),
    "wrongly": lambda world, clone, x, _: world.say_wrongly(clone, x),
    "slip": lambda world, clone, x, y: world.take_back_a_slip(clone, x, y // 2),
    "end_alone": lambda world, clone, _, __: world.end_alone(clone),
}


def act(world: World, scene: int, x: int, y: int) -> None:
    for turn, action in enumerate(SCENES[scene]):
        other = action.endswith("'")
        ACT[action.removesuffix("'")](world, world.clones[(y + other) % 2], (x + 7 * turn) % 60, (y + 22 * turn) % 60)


def check_nothing_is_open(world: World) -> None:
    """Said of a deploy that has just ended: its steps were done, or somebody has written why not."""
    now = replay_records(world.remote)
    assert now.running is not None
    there = {world.uids[each]: each for each in world.trees[number_of(now.running.deed.target)]}
    overruled = now.ended.overruled if now.ended else {}
    unsure = unpublished(world) | strays(world, now) | {key for step in now.deferred for key in step_keys(world, step)}
    unsure |= {world.key(what.removeprefix("step:").removesuffix(":undo")) for what in overruled if "#" in what}
    amended = {key for step in overruled if step.endswith(":amended") for key in step_keys(world, step.removeprefix("step:"))}
    for identity, fragment in world.trees[number_of(now.running.deed.target)].items():
        for number in range(1, len(fragment.steps) + 1):
            key = world.uids[identity], str(number)
            assert world.real.get(key) == DONE or key in world.excused | unsure, f"{identity}#{number} is open"
            same = world.done_as.get(key) in (None, fragment.steps[number - 1].run)
            assert same or key in world.excused | unsure | amended, f"{identity}#{number} was done with another command"
    for key, state in world.real.items():
        of_it = world.trees[number_of(now.running.deed.target)].get(there.get(key[0], ""))
        gone = of_it is not None and int(key[1]) > len(of_it.steps)
        assert not gone or state != DONE or key in world.excused | unsure | amended, f"{key} is no step any more, and done"
        assert key[0] in there or state != DONE or key in world.excused | unsure, f"{key} was not taken back"
    told = "step:restart:web" in overruled or "restart:web" in now.deferred
    assert world.stale <= unsure or told, "web was not restarted"


def unpublished(world: World) -> set[Key]:
    return world.doubtful() | {key for clone in world.clones for record in clone.unpublished for key in keys(world, record)}


def untold(world: World) -> set[Key]:
    """Steps that came with a changed fragment whose comparison was skipped: nothing tells which of its steps is the new one."""
    return {key for key in world.excused if key[1] == "2" and key[0] in world.shortened}


def strays(world: World, now: EnvironmentState) -> set[Key]:
    """What is told apart: what belongs to no deploy, what failed, and what is still to be taken back after an abort."""
    back = {world.key(step.removesuffix(":undo")) for step in now.deferred if step.endswith(":undo")}
    return back | {key for record in (*now.stray, *now.failed.values()) for key in keys(world, record)}


def keys(world: World, record: Record) -> list[Key]:
    target = record.deed.target
    return step_keys(world, record.deed.step, world.trees[number_of(target)] if target else {})


def step_keys(world: World, step: str, target: Mapping[str, Fragment] = MappingProxyType({})) -> list[Key]:
    step = step.removesuffix(":undo")
    if "#" in step:
        return [world.key(step)]
    identity = step.removesuffix(":amended")
    tree = next((tree for tree in (target, *world.trees) if identity in tree), {identity: None})
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
    records = [record for deeds in now.deploy.deeds.values() for record in deeds] if now.deploy else []
    for record in sorted(records, key=lambda each: each.order):
        for key in keys(world, record):
            of_step.setdefault(key, []).append(plain(record))
    for key, deeds in of_step.items():
        holds = effective_deed([each for each in deeds if each.deed.kind is not DeedKind.SKIPPED], "x#1")
        if holds is not None:
            done = NOT_DONE if own_id(holds.deed) == "x#1:undo" else DONE
            found[key] = MAYBE if holds.deed.kind is DeedKind.FAILED else done
    return found


def plain(record: Record) -> Record:
    """The record as one of a step that has the same name in every tree."""
    return record._replace(deed=record.deed._replace(step="x#1:undo" if record.deed.step.endswith(":undo") else "x#1"))


def check(world: World, chance: random.Random) -> None:
    now = replay_records(world.remote)
    unsure = unpublished(world) | strays(world, now)
    broken = [need for need in world.broken_needs if need[1] not in unsure]
    assert not broken, "a change was done without what it needs"
    beliefs = believed(world, now)
    for key in {*beliefs, *world.real}:
        real, told = world.real.get(key, NOT_DONE), beliefs.get(key, NOT_DONE)
        if key not in unsure | untold(world) and not (key in world.excused and MAYBE in (real, told)):
            assert told == real, f"{key}: the ledger says {told}, and it is {real}"
    shuffled = list(world.remote)
    chance.shuffle(shuffled)
    assert replay_records(shuffled) == now, "two clones that have fetched the same say the same"
    check_the_deploy(world, now)
    check_what_differs(world, now, unsure)
    check_overrules(world, now)
    check_what_is_left(world, now, unpublished(world) | {key for each in now.stray for key in keys(world, each)})
    apart = now.deploy or now.aborted  # then a plan tells of the restart
    assert apart or world.stale <= unsure or "restart:web" in now.deferred, "web was not restarted"
    if now.deploy:
        check_done_is_settled(world, now, number_of(now.deploy.target), unsure)
    check_no_failure_is_lost(world, now)
    target = chance.randrange(len(world.trees))
    check_plan(world, now, target, unsure)
    check_done_is_settled(world, now, target, unsure)


def check_done_is_settled(world: World, now: EnvironmentState, target: int, unsure: set[Key]) -> None:
    """What was done for the deploy under way is not asked for again, whichever its target, and what counts as done was done."""
    progress = measure_progress(world.plan_for(now, target), now.deploy)
    for status in progress.statuses:
        if status.step.kind is StepKind.DO and "#" in status.step.id:
            key = world.key(status.step.id)
            real = world.real.get(key, NOT_DONE)
            if key not in unsure | world.excused:
                assert real != DONE or status.mark not in (StepState.OPEN, StepState.SKIPPED), (
                    f"{status.step.id} is asked for again"
                )
                assert real != MAYBE or status.mark is not StepState.OPEN, f"it is lost that {status.step.id} failed"
                assert real == DONE or status.mark is not StepState.DONE, f"{status.step.id} counts as done"


def check_plan(world: World, now: EnvironmentState, target: int, unsure: set[Key]) -> None:
    plan = world.plan_for(now, target)
    if now.deploy:  # what an amended step did under another name is told once its deploy has ended
        amended = [each for step, deeds in now.deploy.deeds.items() if step.endswith(":amended") for each in deeds]
        unsure = unsure.union(*(keys(world, record) for record in amended))
    undone = {world.key(step.id.removesuffix(":undo")) for step in plan.steps if step.kind is StepKind.UNDO}
    settled = {
        world.key(step.removesuffix(":undo")) for step in (now.deploy.ticks if now.deploy else ()) if step.endswith(":undo")
    }
    for key in undone - unsure - settled - untold(world):
        real = world.real.get(key, NOT_DONE)
        assert real != NOT_DONE, f"{key} is taken back, and was never done"
    world.check_difference(number_of(now.running.deed.target) if now.running else 0, target)
    there = {world.uids[each] for each in world.trees[target]}
    start = {world.uids[each] for each in world.trees[number_of(now.running.deed.target)]} if now.running else set()
    for key, real in world.real.items():
        excused = key in world.excused and key[0] not in start
        if real != NOT_DONE and key[0] not in there and key not in unsure and not excused:
            assert key in undone, f"{key} is {real}, not in the target, and not taken back"


@settings(max_examples=examples(2_000, 50_000), derandomize=not LONG, deadline=None, suppress_health_check=list(HealthCheck))
@given(HISTORIES)
def test_the_laws_hold_over_every_history(history: list[tuple[int, int, int]]) -> None:
    run_history(history)


def run_history(history: list[tuple[int, int, int]]) -> None:
    world = World()
    chance = random.Random(len(history))  # noqa: S311 -- no secret, and the same every time
    for scene, x, y in history:
        act(world, scene, x, y)
    for clone in world.clones:
        world.sync(clone)
    check(world, chance)
