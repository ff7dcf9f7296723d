from __future__ import annotations

import shutil
from functools import partial
from typing import TYPE_CHECKING, Any

import pytest

from tests.cli.deployed import Deploy, Site
from tests.cli.fragments import FIXED
from tests.cli.past_changes import RULES, run_backtest, write_history
from tests.cli.stories import Story
from tests.github.conftest import github
from tests.ledger.clones import Clock
from tests.repository import Repo

if TYPE_CHECKING:
    from pathlib import Path

    from tests.commandline import Result, Run
    from tests.github.conftest import FakeGitHub


__all__ = ["github"]


_PLANTED: list[Site] = []
_PAST: list[Repo] = []


@pytest.fixture
def site(tmp_path: Path, tmp_path_factory: pytest.TempPathFactory, home: Path) -> Site:
    """Clones and a remote with two deploys ahead, made once and copied for each test."""
    if not _PLANTED:
        _PLANTED.append(Site(tmp_path_factory.mktemp("site")))
    return _PLANTED[0].copy_to(tmp_path)


@pytest.fixture
def history(repo: Repo, tmp_path_factory: pytest.TempPathFactory) -> Repo:
    """In the place of `repo`, one with six changes of the past, made once and copied for each test."""
    if not _PAST:
        _PAST.append(Repo(tmp_path_factory.mktemp("past") / "repo"))
        write_history(_PAST[0])
    shutil.rmtree(repo.path)
    return _PAST[0].copy_to(repo.path)


@pytest.fixture
def rules(tmp_path: Path) -> Path:
    """A file with rules by which backtests judge."""
    file = tmp_path / "rules.toml"
    file.write_text(RULES)
    return file


@pytest.fixture
def backtest(relbot: Run, rules: Path) -> Any:
    """`relbot backtest` with these rules: gives what it says as JSON."""
    return partial(run_backtest, relbot, rules)


@pytest.fixture
def on_github(site: Site, github: FakeGitHub) -> None:
    """The ledger of production is on GitHub, which has the commits of the remote. Before `deploy` in its arguments."""
    github.state.git = site.bare
    site.store = "github"
    site.environment('deployed = "ledger"')


@pytest.fixture(params=["ref", pytest.param("github", marks=pytest.mark.loopback)])
def anywhere(request: pytest.FixtureRequest, site: Site) -> None:
    """The test runs with every store of the ledger. Before `deploy` in its arguments."""
    if request.param == "github":
        request.getfixturevalue("github")
        site.store = "github"
        site.environment('deployed = "ledger"')


@pytest.fixture
def deploy(site: Site, relbot: Run, monkeypatch: pytest.MonkeyPatch) -> Deploy:
    """`relbot deploy` for Ada, a second later at each look at the clock; `old` runs."""
    monkeypatch.setattr("relbot.cli.deploy.options.utc_now", Clock())

    def run(command: str, *args: str) -> Result:
        return relbot("deploy", command, "production", *args, cwd=site.ada.path)

    assert run("adopt", "--at", "old").code == 0
    return run


@pytest.fixture
def story(tmp_path: Path, relbot: Run, monkeypatch: pytest.MonkeyPatch) -> Story:
    monkeypatch.setattr("relbot.cli.deploy.options.utc_now", Clock())
    return Story(tmp_path, relbot)


@pytest.fixture
def fixed(repo: Repo) -> Repo:
    """A repository with one fragment, committed."""
    repo.write("changes/login.md", FIXED)
    repo.commit()
    return repo
