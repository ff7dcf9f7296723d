"""What a file reads: each name with its default, whether it must be set, and what gets its value."""

from __future__ import annotations

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
from relbot.detect.environment.lookups import KEY, Lookup, find_lookup

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node


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
_DEFAULTING = re.compile(r"\.(unwrap_or|unwrap_or_else|or_else|getOrElse|orElse|orElseGet|ifEmpty|unwrap_or_default|presence)$")
_FAILING = re.compile(
    r"\.(expect|unwrap|orElseThrow|GetOrThrow)$|^(must|require|requireNonNull|Objects\.requireNonNull|checkNotNull|assert|invariant)\w*$",
    re.I,
)
FATAL = re.compile(
    r"\b(raise|throw|panic|abort|exit|die|error|bail!|fail)\b\W|\b(log\.Fatal|os\.Exit|sys\.exit|process\.exit|System\.exit|Environment\.Exit)"
    r"|log\.Fatal|\bfatal",
    re.I,
)


def read_file(root: Node, language: str, path: str) -> FileReads:
    """All that a parsed file reads."""
    constants = constants_of(root)
    lookups = [(lookup, _follow(lookup)) for node in walk_tree(root) if (lookup := find_lookup(node, language)) is not None]
    guarded = _guarded_names(root, [lookup for lookup, _ in lookups])
    reads = tuple(
        Read(
            lookup.kind,
            lookup.name,
            line_of(lookup.node),
            lookup.text if way.default is None else _default_text(way.default, constants),
            (way.required and way.default is None) or lookup.name in guarded,
            _target_of(way.top),
            _scope_of(way.top),
            path,
        )
        for lookup, way in lookups
    )
    reads += tuple(_inner_placeholders(reads, lookups))
    return FileReads(reads, dict(_literals(root, constants)))


def _inner_placeholders(reads: tuple[Read, ...], lookups: list[tuple[Lookup, _Way]]) -> Iterator[Read]:
    """Keys that stand in the default of Spring's `@Value("${new:${old:x}}")`: they are read where the first one is not set."""
    for read, (lookup, _) in zip(reads, lookups, strict=True):
        if lookup.kind == KEY and "${" in (text := text_of(lookup.node)):
            for name, default in re.findall(r"\$\{([\w.-]+)(?::([^{}$]*))?", text):
                if name != read.name:
                    yield read._replace(name=name, required=False, default=default or None)


def _default_text(node: Node | None, constants: dict[str, str]) -> str | None:
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
    return constants.get(source, re.sub(r"\s+", " ", source))


def _follow(lookup: Lookup) -> _Way:
    """Climbs from a lookup through conversions and fallbacks to what gets its value."""
    default, required, node = lookup.default, lookup.required, lookup.node
    if assigned_name(node):
        return _Way(default, required, node)
    while (parent := node.parent) is not None:
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


def _target_of(node: Node) -> tuple[str, ...]:
    """The names around a node, from the outside in."""
    names: list[str] = []
    at: Node | None = node
    while at is not None:
        name = _target_name(at)
        if not name and at.type in _FUNCTIONS | _OWNERS:
            name = text_of(at.child_by_field_name("name"))
        elif not name and at.type in _ANNOTATED:
            name = _annotated_name(at)
        if name and (not names or names[-1] != name):
            names.append(name)
        at = at.parent
    return tuple(reversed(names))


_ANNOTATED = frozenset(("field_declaration", "formal_parameter", "class_parameter", "property_declaration", "method_declaration"))


def _annotated_name(node: Node) -> str:
    """The name of a field or a parameter, to which its annotations belong."""
    inner = node.child_by_field_name("declarator") or node
    return text_of(inner.child_by_field_name("name"))


def _scope_of(node: Node) -> tuple[str, ...]:
    """The function around a node, else what gets its value."""
    at: Node | None = node
    while at is not None:
        if at.type in _FUNCTIONS and (name := text_of(at.child_by_field_name("name"))):
            return ("function", name)
        at = at.parent
    return _target_of(node)


def _guarded_names(root: Node, lookups: list[Lookup]) -> set[str]:
    """The names without which the program stops: an `if` asks for one of them, or for the variable that got it, and ends."""
    if not lookups or not FATAL.search(text_of(root)):
        return set()
    holders: dict[str, str] = {}
    for lookup in lookups:
        target = _target_of(_follow(lookup).top)
        if target:
            holders[target[-1].split(".")[-1]] = lookup.name
    names = {lookup.name for lookup in lookups}
    found: set[str] = set()
    for node in walk_tree(root):
        asked = _condition_that_stops(node)
        if asked:
            found |= {name for name in names if re.search(rf"(?<!\w){re.escape(name)}(?!\w)", asked)}
            words = set(re.findall(r"\w+", asked)) if _is_emptiness(asked) else set()
            found |= {name for holder, name in holders.items() if holder in words}
    return found


def _condition_that_stops(node: Node) -> str:
    """What a branch asks before the program ends, "" for all other nodes."""
    if not node.type.startswith(("if", "unless", "assert")) and node.type != "binary_expression":
        return ""
    condition = node.child_by_field_name("condition") or (node.named_children[0] if node.named_children else None)
    if condition is None:
        return ""
    body = node.child_by_field_name("consequence") or node.child_by_field_name("body")
    rest = "raise " if node.type == "assert_statement" else text_of(node)[len(text_of(condition)) :]
    return text_of(condition) if FATAL.search((text_of(body) if body is not None else rest) + " ") else ""


_EMPTY = re.compile(r"(?i)null|nil|none|undefined|empty|blank|\"\"|''|!\s*\w|\bnot\b|is_none|present|^\(?\w+\)?$")


def _is_emptiness(condition: str) -> bool:
    return (
        re.search(r"(?i)null|nil|none|undefined|empty|blank|\"\"|''|!\s*\w|\bnot\b|is_none|present|^\(?\w+\)?$", condition)
        is not None
    )


def _literals(root: Node, constants: dict[str, str]) -> Iterator[tuple[tuple[str, ...], str]]:
    """The targets that have a literal for a value."""
    for node in walk_tree(root):
        if not assigned_name(node) or not node.named_children:
            continue
        value = unwrap_node(node.named_children[-1])
        text = literal_value(value)
        if text is None and value.type in CALLS and len(given := arguments_of(value).positional) == 1:
            text = literal_value(given[0])
        if text is None:
            text = constants.get(text_of(value))
        if text is not None:
            yield _target_of(node), text
