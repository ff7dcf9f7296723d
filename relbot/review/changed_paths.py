"""The paths that a change set changes, and the fragments among them."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from relbot.finding import Finding, Level, Place
from relbot.fragment.location import is_readme

if TYPE_CHECKING:
    from collections.abc import Sequence

    from relbot.config.model import Config
    from relbot.fragment.model import Fragment


class ChangedPath(NamedTuple):
    """One path of a change set. `status` is git's letter: A added, M modified, D deleted, T type changed."""

    status: str
    path: str


def is_of_fragments(change: ChangedPath, config: Config) -> bool:
    """Whether it lies below a folder of fragments."""
    return change.path.startswith(tuple(f"{folder.path}/" for folder in config.folders))


def only_fragments(changed: Sequence[ChangedPath], config: Config) -> bool:
    """Whether a change set changes nothing else."""
    return all(is_of_fragments(change, config) for change in changed)


def of_change_set(fragments: Sequence[Fragment], changed: Sequence[ChangedPath]) -> list[Fragment]:
    """The unreleased fragments that a change set adds or edits: a release that moves some answers nothing."""
    paths = {change.path for change in changed if change.status != "D"}
    return [fragment for fragment in fragments if fragment.path in paths and fragment.version is None]


def find_missing_fragment(changed: Sequence[ChangedPath], config: Config) -> list[Finding]:
    """A finding if the project wants a fragment with every change set, and this one neither adds nor edits any."""
    wanted = config.rule("fragment-missing")
    if wanted == "off" or not changed or any(_adds_or_edits(change, config) for change in changed):
        return []
    count = f"{len(changed)} file{'s' * (len(changed) != 1)}"
    message = f"The change set touches {count} and adds no fragment, so nobody who deploys or upgrades will hear of it."
    tip = "If somebody has to know, write one; it takes two lines and a sentence."
    level = Level.ERROR if wanted == "require" else Level.WARNING
    return [Finding("fragment-missing", Place(config.directory), message, tip, "relbot new", level)]


def _adds_or_edits(change: ChangedPath, config: Config) -> bool:
    """Whether a change is one of a fragment: a release moves some, and somebody may correct one."""
    name = change.path.rpartition("/")[2]
    return change.status != "D" and is_of_fragments(change, config) and name.endswith(".md") and not is_readme(name)
