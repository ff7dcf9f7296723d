"""The formats of an announcement."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relbot.render.announcement.sections import announcement_sections, announcement_title
from relbot.render.announcement.slack import slack_json
from relbot.render.common.inert_markdown import inert_sentence
from relbot.render.common.media import Medium
from relbot.render.formats import FormatRegistry, OutputFormat

if TYPE_CHECKING:
    from relbot.deploy.announcement import Announcement


def announcement_text(said: Announcement) -> str:
    """Renders an announcement as plain text, for mail."""
    parts = ("\n".join((heading, *(f"  - {line}" for line in lines))) for heading, lines in announcement_sections(said))
    return "\n\n".join((announcement_title(said), *parts)) + "\n"


def announcement_markdown(said: Announcement) -> str:
    """Renders an announcement as Markdown in which nothing is live."""
    parts = (
        "\n".join((f"## {heading}", "", *(f"- {inert_sentence(line)}" for line in lines)))
        for heading, lines in announcement_sections(said)
    )
    return "\n\n".join((f"# {inert_sentence(announcement_title(said))}", *parts)) + "\n"


ANNOUNCEMENT_FORMATS: FormatRegistry[Announcement] = FormatRegistry(
    "An announcement",
    ("announce",),
    (
        OutputFormat("text", "for mail and terminals", Medium.TEXT, announcement_text),
        OutputFormat("markdown", "for an issue, a wiki, a chat that takes Markdown", Medium.MARKDOWN, announcement_markdown),
        OutputFormat("slack", "the payload of a Slack incoming webhook, with blocks", Medium.JSON, slack_json),
    ),
)
