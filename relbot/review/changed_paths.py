"""The paths that a change set changes, and the fragments among them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relbot.schema.named_tuples import NamedTuple

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
