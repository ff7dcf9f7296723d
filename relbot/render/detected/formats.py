"""The formats of what a diff shows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relbot.render.common.media import Medium
from relbot.render.detected import as_json, text
from relbot.render.formats import FormatRegistry, OutputFormat

if TYPE_CHECKING:
    from relbot.review.reviewed import DetectedFacts

DETECTED_FORMATS: FormatRegistry[DetectedFacts] = FormatRegistry(
    "What a diff shows",
    ("detect",),
    (
        OutputFormat("text", "for people", Medium.TEXT, text.render),
        OutputFormat("json", "for programs (schema: `relbot schema detected`)", Medium.JSON, as_json.render),
    ),
)
