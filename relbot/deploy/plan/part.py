"""A part of a plan: what concerns one component. What belongs to none concerns all of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relbot.deploy.plan.difference import Difference

if TYPE_CHECKING:
    from relbot.deploy.plan.changelog import ChangeLog
    from relbot.fragment.model import Fragment


def of_component(whole: Difference, component: str | None) -> Difference:
    """What of a difference concerns the component; all of it for None. What cannot be read may concern it, and stays."""
    if component is None:
        return whole
    return Difference(
        tuple(fragment for fragment in whole.do if _concerns(fragment, component)),
        tuple(fragment for fragment in whole.undo if _concerns(fragment, component)),
        tuple(pair for pair in whole.amended if any(_concerns(fragment, component) for fragment in pair)),
        whole.unreadable,
        tuple(fragment for fragment in whole.mended if _concerns(fragment, component)),
    )


def of_log(log: ChangeLog, component: str | None) -> ChangeLog:
    """What of a change log concerns the component; all of it for None."""
    if component is None:
        return log
    return log._replace(fragments={i: fragment for i, fragment in log.fragments.items() if _concerns(fragment, component)})


def _concerns(fragment: Fragment, component: str) -> bool:
    return fragment.component in (None, component)
