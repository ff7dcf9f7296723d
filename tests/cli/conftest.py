from __future__ import annotations

from tests.cli.deployed import site

__all__ = ["site"]
