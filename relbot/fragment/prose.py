"""The text below the front matter: its sections, and what is wrong with it."""

from __future__ import annotations

import itertools
import unicodedata
from typing import TYPE_CHECKING

from relbot.fragment.body import SECTIONS, closing_line, find_headings, find_open_html, split_sections
from relbot.schema import lazy_re as re
from relbot.schema.faults import nearest_word
from relbot.schema.hidden_characters import find_hidden_character
from relbot.schema.named_tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

    from relbot.fragment.body import BodyHeading
    from relbot.schema.faults import Faults

EXAMPLE = "---\ntype: fixed\n---\n\nThe login page no longer forgets who you are."
PLACEHOLDER = "Say in a sentence what changes for operators or users."
"""What stands in a fragment that relbot began, until its author says something."""
FILL_IN = "FILL IN: "
"""How a line begins that relbot left for the author of a fragment to fill in."""
_UNSEEN = re.compile(r"<!--.*?(?:-->|\Z)|^ {0,3}\[[^\[\]]+\]:[^\n]*$", re.DOTALL | re.MULTILINE)
"""Comments, and definitions of links: a text of nothing else shows nothing."""
_MOST_EXAMPLES = 20
"""Conflicts, or glued headings, that may stand in code as examples. Each costs a look at all that stands before it."""


_UNFILLED = re.compile(rf"^[ \t>*+-]*(?:{FILL_IN}|{re.escape(PLACEHOLDER)}[ \t]*$)", re.MULTILINE)


def _check_unfilled_lines(body: str, first_line: int, faults: Faults) -> None:
    """Reports lines that relbot left to the author, but for those that stand in code as examples."""
    for number, found in enumerate(itertools.islice(_UNFILLED.finditer(body), 2 * _MOST_EXAMPLES)):
        if number < _MOST_EXAMPLES and closing_line(body[: found.start()]):
            continue  # in code
        line = body[found.start() :].split("\n", 1)[0].strip(" \t>*+-").removeprefix(FILL_IN)
        message = f"This line is not filled in yet: {line}"
        tip = "Replace the line with the answer, or remove it if there is nothing to say."
        faults.on_line(first_line + body.count("\n", 0, found.start()), "placeholder-left", message, tip)


def check_conflict_markers(text: str, first_line: int, faults: Faults) -> None:
    """Reports a conflict that nobody solved, unless it is an example in code. The text begins on this line of its file."""
    if "<<<<<<<" not in text:
        return
    for number, start in enumerate(_find_conflicts(text)):
        if number < _MOST_EXAMPLES and closing_line(text[:start]):
            continue  # in code
        line = first_line + text.count("\n", 0, start)
        tip = "Keep the right parts of both sides, and remove the lines of `<`, `=` and `>`."
        faults.on_line(line, "merge-conflict", "This is an unresolved merge conflict.", tip)
        return


def _find_conflicts(text: str) -> Iterator[int]:
    """Where conflicts of a merge begin: a line `<<<<<<<`, then one `=======`, then one `>>>>>>>`."""
    start, middle, at = -1, False, 0
    for line in text.split("\n"):
        if start < 0 and (line == "<<<<<<<" or line.startswith("<<<<<<< ")):
            start, middle = at, False
        elif start >= 0 and line == "=======":
            middle = True
        elif middle and (line == ">>>>>>>" or line.startswith(">>>>>>> ")):
            yield start
            start, middle = -1, False
        at += len(line) + 1


_GLUED = re.compile(r"^ {0,3}#{1,6}(migration|compatibility|for operators)[ \t:#]*$", re.MULTILINE | re.IGNORECASE)
"""What was meant for the heading of a section, and is none in Markdown: a step below it would be lost."""


def _check_glued_headings(text: str, first_line: int, faults: Faults) -> None:
    for number, found in enumerate(itertools.islice(_GLUED.finditer(text), 2 * _MOST_EXAMPLES)):
        if number < _MOST_EXAMPLES and closing_line(text[: found.start()]):
            continue  # in code
        line = first_line + text.count("\n", 0, found.start())
        message = f"`{found.group().strip()}` is not a heading, because a space is missing."
        example = f"## {found[1].capitalize()}"
        faults.on_line(line, "heading-level", message, "Write a space after the `#`.", example)


class FragmentProse(NamedTuple):
    """What stands above the first section, and the sections that a fragment may have, by title."""

    text: str
    sections: dict[str, str]


def check_text(text: str, first_line: int, faults: Faults) -> None:
    """Reports control characters and conflicts that nobody solved in a text that begins on this line of its file."""
    if control := find_hidden_character(text):
        line = first_line + text.count("\n", 0, control.start())
        message = f"The text has a control character (U+{ord(control.group()):04X})."
        column = control.start() - text.rfind("\n", 0, control.start())
        faults.on_line(line, "control-character", message, "Remove it.", column=column)
    check_conflict_markers(text, first_line, faults)


def read_prose(body: str, first_line: int, faults: Faults) -> FragmentProse:
    """The sections of a body that begins on this line of its file; what is wrong with it goes to `faults`."""
    check_text(body, first_line, faults)
    _check_glued_headings(body, first_line, faults)
    found = find_headings(body)
    parts = split_sections(body, found)
    said = _UNSEEN.sub("", parts[0].text).strip()
    if FILL_IN in body or (PLACEHOLDER in body and said != PLACEHOLDER):
        _check_unfilled_lines(body, first_line, faults)
    for heading in found:
        _check_heading(heading, first_line, faults)
    by_title: dict[str, str] = {}
    for part in parts[1:]:
        title = part.title.capitalize()
        if title not in SECTIONS:
            continue
        if title in by_title:
            message = f"`## {title}` appears twice."
            faults.on_line(first_line + part.line, "duplicate-section", message, "Make one section of the two.")
        elif not shows_something(_UNSEEN.sub("", part.text)):
            tip = "Say what to do, or remove the heading."
            faults.on_line(first_line + part.line, "empty-section", f"`## {title}` shows no text.", tip)
        by_title[title] = part.text
    if (open_line := find_open_html(body)) is not None:
        message = "The HTML that begins here is not closed, so a browser hides all notes below it."
        tip = "Close it (`-->` ends a comment), or write it as code."
        faults.on_line(first_line + open_line, "html-left-open", message, tip)
    if (said == PLACEHOLDER or not shows_something(said)) and all(part.title.capitalize() in SECTIONS for part in parts[1:]):
        message = "The text is still the placeholder." if said == PLACEHOLDER else "The fragment has no visible text."
        line = first_line + body[: body.find(said)].count("\n") if said else first_line
        faults.on_line(line, "empty-body", message, PLACEHOLDER, EXAMPLE)
    return FragmentProse(parts[0].text, by_title)


_TAG = re.compile(r"<(?!img\s[^<>]*\bsrc\b|(?:picture|video|audio|svg)\b)/?[A-Za-z!?][^<>]*>", re.IGNORECASE)


def is_surely_shown(text: str) -> bool:
    """Whether a text, told without reading it as Markdown, shows a letter or number and leaves no HTML open."""
    return "<" not in text and "&" not in text and "](" not in text and _ALPHANUMERIC.search(text) is not None


def shows_something(text: str) -> bool:
    """Whether a reader sees a letter, a number, a sign or a picture of the text, and not only spaces, tags or marks."""
    if is_surely_shown(text):
        return True
    import html  # its table of entities takes as long to load as twenty fragments to be read

    shown = html.unescape(_EMPTY_LINK.sub("", _TAG.sub("", text)))
    return any(unicodedata.category(character)[0] in "LNS" and character not in _BLANKS for character in shown)


_EMPTY_LINK = re.compile(r"(?<!!)\[[\s\xad\u200b-\u200f\u2060-\u2064\ufeff]*\]\([^()\n]*\)")
_ALPHANUMERIC = re.compile("[A-Za-z0-9]")
_BLANKS = "\u115f\u1160\u2800\u3164\uffa0`<>|=+~^"
"""Letters and signs that are drawn as nothing, and the signs that Markdown takes for marks."""


def _check_heading(heading: BodyHeading, first_line: int, faults: Faults) -> None:
    if heading.level > 2 or (heading.level == 2 and heading.text.capitalize() in SECTIONS):
        return
    line = first_line + heading.line
    allowed = "Allowed: `## Migration`, `## Compatibility`, `## For operators`, and headings from `###` on."
    if heading.lines > 1:
        underline = "-" if heading.level == 2 else "="
        message = f"The line of `{underline}` below `{heading.text[:60]}` makes it a heading of level {heading.level}."
        tip = f"Leave an empty line above it, or write `### `. {allowed}"
        faults.on_line(line + heading.lines - 1, "heading-level", message, tip, f"### {heading.text[:60]}")
        return
    near = nearest_word(heading.text, SECTIONS) if heading.level == 2 else None
    message = f"`{'#' * heading.level} {heading.text[:60]}` would break the notes, which use that level for their own headings."
    tip = f"Did you mean `## {near}`? {allowed}" if near else allowed
    faults.on_line(line, "heading-level", message, tip, f"## {near}" if near else f"### {heading.text[:60]}")
