from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.ledger.clones import clone_of, make_bare

if TYPE_CHECKING:
    from pathlib import Path

    from tests.repository import Repo


@pytest.fixture
def bare(tmp_path: Path, home: Path) -> Path:
    return make_bare(tmp_path / "bare")


@pytest.fixture
def clones(bare: Path, tmp_path: Path) -> tuple[Repo, Repo]:
    return clone_of(bare, tmp_path / "ada"), clone_of(bare, tmp_path / "bob")
