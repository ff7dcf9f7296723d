"""Whole checklists, as somebody reads them. To make them anew after a change, and look at each:

RELBOT_UPDATE_GOLDEN=1 python -m pytest tests/render/test_golden_checklists.py
"""

from __future__ import annotations

import io
import os
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from rich.console import Console

from relbot.render.checklist.as_json import checklist_json
from relbot.render.checklist.markdown import checklist_markdown
from relbot.render.checklist.motd import checklist_motd
from relbot.render.checklist.terminal import ChecklistScreen
from relbot.render.checklist.text import checklist_text
from tests.render.cases import PLANS

if TYPE_CHECKING:
    from relbot.deploy.plan.model import Plan

GOLDEN = Path(__file__).parent / "golden" / "checklist"
WRITE = bool(os.environ.get("RELBOT_UPDATE_GOLDEN"))


def on_terminal(plan: Plan) -> str:
    screen = io.StringIO()
    Console(file=screen, width=80, color_system=None).print(ChecklistScreen(plan), crop=False, end="")
    return "".join(f"{line.rstrip()}\n" for line in screen.getvalue().splitlines())


RENDERERS = {
    "md": checklist_markdown,
    "txt": checklist_text,
    "motd": checklist_motd,
    "json": checklist_json,
    "screen": on_terminal,
}


@pytest.mark.parametrize("ending", RENDERERS)
@pytest.mark.parametrize("name", PLANS)
def test_a_checklist_reads_as_it_did(name: str, ending: str) -> None:
    file = GOLDEN / f"{name}.{ending}"
    rendered = RENDERERS[ending](PLANS[name])
    if WRITE:
        file.write_text(rendered, "utf-8")
    assert rendered == file.read_text("utf-8")


def test_no_golden_file_is_left_over() -> None:
    assert {file.name for file in GOLDEN.iterdir()} == {f"{name}.{ending}" for name in PLANS for ending in RENDERERS}
