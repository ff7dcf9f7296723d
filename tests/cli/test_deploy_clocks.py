"""Deploys on machines whose clocks are wrong: nothing is lost, and an age that no clock tells is not said to be short."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from tests.ledger.clones import NOON, Clock

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.cli.deployed import Deploy, Site
    from tests.commandline import Run


@pytest.fixture
def clock(site: Site, monkeypatch: pytest.MonkeyPatch) -> Callable[[datetime], None]:
    """Sets the clock. Without a remote, which tells a clone nothing about clocks."""
    site.environment('deployed = "ledger"')
    site.ada.git("remote", "remove", "origin")
    return lambda time: monkeypatch.setattr("relbot.cli.deploy.options.utc_now", Clock(time))


def test_a_clock_that_jumps_changes_nothing(deploy: Deploy, clock: Callable[[datetime], None]) -> None:
    steps = ("options#1", "options#2", "restart:apache2")
    commands = (("adopt", "--at", "old"), ("begin", "--to", "new"), *(("tick", step) for step in steps), ("done",))
    for hours, command in zip((0, -1, 100_000, -100_000, 1, -2), commands, strict=True):
        clock(NOON + timedelta(hours=hours))
        assert deploy(*command).code == 0
    told = [line.split("  ")[1].split()[0] for line in deploy("log").out.splitlines()[1:]]
    assert told == ["adopted", "begun", "done", "done", "done", "ended:"]
    assert deploy("status").code == 0


@pytest.mark.parametrize("year", [1, 1970, 2200, 9998])
def test_a_clock_that_is_wrong_by_centuries_is_named(deploy: Deploy, clock: Callable[[datetime], None], year: int) -> None:
    clock(NOON)
    deploy("adopt", "--at", "old")
    clock(datetime(year, 7, 1, tzinfo=UTC))
    for command in (("begin", "--to", "new"), ("lock", "--reason", "x", "--for", "1h"), ("note", "x")):
        said = deploy(*command)
        assert (said.code, f"the clock of this machine says {datetime(year, 7, 1, tzinfo=UTC):%Y-%m-%d}." in said.err) == (
            3,
            True,
        )
    assert deploy("status").code == 0
    clock(NOON)
    assert deploy("begin", "--to", "new").code == 0


def test_a_message_from_the_future_is_of_no_known_age(
    site: Site, deploy: Deploy, relbot: Run, clock: Callable[[datetime], None]
) -> None:
    saved = str(site.ada.path.parent / "motd.json")
    clock(NOON)
    deploy("adopt", "--at", "old")
    assert relbot("motd", "production", "--save", saved, cwd=site.ada.path).code == 1
    clock(NOON - timedelta(minutes=3))
    assert relbot("motd", "--from", saved, cwd=site.ada.path).code == 1
    clock(NOON - timedelta(hours=1))
    said = relbot("motd", "--from", saved, cwd=site.ada.path)
    assert said.code == 3
    assert said.out.startswith("As of 2018-08-15 12:00 UTC, later than this clock says: one of the two clocks is wrong.\n")
    missing = relbot("motd", "--from", "gone.json", cwd=site.ada.path.parent)
    assert (missing.code, 'There is no file "gone.json" here' in " ".join(missing.out.split())) == (3, True), missing.out
