"""Fragments of one name: whether they are one change that several release lines have."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relbot.fragment.location import Location, in_natural_order, make_locator

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from relbot.fragment.location import Folder
    from relbot.fragment.model import Fragment


def is_same_change(one: Fragment, other: Fragment) -> bool:
    """Whether two fragments of one name are the same change: both released, or with the same summary, issue or pull request.

    A name that is used again for another change shares none of these. Steps may differ: an older line may need others.
    """
    if one.version and other.version:
        return True
    shared = {*one.issues, *one.prs} & {*other.issues, *other.prs}
    return bool(shared) or (one.type == other.type and one.summary == other.summary)


def list_releases_of_changes(paths: Iterable[str], folders: tuple[Folder, ...]) -> Mapping[str, tuple[str, ...]]:
    """The releases that have each change, by its identity, the lowest first; of changes that are in none, nothing."""
    locate = make_locator(folders)
    found: dict[str, list[str]] = {}
    for path in paths:
        at = locate(path)
        if isinstance(at, Location) and at.version is not None:
            found.setdefault(at.identity, []).append(at.version)
    return {identity: tuple(sorted(versions, key=in_natural_order)) for identity, versions in found.items()}
