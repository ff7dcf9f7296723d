"""Waiting for a gate and for a lock, by a clock that only waiting moves."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from relbot.app.deploys.gate import GateRequest, wait_for_gate
from relbot.app.deploys.session import SessionRequest, open_session
from relbot.app.deploys.write_down import lock_environment
from relbot.app.project import open_project
from relbot.errors import Refused
from relbot.ledger.store import Surroundings
from tests.cli.stories import LEDGER, Story
from tests.ledger.clones import ADA, BOB, NOON

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from relbot.app.deploys.session import Session
    from relbot.deploy.log.record import Who


class Waiting:
    """A clock that stands still but for what somebody waits, and what happens meanwhile, by the seconds that were waited."""

    def __init__(self, **happens: Callable[[], object]) -> None:
        self.waited, self.back = 0.0, 0.0
        self._happens = {float(seconds.removeprefix("at_")): what for seconds, what in happens.items()}

    def now(self) -> datetime:
        return NOON + timedelta(seconds=self.waited - self.back)

    def pause(self, seconds: float) -> None:
        before, self.waited = self.waited, self.waited + seconds
        for at, what in self._happens.items():
            if before < at <= self.waited:
                what()

    def session(self, story: Story, who: Who = ADA) -> Session:
        around = Surroundings(lambda: who, self.now, self.pause, lambda: 1.0)
        return open_session(open_project(story.a.path), SessionRequest("production"), around)


def test_a_gate_waits_for_the_step_of_somebody_else_and_no_longer(story: Story) -> None:
    story.deploy("adopt", "--at", "v1")
    new = story.change("1-a", "before-install")
    story.second()
    waiting = Waiting(at_12=lambda: story.deploy("tick", "1-a#1", "--to", new, by=story.b))
    gate = wait_for_gate(waiting.session(story), GateRequest("install", new), 60)
    assert (gate.may_go_on, waiting.waited) == (True, 15)
    set_back = Waiting(at_5=lambda: setattr(set_back, "back", 86_400.0))
    newer = story.change("2-b")
    for waiting in (Waiting(), set_back):
        assert not wait_for_gate(waiting.session(story), GateRequest("done", newer), 7).may_go_on
        assert waiting.waited == 7


def test_a_gate_waits_for_the_environment_that_comes_first(story: Story) -> None:
    story.configure(
        LEDGER.replace("target", 'after = "staging"\ntarget')
        + '[environments.staging]\ndeployed = "ledger"\ntarget = "origin/main"\n'
    )
    story.deploy("adopt", "--at", "v1")
    new = story.other("new")
    story.second()
    waiting = Waiting(at_3=lambda: story("deploy", "adopt", "staging", "--at", new, by=story.b))
    assert wait_for_gate(waiting.session(story), GateRequest("install", new), 60).may_go_on
    assert waiting.waited == 5


def test_a_lock_waits_for_the_end_of_another_one(story: Story) -> None:
    story.deploy("adopt", "--at", "v1")
    lock_environment(Waiting().session(story, BOB), "his", timedelta(seconds=20))
    set_back = Waiting(at_5=lambda: setattr(set_back, "back", 60.0))
    for waiting in (Waiting(), set_back):
        with pytest.raises(Refused):
            lock_environment(waiting.session(story), "mine", timedelta(hours=1), 10)
        assert waiting.waited == 10
    waiting = Waiting()
    assert lock_environment(waiting.session(story), "mine", timedelta(hours=1), 60).reason == "mine"
    assert waiting.waited == 20


def test_who_interrupts_a_wait_has_recorded_nothing(story: Story) -> None:
    def interrupt() -> None:
        raise KeyboardInterrupt

    story.deploy("adopt", "--at", "v1")
    new = story.other("new")
    lock_environment(Waiting().session(story, BOB), "his", timedelta(seconds=20))
    known = story.deploy("log").out
    with pytest.raises(KeyboardInterrupt):
        wait_for_gate(Waiting(at_2=interrupt).session(story), GateRequest("install", new), 60)
    with pytest.raises(KeyboardInterrupt):
        lock_environment(Waiting(at_2=interrupt).session(story), "mine", timedelta(hours=1), 60)
    assert story.deploy("log").out == known
