"""How the bot is set up, for programs."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from relbot.review.bot_setup import SetupState
from relbot.schema.values import DIALECT

if TYPE_CHECKING:
    from relbot.review.bot_setup import BotSetup

VERSION = 1
"""Raised when a key changes its meaning or goes away."""
_TEXT = {"type": "string"}
_CHECK = {
    "type": "object",
    "additionalProperties": False,
    "required": ["topic", "state", "what", "change", "page", "facts"],
    "properties": {
        "topic": _TEXT,
        "state": {"enum": [state.value for state in SetupState]},
        "what": _TEXT,
        "change": {**_TEXT, "description": "What to change; empty for nothing."},
        "page": {**_TEXT, "description": "The page on GitHub where that is done; empty without one."},
        "facts": {"type": "array", "items": {"type": "integer"}, "description": "Numbers of docs/github.md."},
    },
}
SCHEMA: dict[str, Any] = {
    "$schema": DIALECT,
    "title": "How relbot is set up in a repository on GitHub",
    "type": "object",
    "additionalProperties": False,
    "required": ["version", "repository", "checks"],
    "properties": {"version": {"const": VERSION}, "repository": _TEXT, "checks": {"type": "array", "items": _CHECK}},
}
"""What `render` prints."""


def render(setup: BotSetup) -> str:
    """Returns one JSON document."""
    checks = [{**check._asdict(), "state": check.state.value, "facts": list(check.facts)} for check in setup.checks]
    answer = {"version": VERSION, "repository": setup.repository, "checks": checks}
    return json.dumps(answer, indent=2, ensure_ascii=False) + "\n"
