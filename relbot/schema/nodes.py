"""Text to nodes that know where they stand. Both YAML front matter and TOML configuration come out as YAML nodes.

Nothing is constructed: a scalar stays the text that was written, so `no`, `1.10` and `0777` cannot turn into
something else unseen (YAML 1.1, https://yaml.org/type/), and no tag can name a Python object.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from yaml import YAMLError
from yaml.composer import Composer
from yaml.error import Mark, MarkedYAMLError
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode
from yaml.parser import Parser
from yaml.reader import Reader, ReaderError
from yaml.scanner import Scanner

try:
    from yaml.cyaml import CParser  # type: ignore[attr-defined]  # the stubs do not export it
except ImportError:  # PyYAML built without libyaml: slower, same nodes
    CParser = None  # type: ignore[misc, assignment]  # a missing class

if TYPE_CHECKING:
    from relbot.schema.faults import Faults

__all__ = [
    "LONGEST",
    "MOST_BRACKETS",
    "MappingNode",
    "Node",
    "NodeLoader",
    "ScalarNode",
    "SequenceNode",
    "parse_toml",
    "parse_yaml",
    "value_at",
]

LONGEST = 16_000
"""Characters of front matter: with fewer, not even one bracket a character overflows libyaml's stack."""
MOST_BRACKETS = 1_000
"""Opening brackets of front matter: libyaml takes quadratic time to open them inside each other."""


_HIDDEN = re.compile(r"\[(?:[^\]\n#]*[\s,])?#([^\s,\]]+)[^\]\n]*\]")
"""A list that somebody closed behind a `#`."""


class _Unresolved:
    """Leaves tags as they were written: "" unless somebody wrote one."""

    def resolve(self, kind: type[Node], value: str | None, implicit: Any) -> str:
        return ""

    def descend_resolver(self, parent: Node | None, index: object) -> None: ...

    def ascend_resolver(self) -> None: ...


if CParser is not None:

    class NodeLoader(_Unresolved, CParser):
        """Composes nodes with libyaml. Takes the place of a PyYAML loader class."""

        def get_single_data(self) -> Node | None:
            node: Node | None = self.get_single_node()
            return node

        def dispose(self) -> None: ...

else:

    class NodeLoader(_Unresolved, Reader, Scanner, Parser, Composer):  # type: ignore[no-redef]  # the other branch
        """Composes nodes in Python. Takes the place of a PyYAML loader class."""

        def __init__(self, stream: str) -> None:
            Reader.__init__(self, stream)
            Scanner.__init__(self)
            Parser.__init__(self)
            Composer.__init__(self)

        def get_single_data(self) -> Node | None:
            node: Node | None = self.get_single_node()
            return node

        def dispose(self) -> None: ...


def _too_much(text: str) -> str:
    """Why `text` is more than any fragment needs, judged before libyaml recurses into it; "" if it is not."""
    if len(text) > LONGEST:
        return f"it has {len(text)} characters, and {LONGEST} are the most"
    brackets = text.count("[") + text.count("{")
    return f"it has {brackets} brackets, and {MOST_BRACKETS} are the most" if brackets > MOST_BRACKETS else ""


def parse_yaml(text: str, faults: Faults, loader: Any) -> Node | None:
    """The root node of a YAML document, None if it is empty or broken. `loader` is called as `loader(text)`.

    A syntax error becomes one fault `yaml-syntax`.
    """
    if excess := _too_much(text):
        faults.on_line(faults.first_line, "yaml-syntax", f"relbot does not read this: {excess}.")
        return None
    try:
        node: Node | None = loader(text)
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = faults.first_line + (mark.line if mark else 0)
        problem = ", ".join(part for part in (error.context, error.problem) if part)
        if hidden := _HIDDEN.search(text):
            line = faults.first_line + text.count("\n", 0, hidden.start())
            tip = f"`#` begins a comment in YAML. Write `{hidden[1]}` alone, or put it into quotes."
            column = hidden.start() - text.rfind("\n", 0, hidden.start())
            message = "A comment hides the end of this list."
            faults.on_line(line, "yaml-syntax", message, tip, f"[{hidden[1]}]", column=column)
            return None
        tip, column = _yaml_tip(text, mark), mark.column + 1 if mark else 1
        faults.on_line(line, "yaml-syntax", f"This is not YAML: {problem}.", tip, 'type: "fixed"', column=column)
        return None
    except ReaderError as error:
        line = faults.first_line + text.count("\n", 0, error.position)
        code = error.character if isinstance(error.character, int) else ord(error.character)
        column = error.position - text.rfind("\n", 0, error.position)
        faults.on_line(line, "yaml-syntax", f"The character U+{code:04X} is not allowed in YAML.", "Remove it.", column=column)
        return None
    except (YAMLError, RecursionError) as error:
        faults.on_line(faults.first_line, "yaml-syntax", f"This is not YAML: {error}.")
        return None
    return node


def _yaml_tip(text: str, mark: Mark | None) -> str:
    lines = text.splitlines()
    line = lines[mark.line] if mark and mark.line < len(lines) else ""
    if "\t" in line[: len(line) - len(line.lstrip())]:
        return "Indent with spaces: YAML does not allow tabs there."
    if re.search(r":\s+[^'\"\[{|>].*(: |[`@%])", line) or re.search(r":\s+[`@%&*!]", line):
        return "Put a text with `: `, `@`, `%`, `*`, `&`, `!` or a backtick into quotes, or below a `|`."
    return "One `key: value` a line; put a text with special characters into quotes."


def parse_toml(text: str, faults: Faults) -> MappingNode | None:
    """The root table of a TOML document as nodes, None if it is broken (one fault `toml-syntax`)."""
    import tomllib  # only a configuration file is worth its import

    try:
        table = tomllib.loads(text)
    except RecursionError:
        faults.on_line(1, "toml-syntax", _TOO_DEEP)
        return None
    except tomllib.TOMLDecodeError as error:
        at = re.search(r"\(at line (\d+), column \d+\)", str(error))
        line = int(at.group(1)) if at else max(text.count("\n"), 1)
        message = f"This is not TOML: {str(error).split(' (at ')[0]}."
        faults.on_line(line, "toml-syntax", message, 'Texts stand in quotes: changelog = "NEWS.md".')
        return None
    except ValueError:  # Python reads no number of more than 4,300 digits
        long = (number for number, line in enumerate(text.splitlines(), 1) if re.search("[0-9_]{4000}", line))
        message = "This number has too many digits to be read."
        faults.on_line(next(long, 1), "toml-syntax", message, "Numbers have at most 18 digits.")
        return None
    try:
        return table_node(table, _Lines(text), ())
    except RecursionError:  # a key of thousands of parts is as many tables in each other
        faults.on_line(1, "toml-syntax", _TOO_DEEP)
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

    def mark(self, path: tuple[str, ...]) -> Mark | None:
        while path and path not in self.of:
            path = path[:-1]
        return Mark("", 0, self.of[path], 0, None, 0) if path in self.of else None


def _table_header(line: str) -> str:
    """What stands between the brackets of the header of a table, "" if a line is none."""
    inner, end, rest = line.strip().removeprefix("[").partition("]")
    if not line.lstrip().startswith("[") or not end or rest.removeprefix("]").strip()[:1] not in ("", "#"):
        return ""
    return inner.removeprefix("[").strip()


def table_node(table: dict[str, Any], lines: _Lines, path: tuple[str, ...]) -> MappingNode:
    """A table of a TOML document, at `path` in it, as a node."""
    pairs = []
    for key, value in table.items():
        mark = lines.mark((*path, key))
        pairs.append((ScalarNode("", key, mark, mark, '"'), _value_node(value, lines, (*path, key))))
    mark = lines.mark(path)
    return MappingNode("", pairs, mark, mark)


def _value_node(value: Any, lines: _Lines, path: tuple[str, ...]) -> Node:
    mark = lines.mark(path)
    match value:
        case dict():
            return table_node(value, lines, path)
        case list():
            return SequenceNode("", [_value_node(item, lines, path) for item in value], mark, mark)
        case bool():
            return ScalarNode("", str(value).lower(), mark, mark, None)
        case str():
            return ScalarNode("", value, mark, mark, '"')
        case _:
            return ScalarNode("", str(value), mark, mark, None)


def value_at(node: Node, *path: str) -> Node:
    """The value at a path of keys below a node; as near to it as there is one."""
    for name in path:
        pairs = node.value if isinstance(node, MappingNode) else ()
        node = next((value for key, value in pairs if key.value == name), node)
    return node
