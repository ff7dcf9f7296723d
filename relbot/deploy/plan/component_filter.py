"""A part of a plan: what concerns one component. What belongs to none concerns all of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relbot.deploy.plan.difference import Difference, steps_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from relbot.deploy.plan.changelog import ChangeLog
    from relbot.fragment.model import Fragment


def filter_difference(whole: Difference, component: str | None, a: ChangeLog, b: ChangeLog) -> Difference:
    """What of the difference of two logs concerns the component; all of it for None. What cannot be read may concern it.

    A change that is in both and concerns the component in `b` alone is amended: its steps were never asked for there.
    """
    if component is None:
        return whole
    new = dict(_now_concerning(whole, component, a, b))
    amended = (pair for pair in whole.amended if any(_belongs_to(fragment, component) for fragment in pair))
    return Difference(
        tuple(fragment for fragment in whole.do if _belongs_to(fragment, component)),
        tuple(fragment for fragment in whole.undo if _belongs_to(fragment, component)),
        (*(pair for pair in amended if pair[1].identity not in new), *new.values()),
        whole.unreadable,
        tuple(fragment for fragment in whole.mended if _belongs_to(fragment, component)),
        whole.renamed,
        whole.tidied,
        tuple(fragment for fragment in whole.vanished if _belongs_to(fragment, component)),
    )


def _now_concerning(
    whole: Difference, component: str, a: ChangeLog, b: ChangeLog
) -> Iterator[tuple[str, tuple[Fragment, Fragment]]]:
    """The changes that concern a component now and did not, by their identities: each as it was for it, without steps."""
    old = {new: was for was, new in whole.renamed.items()}
    for identity, now in sorted(b.fragments.items()):
        was = a.fragments.get(old.get(identity, identity))
        if was and steps_of(now) and _belongs_to(now, component) and not _belongs_to(was, component):
            yield identity, (was._replace(steps=(), migration=False), now)


def filter_log(log: ChangeLog, component: str | None) -> ChangeLog:
    """What of a change log concerns the component; all of it for None."""
    if component is None:
        return log
    return log._replace(fragments={i: fragment for i, fragment in log.fragments.items() if _belongs_to(fragment, component)})


def _belongs_to(fragment: Fragment, component: str) -> bool:
    return fragment.concerns(component)
