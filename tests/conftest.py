"""What every test gets: traps it cannot fall out of, and a repository."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.repository import Repo
from tests.traps import forbid_network, forbid_sleep, set_surroundings

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture(autouse=True)
def home(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """An empty home that must stay empty: relbot leaves nothing where nobody asked for it."""
    path = tmp_path_factory.mktemp("home")
    set_surroundings(monkeypatch, path)
    yield path
    left = sorted(entry.name for entry in path.iterdir())
    assert not left, f"The test left in the home folder: {', '.join(left)}"


@pytest.fixture(autouse=True)
def _no_network_no_waiting(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    forbid_network(monkeypatch, loopback=request.node.get_closest_marker("loopback") is not None)
    forbid_sleep(monkeypatch)


@pytest.fixture
def repo(tmp_path: Path, home: Path) -> Repo:
    """An empty repository on `main`. Beside it, `tmp_path` is free for other things."""
    return Repo(tmp_path / "repo")
