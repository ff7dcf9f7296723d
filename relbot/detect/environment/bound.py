"""Fields of classes that a framework fills from the configuration: Spring, Quarkus, Micronaut, .NET's options."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

from relbot.detect.engine.syntax import text_of
from relbot.schema import lazy_re as re
from relbot.schema.named_tuples import NamedTuple

if TYPE_CHECKING:
    from tree_sitter import Node

    from relbot.detect.engine.tree import SyntaxTree

FIELDS = frozenset(("formal_parameter", "field_declaration", "class_parameter", "property_declaration", "method_declaration"))
_CLASSES = frozenset(("class_declaration", "record_declaration", "interface_declaration"))
_HOLDERS = frozenset("formal_parameters class_parameters primary_constructor class_body declaration_list interface_body".split())
_OPTIONS = re.compile(r"\w(Options|Settings|Configuration|Config)$")
_BOUND = re.compile(r"@(ConfigurationProperties|ConfigMapping|EachProperty)\b")
_RULES = re.compile(
    r"@(?:field:|get:|param:)?((?:NotNull|NotBlank|NotEmpty|Min|Max|Size|Pattern|Positive|Email|URL|AssertTrue)\b(?:\([^()\n]{0,80}\))?)"
    r"|\[\s*((?:Required|MinLength|MaxLength|StringLength|Range|RegularExpression|Url|EmailAddress)\b(?:\([^()\n]{0,80}\))?)"
)
_DEMANDED = re.compile(
    r"@(?:field:|get:|param:)?(NotNull|NotBlank|NotEmpty)\b|\[\s*Required\b|^\s*(public\s+)?required\b|\srequired\s"
)

_GIVEN = re.compile(r"@(?:DefaultValue|WithDefault|Bindable)\(\s*(?:(?:value|defaultValue)\s*=\s*)?\"([^\"\n]*)\"")
_SET = re.compile(r"(?:^|[\w>\]?}])\s*=\s*(\"[^\"\n]*\"|-?\d[\w.]*|true|false)\s*+(?:[;,)]\s*+)?$")
"""A literal at the end, as which a field begins."""


class BoundField(NamedTuple):
    """The key `Class.field` that a field is, whether it must be set, and its default as source, None without one."""

    key: str
    required: bool
    default: str | None
    rules: tuple[str, ...] = ()
    """What a value must be like, as annotations say it: `@Min(1)`."""


def read_bound_field(node: Node, tree: SyntaxTree, language: str) -> BoundField | None:
    """What the framework fills in a field; None for all other nodes."""
    if node.type not in FIELDS:
        return None
    owner = _owner_of(node, tree)
    if owner is None:
        return None
    title = text_of(owner.child_by_field_name("name"))
    if language == "c_sharp":
        if node.type != "property_declaration" or not _OPTIONS.search(title):
            return None
    elif not _BOUND.search(text_of(owner.named_children[0]) if owner.named_children else ""):
        return None
    if node.type == "method_declaration" and owner.type != "interface_declaration":
        return None
    head = text_of(node).partition("{")[0]
    name = _name_of(node)
    if not name or re.search(r"\bstatic\b|\bconst\b", head):
        return None
    said = _GIVEN.search(head) or _SET.search(text_of(node))
    rules = tuple(one or other for one, other in _RULES.findall(head))
    demanded = _DEMANDED.search(head) is not None or (node.type == "class_parameter" and "=" not in head and "?" not in head)
    return BoundField(f"{title}.{name}", demanded, said[1] if said is not None else None, rules)


def _owner_of(node: Node, tree: SyntaxTree) -> Node | None:
    """The class of a field; None for parameters of methods and what stands in a body."""
    for at in islice(tree.ancestors_of(node), 4):
        if at.type in _CLASSES:
            return at
        if at.type not in _HOLDERS:
            return None
    return None


def _name_of(node: Node) -> str:
    holder = node.child_by_field_name("declarator") or node
    name = holder.child_by_field_name("name")
    if name is None:
        name = next((child for child in holder.named_children if child.type in ("identifier", "variable_declaration")), None)
    return text_of(name).partition(":")[0].strip()
