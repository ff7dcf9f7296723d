"""What the grammars of all languages have in common: calls and their arguments, literals, operators, names of targets.

tree-sitter's grammars call the same thing by different names. The tables below bring them together, so that a detector is
written once for all languages.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from relbot.detect.engine.syntax import text_of
from relbot.schema import lazy_re as re
from relbot.schema.named_tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from tree_sitter import Node

    from relbot.detect.engine.tree import SyntaxTree

CALLS = frozenset(
    "call call_expression method_invocation invocation_expression function_call_expression member_call_expression"
    " scoped_call_expression macro_invocation new_expression object_creation_expression attribute annotation"
    " constructor_invocation implicit_object_creation_expression nullsafe_member_call_expression".split()
)
_ARGUMENTS = frozenset(
    "arguments argument_list value_arguments annotation_argument_list attribute_argument_list token_tree"
    " attribute_arguments".split()
)
_WRAPPERS = frozenset(
    "argument value_argument attribute_argument parenthesized_expression element_value_pair array_element_initializer"
    " literal_element".split()
)
_NAMED = frozenset(("keyword_argument", "pair", "element_value_pair", "named_argument"))
_STRINGS = frozenset(
    "string string_literal interpreted_string_literal raw_string_literal verbatim_string_literal encapsed_string"
    " template_string concatenated_string string_lit".split()
)
_UNARY = frozenset(("unary_expression", "unary_operator", "unary", "prefix_expression"))
_TRUTHS = frozenset(("true", "false", "null"))
_PLAIN = re.compile(
    r"integer|float|number|int_literal|true|false|boolean|decimal|character|null|nil|none|simple_symbol|atom|rune_literal|real"
)
_NEGATIVE = re.compile(r"-\s*[\d._]+")
_NOTATION = re.compile(r"(?<=\d)_(?=\d)|^:")
_TARGET = re.compile(r"[$@\w.:\[\]'\"-]+")
_AROUND_CALLEE = re.compile(r"^new\b|[\s@]+|<[^<>]*>$")
_BARE_CALLEE = re.compile(r"(?!new\b)[^\s@<]*")
"""Most of what is called: nothing is around it."""
_CONSTANT = re.compile(r"[\w.:$@]+")
_QUOTES = ("'", '"', "`")
_QUOTED = re.compile(r"""^[rbfuRBFU$@]{0,2}(?P<q>\"{3}|'{3}|\"|'|`)(?P<text>.*)(?P=q)$""", re.S)


class Arguments(NamedTuple):
    """The arguments of a call: the positional ones in order, and those with a name."""

    positional: tuple[Node, ...]
    named: dict[str, Node]


def walk_tree(root: Node) -> Iterator[Node]:
    """The named nodes of a tree from the root down, in the order of the source."""
    stack = [root]
    while stack:
        node = stack.pop()
        yield node
        stack += reversed(node.named_children)


def arguments_node(call: Node) -> Node | None:
    """The node that holds the arguments of a call, None for one without."""
    found = call.child_by_field_name("arguments")
    if found is not None:
        return found
    return next((child for child in reversed(call.named_children) if child.type in _ARGUMENTS), None)


def callee_of(call: Node) -> str:
    """What is called, as source without white space: `os.environ.get`. For a macro `name!`, for `new Queue()` its class."""
    last = arguments_node(call)
    source = call.text or b""
    text = (source if last is None else source[: last.start_byte - call.start_byte]).decode("utf-8", "replace")
    return text if _BARE_CALLEE.fullmatch(text) else _AROUND_CALLEE.sub("", text)


def arguments_of(call: Node) -> Arguments:
    """The arguments of a call, without what wraps them."""
    holder = arguments_node(call)
    positional: list[Node] = []
    named: dict[str, Node] = {}
    for child in holder.named_children if holder is not None else ():
        if "comment" in child.type:
            continue
        if child.type == "keywords":
            named |= {_key_text(pair): pair.named_children[-1] for pair in child.named_children if pair.named_children}
        elif child.type in _NAMED or (child.type in _WRAPPERS and len(child.named_children) == 2):
            named[_key_text(child)] = child.named_children[-1]
        else:
            positional.append(unwrap_node(child))
    return Arguments(tuple(positional), named)


def _key_text(pair: Node) -> str:
    return text_of(pair.named_children[0]).strip().strip(":'\"").rstrip(":= ")


def unwrap_node(node: Node) -> Node:
    """The node without parentheses and the grammar's wrappers around it."""
    while node.type in _WRAPPERS and len(node.named_children) == 1:
        node = node.named_children[0]
    return node


def string_value(node: Node | None) -> str | None:
    """What a string literal says, None for anything else. Parts that are put in remain as they are written."""
    if node is None or node.type not in _STRINGS:
        return None
    text = text_of(node)
    quote = text[:1]
    if len(text) > 1 and quote in _QUOTES and text[-1] == quote != text[1]:  # the usual notation, without an expression
        return text[1:-1]
    found = _QUOTED.match(text)
    return found["text"] if found is not None else None


_SUMS = frozenset(("binary_operator", "binary_expression", "binary", "multiplicative_expression"))
_PRODUCT = re.compile(r"[\w.]+(?:\s*[*/]\s*[\w.]+)+")
_UNITS = {"time.Millisecond": 0.001, "time.Second": 1.0, "time.Minute": 60.0, "time.Hour": 3600.0}
_LARGEST = 1e15


def computed_number(text: str) -> str | None:
    """The number that a product of numbers is, `60 * 60 * 24`; of a time in Go, its seconds. None for anything else."""
    if (shift := _SHIFT.fullmatch(text)) is not None:
        return str(int(shift[1]) << int(shift[2]))
    if text in _UNITS:
        return f"{_UNITS[text]:.15g}s"
    if len(text) > _LONGEST_PRODUCT or _PRODUCT.fullmatch(text) is None:
        return None
    parts = re.split(r"\s*([*/])\s*", text)
    result, in_seconds = 1.0, False
    for sign, part in zip(["*", *parts[1::2]], parts[::2], strict=True):
        number = _UNITS.get(part)
        in_seconds |= number is not None
        if number is None:
            number = float(part.replace("_", "")) if _NUMBER.fullmatch(part) else 0.0
        if not number or result > _LARGEST:
            return None
        result = result * number if sign == "*" else result / number
    return f"{result:.15g}{'s' if in_seconds else ''}"


_SHIFT = re.compile(r"(\d{1,6})\s*<<\s*(\d{1,2})")
_LONGEST_PRODUCT = 60
_NUMBER = re.compile(r"\d[\d_]{0,15}(\.\d{1,6})?")


def literal_value(node: Node | None) -> str | None:
    """A literal as text: strings without quotes, numbers without `_`, symbols without colon. None for anything else."""
    if node is None:
        return None
    node = unwrap_node(node)
    text = string_value(node)
    if text is not None:
        return text
    kind = node.type
    if kind == "identifier" and text_of(node) in _TRUTHS:  # Kotlin's grammar has no word for these
        return text_of(node)
    if kind in _UNARY and _NEGATIVE.fullmatch(text_of(node)):
        return text_of(node).replace(" ", "").replace("_", "")
    if _PLAIN.search(kind) and not node.named_child_count:
        return _NOTATION.sub("", text_of(node))
    return computed_number(text_of(node)) if kind in _SUMS or kind == "selector_expression" else None


def constants_of(nodes: Iterable[Node]) -> dict[str, str]:
    """The literals that names stand for, among the nodes of a file: what is assigned once, to one name."""
    found: dict[str, str] = {}
    often: set[str] = set()
    for node in nodes:
        name = assigned_name(node)
        if name and (value := assigned_value(node)) is not None and (text := literal_value(value)) is not None:
            if name in found and found[name] != text:
                often.add(name)
            found[name] = text
    return {name: text for name, text in found.items() if name not in often}


_ASSIGNMENTS = frozenset(
    "assignment assignment_expression variable_declarator const_item static_item let_declaration const_spec var_spec"
    " short_var_declaration property_declaration const_element assignment_statement property_element default_parameter"
    " typed_default_parameter property_signature public_field_definition field_definition const_declaration"
    " class_parameter".split()
)
_VALUE_LISTS = frozenset(("expression_list", "literal_element", "equals_value_clause"))
_PAIRS = frozenset(
    "pair keyword_argument array_element_initializer keyed_element element_value_pair field_initializer value_argument"
    " named_argument attribute_argument argument".split()
)
ASSIGNING = _ASSIGNMENTS | _PAIRS
"""The types of nodes that may give a name to a value."""


def is_assignment(node: Node) -> bool:
    """Whether a node gives a value to a name of its own: no key of a table, no argument."""
    return node.type in _ASSIGNMENTS


def assigned_name(node: Node) -> str:
    """The name that an assignment, a declaration or a pair gives to a value; "" for any other node."""
    kind = node.type
    if kind in _ASSIGNMENTS:
        target = node.child_by_field_name("name") or node.child_by_field_name("left") or node.child_by_field_name("pattern")
        if target is None and node.named_children:
            target = next((child for child in node.named_children if "identifier" in child.type or "declar" in child.type), None)
        text = text_of(target)
        return text if _TARGET.fullmatch(text) else ""
    if kind in _PAIRS and len(node.named_children) > 1:
        key = node.child_by_field_name("key") or node.child_by_field_name("name") or node.named_children[0]
        return text_of(key).strip().strip("'\":").rstrip(":= ")
    return ""


def assigned_value(node: Node) -> Node | None:
    """The value of an assignment, a declaration or a pair."""
    if node.type == "binary_operator" and node.child_by_field_name("operator") is None:
        return None
    value = node.child_by_field_name("value") or node.child_by_field_name("right")
    if value is None and node.type in ASSIGNING and len(node.named_children) > 1:
        value = node.named_children[-1]
    if value is not None and value.type in _VALUE_LISTS and len(value.named_children) == 1:
        value = value.named_children[0]
    return None if value is None else unwrap_node(value)


class FileConstants:
    """The literals that names in a file stand for, looked for when one is asked for: its own, else those of other files."""

    def __init__(self, tree: SyntaxTree) -> None:
        self._tree = tree
        self._known: dict[str, str | None] = {}

    def get(self, name: str) -> str | None:
        """The literal that stands for the name, None if it is no constant."""
        if not _CONSTANT.fullmatch(name):
            return None
        if name not in self._known:
            lines = self._tree.lines_with_any((name.encode(),))
            own = constants_of(self._tree.walk(lines)).get(name)
            self._known[name] = own if own is not None or self._tree.constants is None else self._tree.constants.get(name)
        return self._known[name]
