"""The formats of how the bot is set up."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relbot.render.bot_setup import as_json, text
from relbot.render.common.media import Medium
from relbot.render.formats import FormatRegistry, OutputFormat

if TYPE_CHECKING:
    from relbot.review.bot_setup import BotSetup

SETUP_FORMATS: FormatRegistry[BotSetup] = FormatRegistry(
    "The set-up of the bot",
    ("pr",),
    (
        OutputFormat("text", "for people", Medium.TEXT, text.render),
        OutputFormat("json", "for programs (schema: `relbot schema bot-setup`)", Medium.JSON, as_json.render),
    ),
)
