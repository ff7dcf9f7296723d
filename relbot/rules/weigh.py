"""Facts in combination: how likely it is that a change set needs a note.

Each fact has a weight, and the weights of the facts of a change set add up, as in a logistic regression: that is what
the weights were fitted with (`benchmarks/tune.py`, docs/detection.md). A fact counts once, however often it was seen.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from relbot.detect.model import Evidence


class Weights(NamedTuple):
    """What each fact weighs, by its id; from which sum on a note is asked for, and from which it is required."""

    facts: Mapping[str, float]
    ask: float
    require: float


class Weighed(NamedTuple):
    """A sum, and what each fact added to it, by its id."""

    total: float
    shares: Mapping[str, float]


def weigh(evidence: Iterable[Evidence], weights: Weights) -> Weighed:
    """The facts among `evidence`, weighed. A fact without a weight weighs nothing."""
    shares = {fact: weights.facts.get(fact, 0.0) for fact in sorted({seen.id for seen in evidence})}
    return Weighed(sum(shares.values()), shares)
