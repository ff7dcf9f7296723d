"""Histories in one line each, and what follows from them. `story.py` explains the words."""

from __future__ import annotations

from datetime import timedelta

import pytest

from relbot.deploy.log.replay import replay_records
from relbot.render.deploys.record_lines import stray_sentence
from tests.deploy.log.stories_of_rules import STORIES_OF_RULES
from tests.deploy.log.story import state_after, told

STORIES = {
    "begin ab; done ab x#1; end ab later=x#2": "runs b; ended with x#1 done; left x#2; never x#2",
    "begin ab; end ab later=x#2; done ab x#2": "runs b; ended with x#2 done",
    "begin ab; end ab later=x#2; done ac x#2": "runs b; left x#2; never x#2; stray done x#2",
    "begin ab; end ab later=x#2; failed ab x#2": "runs b; ended with x#2 failed; left x#2 failed; never x#2",
    "begin ab; end ab later=x#2; failed ab x#2; done ab x#2": "runs b; ended with x#2 done",
    "begin ab; end ab later=x#2; failed ab x#2; ~done ab x#2": "runs b; ended with x#2 failed; left x#2 failed; never x#2",
    "begin ab; end ab later=x#2; skip ab x#2": "runs b; ended with x#2 skipped; never x#2",
    "begin ab; end ab later=x#2; failed ab x#2; skip ab x#2": "runs b; ended with x#2 skipped; never x#2",
    "begin ab; end ab later=x#2; done ab x#2 later=restart:web": (
        "runs b; ended with x#2 done; left restart:web; never restart:web"
    ),
    "begin ab; end ab later=x#2; done ab x#2 later=restart:web; done ab restart:web": (
        "runs b; ended with x#2 done, restart:web done"
    ),
    "begin ab; end ab later=x#2; done ab x#2 later=restart:web; ~done ab restart:web": (
        "runs b; ended with x#2 done, restart:web done; left restart:web; never restart:web"
    ),
    "begin ab; end ab later=x#2; done ab x#2 later=restart:web; skip ab restart:web": (
        "runs b; ended with x#2 done, restart:web skipped; never restart:web"
    ),
    "begin ab; end ab later=x#2; done ab x#2 later=restart:web; slip ab x#2": "runs b; left x#2; never x#2",
    "begin ab; end ab later=x#2; done ac x#2 later=restart:web": "runs b; left x#2; never x#2; stray done x#2",
    "begin ab; end ab later=x#2; done ab x#2 later=restart:web; begin bc; done bc restart:web; end bc": (
        "runs c; ended with restart:web done"
    ),
    "begin ab; end ab; undone ab x#1 later=restart:web; done ab restart:web; done ab x#1 later=restart:web": (
        "runs b; ended with x#1 done, restart:web done; left restart:web; never restart:web"
    ),
    "begin ab; end ab later=x#2; done ab x#2; slip ab x#2": "runs b; left x#2; never x#2",
    "begin ab; end ab later=x#2; done ab x#2; slip ab x#1": "runs b; ended with x#2 done",
    "begin ab; end ab later=x#2+x#3; done ab x#2; done ab x#3; slip ab x#2": "runs b; ended with x#3 done; left x#2; never x#2",
    "begin ab; end ab later=x#2; done ab x#2; slip ab x#2 !1": "runs b; ended with x#2 done",
    "begin ab; end ab later=x#2; done ab x#2; failed ab x#2; slip ab x#2 !3": (
        "runs b; ended with x#2 failed; left x#2 failed; never x#2"
    ),
    "begin ab; end ab never=x#2; done ab x#2": "runs b; ended with x#2 done",
    "begin ab; end ab never=x#2; done ab x#2; slip ab x#2": "runs b; never x#2",
    "begin ab; skip ab x#2; end ab never=x#2; begin bc; end bc; done ab x#2; slip ab x#2": "runs c; never x#2",
    "begin ab; done ab x#1; end ab; undone ab x#1": "runs b; ended with x#1:undo undone; left x#1; never x#1",
    "begin ab; done ab x#1; end ab; failed ab x#1:undo": "runs b; ended with x#1:undo failed; left x#1 failed; never x#1",
    "begin ab; done ab x#1; end ab; failed ab x#1": "runs b; ended with x#1 failed; left x#1 failed; never x#1",
    "begin ab; done ab x#1; end ab; start ab x#1:undo": "runs b; ended with x#1 done",
    "begin ab; done ab x#1; end ab; undone ab x#1; done ab x#1": "runs b; ended with x#1 done",
    "begin ab; done ab x#1; end ab; undone ab x#1; slip ab x#1": "runs b; ended with x#1 done",
    "begin ab; done ab x#1; end ab; done ab x#1": "runs b; ended with x#1 done",
    "begin ab; done ab restart:web; done ab x#2 later=restart:web; ~end ab later=x#2": (
        "runs b; ended with restart:web done, x#2 done; left restart:web; never restart:web"
    ),
    "begin ab; done ab x#2 later=restart:web; done ab restart:web; end ab": "runs b; ended with x#2 done, restart:web done",
    "begin ab; done ab x#1; end ab; undone ab x#1; undone ab x#1": "runs b; ended with x#1:undo undone; left x#1; never x#1",
    "begin ab; done ab x#1; end ab; undone ab y#1": "runs b; ended with x#1 done, y#1:undo undone; left y#1; never y#1",
    "begin ab; done ab x#1; end ab; begin bc; end bc; undone bc x#1": "runs c; ended with x#1:undo undone; left x#1; never x#1",
    "begin ab; done ab x#1; end ab; begin bc; end bc; failed bc x#1": "runs c; ended with x#1 failed; left x#1 failed; never x#1",
    "begin ab; done ab x#1; end ab; slip ab x#1": "runs b; left x#1; never x#1",
    "begin ab; done ab x#1; end ab; begin bc; end bc; slip ab x#1": "runs c; left x#1; never x#1",
    "begin ab; failed ab x#1; done ab x#1; end ab; slip ab x#1": "runs b; ended with x#1 failed; left x#1 failed; never x#1",
    "begin ab; skip ab x#1; end ab never=x#1; slip ab x#1": "runs b; left x#1; never x#1",
    "begin ab; done ab x#1; done ab x#1; end ab; slip ab x#1 !2": "runs b; ended with x#1 done; stray mistaken x#1",
    "begin ab; done ab x#1; done ab x#1; end ab; slip ab x#1 !3": "runs b; ended with x#1 done; stray mistaken x#1",
    "begin ab; done ab x#1; end ab; ~slip ab x#1": "runs b; left x#1; never x#1",
    "begin ab; done ab x#1; begin ac; done ac x#1:undo; begin ab; end ab; slip ac x#1:undo": (
        "runs b; ended with x#1 done; stray mistaken x#1:undo"
    ),
    "begin ab; done ab x#1; begin ac; done ac x#1:undo; begin ab; end ab; slip ac x#1:undo !4; undone ab x#1": (
        "runs b; ended with x#1:undo undone; left x#1; never x#1; stray mistaken x#1:undo"
    ),
    "begin ab; done ab x#1; begin aa; done aa x#1:undo; end aa; slip aa x#1:undo": (
        "runs a; ended with x#1 done; stray mistaken x#1:undo"
    ),
    "begin ab; done ab x#1; begin aa; done aa x#1:undo; end aa; slip aa x#1:undo; undone aa x#1": (
        "runs a; ended with x#1:undo undone"
    ),
    "begin ab; overrule ab step:x#1; failed ab x#1; done ab x#1; end ab; slip ab x#1": (
        "runs b; ended with x#1 failed; left x#1 failed; never x#1"
    ),
    "begin ab; overrule ab step:x#1; failed ab x#1; end ab never=x#1; slip ab x#1": "runs b; never x#1",
    "begin ab; done ab x#1 on=web1; done ab x#1 on=web2; slip ab x#1 on=web1": "to b; has x#1 done",
    "begin ab; done ab x#1; end ab; undone ac x#1": "runs b; ended with x#1 done; stray undone x#1",
    "begin ab; done ab x#1; end ab; undone cb x#1": "runs b; ended with x#1 done; stray undone x#1",
    "begin ab; done ab x#1; end ab renamed=xy; undone ab x#1": "runs b; ended with y#1:undo undone; left y#1; never y#1",
    "begin ab; done ab x#1; end ab renamed=xy; failed ab x#1": "runs b; ended with y#1 failed; left y#1 failed; never y#1",
    "begin ab; done ab restart:web; end ab; undone ab restart:web": (
        "runs b; ended with restart:web done; stray undone restart:web; open nothing"
    ),
    "begin ab; end ab; done ac y#1": "runs b; stray done y#1",
    "begin ab; end ab; done ac y#1; undone ac y#1": "runs b",
    "begin ab; end ab; done ac y#1; done ac y#2; undone ac y#1": "runs b; stray done y#2",
    "begin ab; end ab; done ac y#1; failed ac y#1": "runs b; stray done y#1, failed y#1",
    "begin ab; end ab; done ac y#1; slip ac y#1": "runs b",
    "begin ab; end ab; done ac y#1; done ac y#2; slip ac y#1": "runs b; stray done y#2",
    "begin ab; end ab; done ac y#1; done ac y#1; slip ac y#1 !3": "runs b; stray done y#1",
    "begin ab; end ab; done ac y#1; slip ac y#1 !1": "runs b; stray done y#1",
    "begin ab; end ab; done ac y#1; lift - stray !3": "runs b",
    "begin ab; end ab; done ac y#1; skip ac y#2; start ac y#3": "runs b; stray done y#1",
    "begin ab; end ab; done ac restart:web; failed ac restart:web": (
        "runs b; stray done restart:web, failed restart:web; open restart:web"
    ),
    "begin ab; failed ab x#1; abort ab": "aborted b; stray failed x#1",
    "begin ab; failed ab x#1; skip ab x#1; abort ab": "aborted b; stray failed x#1",
    "begin ab; failed ab x#1; abort ab; begin ac": "to c; has x#1 failed",
    "begin ab; done ab x#1; abort ab; begin ca": "to a; stray done x#1",
    "begin ab; done ab x#1; overrule ab step:x#1; abort ab": "aborted b; stray done x#1; open nothing",
    "begin ab; abort ac": "to b; stray aborted",
    "begin ab; done ab x#1; undone ab x#1; abort ab": "aborted b",
    "begin ab; end ab later=x#2; begin bc; done bc x#2; end bc": "runs c; ended with x#2 done",
    "begin ab; end ab later=x#2; begin bc; end bc; done bc x#2": "runs c; left x#2; never x#2; stray done x#2",
    "begin ab; end ab later=x#2; begin bc; abort bc; done bc x#2": "runs b; aborted c; left x#2; never x#2; stray done x#2",
    "begin ab; end ab later=x#2; begin ab; abort ab; done ab x#2": "runs b; aborted b; left x#2; never x#2; stray done x#2",
    "begin ab; end ab later=x#2; begin bc; end bc moot=x#2": "runs c",
    "begin ab; end ab later=x#2; begin bc; done ab x#2; ~end bc moot=x#2": "runs c; stray done x#2",
    "begin ab; end ab later=x#2; begin bc; end bc renamed=xy; done ab y#2": "runs c",
    "begin ab; end ab later=x#2; begin bc; end bc renamed=xy; done bc y#2": "runs c; left y#2; never y#2; stray done y#2",
    "begin ab; end ab later=x#2; begin bc; done bc y#2; end bc renamed=xy": "runs c; ended with y#2 done",
    "begin ab; end ab later=x#2+x#3+y#1; done ab x:amended": (
        "runs b; left x#2, x#3, y#1; never x#2, x#3, y#1; stray done x:amended; open nothing"
    ),
    "begin ab; end ab later=x#2+x#3; failed ab x#2; ~done ab x:amended": (
        "runs b; ended with x#2 failed; left x#2 failed, x#3; never x#2, x#3; stray done x:amended; open nothing"
    ),
    "begin ab; end ab later=x#2+x#3; failed ab x#2; done ab x:amended": (
        "runs b; ended with x#2 failed; left x#2 failed, x#3; never x#2, x#3; stray done x:amended; open nothing"
    ),
    "begin ab; done ab x#1; end ab; begin ba; done ba x#1:undo; back ba": "runs a; ended with x#1:undo done; held b",
    "begin ab; done ab x#1; end ab; begin ba; back ba; begin ab; end ab": "runs b",
    "begin ab; end ab; begin ba; back ba; begin ac; overrule ac left:b; end ac": "runs c",
    "begin ab; end ab; begin ba; back ba; lift - b": "runs a",
    "begin ab; end ab; begin ba; back ba; lift - c": "runs a; held b",
    "begin ab; end ac": "to b; stray ended",
    "adopt b; end ab": "runs b",
    "begin ab; done ab x#1; ~end ab": "runs b; ended with x#1 done; stray done x#1",
    "begin ab; failed ab x#1; ~end ab": "runs b; ended with x#1 failed; left x#1 failed; never x#1",
    "begin ab; failed ab x#1; ~end ab later=x#1": "runs b; ended with x#1 failed; left x#1 failed; never x#1",
    "begin ab; done ab x#1; ~end ab later=x#1": "runs b; ended with x#1 done",
    "begin ab; done ab x#1; undone ab x#1; ~end ab": "runs b; ended with x#1:undo undone; stray undone x#1",
    "begin ab; done ab x#1; undone ab x#1; ~end ab later=x#1": (
        "runs b; ended with x#1:undo undone; left x#1; never x#1; stray undone x#1"
    ),
    "begin ab; done ab x#1; ~end ab never=x#1": "runs b; ended with x#1 done",
    "begin ab; skip ab x#1; ~end ab": "runs b; ended with x#1 skipped",
    "begin ab; end ab; ~end ab": "runs b",
    "begin ab; end ab; begin ab; failed ab x#1; begin ac": "runs b; to c; has x#1 failed",
    "begin ab; end ab; end ac": "runs c",
    "begin ab; glass ab": "to b; set aside gate",
    "glass ab": "to b; set aside gate",
    "begin ab; glass ac": "to b; stray break-glass",
    "begin ab; adopt c": "runs c",
    "begin ab; done ab x#1; adopt c": "runs c; stray done x#1",
    "begin ab; failed ab x#1; end ab later=x#1; begin bc; failed bc x#1; end bc later=x#1": (
        "runs c; ended with x#1 failed; left x#1 failed; never x#1"
    ),
    "begin ab; failed ab x#1; end ab later=x#1; begin bc; done bc x#1; end bc": "runs c; ended with x#1 done",
    "begin ab; failed ab x#1; end ab later=x#1; begin bc; ~failed ab x#1; done bc x#1": (
        "runs b; to c; has x#1 done; ended with x#1 failed"
    ),
    "begin ab; end ab later=x#1; begin bc; done bc x#1; slip bc x#1": "runs b; to c; left x#1; never x#1",
    "begin ab; end ab later=x#1; begin bc; done bc x#1; failed bc x#1; slip bc x#1": "runs b; to c; has x#1 done",
    "begin ab; end ab later=x#1; begin bc; done bc x#1; undone bc x#1": "runs b; to c; has x#1:undo undone",
    "begin ab; end ab never=x#1; begin bc; done bc x#1; undone bc x#1": "runs b; to c; has x#1:undo undone",
    "begin ab; end ab later=x#1 never=x#2; begin bc; done bc x#2; slip bc x#2": "runs b; to c; left x#1; never x#1, x#2",
    "begin ab; end ab later=x#1; begin bc; skip bc x#1; end bc never=x#1": (
        "runs c; ended with x#1 skipped; left x#1; never x#1"
    ),
    "begin ab; end ab never=x#1+x#2; done ab x#1; undone ab x#1": (
        "runs b; ended with x#1:undo undone; left x#1; never x#2, x#1"
    ),
    "begin ab; end ab never=x#1+x#2; failed ab x#1": "runs b; ended with x#1 failed; failed x#1; never x#1, x#2",
    "begin ab; done ab x#1 on=web1; failed ab x#1 on=web2; end ab later=x#1; done ab x#1": "runs b; ended with x#1 done",
    "begin ab; end ab later=x#1; undone ab x#1": "runs b; ended with x#1:undo undone; left x#1; never x#1",
    "begin ab; end ab later=x#1:undo; done ab x#1:undo": "runs b; ended with x#1:undo done",
    "begin ab; end ab later=x#1:undo; done ab x#1": "runs b; left x#1:undo; never x#1:undo; stray done x#1",
    "begin ab; end ab later=x#2; done ab x#2; undone ab x#2; slip ab x#2": "runs b; ended with x#2 done",
    "begin ab; end ab later=x#2; done ab x#2; undone ab x#2": "runs b; ended with x#2:undo undone; left x#2; never x#2",
    "begin ab; end ab later=x#2; done ab x#2; undone ab x#2; done ab x#2": "runs b; ended with x#2 done",
    "begin ab; end ab later=x:amended+x#2+x#3+y#1; done ab x:amended": "runs b; ended with x:amended done; left y#1; never y#1",
    "begin ab; end ab later=x:amended+x#2+x#3; failed ab x#2; done ab x:amended": (
        "runs b; ended with x#2 failed, x:amended done"
    ),
    "begin ab; end ab later=x:amended+x#2+x#3; failed ab x#2; ~done ab x:amended": (
        "runs b; ended with x#2 failed, x:amended done; left x#2 failed; never x#2"
    ),
    "begin ab; end ab later=x:amended+x#2; skip ab x:amended": (
        "runs b; ended with x:amended skipped; left x#2; never x:amended, x#2"
    ),
    "begin ab; end ab later=x#1+x#2 renamed=xy; done ab y#1": "runs b; left x#1, x#2; never x#1, x#2; stray done y#1",
    "begin ab; done ab x#1; end ab later=x#2; done ac x#2; slip ab x#2": "runs b; ended with x#1 done; left x#2; never x#2",
    "begin ab; end ab; begin bc; end bc; begin ca; done ab x#1": "runs c; to a; stray done x#1",
    "begin ab; end ab later=x#1; begin ac; abort ac; begin ab; abort ab; skip ab x#1": "runs b; aborted b; left x#1; never x#1",
    "begin ab; end ab; done ac y#1; done ac y#2; lift - stray !4": "runs b; stray done y#1",
    "begin ab; done ab x#1; start ab x#1; end ab": "runs b; ended with x#1 done",
    "begin ab; failed ab x#1; start ab x#1": "to b; has x#1 failed",
    "begin ab; done ab x#1; skip ab x#1": "to b; has x#1 done",
    "begin ab; skip ab x#1; done ab x#1; undone ab x#1; skip ab x#1": "to b; has x#1 skipped, x#1:undo undone",
    "begin ab; undone ab x#1; skip ab x#1": "to b; has x#1 skipped, x#1:undo undone",
    "begin ab; undone ab x#1; skip ab x#1; abort ab": "aborted b; stray undone x#1",
    "begin ab; done ab x#1; undone ab x#1; failed ab x#1; abort ab": "aborted b; stray failed x#1",
    "begin ab; done ab x#1; abort ab; lift - stray !2": "aborted b",
    "begin ab; overrule ab step:x#1; failed ab x#1; done ab y#1; abort ab": "aborted b; stray failed x#1, done y#1",
    "begin ab; done ab x#1; done ab restart:web; abort ab": "aborted b; stray done x#1, done restart:web; open x#1",
    "begin ab; end ab; begin ba; back ba; begin ac; overrule ac left:b; end ac; begin cb": "runs c; to b",
    "begin ab; back ab; begin bc; back bc; begin cb; end cb": "runs b; held a",
    "overrule ab left:b; begin ab; end ab": "runs b",
    "begin ab; done ab x#1; ~failed ab x#1; end ab": "runs b; ended with x#1 failed",
    "begin ab; done ab x#1 on=web1; ~failed ab x#1 on=web2; ~done ab x#1 on=web2": "to b; has x#1 failed",
    "begin ab; failed ab x#1 on=web1; done ab x#1 on=web2": "to b; has x#1 failed",
    "begin ab; done ab x#1; ~done ab x#1; slip ab x#1; slip ab x#1": "to b",
    "begin ab; end ab later=x#1; done ab x#1; begin bc; end bc; slip ab x#1": "runs c; left x#1; never x#1",
    "begin ab; end ab later=x#1; begin bc; done bc x#1; end bc; slip bc x#1": "runs c; left x#1; never x#1",
    "begin ab; end ab later=x#1; begin bc; done bc x#1; end bc later=x#1; done bc x#1": "runs c; ended with x#1 done",
    "begin ab; end ab later=x#1; done ab x#1; ~begin bc; end bc moot=x#1": "runs c",
    "begin ab; end ab later=x#1; skip ab x#1; ~begin bc; end bc moot=x#1": "runs c",
    "begin ab; end ab later=x#1; begin bc; end bc; end bc": "runs c; left x#1; never x#1",
    "begin ab; end ab; begin bc; ~end ac": "runs b; to c; stray ended",
    "begin ab; end ab; ~end ac": "runs b; stray ended",
    "begin ab; end ab; ~skip ac x#1": "runs b",
    "begin ab; done ab x#1; end ab later=x#1": "runs b; ended with x#1 done; left x#1",
    "begin ab; failed ab x#1; end ab later=x#1; begin bc; end bc later=x#1": "runs c; left x#1; never x#1",
    "begin ab; failed ab x#1; end ab later=x#1; begin bc; end bc later=y#1": "runs c; left x#1 failed, y#1; never x#1, y#1",
    "begin ab; end ab later=x#2+x#3; begin bc; done ab x#3; ~end bc moot=x#2": "runs c",
    "begin ab; end ab never=x#1; begin bc; done bc x:amended; end bc; begin cd; done cd x:amended; slip cd x:amended": (
        "runs c; to d; ended with x:amended done"
    ),
    "begin ab; end ab later=x#1; done ab x#1; failed ab x#1; slip ab x#1": "runs b; ended with x#1 done",
    "begin ab; end ab later=x#1; failed ab x#1; slip ab x#1": "runs b; left x#1; never x#1",
    "begin ab; done ab x#1; ~failed ac x#1; ~end ab; ~undone ab x#1": "runs b; ended with x#1 failed; stray failed x#1",
    "begin ab; failed ab x#1; skip ab x#1; end ab never=x#1": "runs b; ended with x#1 skipped; failed x#1; never x#1",
    "begin ab; failed ab x#1; undone ab x#1; skip ab x#1; end ab never=x#1": (
        "runs b; ended with x#1 skipped, x#1:undo undone; never x#1"
    ),
    "begin ab; done ab x#1; undone ab x#1; done ab x#1; undone ab x#1; ~end ab": (
        "runs b; ended with x#1:undo undone; stray undone x#1"
    ),
    "begin ab; end ab; failed ac x#1; ~begin bc; ~done bc x#1; end bc": "runs c; ended with x#1 done; stray failed x#1",
    "begin ab; end ab later=x#1; begin bc; end bc; done ab x#1; done ab x#1": "runs c",
    "begin ab; end ab later=x#1:undo; begin bc; done bc x#1; end bc": "runs c; ended with x#1 done",
    "begin ab; end ab never=x#1; begin bc; undone bc x#1; end bc": "runs c; ended with x#1:undo undone; never x#1",
    "begin ab; end ab later=x#1; begin bc; failed ab x#1; ~end bc later=x#1": "runs c; left x#1 failed; never x#1",
    "begin ab; skip ab x:amended; end ab never=x:amended; begin bc; end bc moot=x:amended": "runs c",
    **STORIES_OF_RULES,
}


def test_each_story_ends_as_it_should() -> None:
    assert {story: state_after(story) for story in STORIES} == STORIES


def test_a_slip_that_a_deploy_went_on_from_is_told_apart_with_what_to_do() -> None:
    story = "begin ab; done ab x#1; begin ac; done ac x#1:undo; begin ab; end ab; slip ac x#1:undo"
    (apart,) = replay_records(told(story)).open_stray
    assert "a record of x#1:undo was a mistake, and a deploy that went on from it had ended" in stray_sentence(apart)


@pytest.mark.parametrize("clocks", [(0, -1), (0, 1), (3, -9, 0), (1_500_000, 0), (0, -150_000, 2)])
def test_no_clock_changes_what_follows_where_writers_knew_of_each_other(clocks: tuple[int, ...]) -> None:
    """Hours by which the clocks of the writers are wrong: summer time, and other centuries."""
    known = [story for story in STORIES if "~" not in story and "!" not in story]
    wrong = [timedelta(hours=each) for each in clocks]
    assert {story: state_after(story, wrong) for story in known} == {story: STORIES[story] for story in known}


def test_two_deploys_are_the_same_whoever_looked_their_records_up() -> None:
    """Their lineage is how an answer is looked up, and no part of them."""
    one, same, other = (replay_records(told(f"begin ab; done ab {step}")).deploy for step in ("x#1", "x#1", "x#2"))
    assert one == same
    assert not one != same  # noqa: SIM202  # a tuple has an operator of its own
    assert one != other
