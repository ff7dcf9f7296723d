"""What a file reads: each name with its default, whether it must be set, and what gets its value."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from relbot.detect.engine import lazy_re as re
from relbot.detect.engine.expressions import (
    CALLS,
    arguments_of,
    assigned_name,
    callee_of,
    constants_of,
    literal_value,
    unwrap_node,
    walk_tree,
)
from relbot.detect.engine.syntax import line_of, text_of
from relbot.detect.environment.guards import FATAL, find_guarded_names
from relbot.detect.environment.lookups import KEY, Lookup, find_lookups

if TYPE_CHECKING:
    from collections.abc import Iterator

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


class FileReads(NamedTuple):
    """The reads of a file, and the literals that its targets have."""

    reads: tuple[Read, ...]
    literals: dict[tuple[str, ...], str]


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
_FUNCTIONS = frozenset(
    "function_definition method function_declaration method_declaration function_item function_expression arrow_function"
    " method_definition singleton_method property_declaration lambda func_literal".split()
)
_OWNERS = frozenset(
    "class_declaration class_definition class struct_item module impl_item object_declaration call_expression".split()
)
_CONSTANT = re.compile(r"[\w.:$@]+")
_DEFAULTING = re.compile(r"\.(unwrap_or|unwrap_or_else|or_else|getOrElse|orElse|orElseGet|ifEmpty|unwrap_or_default|presence)$")
_FAILING = re.compile(
    r"\.(expect|unwrap|orElseThrow|GetOrThrow)$|^(must|require|requireNonNull|Objects\.requireNonNull|checkNotNull|assert|invariant)\w*$",
    re.I,
)


def read_file(tree: SyntaxTree, language: str, path: str) -> FileReads:
    """All that a parsed file reads, without its literals."""
    constants = _Constants(tree)
    lookups = [(lookup, _follow(lookup, tree)) for lookup in find_lookups(tree, language)]
    names = [_names_around(way.top, tree) for _, way in lookups]
    holders: dict[str, set[str]] = {}
    for (lookup, _), around in zip(lookups, names, strict=True):
        if around.target:
            holders.setdefault(around.target[-1].split(".")[-1], set()).add(lookup.name)
    guarded = find_guarded_names(tree, frozenset(lookup.name for lookup, _ in lookups), holders)
    reads = tuple(
        Read(
            lookup.kind,
            lookup.name,
            line_of(lookup.node),
            lookup.text if way.default is None else _default_text(way.default, constants),
            (way.required and way.default is None) or lookup.name in guarded,
            around.target,
            around.scope,
            path,
        )
        for (lookup, way), around in zip(lookups, names, strict=True)
    )
    reads += tuple(_inner_placeholders(reads, lookups))
    return FileReads(reads, {})


def read_literals(tree: SyntaxTree) -> dict[tuple[str, ...], str]:
    """The targets of a parsed file that have a literal for a value, each with it."""
    constants = _Constants(tree)
    found: dict[tuple[str, ...], str] = {}
    for node in tree.nodes:
        if not assigned_name(node) or not node.named_children:
            continue
        value = unwrap_node(node.named_children[-1])
        text = literal_value(value)
        if text is None and value.type in CALLS and len(given := arguments_of(value).positional) == 1:
            text = literal_value(given[0])
        if text is None:
            text = constants.get(text_of(value))
        if text is not None:
            found[_names_around(node, tree).target] = text
    return found


class _Constants:
    """The literals that names of a file stand for, looked for when a name is asked for."""

    def __init__(self, tree: SyntaxTree) -> None:
        self._tree = tree

    @cached_property
    def _known(self) -> dict[str, str]:
        return constants_of(self._tree.nodes)

    def get(self, name: str) -> str | None:
        """The literal that stands for the name, None if it is no constant."""
        return self._known.get(name) if _CONSTANT.fullmatch(name) else None


def _inner_placeholders(reads: tuple[Read, ...], lookups: list[tuple[Lookup, _Way]]) -> Iterator[Read]:
    """Keys that stand in the default of Spring's `@Value("${new:${old:x}}")`: they are read where the first one is not set."""
    for read, (lookup, _) in zip(reads, lookups, strict=True):
        if lookup.kind == KEY and "${" in (text := text_of(lookup.node)):
            for name, default in re.findall(r"\$\{([\w.-]+)(?::([^{}$]*))?", text):
                if name != read.name:
                    yield read._replace(name=name, required=False, default=default or None)


def _default_text(node: Node | None, constants: _Constants) -> str | None:
    if node is None:
        return None
    node = unwrap_node(node)
    text = literal_value(node)
    if text is not None:
        return text
    if node.type in CALLS or "closure" in node.type or node.type in _BINARY:  # `"x".into()`, `|_| "x".into()`
        inside = [literal_value(each) for each in walk_tree(node) if literal_value(each) is not None]
        if len(inside) == 1 and inside[0] is not None:
            return inside[0]
    source = text_of(node)
    text = constants.get(source)
    return text if text is not None else re.sub(r"\s+", " ", source)


def _follow(lookup: Lookup, tree: SyntaxTree) -> _Way:
    """Climbs from a lookup through conversions and fallbacks to what gets its value."""
    default, required, node = lookup.default, lookup.required, lookup.node
    if assigned_name(node):
        return _Way(default, required, node)
    for parent in tree.ancestors_of(node):
        kind = parent.type
        if kind in _BINARY:
            default, required = _through_fallback(parent, node, default, required)
        elif kind in _TERNARY:
            last = parent.child_by_field_name("alternative") or parent.named_children[-1]
            if last != node and literal_value(last) is not None:
                default, required = default or last, False
        elif kind in CALLS:
            default, required = _through_call(parent, node, default, required)
        elif kind == "non_null_expression" or (kind == "unary_expression" and text_of(parent).endswith("!!")):
            required = True
        elif _gets_value(parent):
            break
        node = parent
    return _Way(default, required, node)


def _gets_value(node: Node) -> bool:
    kind = node.type
    return bool(_target_name(node)) or kind in _FUNCTIONS or kind.endswith(("_statement", "block", "program", "body"))


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


def _target_name(node: Node) -> str:
    """What a node gives its value to; a default that is handed over goes where the call's value goes."""
    name = assigned_name(node)
    return (
        ""
        if name in ("default", "fallback", "defaultValue") and node.type in ("keyword_argument", "element_value_pair")
        else name
    )


def _operator(node: Node) -> str:
    operator = node.child_by_field_name("operator")
    if operator is not None:
        return text_of(operator)
    return next((text_of(child) for child in node.children if not child.is_named), "")


class _NamesAround(NamedTuple):
    """The names around a node, from the outside in; and the function around it, else the same names."""

    target: tuple[str, ...]
    scope: tuple[str, ...]


def _names_around(node: Node, tree: SyntaxTree) -> _NamesAround:
    names: list[str] = []
    function = ""
    for at in (node, *tree.ancestors_of(node)):
        kind = at.type
        name = _target_name(at)
        if kind in _FUNCTIONS or (not name and kind in _OWNERS):
            own = text_of(at.child_by_field_name("name"))
            name = name or own
            function = function or (own if kind in _FUNCTIONS else "")
        elif not name and kind in _ANNOTATED:
            name = _annotated_name(at)
        if name and (not names or names[-1] != name):
            names.append(name)
    target = tuple(reversed(names))
    return _NamesAround(target, ("function", function) if function else target)


_ANNOTATED = frozenset(("field_declaration", "formal_parameter", "class_parameter", "property_declaration", "method_declaration"))


def _annotated_name(node: Node) -> str:
    """The name of a field or a parameter, to which its annotations belong."""
    inner = node.child_by_field_name("declarator") or node
    return text_of(inner.child_by_field_name("name"))
