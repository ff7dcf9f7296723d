"""Real payloads of GitHub's webhooks."""

from __future__ import annotations

import gzip
import json
from functools import cache
from pathlib import Path
from typing import Any


@cache
def _all() -> dict[str, list[dict[str, Any]]]:
    return json.loads(gzip.decompress((Path(__file__).parent / "webhooks.json.gz").read_bytes()))  # type: ignore[no-any-return]  # the test data is known


def payloads(name: str) -> list[dict[str, Any]]:
    """All payloads of an event."""
    return _all()[name]
