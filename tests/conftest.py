"""What every test gets: traps it cannot fall out of, a repository, and relbot to run."""

from __future__ import annotations

import gc
import re
import shutil
from itertools import count
from typing import TYPE_CHECKING

import pytest
from hypothesis import Phase, settings

from tests.commandline import Result, Run, run_apart, run_here
from tests.repository import Repo
from tests.tiers import LONG, MUTANTS, RECIPES, examples
from tests.traps import forbid_network, forbid_sleep, set_surroundings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

# A busy machine must not fail a property by its slowness. With CI=true, hypothesis itself adds: the same examples each time.
# For a mutant one example is enough, and no smaller one is looked for: that takes longer than a mutant may.
PHASES = tuple(phase for phase in Phase if not (MUTANTS and phase in (Phase.shrink, Phase.explain)))
settings.register_profile("relbot", settings(), deadline=None, max_examples=examples(60, 1000), phases=PHASES)
settings.load_profile("relbot")


_NUMBERS = count(1)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leaves the tests that are marked `long` to `make test-long`, and those marked `recipe` to `make test-recipes`."""
    left_out = {name for name, kept in (("long", LONG), ("recipe", RECIPES)) if not kept}
    kept = [item for item in items if not any(item.get_closest_marker(name) for name in left_out)]
    config.hook.pytest_deselected(items=[*set(items).difference(kept)])
    items[:] = kept


def pytest_collection_finish() -> None:
    """Takes seven thousand tests for what will never be garbage: to look through them again and again takes long."""
    gc.freeze()


@pytest.fixture(scope="session")
def shared_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One home for all tests of a process: none of them may leave anything there."""
    return tmp_path_factory.mktemp("home")


@pytest.fixture(autouse=True)
def home(shared_home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """An empty home that must stay empty: relbot leaves nothing where nobody asked for it."""
    set_surroundings(monkeypatch, shared_home)
    yield shared_home
    left = sorted(shared_home.iterdir())
    for path in left:
        shutil.rmtree(path) if path.is_dir() else path.unlink()
    assert not left, f"The test left in the home folder: {', '.join(path.name for path in left)}"


@pytest.fixture
def tmp_path(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty folder. Its number is counted: pytest's own looks through the folders of all earlier tests for the next one."""
    name = re.sub(r"\W", "_", request.node.name)[:30]
    return tmp_path_factory.mktemp(f"{name}-{next(_NUMBERS)}", numbered=False)


@pytest.fixture(autouse=True)
def _no_network_no_waiting(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    forbid_network(monkeypatch, loopback=request.node.get_closest_marker("loopback") is not None)
    forbid_sleep(monkeypatch)


@pytest.fixture
def repo(tmp_path: Path, home: Path) -> Repo:
    """An empty repository on `main`. Beside it, `tmp_path` is free for other things."""
    return Repo(tmp_path / "repo")


@pytest.fixture
def relbot(request: pytest.FixtureRequest) -> Run:
    """Runs relbot in this process: the one to use. In `repo` unless told otherwise."""
    return _runner(request, run_here)


@pytest.fixture
def run_relbot(request: pytest.FixtureRequest) -> Run:
    """Runs `python -m relbot` in a process of its own, for what only a process shows: start-up, signals, children."""
    return _runner(request, run_apart)


def _runner(request: pytest.FixtureRequest, start: Callable[[tuple[str, ...], Path, str], Result]) -> Run:
    def run(*args: str, cwd: Path | None = None, input: str = "") -> Result:  # noqa: A002  # as subprocess
        folder = request.getfixturevalue("repo").path if cwd is None else cwd
        return start(args, folder, input)

    return run
