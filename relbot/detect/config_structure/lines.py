"""Configuration read line by line: for what a strict parser refuses (templates), and for the keys that stand in comments.

Linear in the text, and no text is refused.
"""

from __future__ import annotations

from relbot.detect.config_structure.entry import Document, Entry, Path, kind_of, make_document, strip_quotes
from relbot.detect.config_structure.templates import without_template_lines
from relbot.schema import lazy_re as re
from relbot.schema.named_tuples import NamedTuple


class _Level(NamedTuple):
    """An open section: where it is indented, its key, and whether it is a comment."""

    indent: int
    key: str
    shown: bool


class _KnownKeys:
    """What was read so far: keys set and shown, and those below a comment that calls them deprecated."""

    def __init__(self, lines: list[str], shown: re.Pattern[str]) -> None:
        self.live: list[Entry] = []
        self.shown: list[Entry] = []
        self.deprecated: set[int] = set()
        self.marker = _comment_marker(lines, shown)
        self._warned = False

    def prose(self, line: str) -> None:
        """Reads a line that has no key."""
        if not line.strip():
            self._warned = False
        elif "deprecat" in line.lower():
            self._warned = True

    def key(self, path: Path, value: str, number: int, shown: str) -> None:
        """Adds a key. A trailing comment is no part of its value."""
        text = _TRAILING.sub("", value).strip()
        kind = "text" if text[:1] in _QUOTES else kind_of(text)
        (self.shown if shown else self.live).append(Entry(path, strip_quotes(text), kind, number))
        if self._warned or "deprecat" in value.lower():
            self.deprecated.add(number)
        self._warned = False

    def document(self) -> Document:
        """All of it."""
        return make_document(self.live, self.shown, frozenset(self.deprecated))


def read_indented(text: str) -> Document:
    """YAML-like lines: `key: value`, parents by indentation, `# key: value` as keys that are shown."""
    lines = without_template_lines(text).split("\n")
    seen = _KnownKeys(lines, _SHOWN_COLON)
    stack: list[_Level] = []
    block: int | None = None
    for number, line in enumerate(lines, 1):
        indent = len(line) - len(line.lstrip())
        if block is not None and (indent > block or not line.strip()):
            continue
        block = None
        match = _COLON.fullmatch(line)
        if match is None or not _counts_as_key(match, seen.marker, stack):
            seen.prose(line)
            if not line.strip(" \t#"):
                _leave_levels(stack, _FAR, shown=False)
            continue
        lead, dashes, mark, key, value = match.groups()
        shown = mark is not None
        column = _column_of_key(lead, mark or "", dashes or "")
        _leave_levels(stack, column, shown=shown)
        value = _value_on_line(value or "")
        path = (*(level.key for level in stack[-12:]), *(("[]",) if dashes else ()), strip_quotes(key))
        bare = _TRAILING.sub("", value).strip()
        if not bare or _ANCHOR.fullmatch(bare):
            stack.append(_Level(column, strip_quotes(key), shown))
        if _BLOCK.fullmatch(bare) and not shown:
            block = len(lead)
        seen.key(path, value, number, mark or "")
    return seen.document().without_sections()


def _counts_as_key(match: re.Match[str], marker: str, stack: list[_Level]) -> bool:
    return _is_key_line(match, marker) and (not _is_nested(match) or bool(stack and stack[-1].shown))


_FAR = 10_000
"""Right of every key."""


def _leave_levels(stack: list[_Level], column: int, *, shown: bool) -> None:
    """Takes off the levels that a key at this column is not below, and those in comments where it is in none."""
    while stack and (stack[-1].indent >= column or (stack[-1].shown and not shown)):
        stack.pop()


def _column_of_key(lead: str, mark: str, dashes: str) -> int:
    return len(lead) + max(0, len(mark.lstrip("#/;")) - 1) + len(dashes)


def _value_on_line(text: str) -> str:
    value = text.rstrip(",")
    return "" if value in {"{", "["} else value


def read_sections(text: str) -> Document:
    """INI-like lines: `[section]`, `key = value`, `#key = value`; also dotenv, properties, and assignments in any language."""
    lines = without_template_lines(text).split("\n")
    seen = _KnownKeys(lines, _SHOWN_EQUALS)
    section: Path = ()
    for number, line in enumerate(lines, 1):
        if header := _SECTION.fullmatch(line):
            section = () if header[1] == "DEFAULT" else (header[1].strip(),)
            continue
        match = _EQUALS.fullmatch(line)
        if match is None or not _is_key_line(match, seen.marker):
            seen.prose(line)
            continue
        _, _, mark, key, value = match.groups()
        seen.key((*section, strip_quotes(key)), (value or "").rstrip(";,"), number, mark or "")
    return seen.document()


def _comment_marker(lines: list[str], shown: re.Pattern[str]) -> str:
    """How this file marks keys in comments: "#key" or "# key". The other way is prose."""
    close = apart = 0
    for line in lines:
        if match := shown.match(line):
            if match[1]:
                apart += 1
            else:
                close += 1
    return "#" if close and close * 2 >= apart else "# "


def _is_key_line(match: re.Match[str], marker: str) -> bool:
    mark, key, value = match[3], match[4], match[5] or ""
    if mark is None:
        return True
    if (marker == "#") != (not mark.endswith(" ")) and len(mark.lstrip("#;/")) < 2:
        return False
    if strip_quotes(key).lower() in _PROSE or (key[0].isupper() and key[1:2].islower() and "=" not in match[0]):
        return False
    return value[:1] in {*"\"'[{<$", ""} or len(value.split(" #")[0].split()) <= 3


def _is_nested(match: re.Match[str]) -> bool:
    """Whether a key in a comment is indented within the comment, as those below a section in a comment are."""
    return len((match[3] or "").lstrip("#;/")) > 1


_QUOTES = frozenset("'\"")
_KEY = r"[A-Za-z_$][\w.$-]{0,80}|\"[^\"\s]{1,80}\"|'[^'\s]{1,80}'"
_COLON = re.compile(
    rf"([ \t]*)((?:- {{1,8}}){{0,3}})((?:#|//)[#/]{{0,3}} {{0,40}})?({_KEY}|[A-Za-z_][\w.:-]{{0,80}}):(?:[ \t]+(.*)|,?)"
)
_EQUALS = re.compile(
    rf"([ \t]*)((?:export |our |my |const |var |let )?)((?:#|;|//)[#/;]{{0,3}} {{0,40}})?({_KEY})"
    r"[ \t]{0,40}(?:=(?![=>~])|:=)[ \t]*(.*)"
)
_SECTION = re.compile(r"[ \t]*#? ?\[+([\w .:\"/-]{1,80})\]+[ \t]*")
_SHOWN_COLON = re.compile(r"[ \t]*#+( ?)[a-z_][\w-]{0,80}:(?:[ \t]|$)")
_SHOWN_EQUALS = re.compile(r"[ \t]*[#;]+( ?)[A-Za-z_][\w.-]{0,80}[ \t]{0,40}=")
_TRAILING = re.compile(r"(?:^|(?<=\s))#(?:\s|#|$).*$")
_ANCHOR = re.compile(r"&[\w-]+")
_BLOCK = re.compile(r"[|>][-+\d]{0,2}")
_PROSE = frozenset(
    "note example examples warning todo fixme see default defaults eg e.g i.e http https usage important hint tip caution"
    " attention options values optional required deprecated docs documentation reference format syntax where".split()
)
