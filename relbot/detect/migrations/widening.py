"""Whether a column that gets another type holds all that it held: told by the type that the change set shows for it before."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relbot.schema import lazy_re as re
from relbot.schema.named_tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from relbot.detect.engine.model import FileChange
    from relbot.detect.migrations.steps import MigrationOperation


class _Room(NamedTuple):
    """What a type holds: texts of so many characters, or numbers of so many digits, of which some are decimals."""

    kind: str
    size: int
    decimals: int = 0


_ANY_SIZE = 10**12
_TEXT = re.compile(r"(?i)\b(long|medium)?(text|clob)(field)?\b")
_STRING = re.compile(
    r"(?i)\b(?:string|n?varchar2?|char(?:acter)?(?: varying)?|charfield)\b[\"'`]?[ \t]*[(,][^()\d\n]{0,40}(\d{1,9})"
    r"|\b(?:limit|length|size|max_?length)[\"']?\s*(?:[:=]|=>)\s*(\d{1,9})"
)
_NUMBER = re.compile(
    r"(?i)\b(?:decimal|numeric)\b[\"'`]?[ \t]*[(,][^()\d\n]{0,40}(\d{1,3})(?:\s*,\s*(?:scale\s*[:=]\s*)?(\d{1,3}))?"
)
_BEFORE = re.compile(
    r"existing_type\s*=\s*([\w.]+(?:\([^()]{0,80}\))?)|\bold(?:MaxLength|Type)\s*:\s*(\"[^\"\n]{0,80}\"|\d{1,9})|\bfrom:\s*([^,\n)]{1,80})"
)
"""What a call says of the type before, in Alembic and in EF Core."""
_MOST_LINES = 12


def with_widened(
    steps: Iterable[MigrationOperation], change: FileChange, files: Sequence[FileChange]
) -> Iterator[MigrationOperation]:
    """The steps of a migration, those that only give a column more room as such."""
    for step in steps:
        is_wider = step.fact == "column-changed" and step.column and _is_widened(step, change, files)
        yield step._replace(fact="column-widened") if is_wider else step


def _is_widened(step: MigrationOperation, change: FileChange, files: Sequence[FileChange]) -> bool:
    lines = change.new.split("\n")
    said, end = _statement_at(lines, step.line - 1)
    if "modify" in said.lower() and ("not null" in said.lower() or said.count("null: false") == 1):
        return False  # MySQL and Ecto say anew whether there must be a value; Ecto's `from:` says it, too, where it was so
    others = [line for at, line in enumerate(lines) if not step.line - 1 <= at <= end]
    if _TO_TEXT.search(said) or _has_more_values(said, [line for line in others if step.column in line]):
        return True
    now = _room_of(_BEFORE.sub("", said).replace(step.column, ""))
    return now is not None and _has_more_room(now, said, step, change, others, files)


def _has_more_values(said: str, lines: list[str]) -> bool:
    """Whether an enum has all values that other lines about its column give it."""
    values = _listed_values(said)
    former = [had for line in lines if (had := _listed_values(line))] if values else []
    return bool(former) and all(had <= values for had in former)


def _has_more_room(
    now: _Room, said: str, step: MigrationOperation, change: FileChange, others: list[str], files: Sequence[FileChange]
) -> bool:
    """Whether a type holds what all types hold that are told of the column before."""
    told = [each for found in _BEFORE.finditer(said) for each in _rooms_of_words("".join(filter(None, found.groups())))]
    gone = [line.text for other in files if other is not change for line in other.removed]
    told += [
        room for line in _about(step.column, (*others, *gone)) if (room := _room_of(line.replace(step.column, ""))) is not None
    ]
    before = [room for room in told if room != now]
    if not before:
        return now.kind == "text" and _SAID.search(change.path.rpartition("/")[2]) is not None
    return all(_holds(now, room) for room in before)


_TO_TEXT = re.compile(r"(?i)\btype\s+text\s*(;|,|$)")
"""PostgreSQL's type that holds every text: https://www.postgresql.org/docs/current/sql-altertable.html."""
_ENUM = re.compile(r"(?i)\benum\s*\(([^()]{1,2000})\)")
_VALUE = re.compile(r"['\"]([^'\",]+)['\"](?=\s*[,\])])")


def _listed_values(text: str) -> frozenset[str]:
    """The values that an enum in a statement has: `enum('a', 'b')`, `$table->enum('kind', ['a', 'b'])`."""
    found = _ENUM.search(text)
    if found is None:
        return frozenset()
    return frozenset(_VALUE.findall(f"{found[1].partition('[')[2] or found[1]})"))


_SAID = re.compile(r"(?i)(?<![a-z])(longer|widen\w*|wider|larger?|bigger|increase\w*|enlarge\w*|extend\w*)(?![a-z])")
"""In the name of a migration, it says that a column gets more room: nobody makes one smaller under it."""


def _statement_at(lines: list[str], start: int) -> tuple[str, int]:
    """The statement that begins on a line, until its brackets are closed, and the line on which it ends."""
    text, end = "", start
    for end in range(max(0, start), min(start + _MOST_LINES, len(lines))):
        text += f"{lines[end]}\n"
        if text.count("(") <= text.count(")") and not lines[end].rstrip().endswith((",", "(")):
            break
    return text, end


def _about(column: str, lines: Iterable[str]) -> Iterator[str]:
    """The lines that name the column, as a whole word."""
    for line in lines:
        if column in line and column in _WORDS.findall(line):
            yield line


_WORDS = re.compile(r"\w+")


_PLAIN_STRING = {":string": 255}
"""What Ecto makes of a text that says no size: https://hexdocs.pm/ecto_sql/Ecto.Migration.html."""


def _rooms_of_words(text: str) -> Iterator[_Room]:
    if text.isdecimal() or text.strip(" {") in _PLAIN_STRING:
        yield _Room("text", int(text) if text.isdecimal() else _PLAIN_STRING[text.strip(" {")])
    elif (room := _room_of(text)) is not None:
        yield room


def _room_of(text: str) -> _Room | None:
    """What the type in a text holds; None where it says no size."""
    if (found := _STRING.search(text)) is not None:
        return _Room("text", int(found[1] or found[2]))
    if (found := _NUMBER.search(text)) is not None:
        return _Room("number", int(found[1]), int(found[2] or 0))
    return _Room("text", _ANY_SIZE) if _TEXT.search(text) else None


def _holds(now: _Room, before: _Room) -> bool:
    whole = now.size - now.decimals >= before.size - before.decimals
    return now.kind == before.kind and whole and now.decimals >= before.decimals
