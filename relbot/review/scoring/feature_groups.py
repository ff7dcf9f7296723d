"""What facts have in common: a fact that was seldom seen weighs what its like weigh.

That a policy's rule is gone was seen in one project only; that something is gone, by whatever detector, was seen in all of
them. So the families of a fact have weights beside its own.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_COUNTS = (1, 2, 3, 4, 5)


def families(fact: str) -> tuple[str, str]:
    """The families of a fact: what its detector sees, and what happened, the last word of its id.

    `config-structure/policy-removed` is of `family/config-structure` and of `family/removed`.
    """
    detector, _, what = fact.partition("/")
    return f"family/{detector}", f"family/{what.rpartition('-')[2]}"


def agreement(facts: Iterable[str]) -> Iterator[str]:
    """How many detectors speak at once: `detectors/3` for three or more."""
    count = len({fact.partition("/")[0] for fact in facts})
    yield from (f"detectors/{least}" for least in _COUNTS if count >= least)
