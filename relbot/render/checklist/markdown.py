"""A checklist as Markdown: for an issue, a pull request, a wiki. What authors wrote is inert."""

from __future__ import annotations

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
    QuotedProse,
    StepBox,
    Title,
)
from relbot.render.checklist.plan_blocks import NO_MARKS, plan_blocks
from relbot.render.common.inert_markdown import LONGEST_PROSE, code_span, fence_lines, inert_prose_lines, inert_sentence
from relbot.render.common.invisible_characters import make_visible
from relbot.render.common.wrapping import join_blocks

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from relbot.deploy.plan.model import Plan
    from relbot.render.checklist.blocks import Block, Quoted, Sentence


def checklist_markdown(plan: Plan, marks: Mapping[str, str] = NO_MARKS, level: int = 1) -> str:
    """The checklist of a plan as GitHub-flavoured Markdown that ends in a newline. `marks` as for `plan_blocks`.

    `level` is that of its title; headings are one below.
    """
    return join_blocks(list(_block_lines(block, "#" * level)) for block in plan_blocks(plan, marks))


def _block_lines(block: Block, signs: str) -> Iterator[str]:
    match block:
        case Title(text):
            yield from (f"{signs} {sentence_markdown(text)}", "")
        case Heading(text, about):
            yield from ("", f"{signs}# {text}: {sentence_markdown(about)}" if about else f"{signs}# {text}", "")
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
        yield from (f"  {line}" if line else "" for line in _body_lines(part))
    yield ""


def sentence_markdown(sentence: Sentence) -> str:
    """Words of relbot as they are, quotes as code, prose with plain words outside of code."""
    return "".join(_part_markdown(part) for part in sentence.parts)


def _part_markdown(part: str | Quoted) -> str:
    if isinstance(part, str):
        return make_visible(part)
    return inert_sentence(part.text, LONGEST_PROSE) if isinstance(part, QuotedProse) else code_span(part.text)


def _body_lines(part: ProseBlock | CommandBlock) -> Iterator[str]:
    """A command in a fence, prose as a quote: on a phone and on paper its lines are wrapped."""
    match part:
        case CommandBlock(text=text):
            yield from fence_lines(text, "sh")
        case ProseBlock(text=text):
            yield from (f"> {line}".rstrip() for line in inert_prose_lines(text))
        case _:
            assert_never(part)
