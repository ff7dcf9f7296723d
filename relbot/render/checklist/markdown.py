"""A checklist as Markdown: for an issue, a pull request, a wiki. What authors wrote stands in code spans and fences."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from relbot.render.checklist.blocks import Alone, Box, Command, Heading, Line, Pair, Paragraph, Points, Prose, Title
from relbot.render.checklist.page import page
from relbot.render.common.escape import visible
from relbot.render.common.wrapping import joined

if TYPE_CHECKING:
    from collections.abc import Iterator

    from relbot.deploy.plan.model import Plan
    from relbot.render.checklist.blocks import Block, Sentence


def render_markdown(plan: Plan) -> str:
    """The checklist of a plan as GitHub-flavoured Markdown that ends in a newline."""
    return joined(list(_lines(block)) for block in page(plan))


def _lines(block: Block) -> Iterator[str]:
    match block:
        case Title(text):
            yield from (f"# {said(text)}", "")
        case Heading(text, about):
            yield from ("", f"## {text}: {said(about)}" if about else f"## {text}", "")
        case Paragraph(text) | Alone(text):
            yield from (said(text), "")
        case Points(items, alarm):
            yield from (f"- {'⚠ ' if alarm else ''}{said(item)}" for item in items)
        case Line(text):
            yield from ("", "---", "", f"**⛔ {text}**", "", "---", "")
        case Box(number, title):
            yield from item(f"[ ] **{number}.** {said(title)}", block)
        case Pair(label, title):
            yield from item(f"**{label}:** {said(title)}", block)


def item(title: str, block: Box | Pair) -> Iterator[str]:
    """The lines of a list item; what belongs to it is indented as far as its text (CommonMark 5.2)."""
    yield f"- {title}"
    for fact in block.facts:
        yield f"  - {said(fact)}"
    for part in block.body:
        yield ""
        label = f"{part.label}:" if part.label else ""
        yield from (f"  {label}", "") if label else ()
        yield from (f"  {line}" if line else "" for line in _fenced(part))
    yield ""


def said(sentence: Sentence) -> str:
    """Words of relbot as they are, quotes as code."""
    return "".join(part if isinstance(part, str) else code_span(part.text) for part in sentence.parts)


def code_span(text: str) -> str:
    """The text on one line as a code span that nothing in it can end (CommonMark 6.1). Code pings nobody and links nothing."""
    line = " ".join(visible(text).split())
    if not line:
        return ""
    ticks = "`" * (_longest(r"`+", line) + 1)
    pad = " " if line.startswith("`") or line.endswith("`") else ""
    return f"{ticks}{pad}{line}{pad}{ticks}"


def _fenced(part: Prose | Command) -> list[str]:
    """The text in a fence longer than any in it (CommonMark 4.5)."""
    text = visible(part.text).strip("\n")
    fence = "`" * max(3, _longest(r"`+", text) + 1)
    return [f"{fence}{'sh' if isinstance(part, Command) else 'text'}", *text.split("\n"), fence]


def _longest(pattern: str, text: str) -> int:
    return max(map(len, re.findall(pattern, text)), default=0)
