"""The text of the fragment that a note of another tool becomes, and whether `relbot check` takes it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relbot.fragment.body import closing_line, find_headings, shift_headings
from relbot.fragment.code_marks import code_block
from relbot.fragment.file import FragmentFile
from relbot.fragment.location import Location
from relbot.fragment.write import Answers, as_markdown
from relbot.schema import lazy_re as re

if TYPE_CHECKING:
    from relbot.adoption.notes.model import ForeignNote
    from relbot.finding import Finding
    from relbot.fragment.location import Folder
    from relbot.fragment.parse import Parser

_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f]")
_SENTENCE = re.compile(
    r"((?:`[^`\n]*`|\[[^\]]*\]\([^)]*\)|[^`\[.!?]|\[(?![^\]]*\]\()|[.!?](?!\s))+[.!?])\s+(?=[A-Z`*\[])", re.DOTALL
)
_NO_PARAGRAPH = re.compile(r"```|~~~|[-*+] |\d+[.)] |[#>|]")
_DEEPEST_SECTION = 2


class ImportedFragment:
    """A note on its way to a fragment at `path`: its content, and why it is not as it was, "" where it is."""

    __slots__ = ("content", "path", "remark")

    def __init__(self, path: str, content: bytes, remark: str) -> None:
        self.path = path
        self.content = content
        self.remark = remark


def make_fragment(note: ForeignNote, path: str, folder: Folder, parser: Parser) -> ImportedFragment | list[Finding]:
    """The fragment that a note becomes, or what is wrong with it even when its text is kept as code."""
    version = path.split("/")[-2] if "/released/" in path else None
    location = Location(path, path.rpartition("/")[2].removesuffix(".md"), folder, version)
    remark = note.remark
    findings: list[Finding] = []
    for text in (_plain_text(note.text), _as_code(note.text)):
        content = as_markdown(_answers(note, text)).encode("utf-8")
        parsed = parser.parse(FragmentFile(path, content), location)
        if not isinstance(parsed, list):
            return ImportedFragment(path, content, remark)
        findings = findings or parsed
        remark = f"kept as code: {parsed[0].message}"
    return findings


def _plain_text(text: str) -> str:
    """The text without control characters, and with no heading that would be one of the changelog."""
    plain = _CONTROL.sub("", text.replace("\r\n", "\n").replace("\r", "\n")).strip("\n")
    headings = find_headings(plain)
    if headings and (highest := min(heading.level for heading in headings)) <= _DEEPEST_SECTION:
        plain = shift_headings(plain, _DEEPEST_SECTION + 1 - highest)
    end = closing_line(plain)
    return f"{plain}\n{end}" if end else plain


def _as_code(text: str) -> str:
    return code_block(_CONTROL.sub("", text))


def _answers(note: ForeignNote, text: str) -> Answers:
    told, todo = _split_instruction(text) if note.acts else (text, None)
    if note.beside:
        told = f"{told}\n\n<!-- Of the same file: {', '.join(note.beside)} -->"
    return Answers(
        type=note.type,
        text=told,
        breaking=note.breaking,
        migration=True if note.acts else None,
        issues=note.issues,
        component=note.component,
        other_components=note.other_components,
        note=todo,
    )


def _split_instruction(text: str) -> tuple[str, str]:
    """What stands in the notes, and what somebody has to do: the first paragraph or sentence and the rest, or both all of it."""
    first, gap, rest = text.partition("\n\n")
    if gap and rest.strip() and not closing_line(first) and not _NO_PARAGRAPH.match(first) and not first.endswith(":"):
        return first, rest.strip("\n")
    sentence = _SENTENCE.match(text[:2_000])
    if sentence and not gap and text[sentence.end() :].strip():
        return sentence[1], text[sentence.end() :].strip()
    return text, text
