"""What a source says, and what it means when it says nothing that can be used."""

from __future__ import annotations

from relbot.errors import RelbotError, Unknown, quoted


class RunningRevisionUnknown(Unknown):
    """It could not be learned which revision runs. Never to be read as "nothing to do"."""


class SourceUnavailable(RelbotError):
    """A source did not tell a revision. `what` follows the words that name the source: "answered with nothing"."""


def decode_text(content: bytes) -> str:
    """An answer as text without the blanks around it. NoAnswer if it is none."""
    try:
        text = content.decode("utf-8-sig").strip()
    except UnicodeDecodeError:
        raise SourceUnavailable(f"answered with something that is no text: {quoted(content, 40)}") from None
    if not text:
        raise SourceUnavailable("answered with nothing")
    return text
