"""Histories that once failed: changes renamed between two deploys, and failures that come late."""

from __future__ import annotations

import random

import pytest

from relbot.deploy.log.replay import replay_records
from tests.deploy.log.test_world import ACT, check
from tests.deploy.log.world import World

HISTORIES: dict[str, str] = {
    "both names failed, one is undone, and the deploy is given up": (
        "fragment0:21,46 begin1:59,49 fails1:34,30 rename1:13,59 begin1:17,27 fails1:33,11 take_back1:37,35 abort0:8,45"
        " begin0:57,1"
    ),
    "it failed, could not be undone, and comes again under another name": (
        "fragment1:46,50 begin0:23,28 fails0:46,49 rename0:34,18 begin0:54,31 fails0:37,57 abort0:44,2 begin1:37,8"
    ),
    "it failed under both names, and what was taken back is skipped": (
        "fragment1:14,12 begin1:20,9 fails1:25,23 rename0:2,36 begin1:3,32 fails1:8,40 skip_inverse1:57,58 begin1:52,48"
        " abort1:50,17 begin1:56,53"
    ),
    "a rollback is turned back, and what it undid fails and is undone again": (
        "fragment0:14,58 begin0:21,20 work0:42,26 end0:49,48 begin0:48,32 sync1:55,54 alone1:2,16 sync1:16,0 begin0:23,22"
        " work0:30,44 take_back1:25,23 end1:34,1"
    ),
    "it failed offline, and was taken back after the end by somebody who did not know that": (
        "fragment0:0,0 begin0:7,22 work1:36,49 work1:43,11 work1:50,33 end1:57,55 undo_ended1:4,17 alone0:28,29"
        " deferred1:35,51 amend1:42,13 begin1:49,35 work1:56,57"
    ),
    "a comparison fails and is skipped, and a later change needs what was compared": (
        "fragment0:0,4 begin0:7,26 work0:28,32 work0:35,54 end0:42,16 amend0:21,0 begin0:28,22 work0:35,44 work0:42,6"
        " end0:49,28 fragment1:1,7 begin1:8,29 work1:36,57"
    ),
    "a slip about a second comparison leaves the first as it is": (
        "fragment0:0,38 begin0:7,0 work0:28,6 end0:35,28 amend0:15,48 begin0:22,10 work0:29,32 end0:43,16 backport0:0,0"
        " begin0:51,16 work0:58,38"
    ),
    "a step that was taken back is done under another name, and then has its name again": (
        "fragment0:0,2 begin0:7,24 work0:21,8 end0:28,30 undo_ended0:35,52 rename0:14,44 begin0:21,6 end0:35,50"
        " begin0:35,10 work0:42,32 fragment0:26,0 begin0:33,22 end0:15,34"
    ),
    "the same, and a deploy ends between": (
        "fragment0:0,2 begin0:7,24 work0:21,8 end0:28,30 undo_ended0:35,52 rename0:14,44 begin0:21,6 end0:35,50"
        " begin0:35,10 work0:42,32 end0:49,54 fragment0:26,0 begin0:33,22 end0:15,34"
    ),
    "a step that was kept on the way back fails under another name, and is undone": (
        "fragment0:0,58 begin0:7,20 work0:35,48 end0:42,10 rename0:17,46 begin0:24,8 work0:31,30 end0:38,52 begin0:20,20"
        " work0:34,4 begin0:9,54 work0:16,16 end0:23,38"
    ),
    "the same, where the deploy turned back to its start": (
        "fragment0:0,58 begin0:3,2 work0:10,24 rename0:17,46 begin0:24,8 work0:31,30 end0:38,52 begin0:20,20 work0:34,4"
        " begin0:9,54 work0:16,16 end0:23,38"
    ),
    "what a deploy left is done offline, and two deploys end before that is known": (
        "fragment0:0,0 begin_new0:50,34 do0:4,18 fragment1:1,1 work1:36,51 end1:43,13 fragment0:28,0 begin_new0:35,22"
        " do0:42,44 do0:49,6 end0:56,28 revert0:10,12 begin_new0:17,34 do0:24,56 do0:31,18 deferred_alone1:38,40 end0:45,2"
    ),
    "what a deploy left is done twice offline, the second time by mistake, and the next deploy has ended meanwhile": (
        "fragment0:0,54 fragment0:52,26 fragment0:59,48 begin0:6,10 work0:13,32 begin0:35,0 work0:42,22 do1:34,11 end1:41,33"
        " sync0:48,55 revert1:55,17 begin_new1:2,39 do1:16,23 deferred_alone0:23,45 end1:30,7"
    ),
    "a comparison is said to be done by mistake while the deploy is given up": (
        "fragment0:0,0 begin0:7,22 work0:21,6 work0:35,50 end0:42,12 amend0:0,0 begin0:1,54 sync1:8,16 alone1:15,38 abort0:22,0"
    ),
    "what was taken back on the way fails when it is done again, and a change needs it": (
        "fragment0:45,56 begin0:52,18 work0:13,24 work0:20,46 work0:27,8 end0:34,30 fragment0:41,52 fragment1:16,9"
        " begin1:23,31 work1:58,21 fragment1:12,5 fragment0:0,2 begin0:7,24 work0:28,30 work0:35,52 fragment0:8,14"
        " begin0:15,36 work0:15,44 begin0:22,6 work0:43,12"
    ),
    "what was left keeps its name until the deploy that renames its change has ended": (
        "fragment0:45,56 begin0:52,18 work0:59,40 work0:6,2 work0:13,24 end0:20,46 undo_ended0:27,8 fragment0:26,0"
        " begin0:33,22 work0:1,50 begin0:22,0 work0:29,22 rename0:36,44 begin0:43,6"
    ),
    "it failed offline for a target that another one replaced, and a slip is taken back there": (
        "fragment1:0,19 begin1:7,41 sync0:35,9 alone0:28,45 amend1:42,29 begin1:49,51 work1:56,13 end1:3,35 deferred1:0,45"
    ),
    "a slip about what was left comes to be known after a deploy that makes it needless": (
        "fragment0:0,0 begin0:7,22 work0:35,50 fragment1:0,15 begin_new1:7,37 do1:14,59 do1:21,21 end1:28,43 sync0:35,5"
        " revert1:42,27 begin_new1:49,49 deferred_alone0:10,55 end1:17,17 deferred0:0,14"
    ),
    "the same, and nothing of it had been done before": (
        "fragment1:0,43 revert1:42,55 fragment1:4,57 begin_new1:11,19 do1:18,41 do1:25,3 end1:32,25 sync0:39,47 revert1:46,9"
        " begin_new1:53,31 deferred_alone0:14,37 end1:21,59 deferred0:2,8"
    ),
    "it fails to be undone under another name, the deploy is given up, and begins anew with the first name": (
        "fragment1:10,7 begin1:17,29 work1:24,51 fragment0:23,28 rename0:42,36 begin0:49,58 fragment1:54,3 begin1:15,9"
        " fails1:22,31 abort1:29,53 begin1:36,15"
    ),
    "a deploy is begun with what it needs overruled, since that is not there": (
        "fragment1:35,43 fragment1:42,5 begin1:49,27 work1:56,49 work1:10,33 end_alone1:12,5 fragment1:4,1 revert1:46,13"
        " begin0:19,24 overrule1:20,55 work0:57,20"
    ),
    "what was said to be undone by mistake was not, and the deploy that believed it has ended": (
        "fragment1:21,5 begin1:28,27 work1:35,49 fragment0:4,14 begin0:11,36 wrongly0:18,58 end0:39,4 sync1:46,26 slip1:53,48"
        " begin0:0,10 work0:7,32 end0:14,54"
    ),
    "it failed offline after its deploy had ended, and two further deploys end before that is known": (
        "fragment1:32,23 begin1:39,45 sync0:46,7 work1:45,31 end1:20,21 begin1:26,45 end1:47,51 alone0:54,13 amend1:8,57"
        " begin1:15,19 end1:29,3"
    ),
    "it was done, undone on the way elsewhere, failed, was given up, and is undone again": (
        "fragment1:24,27 begin_new1:31,49 do1:38,11 fragment1:13,1 fragment0:12,16 begin0:19,38 work0:26,0 begin0:33,22"
        " fails0:40,44 abort0:47,6 begin_new0:41,24 do0:48,46"
    ),
    "what a deploy left fails offline, is undone on the way elsewhere, and is left again": (
        "fragment0:33,10 begin_new0:40,32 do0:47,54 end0:54,16 sync1:1,38 deferred_fails1:8,0 deferred0:15,22 fragment0:26,26"
        " begin0:18,12 work0:25,34 amend0:32,56 begin0:39,18 work0:46,40 work0:53,2 end0:0,24"
    ),
    "what had failed on two sides cannot be undone, and is overruled by who does not know that": (
        "fragment1:57,9 begin1:4,31 sync0:11,53 fails0:18,15 work1:25,37 work1:32,59 fragment0:8,30 begin_new0:15,52 sync1:22,14"
        " fails1:29,36 overrule0:36,58"
    ),
    "what it needs was never done, and it is undone and to be done again on the way back to where that deploy began": (
        "fragment0:14,24 begin0:21,46 wrongly0:28,8 work0:35,30 end0:49,14 sync1:56,36 slip1:3,58 fragment0:17,46 begin_new0:24,8"
        " do0:31,30 end0:38,52 revert0:45,14 begin_new1:34,41 do1:41,3 begin_old1:48,25 fails1:55,47"
    ),
    "a restart is overruled before what needs it is undone, and the deploy is given up": (
        "fragment0:7,8 begin_new0:14,30 fails0:35,36 revert0:49,20 begin_new0:56,42 overrule1:29,57 alone1:9,58 abort0:16,20"
        " sync1:23,42 begin0:12,42 end0:33,48"
    ),
    "its undo fails under another name, the deploy is given up, and the next one, where nothing has a name for it, undoes it": (
        "fragment1:14,59 begin1:21,21 work1:28,43 rename1:35,5 begin_new1:21,29 do0:30,32 begin_old0:37,54 fails0:44,16"
        " abort0:51,38 revert0:58,0 begin1:55,3 work1:2,25 abort1:23,31 begin1:30,53"
    ),
    "it failed elsewhere, and who has done it says in writing that it stays, and does not know that": (
        "fragment0:13,52 begin0:20,14 sync1:27,36 fails1:34,58 work0:48,42 fragment0:20,14 begin_new0:27,36 overrule0:48,42"
    ),
    "what a change needs was never done, under the name that it had then": (
        "fragment1:2,1 revert1:30,29 fragment0:18,18 rename0:39,24 fragment0:29,56 begin0:50,2 work0:57,24 work0:4,46 work0:11,8"
        " fragment1:31,37 rename1:13,49 begin_new1:20,11 do1:27,33 do1:34,55 end1:41,17 begin1:21,57 work1:28,19 amend1:35,41"
        " begin1:42,3 work1:49,25"
    ),
    "what was never done, as a slip tells by now, is kept on the way back": (
        "fragment0:46,46 begin0:53,8 wrongly0:0,30 end0:21,36 sync1:28,58 slip1:35,20 begin0:42,42 overrule0:59,18 end0:26,28"
    ),
    "what was taken back without the end knowing, before a way back, is told apart from the next deploy that starts alike": (
        "fragment0:24,46 begin_new0:31,8 do0:59,36 do0:6,58 sync1:13,20 take_back_alone1:20,42 end0:27,4 sync1:34,26"
        " begin0:48,38 work0:55,0 work0:2,22 end0:37,12 begin_new0:42,3"
    ),
    "what a change needs was never done, and has another name beside it": (
        "fragment1:18,7 begin1:25,29 wrongly1:32,51 end1:53,57 sync0:0,19 slip0:7,41 fragment1:50,55 rename1:32,7"
        " begin_new1:39,29 do1:53,13 end1:0,35 begin0:48,22 work0:23,12 begin_old0:9,44 work0:27,30"
    ),
    "the same, and nothing tells that it is the same change": (
        "fragment1:18,7 begin1:25,29 wrongly1:32,51 end1:53,57 sync0:0,19 slip0:7,41 fragment1:50,55 rename1:32,6"
        " begin_new1:39,29 do1:53,13 end1:0,35 begin0:48,22 work0:23,12 begin_old0:9,44 work0:27,30"
    ),
    "both were to be taken back in one deploy, in writing, and one is done again, which needs what was never done": (
        "fragment1:18,7 begin1:25,29 wrongly1:32,51 end1:53,57 sync0:0,19 slip0:7,41 fragment1:50,55 begin_new1:39,29 do1:53,13"
        " end1:0,35 begin0:0,22 overrule0:0,0 fails0:23,12 begin_old0:9,44 work0:27,30"
    ),
    "a deploy that is given up undid it, and it is done again for the one that ended": (
        "fragment0:29,18 begin_new0:36,40 do0:43,2 end0:50,24 revert0:57,46 begin_new0:4,8 undo0:11,30 abort0:25,14"
        " undo_ended1:16,33 deferred0:6,2 begin0:18,24 end0:32,8"
    ),
    "a deploy goes back to the target where a change that was skipped has its old name": (
        "fragment0:1,2 begin_new0:0,0 do0:0,0 end0:0,0 begin0:0,0 do0:0,0 fragment0:1,2 begin_new0:0,0 work0:0,6 rename0:0,1"
        " begin_new0:0,0 begin0:6,0 do0:0,0 end0:0,0 begin0:0,0"
    ),
    "its undo failed without the end of the way back knowing, and its change comes again and is skipped": (
        "fragment0:1,2 begin_new0:0,0 do0:0,0 end0:0,0 begin0:0,0 sync1:0,0 fails1:0,0 overrule0:0,0 end0:0,0 sync1:0,0"
        " begin_new0:0,0 work0:0,6 end0:0,0"
    ),
    "two targets have renamed a change, each in its own way": (
        "fragment1:10,41 amend1:45,31 rename1:52,53 begin_new1:59,15 do1:13,59 fragment1:27,1 fragment0:56,18 rename0:38,30"
        " begin1:59,3"
    ),
    "a comparison is skipped, and a change needs what was not compared": (
        "fragment0:1,2 begin_new0:0,0 do0:0,0 end0:0,0 amend0:0,0 fragment0:1,7 begin_new0:0,0 work0:0,6 do0:0,0"
    ),
    "a change that was renamed on the way is kept, and comes again under its first name": (
        "fragment1:18,59 begin1:25,21 work1:32,43 rename1:39,5 begin1:46,27 fragment0:24,10 begin0:31,32 work0:38,54 work0:59,0"
        " end0:6,22 begin1:21,27 work1:28,49 end1:35,11"
    ),
    "what was done for a first target is kept for another one, and comes again under a new name": (
        "fragment1:18,59 begin1:25,21 work1:32,43 fragment0:24,10 begin0:32,32 work0:38,54 work0:59,0 end0:6,22 backport0:0,0"
        " rename0:0,1 begin_new0:0,0 do0:0,0 end0:0,0"
    ),
    "the same, and it was renamed on the way": (
        "fragment1:18,59 begin1:25,21 work1:32,43 rename1:39,5 begin1:46,27 fragment0:24,10 begin0:31,32 work0:38,54 work0:59,0"
        " end0:6,22 backport0:0,0 rename0:0,1 begin_new0:0,0 do0:0,0 end0:0,0"
    ),
    "the same, and another deploy ends between": (
        "fragment1:18,59 begin1:25,21 work1:32,43 fragment0:24,10 begin0:32,32 work0:38,54 work0:59,0 end0:6,22 fragment0:1,5"
        " begin_new0:0,0 do0:0,0 do0:0,0 do0:0,0 do0:0,0 do0:0,0 do0:0,0 end0:0,0 backport0:0,0 rename0:0,1 begin_new0:0,0"
        " do0:0,0 do0:0,0 do0:0,0 do0:0,0 end0:0,0"
    ),
}
"""What happens one after the other: each as the name of an action of the laws, the clone, and two numbers."""


@pytest.mark.parametrize("history", HISTORIES.values(), ids=HISTORIES)
def test_deeds_under_every_name_of_a_change_count_as_one(history: str) -> None:
    world = World()
    for word in history.split():
        action, numbers = word.split(":")
        x, y = map(int, numbers.split(","))
        ACT[action[:-1]](world, world.clones[int(action[-1])], x, y)
    for each in world.clones:
        world.sync(each)
    assert world.real or world.excused or world.slips, "something was done, tried or skipped, or said to be"
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
