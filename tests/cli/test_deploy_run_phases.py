"""`relbot deploy run` asks when a step is to be done, where its author did not say."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relbot.deploy.log.record import DeedKind
from tests.cli.test_deploy_run import ASKED
from tests.ledger.clones import ledger_in
from tests.terminal import Terminal

if TYPE_CHECKING:
    from tests.cli.deployed import Site
    from tests.commandline import Run


def test_who_reads_a_step_without_a_phase_says_when_to_do_it(site: Site, relbot: Run) -> None:
    assert relbot("deploy", "adopt", "production", "--at", "old", cwd=site.ada.path).code == 0
    site.ada.switch("old")
    site.ada.write("changes/prose.md", "---\ntype: changed\nmigration: true\n---\n\nA.\n\n## Migration\n\nThen run: rake x\n")
    site.ada.commit("Prose")
    at = Terminal(("deploy", "run", "production", "--to", "HEAD"), site.ada.path)
    at.until("[now]:")
    at.type("after-restart\n")
    assert "AFTER RESTART" in at.until(ASKED)
    at.type("q\n")
    assert at.end() == 1
    overruled = [e.deed.what for e in ledger_in(site.bob).synced() if e.deed.kind is DeedKind.OVERRULED]
    assert overruled == ["phase:prose#1>after-restart"]
