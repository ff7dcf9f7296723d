"""What a format needs to know beside the notes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from relbot.config.model import Links, Package
from relbot.render.notes.changelog_layout import UNDERLINES
from relbot.schema.named_tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable


class TemplateTask(NamedTuple):
    """A template to render: its text, the name that its faults carry, what it sees as `notes`, and how it links."""

    source: str
    path: str
    notes: dict[str, Any]
    links: Links


class NotesContext(NamedTuple):
    """Where and how notes are rendered.

    `level` is that of a release's heading; `underlined` is the deepest level with a line below in Markdown. `underlines` are
    those of titles in reStructuredText, from there on down. `changelog` is the text into which the notes go, "" for none.
    `template` is the text of a project's own one, `template_path` its name.
    `run_template` renders it, by default in this process.
    """

    links: Links = Links()
    package: Package = Package()
    changelog: str = ""
    level: int = 2
    underlined: int = 0
    underlines: tuple[str, ...] = UNDERLINES[1:]
    template: str = ""
    template_path: str = "template"
    run_template: Callable[[TemplateTask], str] | None = None
