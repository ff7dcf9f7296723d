"""What a piece of GitHub's Markdown shows, as a second parser reads it: what is live, and what is only text or code."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from markdown_it import MarkdownIt

if TYPE_CHECKING:
    from collections.abc import Iterator

    from markdown_it.token import Token

_PARSER = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
_REFERENCES = re.compile(r"@[\w-]|#\d|\bGH-\d|https?:|www\.|\b[0-9a-f]{7,40}\b|:\w+:|~~|\[\^", re.IGNORECASE)
"""What GitHub makes live in plain text on top of CommonMark: mentions, references, addresses, commits, emoji, footnotes."""


class Shown(NamedTuple):
    """`links` and `html` as they are in the source, `text` outside of code, `code` inside of it."""

    links: tuple[str, ...]
    html: tuple[str, ...]
    text: tuple[str, ...]
    code: tuple[str, ...]

    @property
    def live(self) -> list[str]:
        """What plain text would do on GitHub."""
        return [match.group() for text in self.text for match in _REFERENCES.finditer(text)]


def shown(markdown: str) -> Shown:
    """The parts of a text. Images count as links."""
    links: list[str] = []
    html: list[str] = []
    text: list[str] = []
    code: list[str] = []
    for token in _all(_PARSER.parse(markdown)):
        if token.type in ("link_open", "image"):
            links.append(str(token.attrs.get("href") or token.attrs.get("src")))
        elif token.type in ("html_block", "html_inline"):
            html.append(token.content)
        elif token.type in ("code_inline", "fence", "code_block"):
            code.append(token.content + token.info)
        elif token.type == "text":
            text.append(token.content)
    return Shown(tuple(links), tuple(html), tuple(text), tuple(code))


def _all(tokens: list[Token]) -> Iterator[Token]:
    for token in tokens:
        yield token
        yield from _all(token.children or [])
