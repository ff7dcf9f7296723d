"""The upgrade guide between two releases as Markdown: what changes, component by component, then what to do, in order."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from relbot.fragment.body import closing_line, find_headings, shift_headings
from relbot.render.checklist.as_json import checklist_json
from relbot.render.checklist.markdown import checklist_markdown, code_span
from relbot.render.checklist.plan_sentences import format_revision
from relbot.render.checklist.text import checklist_text
from relbot.render.common.invisible_characters import make_visible
from relbot.render.common.media import Medium
from relbot.render.formats import FormatRegistry, OutputFormat
from relbot.render.notes.markdown_links import self_contained
from relbot.render.upgrade_changes import group_changes, remaining_sentence

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from relbot.config.model import Component
    from relbot.deploy.plan.model import Change, Plan


class UpgradeGuide(NamedTuple):
    """What an upgrade between two releases needs; `components` in the order in which their changes are told."""

    plan: Plan
    components: tuple[Component, ...]


def upgrade_markdown(guide: UpgradeGuide) -> str:
    """Renders the guide. Changes for which nobody has to act are counted only: the release notes tell of them."""
    return "\n\n".join(_guide_blocks(guide.plan, guide.components)) + "\n"


def _guide_blocks(plan: Plan, components: Sequence[Component]) -> Iterator[str]:
    yield f"# Upgrade from {code_span(format_revision(plan.start))} to {code_span(format_revision(plan.target))}"
    if plan.quiet:
        yield checklist_markdown(plan).strip("\n")
        return
    for title, changes, undone in (("What changes", plan.do, False), ("What is taken back", plan.undo, True)):
        if changes:
            yield f"## {title}"
            yield from _change_sections(changes, components, undone=undone)
    yield shift_headings(checklist_markdown(plan).strip("\n"), 1)


def _change_sections(changes: tuple[Change, ...], components: Sequence[Component], *, undone: bool) -> Iterator[str]:
    for name, group in group_changes(changes, components):
        if name:
            yield f"### {_heading_text(name)}"
        for change in group:
            yield from _change_blocks(change, level=4 if name else 3, undone=undone)
    if rest := remaining_sentence(changes):
        yield rest


def _change_blocks(change: Change, *, level: int, undone: bool) -> Iterator[str]:
    breaking = " (breaking)" if change.breaking else ""
    yield f"{'#' * level} {_heading_text(change.identity)}{breaking}"
    summary, migration = self_contained((make_visible(change.summary), make_visible(change.migration)), change.identity)
    if summary:
        yield _nest_prose(summary, level)
    if migration:
        if undone:
            yield "What its author wrote about introducing it:"
        yield _nest_prose(migration, level)


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

    return upgrade_page(guide.plan, guide.components)


UPGRADE_FORMATS: FormatRegistry[UpgradeGuide] = FormatRegistry(
    "An upgrade guide",
    ("upgrade",),
    (
        OutputFormat("markdown", "for people: what changes, then the checklist", Medium.MARKDOWN, upgrade_markdown),
        OutputFormat("html", "a page to upgrade by: browser, phone, paper; complete in one file", Medium.HTML, _page),
        OutputFormat("text", "the checklist for people, 80 columns", Medium.TEXT, lambda guide: checklist_text(guide.plan)),
        OutputFormat("json", "for programs (`relbot schema plan`)", Medium.JSON, lambda guide: checklist_json(guide.plan)),
    ),
)
