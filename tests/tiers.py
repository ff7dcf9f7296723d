"""The two tiers of the suite, from one source: `make test` in minutes, `make test-long` with more examples and slower machines.

Hypothesis properties state their number of examples with `examples`. A test that only the long tier runs is marked `long`.
"""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

RECIPES = os.environ.get("RELBOT_TEST_TIER") == "recipes"
"""Whether this run is `make test-recipes`, which has the deploy tools."""
LONG = os.environ.get("RELBOT_TEST_TIER") == "long"
"""Whether this run is `make test-long`. Read when the tests are collected: no test sees the variable."""

MUTANTS = os.environ.get("RELBOT_TEST_TIER") == "mutants"
"""Whether this run is one of the many of `make mutants`, with a quarter of the examples."""


def examples(short: int, long: int | None = None) -> int:
    """The number of examples of a property: `short` in `make test`, `long` (default: ten times as many) in `make test-long`."""
    if MUTANTS:
        return -(-short // 4)
    if not LONG:
        return short
    return 10 * short if long is None else long


def note_points(record: Callable[[str, object], None], command: str, **points: int) -> None:
    """Tells `make fault-points` at how many points a command was made to fail, by how: through the fixture `record_property`."""
    record("points", json.dumps({"command": command, **points}))


def sample(points: Sequence[int], short: int, turn: int = 0) -> Sequence[int]:
    """The points at which something is made to fail: `short` of them, spread evenly, in `make test`; all in `make test-long`.

    Tests that differ in `turn` take other points, so that together they see all.
    """
    if LONG or len(points) <= short:
        return points
    step = -(-len(points) // short)
    return points[turn % step :: step]
