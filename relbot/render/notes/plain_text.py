"""A Markdown text as plain text, for the changelogs of packages."""

from __future__ import annotations

import textwrap
from dataclasses import dataclass
from typing import TYPE_CHECKING

from relbot.render.common.units import list_names
from relbot.render.notes import markdown_tokens, references, step_sentences
from relbot.render.notes.markdown_tokens import TextStyle

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from relbot.config.model import Links
    from relbot.fragment.model import Step
    from relbot.release.notes import NotesEntry
    from relbot.render.notes.markdown_tokens import TextRun, Token


@dataclass(frozen=True, slots=True)
class PlainLine:
    """A line of plain text: `bullet` before its first words, what wraps below them. `verbatim` must not be wrapped."""

    text: str
    indent: int = 0
    bullet: str = ""
    verbatim: bool = False


def entry_lines(entry: NotesEntry, links: Links) -> list[PlainLine]:
    """All that an entry says: its text, its references, its sections, its steps."""
    fragment = entry.fragment
    known = markdown_tokens.link_definitions(fragment)
    lines = list(_block_lines(markdown_tokens.parse_markdown(fragment.text, known), 0))
    shown = _references_clause(entry, links)
    if shown and lines and not lines[0].verbatim and not lines[0].bullet:
        lines[0] = PlainLine(f"{lines[0].text} {shown}")
    elif shown:
        lines.append(PlainLine(shown))
    for label, text in step_sentences.notes_of(fragment):
        first, *rest = [*_block_lines(markdown_tokens.parse_markdown(text, known), 0), PlainLine("")]
        plain = not (first.verbatim or first.bullet)
        lines += [PlainLine(f"{label}: {first.text}")] if plain else [PlainLine(f"{label}:"), first]
        lines += rest[:-1] if rest else []
    if fragment.steps:
        lines.append(PlainLine(f"{step_sentences.STEPS}:"))
    for number, step in enumerate(fragment.steps, 1):
        lines += _step_lines(number, step)
    return lines


def prose_lines(text: str) -> list[PlainLine]:
    """What a release says above its changes."""
    return list(_block_lines(markdown_tokens.parse_markdown(text, {}), 0))


def wrap_entry(lines: Iterable[PlainLine], bullet: str, width: int) -> list[str]:
    """Lines below a bullet, none longer than `width` if that can be had without breaking words or code."""
    below = " " * len(bullet)
    result: list[str] = []
    for line in lines:
        start = (bullet if not result else below) + " " * line.indent
        if line.verbatim:
            result.append(f"{start}{line.text}".rstrip())
            continue
        hanging = below + " " * (line.indent + len(line.bullet))
        result += textwrap.wrap(
            " ".join(line.text.split()),
            width,
            initial_indent=start + line.bullet,
            subsequent_indent=hanging,
            break_long_words=False,
            break_on_hyphens=False,
        ) or [(start + line.bullet).rstrip()]
    return result


def _references_clause(entry: NotesEntry, links: Links) -> str:
    about, authors = references.entry_references(entry, links)
    by = ["by " + list_names([author.text for author in authors])] if authors else []
    parts = [", ".join(reference.text for reference in about)] if about else []
    return f"({' '.join(parts + by)})" if about or authors else ""


def _block_lines(tokens: Iterable[Token], indent: int) -> Iterator[PlainLine]:
    for token in markdown_tokens.without_blank_lines(tokens):
        kind = token["type"]
        if kind == "heading":
            title = markdown_tokens.token_text(token)
            yield PlainLine(f"{title}:" if title[-1:].isalnum() else title, indent)
        elif kind in ("paragraph", "block_text"):
            yield from (
                PlainLine(text, indent) for text in _runs_text(markdown_tokens.text_runs(token)).split("\n") if text.strip()
            )
        elif kind == "block_code":
            yield from _code_lines(token["raw"], indent)
        elif kind == "list":
            yield from _list_lines(token, indent)
        elif kind == "block_quote":
            yield from (
                PlainLine(line.text, line.indent + 2, line.bullet, line.verbatim)
                for line in _block_lines(token["children"], indent)
            )
        elif kind == "block_html":
            yield from (PlainLine(text, indent) for text in markdown_tokens.without_tags(token["raw"]).split("\n") if text)
        elif kind == "table":
            head, rows = markdown_tokens.table_rows(token)
            for cells in ([head["children"]] if head else []) + rows:
                yield PlainLine(" | ".join(_runs_text(markdown_tokens.text_runs(cell)) for cell in cells), indent, "| ")
        elif "children" in token:
            yield from _block_lines(token["children"], indent)


def _code_lines(text: str, indent: int) -> Iterator[PlainLine]:
    rows = [row.expandtabs(8) for row in text.strip("\n").rstrip().split("\n")]
    yield from (PlainLine(row, indent + 2, verbatim=True) for row in rows if any(rows))


def _list_lines(token: Token, indent: int) -> Iterator[PlainLine]:
    bullets = markdown_tokens.list_numbers(token) or ["-"] * len(token["children"])
    for mark, item in zip(bullets, token["children"], strict=True):
        bullet = f"{mark} {markdown_tokens.check_box(item)}"
        lines = list(_block_lines(item["children"], 0)) or [PlainLine("")]
        first = lines[0]
        if first.verbatim or first.bullet or first.indent:
            yield PlainLine("", indent, bullet)
        else:
            yield PlainLine(first.text, indent, bullet)
            lines = lines[1:]
        deeper = indent + len(mark) + 1
        yield from (PlainLine(line.text, line.indent + deeper, line.bullet, line.verbatim) for line in lines)


def _runs_text(runs: Iterable[TextRun]) -> str:
    words = []
    for run in runs:
        if run.style is TextStyle.BREAK:
            words.append("\n")
        elif run.style is TextStyle.LINK and run.text != run.url and not run.url.startswith("#"):
            words.append(f"{run.text} <{run.url}>")
        elif run.style is TextStyle.CODE and " " in run.text.strip():
            words.append(f"`{run.text.strip()}`")
        else:
            words.append(run.text)
    return "".join(words).strip()


def _step_lines(number: int, step: Step) -> Iterator[PlainLine]:
    told = step_sentences.describe_step(step)
    hosts = f", on {list_names(list(told.on))}" if told.on else ""
    yield PlainLine(f"{told.when} ({told.state}){hosts}:", 0, f"{number}. ")
    for part in told.parts:
        if part.command:
            yield from [PlainLine(f"{part.label}:", 3)] if part.label else []
            yield from _code_lines(part.command, 3)
        elif part.names:
            yield PlainLine(f"{part.label}: {list_names(list(part.names))}.", 3)
        else:
            yield from (PlainLine(text, 3) for text in part.words.strip().split("\n") if text.strip())
