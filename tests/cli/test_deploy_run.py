"""`relbot deploy run` on a real terminal."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from relbot.deploy.log.record import STEP_KINDS, Deed, DeedKind
from tests.cli.deployed import Site, as_bob, small
from tests.ledger.clones import ledger_in
from tests.terminal import Terminal

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.commandline import Run

FACTS = STEP_KINDS - {DeedKind.STARTED}
ASKED = "[d]one, [s]kip, [f]ailed, [q]uit?"


@pytest.fixture(autouse=True)
def _known(site: Site, relbot: Run) -> None:
    assert relbot("deploy", "adopt", "production", "--at", "old", cwd=site.ada.path).code == 0


def ticks(site: Site) -> dict[str, tuple[DeedKind, str]]:
    entries = ledger_in(site.bob).synced()
    return {e.deed.step: (e.deed.kind, e.deed.reason) for e in entries if e.deed.kind in FACTS}


def running(site: Site) -> Iterator[str]:
    return (e.deed.target for e in ledger_in(site.bob).synced() if e.deed.kind is DeedKind.ENDED)


def test_from_the_first_step_to_done(site: Site) -> None:
    at = Terminal(("deploy", "run", "production", "--to", "new"), site.ada.path)
    screen = at.until(ASKED)
    assert "BEFORE INSTALL -- the old code runs" in screen
    assert "step 1/3: options#1" in screen
    assert re.search(r"Read first:\r?\n +Convert the file\.", screen)
    assert re.search(r"^ +cp options.yml options.yml.bkp$", screen, re.MULTILINE), "the command stands alone on its line"
    at.type("d\n")
    screen = at.until(ASKED)
    assert "BEFORE RESTART -- the new code is on disk, the old processes still run" in screen
    assert "grep -q '^production:' options.yml" in screen
    assert "cp options.yml.bkp options.yml" in screen
    assert screen.count("Read first:") == 1, "it was read"
    assert ticks(site) == {"options#1": (DeedKind.DONE, "")}
    at.type("s\n")
    at.until("Why:")
    at.type("the file is new\n")
    assert "Restart apache2" in at.until(ASKED)
    at.type("what\n")
    assert "Type d, s, f or q." in at.until(ASKED)
    at.type("done\n")
    assert "Does new run on production now? [Y/n]:" in at.until("[Y/n]:")
    at.type("\n")
    assert at.end() == 0
    assert "Left for later: options#3" in at.screen
    assert ticks(site) == {
        "options#1": (DeedKind.DONE, ""),
        "options#2": (DeedKind.SKIPPED, "the file is new"),
        "restart:apache2": (DeedKind.DONE, ""),
    }
    assert list(running(site)) == [site.id("new")]


def test_a_failed_step_stops_and_is_shown_again_on_another_machine(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    at = Terminal(("deploy", "run", "production", "--to", "new"), site.ada.path)
    at.until(ASKED)
    at.type("f\n")
    at.until("What went wrong:")
    at.type("disk full\n")
    assert at.end() == 1
    assert "relbot deploy run production" in at.screen
    as_bob(monkeypatch)
    at = Terminal(("deploy", "run", "production"), site.bob.path)
    assert "FAILED before: disk full, says Cora Committer" in " ".join(at.until(ASKED).split())
    at.type("q\n")
    assert at.end() == 1


def test_killed_in_the_middle_it_goes_on_where_it_was(site: Site) -> None:
    at = Terminal(("deploy", "run", "production", "--to", "new"), site.ada.path)
    at.until(ASKED)
    at.type("d\n")
    at.until(ASKED)
    at.kill()
    at = Terminal(("deploy", "run", "production"), site.bob.path)
    assert "step 2/3: options#2" in at.until(ASKED)
    at.type("\x04")
    assert at.end() == 130


def test_what_a_colleague_ticks_meanwhile_is_not_asked_again(site: Site, relbot: Run) -> None:
    at = Terminal(("deploy", "run", "production", "--to", "new"), site.ada.path)
    at.until(ASKED)
    assert relbot("deploy", "tick", "production", "options#2", cwd=site.bob.path).code == 0
    at.type("d\n")
    assert "step 3/3: restart:apache2" in at.until(ASKED)
    at.type("q\n")
    at.end()


def test_the_remote_goes_away_in_the_middle(site: Site) -> None:
    at = Terminal(("deploy", "run", "production", "--to", "new"), site.ada.path)
    at.until(ASKED)
    site.bare.rename(site.bare.with_name("gone"))
    at.type("d\n")
    assert "could not publish it" in " ".join(at.until(ASKED).split())
    at.type("q\n")
    assert at.end() == 3
    site.bare.with_name("gone").rename(site.bare)
    at = Terminal(("deploy", "run", "production"), site.ada.path)
    assert "step 2/3" in at.until(ASKED)
    at.type("q\n")
    at.end()
    assert ticks(site) == {"options#1": (DeedKind.DONE, "")}


def test_another_target_is_asked_for_and_keeps_what_was_done(site: Site) -> None:
    at = Terminal(("deploy", "run", "production", "--to", "new"), site.ada.path)
    at.until(ASKED)
    at.type("d\n")
    at.until(ASKED)
    at.type("q\n")
    at.end()
    at = Terminal(("deploy", "run", "production", "--to", "newer"), site.bob.path)
    at.until("[y/N]:")
    at.type("n\n")
    assert at.end() == 1
    at = Terminal(("deploy", "run", "production", "--to", "newer"), site.bob.path)
    at.until("[y/N]:")
    at.type("y\n")
    at.until("Why:")
    at.type("more\n")
    assert "step 2/4" in at.until(ASKED)
    at.type("q\n")
    at.end()


def test_what_was_done_and_is_not_wanted_any_more_is_taken_back(site: Site, relbot: Run) -> None:
    assert relbot("deploy", "tick", "production", "options#1", "--to", "new", cwd=site.ada.path).code == 0
    site.ada.switch("newer")
    site.ada.remove("changes/options.md")
    site.ada.commit("Take it out again\n\nRelbot-Reverted: options")
    at = Terminal(("deploy", "run", "production", "--to", "HEAD"), site.ada.path)
    at.until("[y/N]:")
    at.type("y\n")
    at.until("Why:")
    at.type("taken out\n")
    assert "rake index" in at.until(ASKED)
    at.type("d\n")
    assert "Restart apache2 (needed by options)" in at.until(ASKED)
    at.type("d\n")
    assert "Undo this by hand. The fragment does not say how." in at.until(ASKED)
    assert "takes back: cp options.yml options.yml.bkp" in at.screen
    at.type("d\n")
    at.until("[Y/n]:")
    at.type("\n")
    assert at.end() == 0
    assert ticks(site)["options#1:undo"] == (DeedKind.DONE, "")


def test_what_is_held_is_not_begun(site: Site) -> None:
    at = Terminal(("deploy", "run", "production", "--to", "held"), site.ada.path)
    assert at.end() == 1
    assert "wait must not be deployed without 5644" in at.screen
    assert all(entry.deed.kind is not DeedKind.BEGUN for entry in ledger_in(site.bob).synced())


def test_somebody_elses_lock_stops_the_walk(site: Site, relbot: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    at = Terminal(("deploy", "run", "production", "--to", "new"), site.ada.path)
    at.until(ASKED)
    with monkeypatch.context() as bob:
        as_bob(bob)
        assert relbot("deploy", "lock", "production", "--reason", "incident", "--for", "2h", cwd=site.bob.path).code == 0
    at.type("d\n")
    assert at.end() == 1
    assert "Bob on" in at.screen
    assert ticks(site) == {"options#1": (DeedKind.DONE, "")}, "what was done is recorded all the same"


def test_without_a_terminal_it_says_what_to_use(site: Site, relbot: Run) -> None:
    said = relbot("deploy", "run", "production", "--to", "new", cwd=site.ada.path)
    assert said.code == 2
    assert "deploy tick" in said.err


def test_the_exit_code_forgets_a_remote_that_came_back(site: Site) -> None:
    at = Terminal(("deploy", "run", "production", "--to", "new"), site.ada.path)
    at.until(ASKED)
    site.bare.rename(site.bare.with_name("gone"))
    at.type("d\n")
    at.until(ASKED)
    site.bare.with_name("gone").rename(site.bare)
    at.type("s\n")
    at.until("Why:")
    at.type("new\n")
    at.until(ASKED)
    at.type("q\n")
    assert at.end() == 1, "everybody sees what was done"
    assert set(ticks(site)) == {"options#1", "options#2"}


def test_who_is_locked_out_is_not_asked_anything(site: Site, relbot: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    assert relbot("deploy", "tick", "production", "options#1", "--to", "new", cwd=site.ada.path).code == 0
    assert relbot("deploy", "lock", "production", "--reason", "incident", "--for", "2h", cwd=site.ada.path).code == 0
    as_bob(monkeypatch)
    at = Terminal(("deploy", "run", "production", "--to", "newer"), site.bob.path)
    assert at.end() == 1
    assert "has locked production" in " ".join(at.screen.split())
    assert "Replace that deploy with this one?" not in at.screen


def test_another_deploy_that_began_while_one_was_asked_is_not_displaced(site: Site, relbot: Run) -> None:
    assert relbot("deploy", "tick", "production", "options#1", "--to", "new", cwd=site.ada.path).code == 0
    at = Terminal(("deploy", "run", "production", "--to", "newer"), site.bob.path)
    at.until("[y/N]:")
    ledger_in(site.ada).record(Deed(DeedKind.BEGUN, site.id("old"), site.id("held")))
    at.type("y\n")
    at.until("Why:")
    at.type("more\n")
    assert at.end() == 1
    assert f"{site.id('old')[:12]} -> {site.id('held')[:12]}" in at.screen.replace("\n", "")


def test_the_point_of_no_return_is_drawn_before_its_step(site: Site, relbot: Run) -> None:
    drop = small("rake drop").replace("rake drop\n", "rake drop\n    irreversible: true\n    reason: The data is gone.\n")
    site.ada.write("changes/drop.md", drop)
    site.ada.commit()
    assert relbot("deploy", "adopt", "production", "--at", "held", cwd=site.ada.path).code == 0
    at = Terminal(("deploy", "run", "production", "--to", "HEAD"), site.ada.path)
    screen = at.until(ASKED)
    assert screen.index("POINT OF NO RETURN") < screen.index("rake drop")
    at.kill()


def test_a_session_whose_deploy_was_replaced_keeps_what_was_done_and_stops(site: Site, relbot: Run) -> None:
    at = Terminal(("deploy", "run", "production", "--to", "new"), site.ada.path)
    at.until(ASKED)
    back = ("deploy", "begin", "production", "--to", "old", "--replaces", "new", "--rollback", "--reason", "it burns")
    assert relbot(*back, cwd=site.bob.path).code == 0
    at.type("d\n")
    assert at.end() == 1
    assert "began another deploy of production" in " ".join(at.screen.split())
    assert "options#2" not in at.screen, "no further step is shown"
    assert "takes back: cp options.yml" in relbot("checklist", "production", cwd=site.bob.path).out


def test_a_session_whose_deploy_was_aborted_says_who_did_that(site: Site, relbot: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    at = Terminal(("deploy", "run", "production", "--to", "new"), site.ada.path)
    at.until(ASKED)
    monkeypatch.setenv("GIT_COMMITTER_NAME", "Bob")
    assert relbot("deploy", "abort", "production", "--reason", "it burns", cwd=site.bob.path).code == 0
    at.type("d\n")
    assert at.end() == 1
    assert "it was aborted by Bob" in " ".join(at.screen.split())


def test_the_screen_begins_with_where_it_is_and_who_is_at_which_step(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    at = Terminal(("deploy", "run", "production", "--to", "new"), site.ada.path)
    at.until(ASKED)
    as_bob(monkeypatch)
    other = Terminal(("deploy", "run", "production"), site.bob.path)
    screen = " ".join(other.until(ASKED).split())
    assert f"production: {site.id('old')[:12]} -> {site.id('new')[:12]} Begun by Cora Committer" in screen
    assert "0 of 3 steps settled." in screen
    assert "UTC, Cora Committer on" in screen
    assert "options#1" in screen
    other.type("d\n")
    assert "INSTALL NOW" in other.until(ASKED)
    other.type("f\n")
    other.until("What went wrong:")
    other.type("disk full\n")
    assert other.end() == 1
    assert f"relbot checklist production --to {site.id('old')}" in other.screen.replace("\n", "")
    at.kill()


def test_where_the_target_runs_already_it_says_what_belongs_to_no_deploy(site: Site) -> None:
    ledger_in(site.bob).record(Deed(DeedKind.DONE, site.id("new"), site.id("newer"), step="options#1"))
    at = Terminal(("deploy", "run", "production", "--to", "old"), site.ada.path)
    assert at.end() == 1
    said = " ".join(at.screen.split())
    assert f"production runs {site.id('old')[:12]} already." in said
    assert "options#1" in said
    assert "this belongs to no deploy that is under way or has ended" in said
