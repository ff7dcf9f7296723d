"""A fact that was seldom seen weighs what its like weigh."""

from __future__ import annotations

import pytest

from relbot.review.scoring.feature_groups import agreement, families
from relbot.review.scoring.model import Weights, weigh

SHARES = {"family/config-structure": 0.5, "family/removed": 1.0, "detectors/2": 0.25, "kind/settings": 0.125}
WEIGHTS = Weights(SHARES, -2.0, 0, 1)


def test_a_fact_has_its_detector_and_what_happened_as_families() -> None:
    assert families("config-structure/policy-removed") == ("family/config-structure", "family/removed")
    assert families("config-structure/moved") == ("family/config-structure", "family/moved")


def test_a_fact_without_a_weight_weighs_what_its_families_weigh() -> None:
    weighed = weigh({"config-structure/policy-removed"}, (), WEIGHTS)
    assert weighed.total == pytest.approx(-0.5)
    assert weighed.facts == {"config-structure/policy-removed": 1.5}


def test_a_family_counts_once_in_a_sum() -> None:
    facts = {"config-structure/removed", "config-structure/policy-removed", "migrations/removed"}
    assert weigh(facts, {"kind/settings"}, WEIGHTS).total == pytest.approx(-2 + 0.5 + 1 + 0.25 + 0.125)


def test_detectors_that_agree_are_counted() -> None:
    assert [*agreement({"a/x", "a/y", "b/x"})] == ["detectors/1", "detectors/2"]
    assert [*agreement(())] == []
