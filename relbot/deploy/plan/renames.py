"""Fragments that were only renamed: the same change under another name."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from relbot.deploy.plan.changelog import ChangeLog
    from relbot.fragment.model import Fragment


def find_renames(a: ChangeLog, b: ChangeLog) -> dict[str, str]:
    """The identities in `b` of fragments that `a` has under other names, by those names.

    A fragment says so itself (`was`), in whichever of the two trees, or says exactly the same under both names.
    """
    gone = [fragment for identity, fragment in sorted(a.fragments.items()) if not b.has(identity)]
    new = [fragment for identity, fragment in sorted(b.fragments.items()) if not a.has(identity)]
    if not (gone and new):
        return {}
    free = {fragment.identity: fragment for fragment in new}
    by_former = {fragment.was: fragment for fragment in new if fragment.was}
    renamed: dict[str, str] = {}
    for was in gone:
        now = by_former.get(was.identity) or (_find_by_former(was.was, a, free, by_former) if was.was else None)
        if now is not None and now.identity in free:
            renamed[was.identity] = free.pop(now.identity).identity
    same: dict[Fragment, list[Fragment]] = {}
    for fragment in free.values():
        same.setdefault(_without_place(fragment), []).append(fragment)
    for was in gone:
        if was.identity not in renamed and (found := same.get(_without_place(was))):
            renamed[was.identity] = found.pop(0).identity
    return renamed


def _find_by_former(
    former: str, a: ChangeLog, free: Mapping[str, Fragment], by_former: Mapping[str, Fragment]
) -> Fragment | None:
    """What has the former name of a fragment of `a`, or had it, too: then both trees have renamed it."""
    return free.get(former) or (None if a.has(former) else by_former.get(former))


def known_names(log: ChangeLog) -> frozenset[str]:
    """The identities of a tree's fragments, and what those were called before, as far as they say."""
    former = (fragment.was for fragment in log.fragments.values() if fragment.was)
    return frozenset((*log.fragments, *log.unread, *log.faulty, *former))


def _without_place(fragment: Fragment) -> Fragment:
    steps = tuple(step._replace(line=None) for step in fragment.steps)
    return fragment._replace(identity="", path="", version=None, was=None, steps=steps)


def rename_needs(fragments: Iterable[Fragment], log: ChangeLog, new: Mapping[str, str]) -> tuple[Fragment, ...]:
    """The fragments of a tree, with what they need by the names that it has there.

    `new` has the names in the tree by those in another one; those that it had before, the tree tells itself.
    """
    known = log.fragments
    fragments = tuple(fragments)
    if not any(need not in known for each in fragments for need in each.needs):
        return fragments
    names = {**{each.was: identity for identity, each in known.items() if each.was and not log.has(each.was)}, **new}
    return tuple(each._replace(needs=tuple(names.get(need, need) for need in each.needs)) for each in fragments)
