"""Facts in combination: how likely it is that a change set needs a note.

Each fact, each family of facts and each circumstance has a weight, and the weights of those that hold add up, as in a logistic
regression: that is what they were fitted with (`benchmarks/tune.py`, docs/detection.md). A fact counts once, however often it
was seen, and so does a family.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from relbot.review.scoring.feature_groups import agreement, families

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping


class Weights(NamedTuple):
    """What each fact and circumstance weighs, by its id; from which sum on a note is asked for, and from which required."""

    shares: Mapping[str, float]
    bias: float
    ask: float
    require: float


class Weighed(NamedTuple):
    """A sum; what each fact says for a note, with its families, by its id; and what each circumstance added."""

    total: float
    facts: Mapping[str, float]
    circumstances: Mapping[str, float]


def ids(facts: Collection[str], circumstances: Iterable[str]) -> frozenset[str]:
    """Everything that has a weight where these facts and circumstances hold."""
    return frozenset((*facts, *(family for fact in facts for family in families(fact)), *agreement(facts), *circumstances))


def weigh(facts: Collection[str], circumstances: Collection[str], weights: Weights) -> Weighed:
    """Facts and circumstances, weighed. What has no weight weighs nothing."""
    of = weights.shares
    return Weighed(
        weights.bias + sum(of.get(name, 0.0) for name in sorted(ids(facts, circumstances))),
        {fact: sum(of.get(name, 0.0) for name in (fact, *families(fact))) for fact in facts},
        {name: of.get(name, 0.0) for name in circumstances},
    )
