"""The formats of a checklist. On a terminal, `relbot.render.checklist.terminal` shows the format `text` with colours."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relbot.render.checklist.markdown import checklist_markdown
from relbot.render.checklist.motd import checklist_motd
from relbot.render.checklist.text import checklist_text
from relbot.render.common.media import Medium
from relbot.render.formats import FormatRegistry, OutputFormat

if TYPE_CHECKING:
    from relbot.deploy.plan.model import Plan


def _json(plan: Plan) -> str:
    from relbot.render.checklist.as_json import checklist_json  # its shapes cost what no other format needs

    return checklist_json(plan)


def _page(plan: Plan) -> str:
    from relbot.render.checklist.page import checklist_page  # templates cost what no other format needs

    return checklist_page(plan)


CHECKLIST_FORMATS: FormatRegistry[Plan] = FormatRegistry(
    "A checklist",
    ("checklist",),
    (
        OutputFormat("text", "for people, 80 columns; on a terminal with colours", Medium.TEXT, checklist_text),
        OutputFormat("markdown", "for an issue, a pull request, a wiki", Medium.MARKDOWN, checklist_markdown),
        OutputFormat("json", "for programs (schema: `relbot schema plan`)", Medium.JSON, _json),
        OutputFormat("html", "a page to deploy by: browser, phone, paper; complete in one file", Medium.HTML, _page),
        OutputFormat("motd", "for hosts: ASCII, 78 columns", Medium.TEXT, checklist_motd),
    ),
)
