"""A checklist as plain text: for paper, a mail, a terminal without colours. 80 columns; commands are as long as they are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol, assert_never

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
from relbot.render.common.wrapping import display_width, join_blocks, wrap_words

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from relbot.deploy.plan.model import Plan
    from relbot.render.checklist.blocks import Block, Sentence

COLUMNS = 80


def checklist_text(plan: Plan, marks: Mapping[str, str] = NO_MARKS) -> str:
    """The checklist of a plan as plain text that ends in a newline. `marks` as for `plan_blocks`."""
    return lay_out_blocks(plan_blocks(plan, marks), COLUMNS, keep_command_lines)


class CommandLayout(Protocol):
    """Puts a command on lines. `indent` is where the text around it stands."""

    def __call__(self, command: str, indent: str, /) -> list[str]: ...


def keep_command_lines(command: str, indent: str) -> list[str]:
    """Indents every line: at the margin, a command could draw boxes, headings and lines that look like relbot's own."""
    return [f"{indent}  {line}".rstrip() for line in make_visible(command).strip("\n").split("\n")]


def lay_out_blocks(blocks: tuple[Block, ...], columns: int, typeset: CommandLayout) -> str:
    """Blocks as text of that many columns, with `typeset` for the commands. Ends in a newline."""
    layout = _TextLayout(columns, typeset)
    return join_blocks(list(layout.lines(block)) for block in blocks)


class _TextLayout:
    def __init__(self, columns: int, typeset: CommandLayout) -> None:
        self._columns = columns
        self._typeset = typeset

    def lines(self, block: Block) -> Iterator[str]:
        """The lines of one block."""
        match block:
            case Title(text):
                title = wrap_words(text.plain, self._columns)
                yield from (*title, "=" * max(map(display_width, title)), "")
            case Heading(text, about):
                heading = wrap_words(f"{text.upper()} -- {about.plain}" if about else text.upper(), self._columns)
                yield from ("", *heading, "-" * max(map(display_width, heading)), "")
            case Paragraph(text):
                yield from wrap_words(text.plain, self._columns)
            case OnlyLine(text):
                yield text.plain
            case BulletList(items, alarm):
                for item in items:
                    yield from wrap_words(item.plain, self._columns, "!!! " if alarm else "  - ", "    ")
            case Barrier(text):
                yield from ("", f"=====[ {text} ]".ljust(self._columns, "="), "")
            case InstallNow(text):
                yield from ("", "=====[ INSTALL NOW ]".ljust(self._columns, "="), *wrap_words(text.plain, self._columns), "")
            case StepBox(number, title):
                yield from self._step(f"[{block.mark}] {number:>2}. ", title, block)
            case AmendedStep(label, title):
                yield from self._step(f"    {label}: ", title, block)
            case _:
                assert_never(block)

    def _step(self, mark: str, title: Sentence, block: StepBox | AmendedStep) -> list[str]:
        indent = " " * len(mark)
        lines = wrap_words(title.plain, self._columns, mark, indent)
        for fact in block.facts:
            lines += wrap_words(fact.plain, self._columns, indent, indent + "  ")
        for part in block.body:
            lines += self._part(part, indent)
        return lines if not lines[-1] else [*lines, ""]

    def _part(self, part: ProseBlock | CommandBlock, indent: str) -> list[str]:
        if isinstance(part, CommandBlock):
            command = self._typeset(part.text, indent)
            return [f"{indent}{part.label}:", *command] if part.label else ["", *command, ""]
        inner = f"{indent}  " if part.label else indent
        lines = [
            each for line in make_visible(part.text).strip("\n").split("\n") for each in wrap_words(line, self._columns, inner)
        ]
        return [f"{indent}{part.label}:", *lines] if part.label else lines
