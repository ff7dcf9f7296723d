"""What the next deploy will need, for people who log in to a host: a file for `/etc/motd.d`. ASCII, 78 columns."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relbot.render.checklist.plan_blocks import NO_MARKS, plan_blocks
from relbot.render.checklist.text import lay_out_blocks
from relbot.render.common.invisible_characters import make_visible
from relbot.render.common.wrapping import wrap_words

if TYPE_CHECKING:
    from collections.abc import Mapping

    from relbot.deploy.plan.model import Plan

COLUMNS = 78
_TO_COPY = "This page may wrap commands. Copy them from: relbot checklist"


def checklist_motd(plan: Plan, marks: Mapping[str, str] = NO_MARKS) -> str:
    """The checklist of a plan in ASCII and 78 columns, ending in a newline."""
    blocks = plan_blocks(plan, marks)
    text = lay_out_blocks(blocks, COLUMNS, _break_command)
    # What is no ASCII is written out, which makes lines longer: they are broken once more, each within its own indentation.
    lines = [part for line in text.split("\n") for part in _break_line(line)]
    return "\n".join(lines) + (f"\n{_TO_COPY}\n" if plan.steps or plan.amended else "")


def _break_command(command: str, indent: str) -> list[str]:
    lines = make_visible(command).strip("\n").split("\n")
    return [part for line in lines for part in wrap_words(_write_ascii(line), COLUMNS, f"{indent}  ", f"{indent}    ")]


def _break_line(line: str) -> list[str]:
    written = _write_ascii(line)
    indent = " " * (len(written) - len(written.lstrip(" ")))
    return [written] if len(written) <= COLUMNS else wrap_words(written.lstrip(" "), COLUMNS, indent)


def _write_ascii(text: str) -> str:
    return text.encode("ascii", "backslashreplace").decode("ascii")
