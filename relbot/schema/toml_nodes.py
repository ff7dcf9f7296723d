"""The text of a TOML document to nodes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from relbot.schema import lazy_re as re
from relbot.schema.nodes import TOML_NUMBER, MappingNode, Node, Position, ScalarNode, SequenceNode

if TYPE_CHECKING:
    from relbot.schema.faults import Faults


def parse_toml(text: str, faults: Faults) -> MappingNode | None:
    """The root table of a TOML document as nodes, None if it is broken (one fault `toml-syntax`)."""
    import tomllib  # only a configuration file is worth its import

    try:
        return table_node(tomllib.loads(text), _Lines(text), ())
    except RecursionError:  # also for a key of thousands of parts, which is as many tables in each other
        faults.on_line(1, "toml-syntax", _TOO_DEEP)
    except tomllib.TOMLDecodeError as error:
        at = re.search(r"\(at line (\d+), column \d+\)", str(error))
        line = int(at.group(1)) if at else max(text.count("\n"), 1)
        message = f"This is not TOML: {str(error).split(' (at ')[0]}."
        faults.on_line(line, "toml-syntax", message, 'Texts stand in quotes: changelog = "NEWS.md".')
    except ValueError:  # Python reads no number of more than 4,300 digits, and writes none
        long = (number for number, line in enumerate(text.splitlines(), 1) if re.search("[0-9A-Fa-f_]{3000}", line))
        message = "This number has too many digits to be read."
        faults.on_line(next(long, 1), "toml-syntax", message, "Numbers have at most 18 digits.")
    return None


_TOO_DEEP = "Values nest too deep to be read."


class _Lines:
    """Finds the line on which a key of a TOML document was most likely written: tomllib does not tell."""

    _KEY = re.compile(r"^\s*((?:[\w-]+|\"[^\"]*\"|'[^']*')(?:\s*\.\s*(?:[\w-]+|\"[^\"]*\"|'[^']*'))*)\s*=")

    def __init__(self, text: str) -> None:
        self.of: dict[tuple[str, ...], int] = {}
        table: tuple[str, ...] = ()
        for number, line in enumerate(text.splitlines()):
            if header := _table_header(line):
                table = self._split(header)
                self.of.setdefault(table, number)
            elif key := self._KEY.match(line):
                self.of.setdefault(table + self._split(key.group(1)), number)

    @staticmethod
    def _split(dotted: str) -> tuple[str, ...]:
        return tuple(part.strip().strip("\"'") for part in re.findall(r"\"[^\"]*\"|'[^']*'|[^.\s]+", dotted))

    def mark(self, path: tuple[str, ...]) -> Position | None:
        while path and path not in self.of:
            path = path[:-1]
        return Position(self.of[path], 0) if path in self.of else None


def _table_header(line: str) -> str:
    """What stands between the brackets of the header of a table, "" if a line is none."""
    inner, end, rest = line.strip().removeprefix("[").partition("]")
    if not line.lstrip().startswith("[") or not end or rest.removeprefix("]").strip()[:1] not in ("", "#"):
        return ""
    return inner.removeprefix("[").strip()


def table_node(table: dict[str, Any], lines: _Lines, path: tuple[str, ...]) -> MappingNode:
    """A table of a TOML document, at `path` in it, as a node."""
    pairs: list[tuple[Node, Node]] = []
    for key, value in table.items():
        mark = lines.mark((*path, key))
        pairs.append((ScalarNode(key, mark, '"'), _value_node(value, lines, (*path, key))))
    mark = lines.mark(path)
    return MappingNode(pairs, mark)


def _value_node(value: Any, lines: _Lines, path: tuple[str, ...]) -> Node:
    mark = lines.mark(path)
    match value:
        case dict():
            return table_node(value, lines, path)
        case list():
            return SequenceNode([_value_node(item, lines, path) for item in value], mark)
        case bool():
            return ScalarNode(str(value).lower(), mark)
        case str():
            return ScalarNode(value, mark, '"')
        case _:
            return ScalarNode(str(value), mark, tag=TOML_NUMBER)
