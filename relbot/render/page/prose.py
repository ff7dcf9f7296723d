"""Markdown that somebody else wrote, as HTML in which nothing is live but links to web pages and mail addresses."""

from __future__ import annotations

from functools import cache
from html import escape
from typing import Any

import mistune
from markupsafe import Markup

from relbot.fragment.body import closing_line
from relbot.render.common.invisible_characters import make_visible
from relbot.schema import lazy_re as re

_ADDRESS = re.compile(r"(?:https?://|mailto:)[^\s\x00-\x1f]+", re.IGNORECASE)
_HEADING = "h5"
"""Headings of a text are below those of its step; a text has few, and no page needs their levels."""


class InertRenderer(mistune.HTMLRenderer):
    """Renders Markdown without raw HTML, pictures and scripts; an address is a link only if it is one of the web or of mail."""

    def heading(self, text: str, level: int, **attrs: Any) -> str:
        """Renders a heading one level below that of a step."""
        return f"<{_HEADING}>{text}</{_HEADING}>\n"

    def link(self, text: str, url: str, title: str | None = None) -> str:
        """Renders a link that tells the other side nothing; the text and the address where it is no address of the web."""
        shown = f' title="{escape(title)}"' if title else ""
        if _ADDRESS.fullmatch(url):
            return f'<a href="{escape(url)}" rel="noopener noreferrer nofollow"{shown}>{text}</a>'
        return f"{text} ({escape(url)})"

    def image(self, text: str, url: str, title: str | None = None) -> str:
        """Renders a link to a picture: a page loads nothing."""
        return self.link(f"[picture: {text}]", url)

    def table(self, text: str) -> str:
        """Renders a table that scrolls by itself, also by the keyboard."""
        return f'<div class="scroll" tabindex="0" role="group" aria-label="Table"><table>{text}</table></div>\n'

    def block_code(self, code: str, info: str | None = None) -> str:
        """Renders a block of code, whose lines wrap."""
        return f"<pre>{escape(code)}</pre>\n"


def prose_html(text: str) -> Markup:
    """Renders Markdown as HTML. Characters that act or hide are written out first, as text."""
    visible = make_visible(text).strip("\n")
    end = closing_line(visible)
    rendered = _markdown()(f"{visible}\n{end}" if end else visible)
    assert isinstance(rendered, str)
    return Markup(rendered)  # noqa: S704 - the renderer above escapes all text and passes no raw HTML


def inline_html(text: str) -> Markup:
    """Renders one line: escaped, what stands between backticks as code."""
    pieces = re.split(r"(?<!`)(`++)(.+?)(?<!`)\1(?!`)", " ".join(make_visible(text).split()))
    shown = (f"<code>{escape(piece)}</code>" if n % 3 == 2 else escape(piece) for n, piece in enumerate(pieces) if n % 3 != 1)
    return Markup("".join(shown))  # noqa: S704 - each piece is escaped above


def isolated_html(text: str) -> Markup:
    """Renders one line like `inline_html`, so that text of another direction does not turn what stands around it (UAX #9)."""
    shown = inline_html(text)
    return shown if text.isascii() else Markup("<bdi>{}</bdi>").format(shown)


@cache
def _markdown() -> mistune.Markdown:
    return mistune.create_markdown(renderer=InertRenderer(escape=True), plugins=["table", "strikethrough", "url"])
