"""Puts a Markdown text below a bullet so that it means there what it meant alone.

After the CommonMark specification 0.31.2 (https://spec.commonmark.org/0.31.2/): list items (5.2), tabs (2.2). A line
below `- ` is indented by two columns. Three things then change their meaning, and are avoided:

- A tab reaches to the next of the columns 4, 8, 12 and so on, so it gets narrower. A text whose structure hangs on tabs is
  indented by four columns instead: all of its tabs stay as wide as they were.
- Spaces before the first character count as part of the bullet. Such a text begins on the line below the bullet, two
  columns in; tabs that decide about its structure become spaces there, even where they stand in nested code.
- `- ---` is a thematic break, `- [ ] a` a check box, and markdown-it takes `- a | b` for the first row of a table.
"""

from __future__ import annotations

from relbot.schema import lazy_re as re

_STRUCTURE = re.compile(r"[ \t>]*(?:(?:[-+*]|\d{1,9}[.)])(?=[ \t])[ \t>]*)*")
_FENCE = re.compile(r"(`{3,}(?=[^`]*$)|~{3,})")
_DASHES = re.compile(r"-[ \t-]*")
_DELIMITERS = re.compile(r"[ \t|:]*-[ \t|:-]*")
_CHECK_BOX = re.compile(r"\[[ xX]\](?=[ \t\n])")
_LEADING_BLANK = re.compile(r"(?:[ \t]*\n)+")


def as_item(text: str) -> str:
    """The text as an item of a bullet list, without a line end at its end."""
    text = _without_blank_ends(text)
    if _CHECK_BOX.match(text):
        text = "\\" + text
    if "\n" not in text and "\t" not in text and text[:1] not in ("", " ", "-"):
        return f"- {text}"
    lines = text.split("\n")
    below = lines[0][:1] in (" ", "\t") or bool(_DASHES.fullmatch(lines[0])) or _is_table(lines)
    if not _has_structural_tabs(lines):
        return f"-\n{_indent_lines(lines, '  ')}" if below else f"- {_indent_lines(lines, '  ')[2:]}"
    if below:
        return f"-\n{_indent_lines(_without_tabs(lines), '  ')}"
    return f"-   {_indent_lines(lines, '    ')[4:]}"


def as_numbered(number: int, text: str) -> str:
    """The text as an item of a numbered list. It begins with a letter or emphasis."""
    bullet = f"{number}. "
    return bullet + _indent_lines(text.split("\n"), " " * len(bullet))[len(bullet) :]


def _is_table(lines: list[str]) -> bool:
    """Whether the text begins with a table whose rows begin without a bar."""
    return len(lines) > 1 and "|" in lines[0][1:] and lines[0][0] != "|" and bool(_DELIMITERS.fullmatch(lines[1]))


def _without_blank_ends(text: str) -> str:
    if blank := _LEADING_BLANK.match(text):
        text = text[blank.end() :]
    return text.rstrip("\n")


def _indent_lines(lines: list[str], by: str) -> str:
    return "\n".join([by + line if line else "" for line in lines])


def _outside_fences(lines: list[str]) -> list[bool]:
    """Which lines are outside the fenced code that begins at the margin, where tabs are nothing but content.

    A fence that nothing closes may be none at all (in a comment, say), so it hides nothing. Nor does an indented one, which
    may be one of a list; but a fence at the margin may be what closes it.
    """
    outside = [True] * len(lines)
    opened, fence = 0, ""
    for number, line in enumerate(lines):
        if not fence and (mark := _FENCE.match(line.lstrip(" "))):
            opened, fence = number, mark.group(1)
        elif fence and _closes_fence(fence, line):
            if lines[opened][0] != " ":
                outside[opened : number + 1] = [False] * (number + 1 - opened)
            fence = ""
    return outside


def _closes_fence(fence: str, line: str) -> bool:
    marks = line.lstrip(" ")
    return len(line) - len(marks) < 4 and marks.startswith(fence) and not marks.strip(fence[0]).strip()


def _has_structural_tabs(lines: list[str]) -> bool:
    if not any("\t" in line for line in lines):
        return False
    return any(free and "\t" in _line_structure(line) for line, free in zip(lines, _outside_fences(lines), strict=True))


def _line_structure(line: str) -> str:
    """What stands before the text of a line: spaces, tabs, the marks of lists and quotes."""
    match = _STRUCTURE.match(line)
    return match.group() if match else ""


def _without_tabs(lines: list[str]) -> list[str]:
    """Spaces for the tabs that decide about structure: all of them before the first character of the text.

    Of the code with which the text may begin only the four columns that make it code, so that tabs in it survive.
    """
    outside = _outside_fences(lines)
    code = True
    result = []
    for line, free in zip(lines, outside, strict=True):
        code = code and (not line.strip() or line.expandtabs(4).startswith("    "))
        if code and line.strip():
            tab = line.find("\t", 0, 4)
            result.append("    " + (line[tab + 1 :] if tab >= 0 and not line[:tab].strip(" ") else line[4:]))
        elif free:
            structure = _line_structure(line)
            result.append(structure.expandtabs(4) + line[len(structure) :])
        else:
            result.append(line)
    return result
