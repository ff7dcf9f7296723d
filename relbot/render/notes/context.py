"""What a format needs to know beside the notes."""

from __future__ import annotations

from typing import NamedTuple

from relbot.config.model import Links, Package
from relbot.render.notes.changelog_layout import UNDERLINES


class NotesContext(NamedTuple):
    """`level` is that of a release's heading, `underlines` are those of its titles in reStructuredText, from there on down.

    `template` is the text of a project's own one, `template_path` its name.
    """

    links: Links = Links()
    package: Package = Package()
    level: int = 2
    underlines: tuple[str, ...] = UNDERLINES[1:]
    template: str = ""
    template_path: str = "template"
