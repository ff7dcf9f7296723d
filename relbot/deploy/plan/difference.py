"""What lies between two change logs, whatever happened between them."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from relbot.deploy.plan.changelog import ChangeLog, Departure
from relbot.deploy.plan.renames import find_renames, rename_needs
from relbot.fragment.model import Phase, Step
from relbot.schema.named_tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

    from relbot.fragment.model import Fragment

_NOTHING: Mapping[str, str] = MappingProxyType({})


class Difference(NamedTuple):
    """The fragments to do and to undo, the pairs (was, now) of those amended, and the identities that cannot be judged.

    `mended` are those that can be read now and could not be where the deploy starts. `renamed` has the new identities of
    fragments that were renamed, by the old ones: they are neither done nor undone. Nor are those of which only the note
    left, on the way there or on the way back (`tidied`), and those that left nobody knows how (`vanished`). What is done and
    undone tells what it needs by the names that this has in its tree.
    """

    do: tuple[Fragment, ...]
    undo: tuple[Fragment, ...]
    amended: tuple[tuple[Fragment, Fragment], ...]
    unreadable: tuple[str, ...]
    mended: tuple[Fragment, ...] = ()
    renamed: Mapping[str, str] = _NOTHING
    tidied: tuple[str, ...] = ()
    vanished: tuple[Fragment, ...] = ()


def compare_logs(a: ChangeLog, b: ChangeLog) -> Difference:
    """What gets a tree with the fragments of `a` to those of `b`, ordered by identity.

    A fragment that is faulty in one tree is neither done nor undone nor amended:
    it is unreadable, unless both trees have it with the same faults, or only the first has faults: then it is mended.
    """
    mended = a.faulty.keys() & b.fragments.keys()
    unreadable = {i for i in a.faulty.keys() | b.faulty.keys() if a.faulty.get(i) != b.faulty.get(i)} - mended
    renamed = find_renames(a, b)
    tidied, unclear = (_left_as(b, how) for how in (Departure.TIDIED, Departure.UNKNOWN))
    kept = _left_as(a, Departure.TIDIED) & b.fragments.keys()
    vanished = [a.fragments[i] for i in sorted(unclear & a.fragments.keys() - renamed.keys())]
    arrived, left = set(renamed.values()), renamed.keys() | tidied | unclear
    pairs = [(a.fragments[i], b.fragments[i]) for i in sorted(a.fragments.keys() & b.fragments.keys())]
    pairs += [(a.fragments[old], b.fragments[new]) for old, new in renamed.items()]
    do = (b.fragments[i] for i in sorted(b.fragments.keys() - arrived - kept) if not a.has(i))
    undo = (a.fragments[i] for i in sorted(a.fragments.keys() - left) if not b.has(i))
    return Difference(
        rename_needs(do, b, renamed),
        rename_needs(undo, a, {}),
        tuple((was, now) for was, now in pairs if _deploy_content(was) != _deploy_content(now)),
        tuple(sorted(unreadable)),
        tuple(b.fragments[i] for i in sorted(mended)),
        renamed,
        tuple(sorted((tidied & a.fragments.keys() - renamed.keys()) | kept)),
        tuple(vanished),
    )


def _left_as(log: ChangeLog, how: Departure) -> set[str]:
    """The identities of the fragments that left in this way on the way to a tree."""
    return {identity for identity, departure in log.departures.items() if departure is how}


def steps_of(fragment: Fragment) -> tuple[Step, ...]:
    """The steps of a fragment. `migration: true` with prose alone is one manual step without a phase."""
    if fragment.steps or not fragment.migration:
        return fragment.steps
    if fragment.migration_note:
        return (Step(Phase.NOT_SAID, do="Do what the fragment says:"),)
    return (Step(Phase.NOT_SAID, do="Ask the authors: this needs action, and the fragment does not say which."),)


def _deploy_content(fragment: Fragment) -> tuple[Any, ...]:
    """What of a fragment a deploy acts on: where a step stands in the file, and prose beside steps, are not it."""
    prose = "" if fragment.steps else fragment.migration_note
    return (prose, *(step._replace(line=None) for step in steps_of(fragment)))
