"""The upgrade guide between two releases: what changes, release by release, then what to do, in order."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relbot.fragment.body import closing_line, find_headings, shift_headings
from relbot.render.checklist.as_json import checklist_json
from relbot.render.checklist.markdown import checklist_markdown
from relbot.render.checklist.plan_sentences import format_revision
from relbot.render.checklist.text import COLUMNS, checklist_text
from relbot.render.common.inert_markdown import code_span
from relbot.render.common.invisible_characters import make_visible
from relbot.render.common.media import Medium
from relbot.render.common.wrapping import join_blocks, wrap_words
from relbot.render.formats import FormatRegistry, OutputFormat
from relbot.render.upgrade_changes import release_sections, remaining_sentence
from relbot.schema import lazy_re as re

if TYPE_CHECKING:
    from collections.abc import Iterator

    from relbot.deploy.plan.model import Change
    from relbot.deploy.upgrade import UpgradeGuide
    from relbot.render.upgrade_changes import ToldChange

_AS_WRITTEN = re.compile(r"[ \t|#>]|```|~~~|(?:[-*+]|\d{1,9}[.)])[ \t]")
"""How a paragraph begins whose lines stay as they are: code, a table, a heading, a quote, a list."""
_ABOUT_UNDO = "The author's text about introducing it:"


def upgrade_markdown(guide: UpgradeGuide) -> str:
    """Renders the guide. Changes for which people need not act are counted only: the release notes tell of them."""
    return "\n\n".join(_guide_blocks(guide)) + "\n"


def _guide_blocks(guide: UpgradeGuide) -> Iterator[str]:
    plan = guide.plan
    yield f"# Upgrade from {code_span(format_revision(plan.start))} to {code_span(format_revision(plan.target))}"
    if plan.quiet:
        yield checklist_markdown(plan).strip("\n")
        return
    for title, changes, undone in _parts(guide):
        yield f"## {title}"
        for section in release_sections(guide, changes):
            if section.title:
                yield f"### {_heading_text(section.title)}"
            for change in section.changes:
                yield from _change_blocks(change, level=4 if section.title else 3, undone=undone)
        if rest := remaining_sentence(changes):
            yield rest
    yield shift_headings(checklist_markdown(plan).strip("\n"), 1)


def _parts(guide: UpgradeGuide) -> Iterator[tuple[str, tuple[Change, ...], bool]]:
    for title, changes, undone in (("What changes", guide.plan.do, False), ("Reverted changes", guide.plan.undo, True)):
        if changes:
            yield title, changes, undone


def _change_blocks(change: ToldChange, *, level: int, undone: bool) -> Iterator[str]:
    marks = f" ({change.marks})" if change.marks else ""
    yield f"{'#' * level} {_heading_text(change.heading)}{_heading_text(marks) and marks}"
    if change.rest:
        yield _nest_prose(change.rest, level)
    if change.where:
        yield change.where
    if change.migration:
        if undone:
            yield _ABOUT_UNDO
        yield _nest_prose(change.migration, level)


def upgrade_text(guide: UpgradeGuide) -> str:
    """Renders the guide as plain text of 80 columns; the lines of code blocks and lists stay as they are."""
    checklist = checklist_text(guide.plan)
    if guide.plan.quiet:
        return checklist
    blocks: list[list[str]] = []
    for title, changes, undone in _parts(guide):
        blocks.append([title.upper(), "-" * len(title), ""])
        for section in release_sections(guide, changes):
            if section.title:
                blocks.append([f"[ {_heading_text(section.title)} ]", ""])
            blocks += [_change_lines(change, undone=undone) for change in section.changes]
        if rest := remaining_sentence(changes):
            blocks.append([*wrap_words(rest, COLUMNS), ""])
    return f"{join_blocks(blocks)}\n{checklist}"


def _change_lines(change: ToldChange, *, undone: bool) -> list[str]:
    marks = f" ({change.marks})" if change.marks else ""
    lines = wrap_words(f"{_heading_text(change.heading)}{_heading_text(marks) and marks}", COLUMNS, "* ", "  ")
    parts = [change.rest, change.where, change.migration]
    if change.migration and undone:
        parts.insert(2, _ABOUT_UNDO)
    for part in filter(None, parts):
        for paragraph in part.strip("\n").split("\n\n"):
            kept = _AS_WRITTEN.match(paragraph) is not None
            lines += [
                "",
                *((f"    {line}" for line in paragraph.split("\n")) if kept else wrap_words(paragraph, COLUMNS, "    ")),
            ]
    return [*(line.rstrip() for line in lines), ""]


def _nest_prose(text: str, level: int) -> str:
    """Markdown whose headings are deeper than `level` and that leaves nothing open behind itself."""
    text = text.strip("\n")
    if found := find_headings(text):
        text = shift_headings(text, level + 1 - min(heading.level for heading in found))
    end = closing_line(text)
    return f"{text}\n{end}" if end else text


def _heading_text(text: str) -> str:
    return " ".join(make_visible(text).split())


def _page(guide: UpgradeGuide) -> str:
    from relbot.render.upgrade_page import upgrade_page  # templates cost what no other format needs

    return upgrade_page(guide)


UPGRADE_FORMATS: FormatRegistry[UpgradeGuide] = FormatRegistry(
    "An upgrade guide",
    ("upgrade",),
    (
        OutputFormat("markdown", "for people: what changes, then the checklist", Medium.MARKDOWN, upgrade_markdown),
        OutputFormat("html", "a page to upgrade by: browser, phone, paper; complete in one file", Medium.HTML, _page),
        OutputFormat("text", "the same for people, 80 columns", Medium.TEXT, upgrade_text),
        OutputFormat("json", "for programs (`relbot schema plan`)", Medium.JSON, lambda guide: checklist_json(guide.plan)),
    ),
)
