"""What the diff between two revisions shows, as text and JSON."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from relbot.review.reviewed import DetectedFacts

DETECTED_FORMATS = ("text", "json")
_MODULES = {"text": "text", "json": "as_json"}


def render_detected(detected: DetectedFacts, form: str) -> str:
    """In one of `FORMATS`, ending in a line end."""
    text: str = import_module(f"relbot.render.detected.{_MODULES[form]}").render(detected)
    return text
