"""Findings about what readers would not see of a fragment's text."""

from __future__ import annotations

from typing import TYPE_CHECKING, assert_never

from relbot.finding import Finding, Level, Place
from relbot.fragment.location import NEXT_PROSE
from relbot.fragment.prose import check_text
from relbot.fragment.raw_html import RawHtmlKind, find_raw_html
from relbot.schema.faults import Faults

if TYPE_CHECKING:
    from collections.abc import Iterator

    from relbot.fragment.file import FragmentFile
    from relbot.fragment.model import Fragment
    from relbot.fragment.raw_html import RawHtml

_MOST = 20
"""Findings about one text: more of them say nothing new."""


def report_raw_html(fragment: Fragment, source: FragmentFile) -> Iterator[Finding]:
    """A finding for each piece of HTML outside of code in a fragment. What was released is not judged again."""
    if fragment.version is not None or b"<" not in source.content:
        return
    whole = source.content.decode("utf-8-sig", "replace").replace("\r\n", "\n")
    for text in (fragment.text, fragment.migration_note, fragment.compatibility_note, fragment.operators_note):
        found = find_raw_html(text)[:_MOST]
        first_line = whole[: whole.find(text)].count("\n") + 1 if found else 0
        told = set[str]()
        for html in found:
            if html.text not in told:
                told.add(html.text)
                yield _finding(html, Place(fragment.path, first_line + html.line, 1))


def check_release_prose(source: FragmentFile) -> list[Finding]:
    """What readers would not see, or not as meant, of what the next release says; nothing about another file."""
    if source.path.rpartition("/")[2] != NEXT_PROSE:
        return []
    faults = Faults(source.path)
    if source.problem:
        return [Finding("file-kind", Place(source.path), source.problem, "Allowed: a regular file.")]
    try:
        text = source.content.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        line = source.content.count(b"\n", 0, error.start) + 1
        faults.on_line(
            line, "file-encoding", f"This line is not UTF-8: byte 0x{source.content[error.start]:02X}.", "Save it as UTF-8."
        )
        return faults.findings
    check_text(text, 1, faults)
    return [*faults.findings, *(_finding(html, Place(source.path, html.line + 1, 1)) for html in find_raw_html(text)[:_MOST])]


def _finding(html: RawHtml, place: Place) -> Finding:
    as_code = f"`{html.text}`"
    match html.kind:
        case RawHtmlKind.HIDDEN:
            message = f"GitHub takes {as_code} for HTML and does not show it."
            return Finding("hidden-html", place, message, "Write it as code, between backticks:", as_code)
        case RawHtmlKind.OPEN:
            if html.text.startswith(("<!", "<?")):
                what, end = ("comment", "-->") if html.text.startswith("<!--") else ("HTML", "?>" if html.text[1] == "?" else ">")
                message = f"The {what} {as_code} has no end: GitHub may hide what follows it."
                return Finding("html-left-open", place, message, f"End it with `{end}`, or write it as code.")
            message = f"{as_code} hides what follows it, such as the steps."
            return Finding("html-left-open", place, message, "Close the element and show its text, or write it as code.")
        case RawHtmlKind.SHOWN:
            message = f"{as_code} is HTML: GitHub shows it, but the notes in other formats do not."
            return Finding("raw-html", place, message, "Write it in Markdown, or as code.", level=Level.WARNING)
        case _:
            assert_never(html.kind)
