"""The two tiers of the suite, from one source: `make test` in minutes, `make test-long` with more examples and slower machines.

Hypothesis properties state their number of examples with `examples`. A test that only the long tier runs is marked `long`.
"""

from __future__ import annotations

import os

LONG = os.environ.get("RELBOT_TEST_TIER") == "long"
"""Whether this run is `make test-long`. Read when the tests are collected: no test sees the variable."""


def examples(short: int, long: int | None = None) -> int:
    """The number of examples of a property: `short` in `make test`, `long` (default: ten times as many) in `make test-long`."""
    if not LONG:
        return short
    return 10 * short if long is None else long
