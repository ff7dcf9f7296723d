"""What must not be deployed yet, what somebody said needs nothing, and which old ways still work."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relbot.deploy.plan.model import Contract, Hold, WaivedChange
from relbot.fragment.model import Compat

if TYPE_CHECKING:
    from collections.abc import Iterable

    from relbot.deploy.plan.changelog import ChangeLog
    from relbot.fragment.model import Fragment


def find_holds(fragments: Iterable[Fragment], a: ChangeLog, b: ChangeLog) -> tuple[Hold, ...]:
    """What the fragments to be done wait for: the named fragment, issue or pull request is neither in `b` nor was in `a`."""
    held = [fragment for fragment in fragments if fragment.hold]
    if not held:
        return ()
    holders = [_reference_holders(log) for log in (a, b)]

    def is_there(reference: str, waiting: str) -> bool:
        return reference in a.merged | b.merged or any(named.get(reference, set()) - {waiting} for named in holders)

    return tuple(
        Hold(fragment.identity, reference)
        for fragment in held
        for reference in dict.fromkeys(fragment.hold)
        if not is_there(reference, fragment.identity)
    )


def _reference_holders(log: ChangeLog) -> dict[str, set[str]]:
    """By what may be referred to (an identity, an issue, a pull request), the identities of the fragments that stand for it."""
    named = {identity: {identity} for identity in (*log.unread, *log.faulty, *log.fragments)}
    for identity, fragment in log.fragments.items():
        origin = log.origins.get(identity)
        for reference in (*fragment.issues, *fragment.prs, *(origin.prs if origin else ())):
            named.setdefault(reference, set()).add(identity)
    return named


def find_waivers(fragments: Iterable[Fragment]) -> tuple[WaivedChange, ...]:
    """The fragments of which their authors say that nobody has to act."""
    return tuple(
        WaivedChange(fragment.identity, fragment.reason or "no reason given") for fragment in fragments if fragment.waived
    )


def open_contracts(fragments: Iterable[Fragment]) -> tuple[Fragment, ...]:
    """Those with `compat: shim` that none of the fragments names in `needs`: their old way still works. By identity.

    The change that takes the old way away is one that needs the change that brought the new one.
    """
    known = tuple(fragments)
    ended = {need for fragment in known for need in fragment.needs}
    shims = (fragment for fragment in known if fragment.compat is Compat.SHIM and fragment.identity not in ended)
    return tuple(sorted(shims, key=lambda fragment: fragment.identity))


def find_contracts(a: ChangeLog, b: ChangeLog) -> tuple[Contract, ...]:
    """The days of grace that begin and end between two change logs."""
    before, after = ({fragment.identity for fragment in open_contracts(log.fragments.values())} for log in (a, b))
    return tuple(Contract(identity, opened=identity in after) for identity in sorted(before ^ after))
