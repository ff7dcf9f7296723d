from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from tests.cli.deployed import as_bob
from tests.ledger.clones import NOON, Clock

if TYPE_CHECKING:
    from tests.cli.deployed import Deploy, Site
    from tests.commandline import Run


@pytest.fixture(autouse=True)
def _anywhere(anywhere: None) -> None: ...


def test_a_lock_keeps_others_out_until_it_ends(site: Site, relbot: Run, deploy: Deploy, monkeypatch: pytest.MonkeyPatch) -> None:
    assert deploy("lock", "--reason", "incident", "--for", "2h").code == 0
    assert deploy("gate", "--to", "old").code == 0, "the owner may go on"
    as_bob(monkeypatch)
    gate = ("deploy", "gate", "production", "--to", "old")
    said = relbot(*gate, cwd=site.bob.path)
    assert said.code == 1
    assert "Cora Committer on" in said.out
    assert "incident" in said.out
    for form in ("text", "markdown", "motd", "json", "html"):
        shown = relbot("checklist", "production", "--to", "old", "--format", form, cwd=site.bob.path)
        assert (shown.code, "incident" in shown.out) == (0, True), form
    notice = ("note", "production", "mine", "--until", "2199-01-01")
    for command in (("lock", "production", "--reason", "mine", "--for", "1h"), ("unlock", "production"), notice):
        assert relbot("deploy", *command, cwd=site.bob.path).code == 1
    assert relbot("deploy", "tick", "production", "index#1", "--to", "newer", cwd=site.bob.path).code == 1
    monkeypatch.setattr("relbot.cli.deploy.options.utc_now", Clock(NOON + timedelta(hours=3)))
    assert relbot(*gate, cwd=site.bob.path).code == 0
    assert relbot("deploy", "lock", "production", "--reason", "mine", "--for", "1h", cwd=site.bob.path).code == 0


def test_a_lock_is_taken_away_by_force_and_that_is_recorded(
    site: Site, relbot: Run, deploy: Deploy, monkeypatch: pytest.MonkeyPatch
) -> None:
    deploy("lock", "--reason", "incident", "--for", "2h")
    as_bob(monkeypatch)
    assert relbot("deploy", "unlock", "production", "--force", cwd=site.bob.path).code == 0
    last = deploy("log").out.splitlines()[-1]
    assert "unlocked  (Bob on " in last
    assert deploy("status").out.count("Locked") == 0


@pytest.mark.parametrize("length", ["", "0m", "soon", "99999h", "-1h"])
def test_a_lock_ends_some_day(deploy: Deploy, length: str) -> None:
    assert deploy("lock", "--reason", "x", "--for", length).code == 2


@pytest.mark.parametrize("command", [("lock", "--reason", "x", "--for", "1h"), ("unlock",)])
def test_a_lock_that_nobody_sees_is_refused(deploy: Deploy, command: tuple[str, ...]) -> None:
    assert deploy(*command, "--offline").code == 2


def test_a_lock_says_why(deploy: Deploy) -> None:
    assert deploy("lock", "--reason", " ", "--for", "1h").code == 2


def test_unlocking_what_is_not_locked_records_nothing(deploy: Deploy) -> None:
    before = deploy("log").out
    assert deploy("unlock").code == 0
    assert deploy("log").out == before
