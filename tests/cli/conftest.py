from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.cli.deployed import Deploy, Site
from tests.ledger.clones import Clock

if TYPE_CHECKING:
    from pathlib import Path

    from tests.commandline import Result, Run


@pytest.fixture
def site(tmp_path: Path, home: Path) -> Site:
    return Site(tmp_path)


@pytest.fixture
def deploy(site: Site, relbot: Run, monkeypatch: pytest.MonkeyPatch) -> Deploy:
    """`relbot deploy` for Ada, a second later at each look at the clock; `old` runs."""
    monkeypatch.setattr("relbot.cli.deploy.opened.now", Clock())

    def run(command: str, *args: str) -> Result:
        return relbot("deploy", command, "production", *args, cwd=site.ada.path)

    assert run("done", "--to", "old").code == 0
    return run
