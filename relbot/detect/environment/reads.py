"""What a file reads: each name with its default, whether it must be set, and what gets its value."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from relbot.detect.engine.expressions import (
    CALLS,
    FileConstants,
    arguments_of,
    assigned_name,
    callee_of,
    literal_value,
    unwrap_node,
    walk_tree,
)
from relbot.detect.engine.syntax import line_of, text_of
from relbot.detect.engine.texts import text_value
from relbot.detect.environment.accepted import read_accepted
from relbot.detect.environment.defaults_beside import find_default_beside
from relbot.detect.environment.guards import FATAL, find_guarded_names
from relbot.detect.environment.lookup import KEY, PREFIX, Lookup
from relbot.detect.environment.lookups import find_lookups
from relbot.detect.environment.read_context import ReadContext
from relbot.schema import lazy_re as re
from relbot.schema.named_tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tree_sitter import Node

    from relbot.detect.engine.tree import SyntaxTree


class Read(NamedTuple):
    """One read of a name. `default` is a literal, or source where it is computed; None without one.

    `target` names what gets the value, from the outside in: function, setting, key. `scope` is the function or the
    statement around it: there a second read of another name can stand in for this one.
    """

    kind: str
    name: str
    line: int
    default: str | None
    required: bool
    target: tuple[str, ...]
    scope: tuple[str, ...]
    path: str = ""
    rules: tuple[str, ...] = ()
    accepted: frozenset[str] = frozenset()
    """The values that switch something on, where it is a switch."""


def know_no_literal(_target: tuple[str, ...]) -> str | None:
    """What a file tells whose targets have no literals."""
    return None


class FileReads(NamedTuple):
    """The reads of a file, and what tells the literal that a target has, None without one."""

    reads: tuple[Read, ...]
    literal_of: Callable[[tuple[str, ...]], str | None] = know_no_literal


NO_READS = FileReads(())


class _Way(NamedTuple):
    """What stands between a lookup and what gets its value."""

    default: Node | None
    required: bool
    top: Node


_FALLBACKS = frozenset(("||", "??", "or", "?:", "//", "|>"))
_BINARY = frozenset(
    "binary_expression boolean_operator binary binary_operator elvis_expression or_expression infix_expression".split()
)
_TERNARY = frozenset("ternary_expression conditional_expression conditional".split())
_DEFAULTING = re.compile(r"\.(unwrap_or|unwrap_or_else|or_else|getOrElse|orElse|orElseGet|ifEmpty|unwrap_or_default|presence)$")
_ELSE = (
    "requireNonNullElse",
    "requireNonNullElseGet",
    "cmp.Or",
    "firstNonNull",
    "defaultIfBlank",
    "defaultIfEmpty",
    "defaultString",
)
"""Calls that get a value, and what counts without it."""
_FAILING = re.compile(
    r"\.(expect|unwrap|orElseThrow|GetOrThrow)$|^(must|require|requireNonNull|Objects\.requireNonNull|checkNotNull|assert|invariant)\w*$",
    re.I,
)


_ASKED_FIRST = re.compile(rb"[\"'](\w{1,80})[\"'] (?:not )?in os\.environ")
"""What Python asks before it reads a variable."""


def read_file(tree: SyntaxTree, language: str, path: str) -> FileReads:
    """All that a parsed file reads, with a look at its literals for who asks."""
    constants, context = FileConstants(tree), ReadContext(tree)
    lookups = [(lookup, _follow(lookup, context)) for lookup in find_lookups(tree, language)]
    names = [context.names_around(way.top) for _, way in lookups]
    holders: dict[str, set[str]] = {}
    for (lookup, _), around in zip(lookups, names, strict=True):
        if around.target:
            holders.setdefault(around.target[-1].split(".")[-1], set()).add(lookup.name)
    asked = {found[1].decode() for found in _ASKED_FIRST.finditer(tree.source)} if b"in os.environ" in tree.source else ()
    guarded = find_guarded_names(tree, frozenset(lookup.name for lookup, _ in lookups), holders)
    reads = tuple(
        Read(
            lookup.kind,
            lookup.name,
            line_of(lookup.node),
            _default_of(lookup, way, context, constants),
            (way.required and way.default is None and lookup.name not in asked) or lookup.name in guarded,
            around.target,
            around.scope,
            path,
            lookup.rules,
            read_accepted(lookup.node, tree),
        )
        for (lookup, way), around in zip(lookups, names, strict=True)
    )
    reads += tuple(_inner_placeholders(reads, lookups))
    return FileReads(reads, _Literals(context, constants).get)


class _Literals:
    """The targets of a parsed file that have a literal for a value, looked for when one is asked for."""

    def __init__(self, context: ReadContext, constants: FileConstants) -> None:
        self._context = context
        self._constants = constants

    @cached_property
    def _known(self) -> dict[tuple[str, ...], str]:
        found: dict[tuple[str, ...], str] = {}
        for node in self._context.tree.nodes:
            text = self._value_of(node)
            if text is not None:
                found[self._context.names_around(node).target] = text
        return found

    def _value_of(self, node: Node) -> str | None:
        if not assigned_name(node) or not node.named_children:
            return None
        value = unwrap_node(node.named_children[-1])
        if value.type in ("list", "array") and value.named_child_count == 1:
            value = value.named_children[0]
        text = literal_value(value)
        if text is None and value.type in CALLS and len(given := arguments_of(value).positional) == 1:
            text = literal_value(given[0])
        return self._constants.get(text_of(value)) if text is None else text

    def get(self, target: tuple[str, ...]) -> str | None:
        """The literal that a target has for a value, None for any other."""
        return self._known.get(target)


def _inner_placeholders(reads: tuple[Read, ...], lookups: list[tuple[Lookup, _Way]]) -> Iterator[Read]:
    """Keys that stand in the default of Spring's `@Value("${new:${old:x}}")`: they are read where the first one is not set."""
    for read, (lookup, _) in zip(reads, lookups, strict=True):
        if lookup.kind == KEY and "${" in (text := text_of(lookup.node)):
            for name, default in re.findall(r"\$\{([\w.-]+)(?::([^{}$]*))?", text):
                if name != read.name:
                    yield read._replace(name=name, required=False, default=default or None)


def _default_of(lookup: Lookup, way: _Way, context: ReadContext, constants: FileConstants) -> str | None:
    """What counts where a name is not set: said where it is asked for, or given back by the function that asks."""
    if way.default is not None:
        return _default_text(way.default, constants)
    if lookup.text is not None or way.required or lookup.kind == PREFIX:
        return lookup.text
    return find_default_beside(lookup.node, way.top, context.tree, constants)


def _default_text(node: Node | None, constants: FileConstants) -> str | None:
    if node is None:
        return None
    node = unwrap_node(node)
    text = literal_value(node)
    if text is not None:
        return text
    made = node.named_children[-1] if "closure" in node.type and node.named_children else node
    if made.type in CALLS and (text := text_value(made, constants.get)) is not None:
        return text
    if node.type in CALLS or "closure" in node.type or node.type in _BINARY:  # `"x".into()`, `|_| "x".into()`
        inside = [literal_value(each) for each in walk_tree(node) if literal_value(each) is not None]
        if len(inside) == 1 and inside[0] is not None:
            return inside[0]
    source = text_of(node)
    text = constants.get(source)
    return text if text is not None else re.sub(r"\s+", " ", source)


def _follow(lookup: Lookup, context: ReadContext) -> _Way:
    """Climbs from a lookup through conversions and fallbacks to what gets its value."""
    default, required, node = lookup.default, lookup.required, lookup.node
    if assigned_name(node):
        return _Way(default, required, node)
    for parent in context.tree.ancestors_of(node):
        kind = parent.type
        if kind in _BINARY:
            default, required = _through_fallback(parent, node, default, required)
        elif kind in _TERNARY:
            last = parent.child_by_field_name("alternative") or parent.named_children[-1]
            if last != node and literal_value(last) is not None:
                default, required = default or last, False
            elif last != node and FATAL.search(text_of(last) + " "):
                required = True
        elif kind in CALLS:
            default, required = _through_call(parent, node, default, required)
        elif kind == "non_null_expression" or (kind == "unary_expression" and text_of(parent).endswith("!!")):
            required = True
        elif context.gets_value(parent):
            break
        node = parent
    return _Way(default, required, node)


def _through_fallback(
    operation: Node,
    node: Node,
    default: Node | None,
    required: bool,  # noqa: FBT001  # the state of the climb
) -> tuple[Node | None, bool]:
    """What `X || default` makes of a lookup on its left: it has a default, or the program ends without it."""
    inside = operation.named_children
    left = operation.child_by_field_name("left") or (inside[0] if inside else None)
    right = operation.child_by_field_name("right") or (inside[-1] if inside else None)
    if left != node or right is None or _operator(operation) not in _FALLBACKS:
        return default, required
    return (default, True) if FATAL.search(text_of(right) + " ") else (default or right, False)


def _through_call(call: Node, node: Node, default: Node | None, required: bool) -> tuple[Node | None, bool]:  # noqa: FBT001  # a state
    callee = callee_of(call)
    if callee.endswith(_ELSE):
        given = arguments_of(call).positional
        return (default or (given[1] if len(given) > 1 else None)), False
    if callee.startswith(text_of(node)[:200].replace(" ", "")) or node.type in (
        "field_expression",
        "member_expression",
        "navigation_expression",
    ):
        given = arguments_of(call).positional
        if _DEFAULTING.search(callee):
            return (default or (given[0] if given else None)), False
        if _FAILING.search(callee):
            return default, default is None
    elif _FAILING.search(callee):
        return default, default is None
    return default, required


def _operator(node: Node) -> str:
    operator = node.child_by_field_name("operator")
    if operator is not None:
        return text_of(operator)
    return next((text_of(child) for child in node.children if not child.is_named), "")
