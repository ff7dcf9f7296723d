"""A Markdown text as blocks and as runs of text, for the formats into which it has to be translated.

The tokens are mistune's (https://mistune.lepture.com/en/latest/advanced.html). Its own reStructuredText renderer
neither escapes nor takes nested markup apart, so the formats here begin at the tokens.
"""

from __future__ import annotations

import html
from dataclasses import dataclass
from enum import Enum
from functools import cache
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import mistune

from relbot.fragment.body import closing_line
from relbot.schema import lazy_re as re

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from relbot.fragment.model import Fragment

Token = dict[str, Any]
_NOTHING: Mapping[str, Any] = MappingProxyType({})
_NO_LINE_ENDS = str.maketrans({"\0": "\ufffd", **dict.fromkeys("\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029", " ")})
"""What Python's `splitlines` takes for line ends and Markdown does not; other tools would break lines there."""
_FORMATTING = re.compile(
    r"</?(?:a|abbr|b|big|br|center|cite|code|del|details|dfn|div|em|font|h[1-6]|hr|i|img|ins|kbd|li|mark|ol|p|picture|pre|q|s|samp|"
    r"small|source|span|strike|strong|sub|summary|sup|t[drh]|table|tbody|thead|tt|u|ul|var|wbr)(?:\s[^>]{0,1000}|\s{0,80}/)?>|<!--.*?(?:-->|\Z)",
    re.IGNORECASE | re.DOTALL,
)


class TextStyle(Enum):
    """How a run of text looks. What is nested in Markdown has the style that says most."""

    PLAIN = 0
    EMPHASIS = 1
    STRONG = 2
    CODE = 3
    LINK = 4
    BREAK = 5


@dataclass(frozen=True, slots=True)
class TextRun:
    """A run of text in one style. A `BREAK` has no text: the line ends there."""

    text: str
    style: TextStyle = TextStyle.PLAIN
    url: str = ""


@cache
def _markdown_parser() -> mistune.Markdown:
    return mistune.create_markdown(renderer=None, plugins=["table", "strikethrough", "url", "task_lists", "footnotes"])


def parse_markdown(text: str, known: Mapping[str, Any] = _NOTHING) -> list[Token]:
    """The blocks of a Markdown text, blank lines left out. Code and HTML left open end with it.

    `known` is what its labels mean, as `definitions` tells, where other parts of the same fragment define them.
    """
    parser = _markdown_parser()
    state = parser.block.state_cls()
    state.env["ref_links"] = dict(known)
    tokens, _ = parser.parse(f"{text}\n{closing_line(text)}".translate(_NO_LINE_ENDS), state)
    assert isinstance(tokens, list)
    if tokens and tokens[-1]["type"] == "footnotes":
        tokens[-1:] = _footnote_blocks(tokens[-1])
    return without_blank_lines(tokens)


def _footnote_blocks(footnotes: Token) -> Iterator[Token]:
    """Footnotes as the last blocks of their text, each behind the number by which the text refers to it."""
    for item in footnotes["children"]:
        first, *rest = without_blank_lines(item["children"]) or [{"type": "paragraph", "children": []}]
        number: Token = {"type": "text", "raw": f"[{item['attrs']['index']}] "}
        if first["type"] in ("paragraph", "block_text"):
            yield {**first, "type": "paragraph", "children": [number, *first["children"]]}
        else:
            yield from ({"type": "paragraph", "children": [number]}, first)
        yield from rest


def link_definitions(fragment: Fragment) -> Mapping[str, Any]:
    """What the labels of links mean in a fragment: its last section often defines those of all the others."""
    notes = (fragment.migration_note, fragment.compatibility_note, fragment.operators_note)
    texts = [text for text in (fragment.text, *notes) if text]
    if len(texts) < 2 or not any("]:" in text for text in texts):
        return _NOTHING
    known: dict[str, Any] = {}
    for text in texts:
        known = _markdown_parser().parse(text)[1].env["ref_links"] | known
    return known


def without_blank_lines(tokens: Iterable[Token]) -> list[Token]:
    """Blocks without the blank lines between them."""
    return [token for token in tokens if token["type"] != "blank_line"]


def text_runs(token: Token) -> list[TextRun]:
    """The text of a paragraph, heading, cell or link; neighbours of one style in one run."""
    merged: list[TextRun] = []
    for run in _iterate_runs(token.get("children", ()), TextStyle.PLAIN):
        last = merged[-1] if merged else None
        if last and last.style is run.style and last.url == run.url and run.style is not TextStyle.BREAK:
            merged[-1] = TextRun(last.text + run.text, run.style, run.url)
        else:
            merged.append(run)
    return merged


def token_text(token: Token) -> str:
    """The text of a token without any markup, on one line."""
    return " ".join("".join(run.text or " " for run in text_runs(token)).split())


def _iterate_runs(tokens: Iterable[Token], style: TextStyle) -> Iterator[TextRun]:
    for token in tokens:
        kind = token["type"]
        if kind == "text":
            yield TextRun(html.unescape(token["raw"]).translate(_NO_LINE_ENDS), style)
        elif kind == "codespan":
            yield TextRun(" ".join(token["raw"].split("\n")), TextStyle.CODE)
        elif kind == "footnote_ref":
            yield TextRun(f"[{token['attrs']['index']}]", style)
        elif kind == "softbreak":
            yield TextRun(" ", style)
        elif kind == "linebreak":
            yield TextRun("", TextStyle.BREAK)
        elif kind in ("link", "image"):
            url = token["attrs"]["url"]
            yield TextRun(token_text(token) or url, TextStyle.LINK if url else style, url)
        elif kind == "inline_html":
            yield from _inline_html(token["raw"], style)
        elif kind == "strikethrough":
            yield from (TextRun("~~", style), *_iterate_runs(token["children"], style), TextRun("~~", style))
        else:
            inner = {"emphasis": TextStyle.EMPHASIS, "strong": TextStyle.STRONG}.get(kind, TextStyle.PLAIN)
            yield from _iterate_runs(token.get("children", ()), max(style, inner, key=lambda s: s.value))


def _inline_html(raw: str, style: TextStyle) -> Iterator[TextRun]:
    """Tags that only format are dropped; others are as likely a type such as `List<String>`, and are text."""
    if re.fullmatch(r"<br\s*/?>", raw, re.IGNORECASE):
        yield TextRun("", TextStyle.BREAK)
    elif not _FORMATTING.fullmatch(raw):
        yield TextRun(raw, style)


def without_tags(raw: str) -> str:
    """The text of a block of HTML: its tags and comments left out."""
    text = html.unescape(_FORMATTING.sub("", raw)).translate(_NO_LINE_ENDS)
    return "\n".join(line.strip() for line in text.splitlines() if line.strip())


def table_rows(table: Token) -> tuple[Token | None, list[list[Token]]]:
    """The header and the rows of a table, each as cells."""
    head = next((part for part in table["children"] if part["type"] == "table_head"), None)
    body = next((part for part in table["children"] if part["type"] == "table_body"), None)
    return head, [row["children"] for row in (body["children"] if body else ())]


def list_numbers(token: Token) -> list[str] | None:
    """The numbers of a numbered list, with what follows them (`1.`); None if it has bullets."""
    if not token["attrs"]["ordered"]:
        return None
    start = token["attrs"].get("start", 1)
    return [f"{number}{token['bullet']}" for number in range(start, start + len(token["children"]))]


def check_box(item: Token) -> str:
    """`[x] ` or `[ ] ` of a task, "" of other items."""
    return ("[x] " if item["attrs"]["checked"] else "[ ] ") if item["type"] == "task_list_item" else ""
