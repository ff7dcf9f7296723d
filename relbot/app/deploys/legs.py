"""The legs of a deploy that cannot be made in one go."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from relbot.app.deploys.planning import plan_between
from relbot.app.deploys.stops import name_by_tag
from relbot.deploy.plan.model import Leg

if TYPE_CHECKING:
    from collections.abc import Collection

    from relbot.app.project import Project
    from relbot.deploy.plan.model import Plan


def with_legs(project: Project, plan: Plan, component: str | None, overruled: Collection[str] = ()) -> Plan:
    """The plan with its legs, where it has to stop on the way and every stop is known.

    `overruled` is what was set aside for the deploy: it does not stop for a split of which `split:CHANGE` was. Unknown if a leg
    cannot be planned.
    """
    stops = dict.fromkeys(split.stop for split in plan.splits if f"split:{split.change}" not in overruled)
    known = [stop for stop in stops if stop is not None and stop.commit]
    if not known or len(known) < len(stops):
        return plan
    ends = pairwise(name_by_tag(project, each) for each in (plan.start, *known, plan.target))
    return plan._replace(legs=tuple(Leg(a, b, plan_between(project, a, b, component, overruled).steps) for a, b in ends))
