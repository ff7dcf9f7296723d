"""Kinds of values: what each accepts, how it is read, what is said when it is something else."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

from relbot.schema import lazy_re as re
from relbot.schema.describe import describe_node, is_ambiguous_scalar, shorten_text
from relbot.schema.faults import did_you_mean, nearest_word
from relbot.schema.hidden_characters import find_hidden_character
from relbot.schema.named_tuples import NamedTuple
from relbot.schema.nodes import MappingNode, Node, ScalarNode, SequenceNode

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from relbot.schema.faults import Faults

INVALID: Any = object()
"""What `read` gives where it reported a fault."""

WHOLE = re.compile(r"0|[1-9][0-9]*")
MOST_DIGITS = 18
"""Of a number: other readers of YAML and JSON keep no more."""


class ValueKind(Protocol):
    """A kind of value."""

    @property
    def allowed(self) -> str:
        """What is allowed, as a noun phrase."""

    def read(self, node: Node, key: str, faults: Faults) -> Any:
        """The value of `key` at `node`, or `INVALID` after reporting why."""

    def json_schema(self) -> dict[str, Any]:
        """The same as JSON Schema (draft 2020-12)."""


def _report_wrong_kind(node: Node, key: str, kind: ValueKind, faults: Faults, example: str) -> Any:
    faults.at(node, "wrong-type", f"`{key}` is {describe_node(node)}.", f"Allowed: {kind.allowed}.", example)
    return INVALID


class Flag(NamedTuple):
    """`true` or `false`, and nothing that merely looks like it."""

    allowed: str = "true or false"

    def read(self, node: Node, key: str, faults: Faults) -> Any:
        if type(node) is ScalarNode and not node.style:
            if node.value in ("true", "false"):
                return node.value == "true"
            if node.value.lower() in ("yes", "no", "on", "off", "y", "n", "true", "false"):
                meant = "true" if node.value.lower() in ("yes", "on", "y", "true") else "false"
                message = f"YAML parsers read `{key}: {node.value}` in different ways."
                faults.at(node, "surprising-value", message, "Allowed: true or false.", faults.line(key, meant))
                return INVALID
        return _report_wrong_kind(node, key, self, faults, faults.line(key, "true"))

    def json_schema(self) -> dict[str, Any]:
        return {"type": "boolean"}


class Text(NamedTuple):
    """A text that is not empty. `check` gives a sentence against a value it does not like, "" otherwise."""

    allowed: str = "a text"
    pattern: str = ""
    check: Callable[[str], str] | None = None
    check_rule: str = "unknown-value"
    multiline: bool = False

    def read(self, node: Node, key: str, faults: Faults) -> Any:
        if type(node) is not ScalarNode or (not node.style and not node.value):
            return _report_wrong_kind(node, key, self, faults, faults.text(key, "…"))
        value: str = node.value
        if is_ambiguous_scalar(node):
            faults.not_read_as_text(node, key, value)
            return INVALID
        if not value.strip():
            return _report_wrong_kind(node, key, self, faults, faults.text(key, "…"))
        if "\n" in value.strip() and not self.multiline:
            faults.at(node, "wrong-type", f"`{key}` has more than one line.", f"Allowed: {self.allowed}, on one line.")
            return INVALID
        if "\0" in value:
            faults.at(node, "unknown-value", f"`{key}` contains a NUL character.", f"Allowed: {self.allowed}.")
            return INVALID
        if self.pattern and not re.fullmatch(self.pattern, value):
            faults.at(node, "unknown-value", f"`{key}` is {describe_node(node)}.", f"Allowed: {self.allowed}.")
            return INVALID
        if self.check and (problem := self.check(value)):
            faults.at(node, self.check_rule, f"`{key}`: {problem}", f"Allowed: {self.allowed}.")
            return INVALID
        if hidden := find_hidden_character(value):
            message = f"`{key}` has a control character (U+{ord(hidden[0]):04X})."
            faults.at(node, "unknown-value", message, "Remove it.")
            return INVALID
        return value

    def json_schema(self) -> dict[str, Any]:
        schema: dict[str, Any] = {"type": "string", "minLength": 1}
        return schema | {"pattern": f"^(?:{self.pattern})$"} if self.pattern else schema


class Choice(NamedTuple):
    """One of some words."""

    words: tuple[str, ...]
    rule: str = "unknown-value"

    @property
    def allowed(self) -> str:
        return ", ".join(self.words)

    def read(self, node: Node, key: str, faults: Faults) -> Any:
        if type(node) is not ScalarNode:
            return _report_wrong_kind(node, key, self, faults, faults.word(key, self.words[0]))
        if node.value in self.words:
            return node.value
        tip = did_you_mean(node.value, self.words)
        likely = nearest_word(node.value, self.words) or self.words[0]
        faults.at(node, self.rule, f"`{key}` is {describe_node(node)}.", tip, faults.word(key, likely))
        return INVALID

    def json_schema(self) -> dict[str, Any]:
        return {"enum": list(self.words)}


class Whole(NamedTuple):
    """A whole number."""

    allowed: str = "a whole number"

    def read(self, node: Node, key: str, faults: Faults) -> Any:
        if type(node) is ScalarNode and not node.style and WHOLE.fullmatch(node.value) and len(node.value) <= MOST_DIGITS:
            return int(node.value)
        return _report_wrong_kind(node, key, self, faults, faults.line(key, "1"))

    def json_schema(self) -> dict[str, Any]:
        return {"type": "integer", "minimum": 0}


class Many(NamedTuple):
    """A list of one kind, as a tuple. A single value stands for a list of one."""

    kind: ValueKind

    @property
    def allowed(self) -> str:
        return f"a list of: {self.kind.allowed}"

    def read(self, node: Node, key: str, faults: Faults) -> Any:
        if type(node) is ScalarNode and not node.style and "," in node.value:
            tip = "A list stands in brackets; a text that has a comma, in quotes."
            message = f"`{key}` is one text with a comma in it: {describe_node(node)}."
            faults.at(node, "wrong-type", message, tip, faults.line(key, f"[{shorten_text(node.value)}]"))
            return INVALID
        if type(node) is not SequenceNode:
            values = [self.kind.read(node, key, faults)]
        else:
            values = [self._read_entry(item, number, key, faults) for number, item in enumerate(node.value, 1)]
        return INVALID if INVALID in values else tuple(values)

    def _read_entry(self, item: Node, number: int, key: str, faults: Faults) -> Any:
        if not isinstance(self.kind, Table) or type(item) is MappingNode:
            return self.kind.read(item, key, faults)
        faults.at(item, "wrong-type", f"Entry {number} of `{key}` is {describe_node(item)}.", f"Allowed: {self.kind.allowed}.")
        return INVALID

    def json_schema(self) -> dict[str, Any]:
        one = self.kind.json_schema()
        return {"anyOf": [{"type": "array", "items": one}, one]}


class Named(NamedTuple):
    """A table whose keys are names and whose values are of one kind, as a dict in the order written."""

    kind: ValueKind
    pattern: str = "[a-z0-9][a-z0-9_.-]*"

    @property
    def allowed(self) -> str:
        return f"a table NAME = {self.kind.allowed}"

    def read(self, node: Node, key: str, faults: Faults) -> Any:
        if type(node) is not MappingNode:
            return _report_wrong_kind(node, key, self, faults, "")
        values: dict[str, Any] = {}
        for name_node, value_node in node.value:
            name = name_node.value
            if not re.fullmatch(self.pattern, name):
                message = f"`{name}` cannot be a name in `{key}`."
                faults.at(name_node, "unknown-key", message, "Allowed: small letters, digits, `-`, `_` and `.`.")
            values[name] = self.kind.read(value_node, f"{key}.{name}", faults)
        return INVALID if INVALID in values.values() else values

    def json_schema(self) -> dict[str, Any]:
        return {"type": "object", "propertyNames": {"pattern": self.pattern}, "additionalProperties": self.kind.json_schema()}


class Key(NamedTuple):
    """A key of a record: its kind, its documentation in one sentence, an example, and what it is if left out."""

    name: str
    kind: ValueKind
    doc: str
    example: str = ""
    default: Any = None
    required: bool = False


def _as_dict(values: dict[str, Any], node: Node) -> Any:
    return values


def _no_fault(values: dict[str, Any], node: MappingNode, faults: Faults) -> None:
    return None


class Table(NamedTuple):
    """A table with known keys.

    `judge` reports what the values say together; it may meet `INVALID` among them. `build` makes the result of them
    where nothing was wrong, by default the dict of all keys.
    """

    keys: tuple[Key, ...]
    build: Callable[[dict[str, Any], Node], Any] = _as_dict
    judge: Callable[[dict[str, Any], MappingNode, Faults], None] = _no_fault
    allowed: str = "a table of keys"

    def read(self, node: Node, key: str, faults: Faults) -> Any:
        if type(node) is not MappingNode:
            return _report_wrong_kind(node, key, self, faults, "")
        before = len(faults.findings)
        values = read_keys(node, {known.name: known for known in self.keys}, faults, key)
        self.judge(values, node, faults)
        return INVALID if len(faults.findings) > before else self.build(values, node)

    def json_schema(self) -> dict[str, Any]:
        return record_schema(self.keys)


class LateTable(NamedTuple):
    """A table that few files have, whose keys take long to load: `load` gives it when a file has it."""

    load: Callable[[], Table]
    allowed: str = "a table of keys"

    def read(self, node: Node, key: str, faults: Faults) -> Any:
        return self.load().read(node, key, faults)

    def json_schema(self) -> dict[str, Any]:
        return self.load().json_schema()


def read_keys(node: MappingNode, keys: Mapping[str, Key], faults: Faults, within: str = "") -> dict[str, Any]:
    """The values of a mapping: those written, `INVALID` where faulty or missing, defaults for the rest.

    Reports keys that are unknown, written twice, or missing though required.
    """
    values: dict[str, Any] = {}
    for key_node, value_node in node.value:
        name = key_node.value if type(key_node) is ScalarNode else ""
        key = keys.get(name)
        if key is None:
            message = f"{describe_node(key_node)} is not a key" + (f" of `{within}`." if within else ".")
            faults.at(key_node, "unknown-key", message[0].upper() + message[1:], did_you_mean(str(name), keys))
        elif name in values:
            faults.at(key_node, "duplicate-key", f"`{name}` is written twice.", "Keep one of the two.")
            values[name] = INVALID
        else:
            values[name] = key.kind.read(value_node, name, faults)
    for name, key in keys.items():
        if name not in values:
            values[name] = key.default if not key.required else _report_missing(key, node, faults, within)
    return values


def _report_missing(key: Key, node: MappingNode, faults: Faults, within: str) -> Any:
    message = f"`{key.name}` is missing" + (f" in `{within}`." if within else ".")
    faults.at(node, "missing-key", message, f"Allowed: {key.kind.allowed}.", key.example)
    return INVALID


def record_schema(keys: tuple[Key, ...]) -> dict[str, Any]:
    """The JSON Schema of a record with these keys."""
    properties = {}
    for key in keys:
        schema = key.kind.json_schema() | {"description": key.doc}
        if isinstance(key.default, str | bool | int):
            schema["default"] = key.default
        properties[key.name] = schema
    required = [key.name for key in keys if key.required]
    schema = {"type": "object", "additionalProperties": False, "properties": properties}
    return schema | {"required": required} if required else schema
