"""A history with something deployed, and whom to ask."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from relbot.cli.environment import read_environment
from relbot.config.model import Config, Environment
from relbot.git.process import Git
from relbot.sources.model import RunningRevisionUnknown, SourceContext
from relbot.sources.resolve import resolve_running_revision
from tests.deployed.server import Server, running

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.repository import Repo

    Ask = Callable[..., str]


@pytest.fixture
def server() -> Iterator[Server]:
    with running() as server:
        yield server


@pytest.fixture
def commit(repo: Repo) -> str:
    """The commit that runs; `main` is further."""
    deployed = repo.commit("Deployed")
    repo.commit("Not yet deployed")
    return deployed


@pytest.fixture
def ask(repo: Repo) -> Ask:
    """The commit that an environment with these values runs."""

    def asked(deployed: str, *, config: Config | None = None, ledger: Any = None, **values: Any) -> str:
        environment = Environment("production", deployed, **values)
        return resolve_running_revision(
            environment, SourceContext(Git(repo.path), config or Config(), read_environment().github, ledger)
        )

    return asked


@pytest.fixture
def refused(ask: Ask) -> Ask:
    """What is said where an environment with these values does not tell what runs."""

    def asked(deployed: str, **values: Any) -> str:
        with pytest.raises(RunningRevisionUnknown) as caught:
            ask(deployed, **values)
        error = caught.value
        assert error.what.startswith(
            f"relbot does not know what {'runs' if deployed == 'url' else 'is installed'} in `production`: "
        )
        assert "There may be steps to do" in error.tip
        assert error.example == "relbot checklist production --from REV"
        assert all(char.isprintable() for char in error.what)
        assert len(error.what) < 500
        return f"{error.what}\n{error.tip}"

    return asked
