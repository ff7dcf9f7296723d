"""Text and inline markup as reStructuredText.

After https://docutils.sourceforge.io/docs/ref/rst/restructuredtext.html, "Inline Markup" and "Escaping Mechanism".
Inline markup cannot be nested, and must not touch a letter: an escaped space, which shows nothing, keeps them apart.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from relbot.render.notes.markdown_tokens import TextRun, TextStyle
from relbot.schema import lazy_re as re

if TYPE_CHECKING:
    from collections.abc import Iterable

_MARKUP = re.compile(r"[\\*`|]|(?<![^\W_])_|_(?![^\W_])")
_BLOCK_START = re.compile(
    r"""(?: [-+/—|:.>=~^"'#*•‣⁃_`$%&!?,;<@\[\](){}\\] )      # bullets, options, fields, directives, doctests, lines of headings
      |  \(?(?:\d+|[A-Za-z]|[IVXLCDM]+|[ivxlcdm]+|\#)[.)](?=\s|$)   # enumerators""",
    re.VERBOSE,
)
_HARMLESS_START = re.compile(r"""(?!\(?\w+\))["'(]+\w|\[\w""")
_BEFORE = frozenset(" \n'\"([{<-/:")
_AFTER = frozenset(" \n'\")]}>-/\\:.,;!?")
_PAIRS = frozenset(('""', "''", "()", "[]", "{}", "<>"))
_BARE_URL = re.compile(r"https?://[A-Za-z0-9/.?=&%#~+-]*[A-Za-z0-9/]")
_IN_URL = str.maketrans({" ": "%20", "<": "%3C", ">": "%3E", "`": "%60", "\\": "%5C", "\n": "", "*": "%2A", "|": "%7C"})


def escape_rst(text: str) -> str:
    """Plain text on one line, not at the beginning of a paragraph."""
    return _MARKUP.sub(r"\\\g<0>", " ".join(text.split()))


def rst_literal(text: str) -> str:
    """Code in a line. What cannot stand between double backticks is written as a role."""
    text = text.strip()
    if text.startswith("`") or text.endswith(("`", "\\")) or "``" in text:
        return ":literal:`" + re.sub(r"[\\`]", r"\\\g<0>", text) + "`"
    return f"``{text}``"


_ACTIVE = re.compile(r"[\x00-\x20]*(?:javascript|vbscript|data|file)[\x00-\x20]*:", re.IGNORECASE)
"""Addresses that a browser runs or reads from the disk of its user: docutils makes links of them, GitHub and mistune do not."""


def rst_link(text: str, url: str) -> str:
    """An anonymous hyperlink, or the bare address where that is enough. Of an address that a browser runs, the text alone."""
    if text == url and _BARE_URL.fullmatch(url):
        return url
    if _ACTIVE.match(url):
        return escape_rst(text)
    address = url.translate(_IN_URL)
    address = f"{address[:-1]}\\_" if address.endswith("_") else address
    shown = re.sub(r"[<>]", r"\\\g<0>", escape_rst(text))
    return f"`{shown} <{address}>`__" if shown else address


def rst_paragraph(runs: Iterable[TextRun]) -> str:
    """A paragraph on one line; with hard line breaks a line block, a line each."""
    lines: list[list[TextRun]] = [[]]
    for run in runs:
        if run.style is TextStyle.BREAK:
            lines.append([])
        else:
            lines[-1].append(run)
    told = [(text, runs) for text, runs in ((rst_line(runs), runs) for runs in lines) if text]
    if len(told) > 1:
        return "\n".join(f"| {text}" for text, _ in told)
    return _as_start(told[0][0], [run for run in told[0][1] if run.text.strip()][:1]) if told else ""


def rst_line(runs: list[TextRun]) -> str:
    """Runs as one line. It may still look like another block at its beginning."""
    result = ""
    for run in runs:
        before, text, after = _split_spaces(run.text)
        if not text:
            result = _join_text(result, " " if run.text else "")
            continue
        shown = _mark_up(TextRun(text, run.style, run.url))
        if run.style is TextStyle.PLAIN:
            shown = before + shown + after
            if result and _is_markup(result) and shown[0] not in _AFTER:
                shown = f"\\ {shown}"
            result = _join_text(result, shown)
            continue
        result = _join_text(result, before)
        if result and not _may_begin_after(result, shown):
            result += "\\ "
        result = result + shown + _END_OF_MARKUP + after
    return _without_marks(result)


_END_OF_MARKUP = "\0"
"""Stands where markup ends while a line is put together."""


def _is_markup(text: str) -> bool:
    return text.endswith(_END_OF_MARKUP)


def _without_marks(text: str) -> str:
    text = text.replace(_END_OF_MARKUP, "").strip()
    return f"{text[:-2]}:\\:" if text.endswith("::") else text


def _join_text(text: str, more: str) -> str:
    return text + more.lstrip(" ") if text.endswith(" ") and not text.endswith("\\ ") else text + more


def _may_begin_after(text: str, markup: str) -> bool:
    last = text.rstrip(_END_OF_MARKUP)[-1:]
    inner = markup.lstrip("*`")[:1]
    return not _is_markup(text) and last in _BEFORE and last + inner not in _PAIRS and not text.endswith("\\" + last)


def _split_spaces(text: str) -> tuple[str, str, str]:
    inner = text.strip()
    if not inner:
        return "", "", ""
    return " " if text[0].isspace() else "", inner, " " if text[-1].isspace() else ""


def _mark_up(run: TextRun) -> str:
    if run.style is TextStyle.CODE:
        return rst_literal(run.text)
    if run.style is TextStyle.LINK:
        return rst_link(run.text, run.url)
    mark = {TextStyle.EMPHASIS: "*", TextStyle.STRONG: "**"}.get(run.style, "")
    return f"{mark}{escape_rst(run.text)}{mark}"


def _as_start(text: str, first: list[TextRun]) -> str:
    """The text of a paragraph, its beginning escaped if it could be taken for another block."""
    if text.startswith("\\\\") and not text.strip("\\"):
        return f"\\ {text}"  # else a line of backslashes is a transition
    if not first or first[0].style is not TextStyle.PLAIN or text.startswith("\\"):
        return text
    if _BLOCK_START.match(text) and not _HARMLESS_START.match(text):
        return f"\\{text}"
    return text


def plain_rst_paragraph(text: str) -> str:
    """Plain text as a paragraph; its lines stay lines."""
    parts: list[TextRun] = []
    for row in text.strip().split("\n"):
        parts += [TextRun(row), TextRun("", TextStyle.BREAK)]
    return rst_paragraph(parts[:-1])
