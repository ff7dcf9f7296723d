"""The notes of a release as reStructuredText, for docutils and Sphinx."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING

from relbot.render.notes import references, wording
from relbot.render.notes.outline import outline
from relbot.render.notes.prose import Run, definitions, parse
from relbot.render.notes.rst_body import body, indented, item
from relbot.render.notes.rst_text import escaped, link, literal, paragraph, plain_paragraph

if TYPE_CHECKING:
    from relbot.config.model import Links
    from relbot.fragment.model import Fragment, Step
    from relbot.release.notes import Notes, NotesEntry
    from relbot.render.notes.context import Context
    from relbot.render.notes.references import Reference


def render(notes: Notes, context: Context) -> str:
    """The heading of the release, then its groups, each entry an item of a bullet list."""
    blocks = [_heading(notes.title, context.underlines[0])]
    for part in outline(notes):
        blocks += [_heading(title, context.underlines[depth]) for depth, title in part.new]
        items = [item("-", _entry(entry, context.links)) for entry in part.entries]
        blocks.append(("\n\n" if any("\n" in text for text in items) else "\n").join(items))
    return "\n\n".join(blocks) + "\n"


def _heading(title: str, underline: str) -> str:
    text = paragraph([Run(title)])
    line = underline[0] * max(_columns(text), 4)
    return f"{line}\n{text}\n{line}" if len(underline) > 1 else f"{text}\n{line}"


def _columns(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in text)


def _entry(entry: NotesEntry, links: Links) -> list[str]:
    fragment = entry.fragment
    known = definitions(fragment)
    blocks = body(parse(fragment.text, known), _links(entry, links))
    for label, text in wording.notes_of(fragment):
        blocks += [f"**{label}:**", *body(parse(text, known))]
    return blocks + _steps(fragment)


def _links(entry: NotesEntry, links: Links) -> str:
    about, authors = references.all_of(entry, links)
    by = "by " + wording.listed([_link(author) for author in authors]) if authors else ""
    parts = [part for part in (", ".join(map(_link, about)), by) if part]
    return f"({' '.join(parts)})" if parts else ""


def _link(reference: Reference) -> str:
    return link(reference.text, reference.url) if reference.url else escaped(reference.text)


def _steps(fragment: Fragment) -> list[str]:
    if not fragment.steps:
        return []
    steps = [item(f"{number}.", _step(step)) for number, step in enumerate(fragment.steps, 1)]
    return [f"**{wording.STEPS}:**", "\n\n".join(steps)]


def _step(step: Step) -> list[str]:
    told = wording.told(step)
    hosts = f", on {wording.listed([literal(name) for name in told.on])}" if told.on else ""
    blocks = [f"**{told.when}** ({told.state}){hosts}:"]
    for part in told.parts:
        if part.command:
            label = f"{part.label}::" if part.label else "::"
            blocks.append(f"{label}\n\n{indented(part.command, 3)}")
        elif part.names:
            blocks.append(f"{part.label}: {wording.listed([literal(name) for name in part.names])}.")
        else:
            blocks.append(plain_paragraph(part.words))
    return blocks
