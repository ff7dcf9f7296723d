"""What an upgrade between two releases needs, as data: the plan, and which release brings which change."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relbot.schema.named_tuples import NamedTuple

if TYPE_CHECKING:
    from relbot.config.model import Component
    from relbot.deploy.plan.model import Plan


class ReleasedChanges(NamedTuple):
    """The identities of the changes that a release brings on the way; `version` is "" for what is not released yet."""

    version: str
    identities: frozenset[str]


class UpgradeGuide(NamedTuple):
    """What an upgrade between two releases needs.

    `components` are in the order in which their changes are told, `releases` the ones on the way, the lowest first. A change
    that is in several release lines is in the first of them that the upgrade passes.
    """

    plan: Plan
    components: tuple[Component, ...]
    releases: tuple[ReleasedChanges, ...] = ()
