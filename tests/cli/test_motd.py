"""`relbot motd` beside a ledger: since when what runs, which steps are open, what the next deploy will need."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.cli.deployed import as_bob, small

if TYPE_CHECKING:
    from tests.cli.deployed import Deploy, Site
    from tests.commandline import Result, Run

LEDGER = '[environments.production]\ndeployed = "ledger"\ntarget = "newer"\n'


@pytest.fixture(autouse=True)
def _configured(site: Site) -> None:
    for clone in (site.ada, site.bob):
        clone.write("relbot.toml", LEDGER)


def motd(relbot: Run, site: Site) -> Result:
    said = relbot("motd", cwd=site.ada.path)
    assert said.out.isascii()
    assert all(len(line) <= 78 for line in said.out.splitlines())
    return said


def test_what_runs_since_when_and_what_the_next_deploy_will_need(site: Site, relbot: Run, deploy: Deploy) -> None:
    said = motd(relbot, site)
    assert said.code == 1
    begin = f"production runs {site.id('old')[:12]} of 2018-08-15.\nAdopted 2018-08-15 12:00 UTC by Cora Committer.\nDeploy "
    assert said.out.startswith(begin)
    assert f"Deploy production ({site.id('old')[:12]}) -> newer ({site.id('newer')[:12]}): 5 steps." in said.out.replace(
        "\n", " "
    )
    for needed in ("rake migrate_options_yml", "rake index", "restart apache2"):
        assert needed in said.out


def test_the_open_steps_of_a_deploy_under_way_with_what_to_type(site: Site, relbot: Run, deploy: Deploy) -> None:
    deploy("tick", "options#1", "--to", "new")
    deploy("tick", "options#2", "--failed", "disk full")
    said = motd(relbot, site)
    assert said.code == 1
    assert "by Cora Committer: 1 of 3 steps settled.\n" in said.out.replace("Cora\nCommitter", "Cora Committer")
    told = " ".join(said.out.split())
    assert "[ ] options#2 failed 2018-08-15 12:00 UTC by Cora Committer: disk full. rake migrate_options_yml" in told
    assert "A step failed. To go back: relbot checklist production --to " in said.out
    for shown in (deploy("gate", "--before", "restart"), deploy("status"), relbot("checklist", cwd=site.ada.path)):
        assert "\nA step failed. To go back: relbot checklist production --to " in shown.out
    assert "[ ] restart:apache2 is open.\n      restart apache2\n" in said.out
    assert "options#1 " not in said.out
    assert "Can wait: options#3.\n" in said.out


def test_what_was_left_for_later_although_nothing_else_is_to_be_done(site: Site, relbot: Run, deploy: Deploy) -> None:
    deploy("done", "--to", "new", "--anyway", "it runs")
    deploy("tick", "options#1")
    deploy("tick", "options#2")
    deploy("tick", "restart:apache2")
    said = relbot("motd", "--to", "new", cwd=site.ada.path)
    assert said.code == 0, "it can wait"
    assert (
        "[ ] options#3 was left for later 2018-08-15 12:00 UTC by Cora Committer.\n      rm options.yml.bkp\n\nNothing to"
        in said.out
    )
    assert "Left for later: options#3" in deploy("status").out
    assert "        rm options.yml.bkp\n" in deploy("status").out
    deploy("tick", "options#3")
    done = relbot("motd", "--to", "new", cwd=site.ada.path)
    assert (done.code, "options#3" in done.out) == (0, False)


def test_a_step_left_for_later_by_a_deploy_that_this_clone_lacks(site: Site, relbot: Run, deploy: Deploy) -> None:
    site.ada.write("changes/late.md", small("rake late", phase="later"))
    only_here = site.ada.commit("Not pushed")
    deploy("adopt", "--at", "held")
    assert deploy("done", "--to", only_here).code == 0
    said = relbot("deploy", "status", "production", cwd=site.bob.path)
    assert said.code == 1, "nothing here tells whether it can wait"
    assert said.out.splitlines()[-1].startswith("[ ] Left for later: late#1 (by the deploy to ")


def test_a_lock_and_when_it_ends(site: Site, relbot: Run, deploy: Deploy) -> None:
    deploy("lock", "--reason", "St\u00f6rung \u2026", "--for", "2h")
    assert "Locked until 2018-08-15 14:00 UTC by Cora Committer: St\\xf6rung ...\n" in motd(relbot, site).out


def test_the_ledger_is_asked_too_where_another_source_tells_what_runs(
    site: Site, relbot: Run, deploy: Deploy, monkeypatch: pytest.MonkeyPatch
) -> None:
    site.ada.write("relbot.toml", LEDGER.replace('"ledger"', '"tag"\ntag = "old"'))
    with monkeypatch.context() as bob:
        as_bob(bob)
        relbot("deploy", "tick", "production", "options#1", "--to", "new", cwd=site.bob.path)
    assert "[ ] options#2 is open." in motd(relbot, site).out
    site.bare.rename(site.bare.with_name("gone"))
    said = motd(relbot, site)
    assert said.code == 3
    assert "relbot does not know what production needs. relbot could not fetch from `origin`" in " ".join(said.out.split())
    assert "rake migrate_options_yml" in said.out
    assert said.out.endswith("To see what to do: relbot checklist production\n")
