"""TOML and XML, by the parsers that Python brings."""

from __future__ import annotations

from typing import Any

from relbot.detect.config_structure.entry import Entry, Path, Unreadable
from relbot.detect.config_structure.lines import read_sections

MOST_CHARACTERS = 400_000
DEEPEST = 100


def read_toml(text: str) -> list[Entry]:
    """The keys of a TOML text, lines as a reader of lines sees them. Raises Unreadable."""
    import tomllib  # only where a TOML file changes

    if len(text) > MOST_CHARACTERS:
        raise Unreadable
    try:
        table = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError, ValueError) as error:
        raise Unreadable from error
    lines = {path[-1]: entry.line for path, entry in read_sections(text).known().items()}
    return [Entry(path, value, kind, lines.get(path[-1].rpartition(".")[2], 1)) for path, value, kind in _flatten_table(table)]


def _flatten_table(table: dict[str, Any]) -> list[tuple[Path, str, str]]:
    found: list[tuple[Path, str, str]] = []
    todo: list[tuple[Path, Any]] = [((), table)]
    while todo:
        path, value = todo.pop()
        if len(path) > DEEPEST:
            raise Unreadable
        if isinstance(value, dict) and (value or not path):
            todo += [((*path, str(key)), below) for key, below in reversed(value.items())]
        elif isinstance(value, list) and any(isinstance(item, dict) for item in value):
            todo += [((*path, "[]"), item) for item in value if isinstance(item, dict)]
        else:
            found.append((path, _write_value(value), _kind_of_value(value)))
    return found


def _write_value(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(map(str, value))
    return str(value).lower() if isinstance(value, bool) else str(value)


def _kind_of_value(value: Any) -> str:
    if isinstance(value, bool):
        return "yes/no"
    if isinstance(value, int | float):
        return "number"
    return "list" if isinstance(value, list) else "section" if isinstance(value, dict) else "text"


def read_xml(text: str) -> list[Entry]:
    """Elements and attributes of an XML text as keys; elements with a `name`, `id` or `key` by that. Raises Unreadable.

    A text that declares entities is refused: expanding them is how small files become large ones.
    """
    from xml.parsers import expat  # only where such a file changes

    if len(text) > MOST_CHARACTERS or "<!ENTITY" in text:
        raise Unreadable
    parser = expat.ParserCreate()
    reader = _XmlReader(parser)
    try:
        parser.Parse(text.encode("utf-8", "replace"), True)
    except (expat.ExpatError, ValueError) as error:
        raise Unreadable from error
    return reader.found


class _XmlReader:
    """Collects entries while expat reads."""

    def __init__(self, parser: Any) -> None:
        self.found: list[Entry] = []
        self._stack: list[str] = []
        self._text: list[str] = []
        self._leaf = False
        self._parser = parser
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._text.append

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        own = next((f"{tag}[{attributes[name]}]" for name in ("name", "id", "key") if name in attributes), tag)
        if len(self._stack) >= DEEPEST:
            raise Unreadable
        self._stack.append(own)
        self._text.clear()
        self._leaf = True
        for name, value in attributes.items():
            if name not in {"name", "id", "key"}:
                self._add((*self._stack, f"@{name}"), value)

    def _end(self, _tag: str) -> None:
        if self._leaf:
            self._add(tuple(self._stack), "".join(self._text).strip())
        self._leaf = False
        self._stack.pop()

    def _add(self, path: Path, value: str) -> None:
        self.found.append(Entry(path[-12:], value, "text", self._parser.CurrentLineNumber))
