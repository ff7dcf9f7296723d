from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.files.mishaps import plant

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A tree with a release that is about to be made."""
    return plant(tmp_path / "root")
