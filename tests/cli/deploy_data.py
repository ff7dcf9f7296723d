"""A deploy that has begun, and what its commands say as data."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tests.cli.deployed import Deploy
    from tests.commandline import Result


def begun(deploy: Deploy) -> None:
    assert deploy("tick", "options#1", "--to", "new").code == 0


def data(result: Result) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(result.out)
    return found
