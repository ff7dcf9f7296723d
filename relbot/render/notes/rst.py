"""The notes of a release as reStructuredText, for docutils and Sphinx."""

from __future__ import annotations

import unicodedata
from itertools import groupby
from typing import TYPE_CHECKING

from relbot.release.unreleased_rst import RST_BLOCK
from relbot.render.common.units import list_names
from relbot.render.notes import references, step_sentences
from relbot.render.notes.heading_outline import outline_notes
from relbot.render.notes.markdown_tokens import TextRun, link_definitions, parse_markdown, text_runs
from relbot.render.notes.prose_sections import join_list, split_prose
from relbot.render.notes.rst_body import indent_rst, rst_blocks, rst_item
from relbot.render.notes.rst_text import escape_rst, plain_rst_paragraph, rst_link, rst_literal, rst_paragraph

if TYPE_CHECKING:
    from collections.abc import Sequence

    from relbot.config.model import Links
    from relbot.fragment.model import Fragment, Step
    from relbot.release.notes import Notes, NotesEntry
    from relbot.render.notes.context import NotesContext
    from relbot.render.notes.markdown_tokens import Token
    from relbot.render.notes.references import Reference


def render(notes: Notes, context: NotesContext) -> str:
    """The heading of the release, then its groups, each entry an item of a bullet list."""
    parts = list(outline_notes(notes))
    above, joined = split_prose(notes.prose, [part.path[0] for part in parts if len(part.path) == 1])
    blocks = [_section_title(notes.title, context.underlines[0]), *_prose_blocks(above, context.underlines)]
    for part in parts:
        blocks += [_section_title(title, context.underlines[depth]) for depth, title in part.new]
        items = [rst_item("-", _entry_blocks(entry, context.links)) for entry in part.entries]
        entries = ("\n\n" if any("\n" in text for text in items) else "\n").join(items)
        text = joined.get(part.path[0], "") if len(part.path) == 1 else ""
        said = "\n\n".join(_prose_blocks(text, context.underlines[1:]))
        blocks.append(join_list(said, entries) if said else entries)
    return "\n\n".join(blocks) + "\n"


def _prose_blocks(prose: str, underlines: Sequence[str]) -> list[str]:
    """What a release says above its changes. Its headings are sections; what was written as reStructuredText stays as it is."""
    blocks: list[str] = []
    tokens = parse_markdown(prose, {}) if prose.strip() else []
    highest = min((token["attrs"]["level"] for token in tokens if token["type"] == "heading"), default=1)
    for kind, group in groupby(tokens, key=_kind_of_prose):
        of = list(group)
        if kind == "heading":
            titles = ((" ".join(run.text for run in text_runs(each)), each["attrs"]["level"] - highest + 1) for each in of)
            blocks += [_section_title(title, underlines[min(depth, len(underlines) - 1)]) for title, depth in titles]
        else:
            blocks += [each["raw"].strip("\n") for each in of] if kind == RST_BLOCK else rst_blocks(of)
    return blocks


def _kind_of_prose(token: Token) -> str:
    if token["type"] == "block_code" and (token.get("attrs") or {}).get("info") == RST_BLOCK:
        return RST_BLOCK
    return "heading" if token["type"] == "heading" else "text"


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
