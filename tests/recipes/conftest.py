from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.recipes.gated import Gated

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def gated(tmp_path: Path) -> Gated:
    return Gated(tmp_path)
