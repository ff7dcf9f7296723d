"""Small Markdown made of plain text: escaped words, code, links."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relbot.fragment.code_marks import backticks_around
from relbot.render.common.units import list_names
from relbot.render.notes import references
from relbot.schema import lazy_re as re

if TYPE_CHECKING:
    from collections.abc import Callable

    from relbot.config.model import Links
    from relbot.release.notes import NotesEntry
    from relbot.render.notes.references import Reference

    _Resolve = Callable[[str, Links], Reference]

_MARKUP = re.compile(r"(?<![A-Za-z0-9])_|_(?![A-Za-z0-9])|[\\*\[\]<>&~|]")
_BLOCK_MARKUP = re.compile(r"^[ \t]*(?:([-+#=>:])|(\d{1,9})([.)]))", re.MULTILINE)
_NUMBER = "\0"
_TO_QUOTE = str.maketrans({" ": "%20", "(": "%28", ")": "%29", "<": "%3C", ">": "%3E", "`": "%60", "\\": "%5C", '"': "%22"})


def escape_markdown(text: str) -> str:
    """Plain text on one line, not at its beginning. A backtick becomes an entity: before code nothing escapes it."""
    return _MARKUP.sub(r"\\\g<0>", " ".join(text.split())).replace("`", "&#96;")


def escape_paragraphs(text: str) -> str:
    """Plain text of any number of lines, which stay lines."""
    lines = [_BLOCK_MARKUP.sub(r"\2\\\1\3", escape_markdown(line).replace("&#96;", r"\`")) for line in text.strip().split("\n")]
    return re.sub(r"\\\n(\\\n)+", "\n\n", "\\\n".join(lines)).replace("\n\\\n", "\n\n")


def inline_code(text: str) -> str:
    """A code span of a text on one line (CommonMark 6.1)."""
    fence = backticks_around(text)
    pad = " " if text.startswith("`") or text.endswith("`") or (text != text.strip(" ") and text.strip(" ")) else ""
    return f"{fence}{pad}{text}{pad}{fence}"


def markdown_link(reference: Reference) -> str:
    """A reference as a link, or as plain text where it has no address."""
    if not reference.url:
        return escape_markdown(reference.text)
    return f"[{escape_markdown(reference.text)}]({reference.url.translate(_TO_QUOTE)})"


class EntryLinker:
    """Makes the links of entries, the usual ones fast: numbers, and authors met before."""

    def __init__(self, links: Links) -> None:
        self._links = links
        self._issue = _number_link(links.issue)
        self._pr = _number_link(links.pr)
        self._authors: dict[tuple[str, ...], str] = {}

    def of(self, entry: NotesEntry) -> str:
        """`([#4075](…), [#5622](…) by [@jane](…))`; "" if an entry has no links."""
        issues, prs, authors = entry.fragment.issues, entry.prs, entry.authors
        if not (issues or prs or authors):
            return ""
        shown = self._all(issues, self._issue, references.issue_reference) + self._all(prs, self._pr, references.pull_request)
        if len(shown) > 1 and len(set(shown)) < len(shown):
            shown = list(dict.fromkeys(shown))
        about = ", ".join(shown)
        if not authors:
            return f"({about})"
        by = self._authors.get(authors) or self._by(authors)
        return f"({about} {by})" if about else f"({by})"

    def _all(self, refs: tuple[str, ...], shape: str | None, resolve: _Resolve) -> list[str]:
        if shape is None:
            return [markdown_link(resolve(ref, self._links)) for ref in refs]
        return [
            shape.replace(_NUMBER, ref) if ref.isdecimal() and ref.isascii() else markdown_link(resolve(ref, self._links))
            for ref in refs
        ]

    def _by(self, authors: tuple[str, ...]) -> str:
        text = "by " + list_names([markdown_link(references.author_reference(name, self._links)) for name in authors])
        self._authors[authors] = text
        return text


def _number_link(template: str) -> str | None:
    """What `link` makes of numbers with a template of addresses, `_NUMBER` in their place. None if it has to look at each."""
    if not template:
        return f"#{_NUMBER}"
    before, placeholder, after = template.translate(_TO_QUOTE).partition("{number}")
    return f"[#{_NUMBER}]({before}{_NUMBER}{after})" if placeholder and "{number}" not in after else None
