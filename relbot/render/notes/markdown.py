"""The notes of a release as Markdown (https://spec.commonmark.org/0.31.2/), the bodies as they were written."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relbot.fragment.body import closing_line, find_headings, shift_headings
from relbot.fragment.code_marks import code_block
from relbot.render.common.units import list_names
from relbot.render.notes import step_sentences
from relbot.render.notes.heading_outline import outline_notes
from relbot.render.notes.markdown_inline import EntryLinker, escape_paragraphs, inline_code
from relbot.render.notes.markdown_item import as_item, as_numbered
from relbot.render.notes.markdown_links import self_contained
from relbot.render.notes.prose_sections import join_list, split_prose
from relbot.schema import lazy_re as re

if TYPE_CHECKING:
    from relbot.fragment.model import Fragment, Step
    from relbot.release.notes import Notes, NotesEntry
    from relbot.render.notes.context import NotesContext

_SAFE_START = r"""(?:[^\W\d_]|\d+(?![\d.)])|`(?!``)|["'“‘(]|\*{1,2}(?=[^\s*]))"""
_ONE_LINE = re.compile(_SAFE_START + r"[^\n]*")
"""A line that can be nothing but a paragraph: no list, heading, quote, table, code or HTML begins like this."""
_PARAGRAPH = re.compile(rf"{_SAFE_START}[^\n]*(?:\n[ \t]*{_SAFE_START}[^\n]*)*(?=\n[ \t]*(?:\n|\Z)|\Z)")


def render(notes: Notes, context: NotesContext) -> str:
    """The heading of the release, then its groups, each entry a bullet."""
    linker = EntryLinker(context.links)
    blocks = [_heading(notes.title, context.level, context)]
    parts = list(outline_notes(notes))
    [prose] = self_contained((notes.prose,), notes.version)
    above, joined = split_prose(prose, [part.path[0] for part in parts if len(part.path) == 1])
    if above := _nest_body(above, context.level):
        blocks.append(above)
    for part in parts:
        blocks += [_heading(title, context.level + depth, context) for depth, title in part.new]
        entries = _entry_list(part.entries, linker, context.level + len(part.path))
        text = joined.get(part.path[0], "") if len(part.path) == 1 else ""
        blocks.append(join_list(_nest_body(text, context.level + 1), entries) if text else entries)
    return "\n\n".join(blocks) + "\n"


def _heading(title: str, level: int, context: NotesContext) -> str:
    if level <= min(context.underlined, len(_UNDERLINES)):
        return f"{title}\n{_UNDERLINES[level - 1] * max(len(title), 3)}"
    return f"{'#' * min(level, 6)} {title}"


_UNDERLINES = "=-"


def _entry_list(entries: tuple[NotesEntry, ...], linker: EntryLinker, level: int) -> str:
    """The entries as one list, with blank lines between them if one has some inside."""
    items = []
    loose = False
    one_line, links_of = _ONE_LINE.fullmatch, linker.of
    for entry in entries:
        fragment = entry.fragment
        text = fragment.text
        more = (
            fragment.steps or fragment.migration_note or fragment.compat or fragment.compatibility_note or fragment.operators_note
        )
        said = [text] if more or one_line(text) else _plain_items(text)
        if not more and said:
            links = links_of(entry)
            items += [f"- {each.rstrip()} {links}" if links else f"- {each.rstrip()}" for each in said]
            continue
        item = as_item("\n\n".join(_entry_blocks(entry, linker, level)))
        loose = loose or "\n\n" in item
        items.append(item)
    return ("\n\n" if loose else "\n").join(items)


def _plain_items(text: str) -> list[str]:
    """The items of a text that is one list of single lines, which become entries themselves; none of another text."""
    lines = text.strip("\n").split("\n")
    mark = lines[0][:2]
    listed = mark in ("- ", "* ", "+ ") and all(line.startswith(mark) and _ONE_LINE.fullmatch(line[2:]) for line in lines)
    return [line[2:] for line in lines] if listed else []


def _entry_blocks(entry: NotesEntry, linker: EntryLinker, level: int) -> list[str]:
    """What stands below the bullet of an entry: its text with the links, its sections, its steps."""
    fragment = entry.fragment
    links = linker.of(entry)
    labels, notes = zip(("", fragment.text), *step_sentences.notes_of(fragment), strict=True)
    first_text, *other_texts = self_contained(notes, fragment.identity)
    text = _nest_body(first_text, level)
    blocks = [text] if text.strip() else []
    if links and (first := _PARAGRAPH.match(text)):
        blocks = [f"{first.group().rstrip()} {links}{text[first.end() :]}"]
    elif links:
        blocks.append(links)
    blocks += [_labelled_note(label, _nest_body(note, level)) for label, note in zip(labels[1:], other_texts, strict=True)]
    return blocks + _step_blocks(fragment) or [inline_code(fragment.identity)]


def _nest_body(text: str, level: int) -> str:
    """A body whose headings are deeper than `level` and that leaves nothing open behind itself."""
    text = text.strip("\n")
    if found := find_headings(text):
        highest = min(3, *(heading.level for heading in found))
        text = shift_headings(text, level + 1 - highest)
    end = closing_line(text)
    return f"{text}\n{end}" if end else text


def _labelled_note(label: str, text: str) -> str:
    return f"**{label}:** {text}" if _PARAGRAPH.match(text) else f"**{label}:**\n\n{text}"


def _step_blocks(fragment: Fragment) -> list[str]:
    if not fragment.steps:
        return []
    return [
        f"**{step_sentences.STEPS}:**",
        "\n\n".join(as_numbered(n, _step_markdown(s)) for n, s in enumerate(fragment.steps, 1)),
    ]


def _step_markdown(step: Step) -> str:
    told = step_sentences.describe_step(step)
    hosts = f", on {list_names([inline_code(name) for name in told.on])}" if told.on else ""
    blocks = [f"**{told.when}** ({told.state}){hosts}:"]
    for part in told.parts:
        if part.command:
            blocks += [f"{part.label}:"] if part.label else []
            blocks.append(code_block(part.command, "sh"))
        elif part.names:
            blocks.append(f"{part.label}: {list_names([inline_code(name) for name in part.names])}.")
        else:
            blocks.append(escape_paragraphs(part.words))
    return "\n\n".join(blocks)
