"""A part of a plan: what concerns one component. What belongs to none concerns all of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relbot.deploy.plan.difference import Difference

if TYPE_CHECKING:
    from relbot.deploy.plan.changelog import ChangeLog
    from relbot.fragment.model import Fragment


def filter_difference(whole: Difference, component: str | None) -> Difference:
    """What of a difference concerns the component; all of it for None. What cannot be read may concern it, and stays."""
    if component is None:
        return whole
    return Difference(
        tuple(fragment for fragment in whole.do if _belongs_to(fragment, component)),
        tuple(fragment for fragment in whole.undo if _belongs_to(fragment, component)),
        tuple(pair for pair in whole.amended if any(_belongs_to(fragment, component) for fragment in pair)),
        whole.unreadable,
        tuple(fragment for fragment in whole.mended if _belongs_to(fragment, component)),
        whole.renamed,
        whole.tidied,
        tuple(fragment for fragment in whole.vanished if _belongs_to(fragment, component)),
    )


def filter_log(log: ChangeLog, component: str | None) -> ChangeLog:
    """What of a change log concerns the component; all of it for None."""
    if component is None:
        return log
    return log._replace(fragments={i: fragment for i, fragment in log.fragments.items() if _belongs_to(fragment, component)})


def _belongs_to(fragment: Fragment, component: str) -> bool:
    return fragment.concerns(component)
