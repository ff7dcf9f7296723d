"""The settings that a line of documentation tells of, and the default that it gives them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relbot.schema import lazy_re as re
from relbot.schema.named_tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Iterator

    from relbot.detect.engine.model import FileChange, Line


class Mention(NamedTuple):
    """A setting, where it is told of, and its default: "" if the line gives none."""

    name: str
    file: FileChange
    line: int
    default: str


def find_mentions(file: FileChange, lines: Iterable[Line]) -> Iterator[Mention]:
    """Every setting that these lines of the file tell of. A default belongs to the first one of its line."""
    for line in lines:
        text = line.text[:LONGEST]
        default = default_of(text)
        for match in _SETTING.finditer(text):
            name = match.group().strip(" #\t[|`")
            if not _NO_SETTING.search(name):
                yield Mention(name, file, line.number, default)
                default = ""


def told_names(text: str, names: Container[str]) -> list[str]:
    """Those of the names of settings that a text has, each once, and not only ones that contain them."""
    told: dict[str, None] = {}
    for run in dict.fromkeys(_RUN.findall(text)):
        starts = (0, *(dash.end() for dash in _DASH.finditer(run)))
        told |= {run[at:]: None for at in starts if run[at:] in names}
    return list(told)


_RUN = re.compile(r"[\w.-]*\w(?!-)")
_DASH = re.compile(r"-")


def default_of(text: str) -> str:
    """The default that a line gives, as written: `(default: 5)`, `| default = 15m]`, `Defaults to "x".`; "" for none."""
    match = _DEFAULT.search(text)
    return match[1].strip("`\"'*_ ") if match else ""


def split_cells(text: str) -> list[str]:
    """The cells of a row of a table in Markdown, [] for another line."""
    row = text[:LONGEST].strip()
    if not row.startswith("|") or row.count("|") < 3:
        return []
    return [cell.strip().strip("`") for cell in row.strip("|").split("|")]


LONGEST = 1_000
_SETTING = re.compile(
    r"(?<![\w/.-])-{1,2}[a-z][a-z0-9]*(?:[-._][a-z0-9]+)+(?![\w/])"  # --store.shard-by, -ingester.max-series
    r"|(?<![\w/])[A-Z][A-Z0-9]*_[A-Z0-9_]*[A-Z0-9](?!\w)"  # PARSE_SERVER_MASTER_KEY
    r"|(?<=`)[a-z][a-z0-9]*(?:[_.][a-z0-9]+)+(?=`)"  # `rc_message.per_second`
    r"|^\s*\[[a-z][a-z0-9_]*(?=: <)"  # [max_size: <int> | default = 100]
    r"|^\s*(?:#\s*)?[a-z][a-z0-9_]*(?=:\s)"  # max_size: 1
    r"|^\s*\|\s*`?[a-zA-Z][\w.-]*[\w]`?(?=\s*\|)"  # | maxSize | … |
)
_NO_SETTING = re.compile(
    r"\.(py|rb|js|ts|go|md|rst|ya?ml|json|toml|conf|cfg|ini|sh|txt|html|service|com|org|io|net)$|^v\d+\.|^-+$|^(note|see)$", re.I
)
_DEFAULT = re.compile(r"\bdefaults?\b(?:\s+(?:value|is|to|of))*(?:\s*[:=]){0,2}\s*[`\"']{0,3}([^\s,;)\]|`\"']{1,60})", re.I)
