"""The releases that the tags of a clone name, in any spelling."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relbot.git.tags import TAGS, list_tags
from relbot.release.tag_names import find_tagged

if TYPE_CHECKING:
    from relbot.config.model import Config
    from relbot.git.process import Git
    from relbot.release.tag_names import TaggedVersion


def list_tagged(git: Git, config: Config, pattern: str, component: str | None, refs: str = TAGS) -> list[TaggedVersion]:
    """The tagged versions of the project, or of a component that is released on its own, by the tags below `refs`.

    GitFailed without a repository.
    """
    return find_tagged(list_tags(git, refs), pattern, component, [part.name for part in config.components])
