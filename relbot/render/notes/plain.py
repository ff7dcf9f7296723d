"""A Markdown text as plain text, for the changelogs of packages."""

from __future__ import annotations

import textwrap
from dataclasses import dataclass
from typing import TYPE_CHECKING

from relbot.render.notes import prose, references, wording
from relbot.render.notes.prose import Style

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from relbot.config.model import Links
    from relbot.fragment.model import Step
    from relbot.release.notes import NotesEntry
    from relbot.render.notes.prose import Run, Token


@dataclass(frozen=True, slots=True)
class Line:
    """A line of plain text: `bullet` before its first words, what wraps below them. `verbatim` must not be wrapped."""

    text: str
    indent: int = 0
    bullet: str = ""
    verbatim: bool = False


def entry_lines(entry: NotesEntry, links: Links) -> list[Line]:
    """All that an entry says: its text, its references, its sections, its steps."""
    fragment = entry.fragment
    known = prose.definitions(fragment)
    lines = list(_blocks(prose.parse(fragment.text, known), 0))
    shown = _references(entry, links)
    if shown and lines and not lines[0].verbatim and not lines[0].bullet:
        lines[0] = Line(f"{lines[0].text} {shown}")
    elif shown:
        lines.append(Line(shown))
    for label, text in wording.notes_of(fragment):
        first, *rest = [*_blocks(prose.parse(text, known), 0), Line("")]
        plain = not (first.verbatim or first.bullet)
        lines += [Line(f"{label}: {first.text}")] if plain else [Line(f"{label}:"), first]
        lines += rest[:-1] if rest else []
    if fragment.steps:
        lines.append(Line(f"{wording.STEPS}:"))
    for number, step in enumerate(fragment.steps, 1):
        lines += _step(number, step)
    return lines


def wrapped(lines: Iterable[Line], bullet: str, width: int) -> list[str]:
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


def _references(entry: NotesEntry, links: Links) -> str:
    about, authors = references.all_of(entry, links)
    by = ["by " + wording.listed([author.text for author in authors])] if authors else []
    parts = [", ".join(reference.text for reference in about)] if about else []
    return f"({' '.join(parts + by)})" if about or authors else ""


def _blocks(tokens: Iterable[Token], indent: int) -> Iterator[Line]:
    for token in prose.content(tokens):
        kind = token["type"]
        if kind == "heading":
            title = prose.plain(token)
            yield Line(f"{title}:" if title[-1:].isalnum() else title, indent)
        elif kind in ("paragraph", "block_text"):
            yield from (Line(text, indent) for text in _text(prose.runs(token)).split("\n") if text.strip())
        elif kind == "block_code":
            yield from _code(token["raw"], indent)
        elif kind == "list":
            yield from _list(token, indent)
        elif kind == "block_quote":
            yield from (
                Line(line.text, line.indent + 2, line.bullet, line.verbatim) for line in _blocks(token["children"], indent)
            )
        elif kind == "block_html":
            yield from (Line(text, indent) for text in prose.without_tags(token["raw"]).split("\n") if text)
        elif kind == "table":
            head, rows = prose.rows(token)
            for cells in ([head["children"]] if head else []) + rows:
                yield Line(" | ".join(_text(prose.runs(cell)) for cell in cells), indent, "| ")
        elif "children" in token:
            yield from _blocks(token["children"], indent)


def _code(text: str, indent: int) -> Iterator[Line]:
    rows = [row.expandtabs(8) for row in text.strip("\n").rstrip().split("\n")]
    yield from (Line(row, indent + 2, verbatim=True) for row in rows if any(rows))


def _list(token: Token, indent: int) -> Iterator[Line]:
    bullets = prose.numbers(token) or ["-"] * len(token["children"])
    for mark, item in zip(bullets, token["children"], strict=True):
        bullet = f"{mark} {prose.check_box(item)}"
        lines = list(_blocks(item["children"], 0)) or [Line("")]
        first = lines[0]
        if first.verbatim or first.bullet or first.indent:
            yield Line("", indent, bullet)
        else:
            yield Line(first.text, indent, bullet)
            lines = lines[1:]
        deeper = indent + len(mark) + 1
        yield from (Line(line.text, line.indent + deeper, line.bullet, line.verbatim) for line in lines)


def _text(runs: Iterable[Run]) -> str:
    words = []
    for run in runs:
        if run.style is Style.BREAK:
            words.append("\n")
        elif run.style is Style.LINK and run.text != run.url and not run.url.startswith("#"):
            words.append(f"{run.text} <{run.url}>")
        elif run.style is Style.CODE and " " in run.text.strip():
            words.append(f"`{run.text.strip()}`")
        else:
            words.append(run.text)
    return "".join(words).strip()


def _step(number: int, step: Step) -> Iterator[Line]:
    told = wording.told(step)
    hosts = f", on {wording.listed(list(told.on))}" if told.on else ""
    yield Line(f"{told.when} ({told.state}){hosts}:", 0, f"{number}. ")
    for part in told.parts:
        if part.command:
            yield from [Line(f"{part.label}:", 3)] if part.label else []
            yield from _code(part.command, 3)
        elif part.names:
            yield Line(f"{part.label}: {wording.listed(list(part.names))}.", 3)
        else:
            yield from (Line(text, 3) for text in part.words.strip().split("\n") if text.strip())
