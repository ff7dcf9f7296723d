"""What a source says, and what it means when it says nothing that can be used."""

from __future__ import annotations

from relbot.errors import RelbotError, Unknown, quoted

LARGEST = 1_048_576
"""Bytes of an answer. What tells a revision is shorter."""


class RevisionUnknown(Unknown):
    """It could not be learned which revision runs. Never to be read as "nothing to do"."""


class SourceUnavailable(RelbotError):
    """What came instead of a revision, to follow the words that say what was asked. `ask` makes a sentence of both."""


def decode_text(content: bytes) -> str:
    """An answer as text without the blanks around it. NoAnswer if it is none."""
    try:
        text = content.decode("utf-8-sig").strip()
    except UnicodeDecodeError:
        raise SourceUnavailable(f"answered with something that is no text: {quoted(content, 40)}") from None
    if not text:
        raise SourceUnavailable("answered with nothing")
    return text


def looks_like_html(content: bytes) -> bool:
    """Whether an answer is a page for people: a login, an error, a maintenance notice."""
    start = content[:1024].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    return start.startswith((b"<!doctype html", b"<html"))
