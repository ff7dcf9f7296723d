from __future__ import annotations

from tests.cli.conftest import story

__all__ = ["story"]
