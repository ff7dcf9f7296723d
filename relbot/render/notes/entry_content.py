"""What readers see of a Markdown text, whatever a formatter did to it."""

from __future__ import annotations

import html
from functools import cache

import mistune
from mistune.plugins.table import table_in_list

from relbot.schema import lazy_re as re

_CODE = re.compile(r"(<pre>.*?(?:</pre>|\Z))", re.DOTALL)
_BLOCK = re.compile(r"</?(?:p|ul|ol|table|thead|tbody|tr|td|th|blockquote)(?: [^>]{0,500})?>|</(?:li|h[1-6])>")
_ITEM = re.compile(r"<li(?: [^>]{0,500})?>")
_HEADING = re.compile(r"<h[1-6]>")
_STYLE = re.compile(r"</?(?:em|strong|code|del)>")


def read_entry_lines(text: str) -> list[str]:
    """The lines that readers see of a Markdown text: items begin with `- `, headings with `# `. Layout makes no difference."""
    rendered = _markdown()(text)
    assert isinstance(rendered, str)
    lines: list[str] = []
    for piece in _CODE.split(rendered):
        if piece.startswith("<pre>"):
            lines += html.unescape(re.sub(r"<[^>]{0,1000}>", "", piece)).splitlines()
            continue
        plain = re.sub(r"\s+", " ", piece)
        plain = _HEADING.sub("\n# ", _ITEM.sub("\n- ", _BLOCK.sub("\n", plain)))
        lines += [html.unescape(_STYLE.sub(_mark, line)).strip() for line in plain.split("\n")]
    return [line for line in _join_items(lines) if line]


def _mark(found: re.Match[str]) -> str:
    """Emphasis and code as text, so that they count."""
    return {"em": "*", "strong": "**", "code": "`", "del": "~~"}[found[0].strip("</>")]


def _join_items(lines: list[str]) -> list[str]:
    """The lines with the mark of an item before its text: a loose list has a paragraph in between."""
    joined: list[str] = []
    for line in lines:
        if line and joined and joined[-1] == "-":
            joined[-1] = f"- {line}"
        elif line or not joined or joined[-1] != "-":
            joined.append(line)
    return joined


@cache
def _markdown() -> mistune.Markdown:
    return mistune.create_markdown(escape=False, plugins=["table", table_in_list, "strikethrough", "url", "task_lists"])
