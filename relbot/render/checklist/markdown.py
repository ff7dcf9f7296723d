"""A checklist as Markdown: for an issue, a pull request, a wiki. What authors wrote stands in code spans and fences."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, assert_never

from relbot.render.checklist.blocks import (
    AmendedStep,
    Barrier,
    BulletList,
    CommandBlock,
    Heading,
    InstallNow,
    OnlyLine,
    Paragraph,
    ProseBlock,
    StepBox,
    Title,
)
from relbot.render.checklist.plan_blocks import NO_MARKS, plan_blocks
from relbot.render.common.invisible_characters import make_visible
from relbot.render.common.wrapping import join_blocks

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from relbot.deploy.plan.model import Plan
    from relbot.render.checklist.blocks import Block, Sentence


def checklist_markdown(plan: Plan, marks: Mapping[str, str] = NO_MARKS) -> str:
    """The checklist of a plan as GitHub-flavoured Markdown that ends in a newline. `marks` as for `plan_blocks`."""
    return join_blocks(list(_block_lines(block)) for block in plan_blocks(plan, marks))


def _block_lines(block: Block) -> Iterator[str]:
    match block:
        case Title(text):
            yield from (f"# {sentence_markdown(text)}", "")
        case Heading(text, about):
            yield from ("", f"## {text}: {sentence_markdown(about)}" if about else f"## {text}", "")
        case Paragraph(text) | OnlyLine(text):
            yield from (sentence_markdown(text), "")
        case BulletList(items, alarm):
            yield from (f"- {'⚠ ' if alarm else ''}{sentence_markdown(item)}" for item in items)
        case Barrier(text):
            yield from ("", "---", "", f"**⛔ {text}**", "", "---", "")
        case InstallNow(text):
            yield from ("", "---", "", f"**{sentence_markdown(text)}**", "", "---", "")
        case StepBox(number, title):
            box = "x" if block.mark in "x-" else " "  # a task list has no other
            yield from step_item(f"[{box}] **{number}.** {sentence_markdown(title)}", block)
        case AmendedStep(label, title):
            yield from step_item(f"**{label}:** {sentence_markdown(title)}", block)
        case _:
            assert_never(block)


def step_item(title: str, block: StepBox | AmendedStep) -> Iterator[str]:
    """The lines of a list item; what belongs to it is indented as far as its text (CommonMark 5.2)."""
    yield f"- {title}"
    for fact in block.facts:
        yield f"  - {sentence_markdown(fact)}"
    for part in block.body:
        yield ""
        label = f"{part.label}:" if part.label else ""
        yield from (f"  {label}", "") if label else ()
        yield from (f"  {line}" if line else "" for line in _fenced_lines(part))
    yield ""


def sentence_markdown(sentence: Sentence) -> str:
    """Words of relbot as they are, quotes as code."""
    return "".join(make_visible(part) if isinstance(part, str) else code_span(part.text) for part in sentence.parts)


def code_span(text: str) -> str:
    """The text on one line as a code span that nothing in it can end (CommonMark 6.1). Code pings nobody and links nothing."""
    line = " ".join(make_visible(text).split())
    if not line:
        return ""
    ticks = "`" * (_longest_match(r"`+", line) + 1)
    pad = " " if line.startswith("`") or line.endswith("`") else ""
    return f"{ticks}{pad}{line}{pad}{ticks}"


def _fenced_lines(part: ProseBlock | CommandBlock) -> list[str]:
    """The text in a fence longer than any in it (CommonMark 4.5)."""
    text = make_visible(part.text).strip("\n")
    fence = "`" * max(3, _longest_match(r"`+", text) + 1)
    return [f"{fence}{'sh' if isinstance(part, CommandBlock) else 'text'}", *text.split("\n"), fence]


def _longest_match(pattern: str, text: str) -> int:
    return max(map(len, re.findall(pattern, text)), default=0)
