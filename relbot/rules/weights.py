"""What the facts weigh. Written by `benchmarks/tune.py`; how, and how well it does, stands in docs/detection.md."""

from __future__ import annotations

from relbot.rules.weigh import Weights

WEIGHTS = Weights({}, bias=0.0, ask=1.0, require=2.0)
