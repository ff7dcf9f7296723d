"""A checklist on a terminal, with Rich. Colours only repeat what words and marks say."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.console import Group
from rich.padding import Padding
from rich.rule import Rule
from rich.table import Table
from rich.text import Text

from relbot.render.checklist.blocks import Alone, Box, Command, Heading, Line, Pair, Paragraph, Points, Title
from relbot.render.checklist.page import page
from relbot.render.checklist.text import as_written
from relbot.render.common.escape import visible

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.console import Console, RenderableType

    from relbot.deploy.plan.model import Plan
    from relbot.render.checklist.blocks import Block, Prose, Sentence

_INDENT = 8


def show_on(console: Console, plan: Plan) -> None:
    """Shows the checklist of a plan on a console. A command that is wider than the console is not cut off."""
    parts = [part for block in page(plan) for part in _parts(block, console.width)]
    console.print(Group(*_spaced(parts)), crop=False)


def _spaced(parts: list[RenderableType]) -> Iterator[RenderableType]:
    """Between two parts at most one line is empty, and none at the end."""
    empty = [isinstance(part, Text) and not part.plain for part in parts]
    last = max((n for n, is_empty in enumerate(empty) if not is_empty), default=-1)
    for n, part in enumerate(parts[: last + 1]):
        if not (empty[n] and n and empty[n - 1]):
            yield part


def _parts(block: Block, columns: int) -> Iterator[RenderableType]:
    match block:
        case Title(text):
            yield from (_said(text, "bold"), Text())
        case Heading(text, about):
            yield from (Text(), Text.assemble((text.upper(), "bold"), f" -- {about.plain}" if about else ""), Text())
        case Alone(text):
            yield Text(text.plain, no_wrap=True, overflow="ignore")
        case Paragraph(text):
            yield _said(text)
        case Points(items, alarm):
            mark = ("!!! ", "bold red") if alarm else ("  - ", "")
            yield from (_hanging(Text(*mark), _said(item)) for item in items)
        case Line(text):
            yield from (Text(), _across(text, columns), Text())
        case Box(number, title):
            yield from _step(Text(f"[ ] {number:>2}. ", "bold"), title, block)
        case Pair(label, title):
            yield from _step(Text(f"    {label}: ", "bold"), title, block)


def _across(text: str, columns: int) -> RenderableType:
    """A line across the screen with the text in it, or where that is too narrow the whole text: Rich would cut it off."""
    fits = len(text) + 4 <= columns
    return Rule(Text(text, "bold red"), style="red", characters="=") if fits else Text(f"=== {text} ===", "bold red")


def _step(mark: Text, title: Sentence, block: Box | Pair) -> Iterator[RenderableType]:
    yield _hanging(mark, _said(title))
    yield from (Padding(_said(fact, "dim"), (0, 0, 0, _INDENT)) for fact in block.facts)
    for part in block.body:
        yield from _body(part)
    yield Text()


def _body(part: Prose | Command) -> Iterator[RenderableType]:
    if part.label:
        yield Text(" " * _INDENT + f"{part.label}:", "dim")
    if not isinstance(part, Command):
        yield Padding(Text(visible(part.text).strip("\n")), (0, 0, 0, _INDENT + (2 if part.label else 0)))
        yield from (Text(),) if part.label else ()  # without colours, the command that follows would be its next line
        return
    for line in as_written(part.text, " " * _INDENT):
        # Longer than the screen or not, a command stays on its line: the terminal breaks it, and copies it whole.
        yield Text(line, "cyan", no_wrap=True, overflow="ignore")


def _hanging(mark: Text, text: Text) -> RenderableType:
    """A text whose further lines stand below its first word."""
    grid = Table.grid(padding=0)
    grid.add_column(width=mark.cell_len, no_wrap=True)
    grid.add_column(overflow="fold")
    grid.add_row(mark, text)
    return grid


def _said(said: Sentence, style: str = "") -> Text:
    return Text(said.plain, style, overflow="fold")
