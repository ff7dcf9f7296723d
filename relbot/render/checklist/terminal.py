"""A checklist on a terminal, with Rich. Colours only repeat what words and marks say."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, assert_never

from rich.padding import Padding
from rich.rule import Rule
from rich.table import Table
from rich.text import Text

from relbot.render.checklist.blocks import (
    AmendedStep,
    Barrier,
    BulletList,
    CommandBlock,
    Heading,
    InstallNow,
    OnlyLine,
    Paragraph,
    StepBox,
    Title,
)
from relbot.render.checklist.plan_blocks import plan_blocks
from relbot.render.checklist.text import keep_command_lines
from relbot.render.common.invisible_characters import make_visible

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from rich.console import Console, ConsoleOptions, RenderableType

    from relbot.deploy.plan.model import Plan
    from relbot.render.checklist.blocks import Block, ProseBlock, Sentence

_INDENT = 8


@dataclass(frozen=True, slots=True)
class ChecklistScreen:
    """The checklist of a plan, to be laid out by Rich. A command that is wider than the console is not cut off."""

    plan: Plan
    marks: Mapping[str, str] = field(default_factory=dict)

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> Iterator[RenderableType]:
        parts = [part for block in plan_blocks(self.plan, self.marks) for part in _block_parts(block, options.max_width)]
        yield from _collapse_blank_lines(parts)


def _collapse_blank_lines(parts: list[RenderableType]) -> Iterator[RenderableType]:
    """Between two parts at most one line is empty, and none at the end."""
    empty = [isinstance(part, Text) and not part.plain for part in parts]
    last = max((n for n, is_empty in enumerate(empty) if not is_empty), default=-1)
    for n, part in enumerate(parts[: last + 1]):
        if not (empty[n] and n and empty[n - 1]):
            yield part


def _block_parts(block: Block, columns: int) -> Iterator[RenderableType]:
    match block:
        case Title(text):
            yield from (_sentence_text(text, "bold"), Text())
        case Heading(text, about):
            yield from (Text(), Text.assemble((text.upper(), "bold"), f" -- {about.plain}" if about else ""), Text())
        case OnlyLine(text):
            yield Text(text.plain, no_wrap=True, overflow="ignore")
        case Paragraph(text):
            yield _sentence_text(text)
        case BulletList(items, alarm):
            mark = ("!!! ", "bold red") if alarm else ("  - ", "")
            yield from (_hanging_indent(Text(*mark), _sentence_text(item)) for item in items)
        case Barrier(text):
            yield from (Text(), _barrier_line(text, columns), Text())
        case InstallNow(text):
            yield from (Text(), _barrier_line("INSTALL NOW", columns), _sentence_text(text, "bold"), Text())
        case StepBox(number, title):
            yield from _step_parts(Text(f"[{block.mark}] {number:>2}. ", "bold"), title, block)
        case AmendedStep(label, title):
            yield from _step_parts(Text(f"    {label}: ", "bold"), title, block)
        case _:
            assert_never(block)


def _barrier_line(text: str, columns: int) -> RenderableType:
    """A line across the screen with the text in it, or where that is too narrow the whole text: Rich would cut it off."""
    fits = len(text) + 4 <= columns
    return Rule(Text(text, "bold red"), style="red", characters="=") if fits else Text(f"=== {text} ===", "bold red")


def _step_parts(mark: Text, title: Sentence, block: StepBox | AmendedStep) -> Iterator[RenderableType]:
    yield _hanging_indent(mark, _sentence_text(title))
    yield from (Padding(_sentence_text(fact, "bold red" if fact.urgent else "dim"), (0, 0, 0, _INDENT)) for fact in block.facts)
    for part in block.body:
        yield from _body_parts(part)
    yield Text()


def _body_parts(part: ProseBlock | CommandBlock) -> Iterator[RenderableType]:
    if part.label:
        yield Text(" " * _INDENT + f"{part.label}:", "dim")
    if not isinstance(part, CommandBlock):
        yield Padding(Text(make_visible(part.text).strip("\n")), (0, 0, 0, _INDENT + (2 if part.label else 0)))
        yield from (Text(),) if part.label else ()  # without colours, the command that follows would be its next line
        return
    for line in keep_command_lines(part.text, " " * _INDENT):
        # Longer than the screen or not, a command stays on its line: the terminal breaks it, and copies it whole.
        yield Text(line, "cyan", no_wrap=True, overflow="ignore")


def _hanging_indent(mark: Text, text: Text) -> RenderableType:
    """A text whose further lines stand below its first word."""
    grid = Table.grid(padding=0)
    grid.add_column(width=mark.cell_len, no_wrap=True)
    grid.add_column(overflow="fold")
    grid.add_row(mark, text)
    return grid


def _sentence_text(said: Sentence, style: str = "") -> Text:
    return Text(said.plain, style, overflow="fold")
