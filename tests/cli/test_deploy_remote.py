"""What holds of a ledger on a git ref alone: its remote may be gone."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from relbot.deploy.log.record import Deed, DeedKind
from tests.cli.deployed import small
from tests.ledger.clones import ledger_in

if TYPE_CHECKING:
    from tests.cli.deployed import Deploy, Site
    from tests.commandline import Run


def begun(deploy: Deploy) -> None:
    assert deploy("tick", "options#1", "--to", "new").code == 0


def test_an_environment_that_nobody_deployed_is_unknown_and_not_empty(site: Site, relbot: Run, deploy: Deploy) -> None:
    for command in ("status", "log"):
        said = relbot("deploy", command, "porduction", cwd=site.ada.path)
        assert said.code == 3
        assert "There are ledgers of: production." in said.err


@pytest.mark.parametrize("command", [("status",), ("log",), ("gate", "--to", "new"), ("lock", "--reason", "x", "--for", "1h")])
def test_an_unreachable_remote_is_unknown(site: Site, deploy: Deploy, command: tuple[str, ...]) -> None:
    site.bare.rename(site.bare.with_name("gone"))
    said = deploy(*command)
    assert said.code == 3
    assert "relbot could not fetch from `origin`" in said.err
    assert said.out == ""


def test_a_tick_is_kept_when_the_remote_is_gone_and_published_later(site: Site, relbot: Run, deploy: Deploy) -> None:
    begun(deploy)
    site.bare.rename(site.bare.with_name("gone"))
    assert deploy("tick", "options#2", "--offline").code == 0
    assert "options#2        done" in deploy("status", "--offline").out
    site.bare.with_name("gone").rename(site.bare)
    assert "options#2        open" in relbot("deploy", "status", "production", cwd=site.bob.path).out
    assert "This clone has records that the remote lacks" in deploy("status").out
    assert deploy("tick", "restart:apache2").code == 0
    assert "options#2        done" in relbot("deploy", "status", "production", cwd=site.bob.path).out


def test_the_clock_is_real_where_nobody_replaces_it() -> None:
    from relbot.cli.deploy.options import utc_now

    assert abs(utc_now() - datetime.now(UTC)) < timedelta(minutes=1)


def test_the_exit_code_of_status_tells_of_what_has_to_be_taken_back(site: Site, deploy: Deploy, relbot: Run) -> None:
    site.ada.write("changes/gone.md", small("rake gone"))
    site.ada.commit()
    assert deploy("adopt", "--at", "held").code == 0
    assert deploy("tick", "gone#1", "--to", "HEAD").code == 0
    site.ada.remove("changes/gone.md")
    site.ada.write("relbot.toml", "# other\n")
    ledger = ledger_in(site.ada)
    target = site.ada.commit("Take it out again\n\nRelbot-Reverted: gone")
    ledger.record(Deed(DeedKind.BEGUN, site.id("held"), target))
    said = deploy("status")
    assert "gone#1:undo  open" in said.out
    assert "0 of 1 step settled" in said.out
    assert said.code == 1


def test_what_was_done_for_a_revision_that_is_gone_has_to_be_taken_back(site: Site, deploy: Deploy) -> None:
    lost = "1" * 40
    tick = Deed(DeedKind.DONE, site.id("old"), lost, step="lost#1")
    for deed in (Deed(DeedKind.BEGUN, site.id("old"), lost), tick, Deed(DeedKind.BEGUN, site.id("old"), site.id("old"))):
        ledger_in(site.ada).record(deed)
    said = deploy("done")
    assert said.code == 3
    assert "lost#1" in said.err


def test_a_checklist_from_a_ledger_that_cannot_be_read_is_unknown(site: Site, relbot: Run, deploy: Deploy) -> None:
    site.environment('deployed = "ledger"')
    assert relbot("checklist", "production", "--to", "new", cwd=site.ada.path).code == 1
    site.bare.rename(site.bare.with_name("gone"))
    assert relbot("checklist", "production", "--to", "new", cwd=site.ada.path).code == 3


def test_what_another_source_tells_begins_the_first_deploy(site: Site, relbot: Run) -> None:
    site.environment('deployed = "tag"\ntag = "old"')
    said = relbot("deploy", "done", "production", "--to", "new", cwd=site.ada.path)
    assert said.code == 3
    assert "No deploy of production was begun" in said.err
    begun = relbot("deploy", "begin", "production", "--to", "new", cwd=site.ada.path)
    assert begun.code == 0
    assert f"{site.id('old')[:12]} -> {site.id('new')[:12]}" in begun.out


def test_a_lock_that_was_left_on_the_remote_is_named_and_not_taken_for_a_lack_of_rights(
    site: Site, deploy: Deploy, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("time.sleep", lambda seconds: None)
    begun(deploy)
    lock = site.bare / "refs/relbot/production.lock"
    lock.touch()
    for command in (("lock", "--reason", "x", "--for", "1h"), ("tick", "options#2")):
        said = deploy(*command)
        assert said.code == 3
        assert "refs/relbot/production.lock': File exists" in " ".join(said.err.split())
        assert "remove the file that git names" in " ".join(said.err.split())
        assert "permission" not in said.err
    lock.unlink()
    assert deploy("tick", "restart:apache2").code == 0


def test_a_ref_that_git_cannot_write_is_no_race(site: Site, relbot: Run) -> None:
    site.ada.git("update-ref", "refs/relbot", "HEAD")
    said = relbot("deploy", "adopt", "production", "--at", "old", cwd=site.ada.path)
    assert said.code == 3
    assert "'refs/relbot' exists" in said.err
