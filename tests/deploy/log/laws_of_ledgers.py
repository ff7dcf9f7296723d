"""Laws about what a ledger says, told again in the simplest way: which deploy, which deeds, which failures, what is overruled."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relbot.deploy.log.deeds import effective_deed, inverse_id, is_undo
from relbot.deploy.log.progress import StepState, measure_progress
from relbot.deploy.log.record import STEP_KINDS, DeedKind, Direction
from relbot.deploy.log.record_order import sort_records
from tests.deploy.log.changing_sources import number_of
from tests.deploy.log.real_hosts import DONE, NOT_DONE

if TYPE_CHECKING:
    from relbot.deploy.log.state import EnvironmentState
    from tests.deploy.log.world import World


def check_the_deploy(world: World, now: EnvironmentState) -> None:
    """Which deploy is under way, and which deeds are of it: told again in the simplest way."""
    running, under_way = "", None
    held: set[str] = set()
    for record in sort_records(world.remote):
        deed, pair = record.deed, (record.deed.start, record.deed.target)
        if deed.kind is DeedKind.ADOPTED:
            running = deed.target
        elif deed.kind is DeedKind.BEGUN:
            under_way = pair
        elif deed.kind is DeedKind.ABORTED and under_way == pair:
            under_way = None
        elif deed.kind is DeedKind.ENDED and under_way == pair:
            running, under_way = deed.target, None
            held.discard(deed.target)
            held |= {deed.start} if deed.direction is Direction.ROLLBACK else set()
    assert now.running is not None
    assert (now.running.deed.target, now.deploy and (now.deploy.start, now.deploy.target)) == (running, under_way)
    assert set(now.held) == held, "what a rollback left is held until it is deployed again"
    at_once = (each for each in world.remote if each.deed.kind is DeedKind.BEGUN and each.deed.start == now.running.deed.start)
    for begun in at_once:
        same = now.running.deed.kind is DeedKind.ADOPTED or begun.deed.target == now.running.deed.target
        told = begun in world.known_to(now.running) or now.running in world.known_to(begun)
        assert same or told, "a deploy ended although another one had taken its place"
    deeds = [each for records in now.deploy.deeds.values() for each in records] if now.deploy else []
    assert all(each.deed.start == (now.deploy and now.deploy.start) for each in deeds), "a deed belongs to another deploy"
    stray = [each for each in now.stray if each.deed.kind in STEP_KINDS and each.deed.kind is not DeedKind.MISTAKEN]
    of_this = [each for each in stray if now.deploy and each.deed.start == now.deploy.start]
    assert not any(now.running in world.known_to(each) for each in of_this), "a deed of this deploy is told apart"


def check_what_differs(world: World, now: EnvironmentState, unsure: set[tuple[int, str]]) -> None:
    """What is undone since the deploy under way began was there when it began."""
    there = {world.uids[each] for each in world.trees[number_of(now.deploy.start)]} if now.deploy else set()
    slips = {key for each in world.slips for key in world.keys_of(each.deed.step)}
    for step, record in now.deploy.touched.items() if now.deploy else ():
        if is_undo(step) and record.deed.kind is not DeedKind.FAILED:
            key = world.key(step.removesuffix(":undo"))
            assert key[0] in there or key in unsure | slips, f"{step} counts as other than when the deploy began"


def check_overrules(world: World, now: EnvironmentState) -> None:
    """Who overruled a step that had failed knew that, while it is under way and after it was given up."""
    written = [each for each in world.remote if each.deed.kind is DeedKind.OVERRULED]
    knew = {failed for each in written for failed in world.known_to(each)}
    assert now.accepted <= knew, "what failed was accepted by somebody who did not know it"
    if now.deploy is None:
        return
    for status in measure_progress(world.plan_for(now, number_of(now.deploy.target)), now.deploy).statuses:
        deeds = now.deploy.deeds.get(status.step.id.removesuffix(":undo"), ())
        holds = effective_deed(deeds, status.step.id)
        if status.mark is StepState.OVERRULED and holds and holds.deed.kind is DeedKind.FAILED and status.entry:
            assert holds in world.known_to(status.entry), f"{status.step.id} failed, and was overruled without knowing that"


def check_what_is_left(world: World, now: EnvironmentState, unsure: set[tuple[int, str]]) -> None:
    """What deploys left is of what runs and not done; what is still to be taken back runs no more, and was done."""
    assert now.running is not None
    runs = {world.uids[each] for each in world.trees[number_of(now.running.deed.target)]}
    slips = {key for each in world.slips for key in world.keys_of(each.deed.step)}
    # Under another name that is told once the deploy under way has ended.
    unsure = unsure.union(*(world.keys_of(step) for step in now.deploy.deeds) if now.deploy else ())
    left = {step: world.key(step.removesuffix(":undo")) for step in {*now.deferred, *now.not_done} if "#" in step}
    for step, key in left.items():
        if key in unsure | slips | world.doubtful():
            continue
        real = world.real.get(key, NOT_DONE)
        if is_undo(step):
            assert key[0] not in runs or step not in now.deferred, f"{step} is left, and its change runs"
            assert real != NOT_DONE, f"{step} is left, and it was taken back"
        else:
            assert key[0] in runs, f"{step} is left, and its change is gone"
            otherwise = world.done_as.get(key) not in (None, world.run_of(step))  # with another command
            kept = inverse_id(step) in now.not_done  # on the way back before
            assert real != DONE or otherwise or kept, f"{step} is left, and it was done"


def check_no_failure_is_lost(world: World, now: EnvironmentState) -> None:
    """What failed, and nobody knew who ended or aborted the deploy, is told until something else is recorded of the step."""
    ordered = sort_records(world.remote)
    of_deploy = now.deploy.deeds.items() if now.deploy else ()
    holding = {effective_deed(deeds, each) for step, deeds in of_deploy for each in (step, inverse_id(step))}
    told = {*now.stray, *now.failed.values(), *holding}
    open_steps = {world.step_key(each.deed.step) for each in told if each and each.deed.kind is DeedKind.FAILED}
    closing = [each for each in ordered if each.deed.kind in (DeedKind.ENDED, DeedKind.ABORTED)]
    for at, record in enumerate(ordered):
        if record.deed.kind is DeedKind.FAILED and record not in world.slips and record not in told:
            step = world.step_key(record.deed.step)
            about = (step, (step[0], ":amended"))  # or somebody compared the change with what was done of it
            same = (each for each in ordered[at + 1 :] if each.deed.step and world.step_key(each.deed.step) in about)
            later = any(each.deed.kind is not DeedKind.STARTED and record in world.known_to(each) for each in same)
            known = any(record in world.known_to(each) for each in closing)
            assert later or known or step in open_steps, f"it is lost that {record.deed.step} failed"
