"""HTML in the Markdown of a fragment: what GitHub hides of a text, and what other readers do not show as meant.

GitHub shows the elements of a short list (https://github.com/gjtorikian/html-pipeline, its `sanitization_filter`), and leaves out
the tags of all others: of `Vec<String>` readers see `Vec`. Code is not looked at (CommonMark 6.6, 4.6).
"""

from __future__ import annotations

import functools
from enum import StrEnum
from typing import TYPE_CHECKING

from relbot.schema import lazy_re as re
from relbot.schema.named_tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

    from markdown_it import MarkdownIt
    from markdown_it.token import Token

_POSSIBLE = re.compile(r"<(?:[A-Za-z/?]|!)")
_CODE_SPAN = re.compile(r"(?<![`\\])(`++)[^\n]*?(?<!`)\1(?!`)")
_TAG = re.compile(
    r"</?([A-Za-z][A-Za-z0-9-]*+)(?:\"[^\"<]*+\"|'[^'<]*+'|[^<>])*+>|<!--.*?(?:-->|\Z)|<\?.*?(?:\?>|\Z)|<!\[CDATA\[.*?(?:\]\]>|\Z)|<![A-Za-z][^>]*(?:>|\Z)",
    re.DOTALL,
)
_ENDS = {"<!--": "-->", "<?": "?>", "<![": "]]>"}
_SHOWN = frozenset(
    "h1 h2 h3 h4 h5 h6 br b i strong em a pre code img tt div ins del sup sub p picture ol ul table thead tbody tfoot blockquote"
    " dl dt dd kbd q samp var hr ruby rt rp li tr td th s strike summary details caption figure figcaption abbr bdo cite dfn mark"
    " small source span time wbr".split()
)
_UNSHOWN = re.compile(r"\bhidden\b|\bdisplay\s{0,9}:\s{0,9}none", re.IGNORECASE)
"""In a tag, that a browser does not show the element. GitHub removes styles, sites made of the changelog do not."""
_LONGEST = 60


class RawHtmlKind(StrEnum):
    """What becomes of HTML: `hidden` is left out, `open` hides what follows it, `shown` is shown on GitHub alone."""

    HIDDEN = "hidden"
    OPEN = "open"
    SHOWN = "shown"


class RawHtml(NamedTuple):
    """HTML in a text: what stands there, on which line, from 0."""

    text: str
    line: int
    kind: RawHtmlKind


def find_raw_html(text: str) -> list[RawHtml]:
    """Finds the HTML in a Markdown text that is not in code, in the order of the text. Comments that end are none."""
    if "<" not in text or not _POSSIBLE.search(_CODE_SPAN.sub("", text) if "\\`" not in text else text):
        return []
    found: list[RawHtml] = []
    for token in _markdown_it().parse(text):
        line = token.map[0] if token.map else 0
        if token.type == "html_block":
            found += _tags_of(token.content, line)
        elif token.type == "inline":
            found += _inline_tags(token, line)
    begun, ended = (text.lower().count(f"<{slash}details") for slash in ("", "/"))
    return [_fold(each) for each in found] if begun > ended else found


def _fold(html: RawHtml) -> RawHtml:
    """The same, `open` if a browser folds away what follows until it is closed, as where nothing in the text closes it."""
    folds = html.kind is RawHtmlKind.SHOWN and html.text.lower().startswith("<details")
    return html._replace(kind=RawHtmlKind.OPEN) if folds else html


def _inline_tags(token: Token, line: int) -> Iterator[RawHtml]:
    for child in token.children or ():
        if child.type == "html_inline":
            yield from _tags_of(child.content, line)
        elif child.type == "text" and "<!--" in child.content:
            yield RawHtml(child.content[child.content.find("<!--") :][:_LONGEST], line, RawHtmlKind.OPEN)
        line += (child.type in ("softbreak", "hardbreak")) + child.content.count("\n")


def _end_of(html: str) -> str:
    """How a comment, instruction or declaration ends."""
    return next((end for begin, end in _ENDS.items() if html.startswith(begin)), ">")


def _tags_of(html: str, line: int) -> Iterator[RawHtml]:
    """The tags of a piece of HTML; that an element ends says no more than that it begins."""
    at, counted = line, 0
    for tag in _TAG.finditer(html):
        shown = " ".join(tag[0].split())[:_LONGEST]
        at, counted = at + html.count("\n", counted, tag.start()), tag.start()
        if tag[1] and shown.startswith("</"):
            continue
        if tag[1] and tag[1].lower() in _SHOWN:
            yield RawHtml(shown, at, RawHtmlKind.OPEN if _UNSHOWN.search(tag[0]) else RawHtmlKind.SHOWN)
        elif tag[1]:
            yield RawHtml(shown, at, RawHtmlKind.HIDDEN)
        elif not tag[0].endswith(_end_of(tag[0])):
            yield RawHtml(shown, at, RawHtmlKind.OPEN)
        elif not tag[0].startswith("<!--"):
            yield RawHtml(shown, at, RawHtmlKind.HIDDEN)


@functools.cache
def _markdown_it() -> MarkdownIt:
    """A reader of blocks and of what is in them. Imported here because few texts need it."""
    from markdown_it import MarkdownIt  # takes as long to import as a thousand plain fragments to be read

    return MarkdownIt("commonmark")
