"""What the next deploy will need, for whoever logs in to a host: a file for `/etc/motd.d`. ASCII, 78 columns."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relbot.render.checklist.page import page
from relbot.render.checklist.text import laid_out
from relbot.render.common.escape import visible
from relbot.render.common.wrapping import wrapped

if TYPE_CHECKING:
    from relbot.deploy.plan.model import Plan

COLUMNS = 78
_TO_COPY = "Commands may be broken into lines here. To copy them: relbot checklist"


def render_motd(plan: Plan) -> str:
    """The checklist of a plan in ASCII and 78 columns, ending in a newline."""
    blocks = page(plan)
    text = laid_out(blocks, COLUMNS, _broken)
    # What is no ASCII is written out, which makes lines longer: they are broken once more, each within its own indentation.
    lines = [part for line in text.split("\n") for part in _within(line)]
    return "\n".join(lines) + (f"\n{_TO_COPY}\n" if plan.steps or plan.amended else "")


def _broken(command: str, indent: str) -> list[str]:
    lines = visible(command).strip("\n").split("\n")
    return [part for line in lines for part in wrapped(_ascii(line), COLUMNS, f"{indent}  ", f"{indent}    ")]


def _within(line: str) -> list[str]:
    written = _ascii(line)
    indent = " " * (len(written) - len(written.lstrip(" ")))
    return [written] if len(written) <= COLUMNS else wrapped(written.lstrip(" "), COLUMNS, indent)


def _ascii(text: str) -> str:
    return text.encode("ascii", "backslashreplace").decode("ascii")
