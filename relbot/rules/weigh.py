"""Facts in combination: how likely it is that a change set needs a note.

Each fact and each circumstance has a weight, and the weights of those that hold add up, as in a logistic regression: that is
what they were fitted with (`benchmarks/tune.py`, docs/detection.md). A fact counts once, however often it was seen.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


class Weights(NamedTuple):
    """What each fact and circumstance weighs, by its id; from which sum on a note is asked for, and from which required."""

    shares: Mapping[str, float]
    bias: float
    ask: float
    require: float


class Weighed(NamedTuple):
    """A sum, and what each fact or circumstance added to it, by its id."""

    total: float
    shares: Mapping[str, float]


def weigh(ids: Iterable[str], weights: Weights) -> Weighed:
    """Facts and circumstances, weighed. What has no weight weighs nothing."""
    shares = {name: weights.shares.get(name, 0.0) for name in sorted(set(ids))}
    return Weighed(weights.bias + sum(shares.values()), shares)
