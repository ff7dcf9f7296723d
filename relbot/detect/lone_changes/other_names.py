"""Names without quotes that only one side of a line has: tables of queries, keys of what is sent, places in scripts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relbot.detect.lone_changes.words import HOLE
from relbot.schema import lazy_re as re
from relbot.schema.named_tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

    from relbot.detect.engine.model import FileChange


class OtherName(NamedTuple):
    """The fact that a changed name is, its line on the new side, and both names."""

    fact: str
    line: int
    old: str
    new: str


_TABLE = re.compile(r"(?i)\b(?:from|join|into|update)\s+[\"`\[]?([A-Za-z_][\w.]{1,80})")
_TABLE_WORDS = ("from ", "join ", "into ", "update ")
_QUERY = re.compile(
    r"(?i:\bselect\b.{1,200}\bfrom\b|\binsert\s+into\b|\bupdate\s+[\w.\"`▢]{1,80}\s+set\b|\bdelete\s+from\b)"
    r"|^\s*(?:FROM|(?:LEFT |RIGHT |INNER |OUTER |CROSS |FULL ){0,2}JOIN|INSERT INTO|UPDATE)\s"
)
"""A line of SQL: a word of English alone, such as `from`, is none."""
_KEY = re.compile(r"(?:(?<=[{(,\[])|(?<=[{(,\[] )|^) ?([A-Za-z_]\w{0,80}):(?= \S)")
_ARGUMENT = re.compile(r"(?<=[(,\s])([a-z_]\w{0,80})=(?=[^=])")
_SENT = re.compile(
    r"(?i)\bjson\b|json\(|jsonify|to_json|as_json|(?<![\w.])payload\b(?!:)|webhook|\bpublish\w{0,20}\("
    r"|\bemit\(|broadcast\w{0,20}[ (]|\bgin\.H|\bfiber\.Map"
)
"""Words of lines that send what they hold, and of functions that make what is sent."""
_FILE_OF_SENT = re.compile(r"(?i)(^|/)[\w-]{0,80}(webhooks?|payloads?|_json|serializers?)\.\w+$")
_OF_TYPES = re.compile(r"(?i)\b(interface|type|class|struct|schema|props|import|export type|def \w{1,60}\([^)\n]{0,200}:)\b")
_PLACE = re.compile(r"(?<=[\s\"'=])((?:https?|s3|gs)://[^\s\"'`;|&()<>$]{3,200})")
_WITH_KEYS = (".js", ".jsx", ".mjs", ".cjs", ".ts", ".mts", ".rb", ".ex", ".exs", ".jbuilder")
_SCRIPT = re.compile(r"\.(sh|bash|ksh)$|(^|/)s?bin/[^/.]+$")


def find_other_names(change: FileChange, removed: list[tuple[int, str]], added: list[tuple[int, str]]) -> Iterator[OtherName]:
    """What the lines of both sides of a file name otherwise; lines are numbers with texts."""
    both = (change.removed_text + change.added_text).lower()
    for each in _pair_names(removed, added, _TABLE) if any(word in both for word in _TABLE_WORDS) else ():
        if _QUERY.search(each.around) and not _is_queried(each.old, change.new):
            yield OtherName("stored-name-changed", each.line, each.old, each.new)
    if change.path.endswith(_WITH_KEYS):
        for each in _pair_names(removed, added, _KEY):
            if _is_sent(each, change) and not _is_key(each.old, added):
                yield OtherName("name-changed", each.line, each.old, each.new)
    elif change.path.endswith(".py"):
        for each in _pair_names(removed, added, _ARGUMENT):
            if "jsonify(" in each.around:
                yield OtherName("name-changed", each.line, each.old, each.new)
    elif _SCRIPT.search(change.path):
        for each in _pair_names(removed, added, _PLACE):
            if all(found[1] != each.old for found in _PLACE.finditer(change.new)):
                fact = "stored-name-changed" if each.old.startswith(("s3:", "gs:")) else "name-changed"
                yield OtherName(fact, each.line, each.old, each.new)


class _Pair(NamedTuple):
    around: str
    line: int
    old: str
    new: str


def _pair_names(removed: list[tuple[int, str]], added: list[tuple[int, str]], pattern: re.Pattern[str]) -> Iterator[_Pair]:
    """The names of lines that are alike but for the name."""
    went: dict[str, list[str]] = {}
    for _, text in removed:
        for found in pattern.finditer(text):
            went.setdefault(_with_hole(text, found), []).append(found[1])
    if not went:
        return
    for number, text in added:
        for found in pattern.finditer(text):
            around = _with_hole(text, found)
            if (olds := went.get(around)) and (old := olds.pop(0)) != found[1]:
                yield _Pair(around, number, old, found[1])


def _with_hole(text: str, found: re.Match[str]) -> str:
    return f"{text[: found.start(1)]}{HOLE}{text[found.end(1) :]}"


def _is_queried(table: str, text: str) -> bool:
    return any(found[1] == table for found in _TABLE.finditer(text))


def _is_key(name: str, lines: list[tuple[int, str]]) -> bool:
    return any(found[1] == name for _, text in lines if name in text for found in _KEY.finditer(text))


def _is_sent(pair: _Pair, change: FileChange) -> bool:
    """Whether the line, or what it is in, sends a value under the key."""
    if _OF_TYPES.search(pair.around):
        return False
    heads = find_enclosing_lines(pair.line, change.new)
    if any(_OF_TYPES.search(head) for head in heads[:1]):
        return False
    return _FILE_OF_SENT.search(change.path) is not None or any(_SENT.search(text) for text in (pair.around, *heads))


_MOST_ABOVE = 40


def find_enclosing_lines(number: int, text: str) -> list[str]:
    """The lines that a line of a text is in, told by their indentation: the innermost two."""
    lines = text.split("\n")
    found: list[str] = []
    depth = _depth_of(lines[number - 1])
    for line in reversed(lines[max(0, number - 1 - _MOST_ABOVE) : number - 1]):
        if line.strip() and _depth_of(line) < depth:
            found.append(line)
            depth = _depth_of(line)
            if len(found) == 2 or depth == 0:
                break
    return found


def _depth_of(line: str) -> int:
    return len(line) - len(line.lstrip())
