"""A checklist as plain text: for paper, a mail, a terminal without colours. 80 columns; commands are as long as they are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from relbot.render.checklist.blocks import Alone, Box, Command, Heading, Line, Pair, Paragraph, Points, Prose, Title
from relbot.render.checklist.page import page
from relbot.render.common.escape import visible
from relbot.render.common.wrapping import joined, width, wrapped

if TYPE_CHECKING:
    from collections.abc import Iterator

    from relbot.deploy.plan.model import Plan
    from relbot.render.checklist.blocks import Block, Sentence

COLUMNS = 80


def render_text(plan: Plan) -> str:
    """The checklist of a plan as plain text that ends in a newline."""
    return laid_out(page(plan), COLUMNS, as_written)


class Typeset(Protocol):
    """Puts a command on lines. `indent` is where the text around it stands."""

    def __call__(self, command: str, indent: str, /) -> list[str]: ...


def as_written(command: str, indent: str) -> list[str]:
    """One line is indented; several start at the margin, because indentation can be part of what they say."""
    lines = visible(command).strip("\n").split("\n")
    return [f"{indent}  {lines[0]}"] if len(lines) == 1 else lines


def laid_out(blocks: tuple[Block, ...], columns: int, typeset: Typeset) -> str:
    """Blocks as text of that many columns, with `typeset` for the commands. Ends in a newline."""
    layout = _Layout(columns, typeset)
    return joined(list(layout.lines(block)) for block in blocks)


class _Layout:
    def __init__(self, columns: int, typeset: Typeset) -> None:
        self._columns = columns
        self._typeset = typeset

    def lines(self, block: Block) -> Iterator[str]:
        """The lines of one block."""
        match block:
            case Title(text):
                title = wrapped(text.plain, self._columns)
                yield from (*title, "=" * max(map(width, title)), "")
            case Heading(text, about):
                heading = wrapped(f"{text.upper()} -- {about.plain}" if about else text.upper(), self._columns)
                yield from ("", *heading, "-" * max(map(width, heading)), "")
            case Paragraph(text):
                yield from wrapped(text.plain, self._columns)
            case Alone(text):
                yield text.plain
            case Points(items, alarm):
                for item in items:
                    yield from wrapped(item.plain, self._columns, "!!! " if alarm else "  - ", "    ")
            case Line(text):
                yield from ("", f"=====[ {text} ]".ljust(self._columns, "="), "")
            case Box(number, title):
                yield from self._step(f"[ ] {number:>2}. ", title, block)
            case Pair(label, title):
                yield from self._step(f"    {label}: ", title, block)

    def _step(self, mark: str, title: Sentence, block: Box | Pair) -> list[str]:
        indent = " " * len(mark)
        lines = wrapped(title.plain, self._columns, mark, indent)
        for fact in block.facts:
            lines += wrapped(fact.plain, self._columns, indent, indent + "  ")
        for part in block.body:
            lines += self._part(part, indent)
        return lines if not lines[-1] else [*lines, ""]

    def _part(self, part: Prose | Command, indent: str) -> list[str]:
        if isinstance(part, Command):
            command = self._typeset(part.text, indent)
            return [f"{indent}{part.label}:", *command] if part.label else ["", *command, ""]
        inner = f"{indent}  " if part.label else indent
        lines = [each for line in visible(part.text).strip("\n").split("\n") for each in wrapped(line, self._columns, inner)]
        return [f"{indent}{part.label}:", *lines] if part.label else lines
