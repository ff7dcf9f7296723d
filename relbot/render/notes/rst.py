"""The notes of a release as reStructuredText, for docutils and Sphinx."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING

from relbot.render.common.units import list_names
from relbot.render.notes import references, step_sentences
from relbot.render.notes.heading_outline import outline_notes
from relbot.render.notes.markdown_tokens import TextRun, link_definitions, parse_markdown
from relbot.render.notes.rst_body import indent_rst, rst_blocks, rst_item
from relbot.render.notes.rst_text import escape_rst, plain_rst_paragraph, rst_link, rst_literal, rst_paragraph

if TYPE_CHECKING:
    from relbot.config.model import Links
    from relbot.fragment.model import Fragment, Step
    from relbot.release.notes import Notes, NotesEntry
    from relbot.render.notes.context import NotesContext
    from relbot.render.notes.references import Reference


def render(notes: Notes, context: NotesContext) -> str:
    """The heading of the release, then its groups, each entry an item of a bullet list."""
    blocks = [_section_title(notes.title, context.underlines[0])]
    if notes.prose.strip():
        blocks += rst_blocks(parse_markdown(notes.prose, {}))
    for part in outline_notes(notes):
        blocks += [_section_title(title, context.underlines[depth]) for depth, title in part.new]
        items = [rst_item("-", _entry_blocks(entry, context.links)) for entry in part.entries]
        blocks.append(("\n\n" if any("\n" in text for text in items) else "\n").join(items))
    return "\n\n".join(blocks) + "\n"


def _section_title(title: str, underline: str) -> str:
    text = rst_paragraph([TextRun(title)])
    line = underline[0] * max(_title_width(text), 4)
    return f"{line}\n{text}\n{line}" if len(underline) > 1 else f"{text}\n{line}"


def _title_width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in text)


def _entry_blocks(entry: NotesEntry, links: Links) -> list[str]:
    fragment = entry.fragment
    known = link_definitions(fragment)
    blocks = rst_blocks(parse_markdown(fragment.text, known), _entry_links(entry, links))
    for label, text in step_sentences.notes_of(fragment):
        blocks += [f"**{label}:**", *rst_blocks(parse_markdown(text, known))]
    return blocks + _steps_blocks(fragment)


def _entry_links(entry: NotesEntry, links: Links) -> str:
    about, authors = references.entry_references(entry, links)
    by = "by " + list_names([_reference_link(author) for author in authors]) if authors else ""
    parts = [part for part in (", ".join(map(_reference_link, about)), by) if part]
    return f"({' '.join(parts)})" if parts else ""


def _reference_link(reference: Reference) -> str:
    return rst_link(reference.text, reference.url) if reference.url else escape_rst(reference.text)


def _steps_blocks(fragment: Fragment) -> list[str]:
    if not fragment.steps:
        return []
    steps = [rst_item(f"{number}.", _step_blocks(step)) for number, step in enumerate(fragment.steps, 1)]
    return [f"**{step_sentences.STEPS}:**", "\n\n".join(steps)]


def _step_blocks(step: Step) -> list[str]:
    told = step_sentences.describe_step(step)
    hosts = f", on {list_names([rst_literal(name) for name in told.on])}" if told.on else ""
    blocks = [f"**{told.when}** ({told.state}){hosts}:"]
    for part in told.parts:
        if part.command:
            label = f"{part.label}::" if part.label else "::"
            blocks.append(f"{label}\n\n{indent_rst(part.command, 3)}")
        elif part.names:
            blocks.append(f"{part.label}: {list_names([rst_literal(name) for name in part.names])}.")
        else:
            blocks.append(plain_rst_paragraph(part.words))
    return blocks
