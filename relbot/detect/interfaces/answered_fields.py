"""The fields of what an API answers, as code declares them: serializers, resources, types of GraphQL, transfer objects."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relbot.detect.engine.expressions import arguments_of, assigned_name, callee_of, literal_value, string_value, walk_tree
from relbot.detect.engine.syntax import text_of
from relbot.schema import lazy_re as re

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from relbot.detect.engine.tree import SyntaxTree

FIELD_HINTS = {
    "python": re.compile_at_words(
        b"Serializer|BaseModel|strawberry|ObjectType|Schema\\)", "Serializer BaseModel strawberry ObjectType Schema"
    ),
    "ruby": re.compile_at_words(
        rb"class [\w:]*(?:Serializer|Blueprint|Resource|Entity)\b|BaseObject|BaseInputObject|GraphQL::Schema|(?m:^)json\.",
        "class BaseObject BaseInputObject GraphQL::Schema json.",
    ),
    "php": re.compile(rb"extends (?:JsonResource|Resource)\b"),
    "java": re.compile(rb"(?:record|class) \w+(?:Response|Dto|DTO)\b"),
    "kotlin": re.compile(rb"class \w+(?:Response|Dto|DTO)\b|@Serializable\b"),
    "rust": re.compile(rb"derive\([^)\n]{0,200}\bSerialize\b"),
    "c_sharp": re.compile(rb"(?:record|class) \w+(?:Response|Dto|DTO)\b"),
    "typescript": re.compile(rb"@(?:ApiProperty|Expose|Field)\w*\("),
}
_MARSHMALLOW = re.compile(r"\b(ma\.)?(SQLAlchemy(Auto)?)?Schema\b")
_ANSWER = re.compile(r"(Out|Response|Read|Result|Public)$")
_TRANSFERRED = re.compile(r"(Response|Dto|DTO)$")
_SHOWN = re.compile(r"(Serializer|Blueprint|Resource|Entity)$")
_DECLARES = frozenset(
    "attributes attribute fields field expose has_many has_one belongs_to association argument identifier".split()
)
_SPECIAL = frozenset("array extract merge partial cache child nil set".split())
"""What a builder of JSON does, besides naming a field: `json.array! @orders`."""


def read_answered_fields(tree: SyntaxTree, language: str) -> Iterator[str]:
    """The fields of each class that a file declares for answers, as `Class.field`."""
    reader = _READERS[language]
    for node in tree.walk(None):
        yield from reader(node)


PROCEDURES = re.compile(rb"[pP]rocedure\b")
"""What a file with procedures of tRPC has."""


def read_procedures(tree: SyntaxTree) -> Iterator[str]:
    """The procedures of tRPC's `router({ list: procedure.query(...) })`: what a client calls by its name."""
    for node in tree.walk(None):
        value = node.child_by_field_name("value") if node.type == "pair" else None
        if value is not None and value.type == "call_expression" and _PROCEDURE.search(callee_of(value)):
            yield f"procedure {text_of(node.child_by_field_name('key'))}"


_PROCEDURE = re.compile(r"[pP]rocedure\b(?s:.{0,1000})\.(query|mutation|subscription)$")


def _of_python(node: Node) -> Iterator[str]:
    if node.type != "class_definition":
        return
    title = text_of(node.child_by_field_name("name"))
    bases = text_of(node.child_by_field_name("superclasses"))
    decorated = text_of(node.prev_named_sibling) if node.prev_named_sibling is not None else ""
    body = node.child_by_field_name("body")
    if title.endswith("Serializer") or "Serializer" in bases:
        yield from (f"{title}.{name}" for name in _serialized(node))
        return
    if _MARSHMALLOW.search(bases):
        yield from (f"{title}.{name}" for name in _marshalled(node))
        return
    typed = (_ANSWER.search(title) and "BaseModel" in bases) or decorated.startswith("@strawberry.")
    if body is None or not (typed or "ObjectType" in bases):
        return
    for statement in body.named_children:
        for each in statement.named_children:
            if each.type == "assignment" and (not typed or each.child_by_field_name("type") is not None):
                yield f"{title}.{text_of(each.child_by_field_name('left'))}"


def _serialized(node: Node) -> Iterator[str]:
    """The fields of a serializer of Django: `fields = ["id", "title"]`."""
    for each in walk_tree(node):
        if assigned_name(each) == "fields" and each.type == "assignment":
            yield from (text for part in walk_tree(each) if (text := string_value(part)) is not None)


def _marshalled(node: Node) -> Iterator[str]:
    """The fields of a schema of marshmallow: `title = fields.Str()`."""
    for each in walk_tree(node):
        if each.type == "assignment" and "fields." in text_of(each.child_by_field_name("right"))[:40]:
            yield assigned_name(each)


def _of_ruby(node: Node) -> Iterator[str]:
    if node.type == "class":
        title, above = text_of(node.child_by_field_name("name")), text_of(node.child_by_field_name("superclass"))
        if not (_SHOWN.search(title) or re.search(r"Base(Input)?Object|GraphQL::Schema", above)):
            return
        calls = [
            child
            for body in node.named_children
            if body.type == "body_statement"
            for child in body.named_children
            if child.type == "call"
        ]
        for call in calls:
            if call.child_by_field_name("receiver") is None and text_of(call.child_by_field_name("method")) in _DECLARES:
                every = text_of(call.child_by_field_name("method")) in ("attributes", "fields")
                given = arguments_of(call).positional
                yield from (f"{title}.{name}" for each in (given if every else given[:1]) if (name := literal_value(each)))
    elif node.type == "call" and text_of(node.child_by_field_name("receiver")) == "json":
        name = text_of(node.child_by_field_name("method")).rstrip("!")
        if name in ("extract", "call"):
            yield from (f"json.{text}" for each in arguments_of(node).positional[1:] if (text := literal_value(each)))
        elif name not in _SPECIAL:
            yield f"json.{name}"


def _of_php(node: Node) -> Iterator[str]:
    if node.type != "class_declaration" or not re.search(r"extends (?:JsonResource|Resource)\b", text_of(node)[:200]):
        return
    title = text_of(node.child_by_field_name("name"))
    for method in walk_tree(node):
        if method.type == "method_declaration" and text_of(method.child_by_field_name("name")) == "toArray":
            pairs = (
                each for each in walk_tree(method) if each.type == "array_element_initializer" and len(each.named_children) > 1
            )
            yield from (f"{title}.{name}" for pair in pairs if (name := string_value(pair.named_children[0])))


_MEMBERS = frozenset(("formal_parameter", "field_declaration", "class_parameter", "property_declaration", "parameter"))


def _of_transfer_objects(node: Node) -> Iterator[str]:
    if node.type not in ("record_declaration", "class_declaration"):
        return
    name = node.child_by_field_name("name") or next((child for child in node.named_children if "identifier" in child.type), None)
    title = text_of(name)
    if not _TRANSFERRED.search(title) and "@Serializable" not in text_of(node)[:200].partition("class")[0]:
        return
    for holder in node.named_children:
        for part in (holder, *holder.named_children):
            for member in part.named_children if part.type not in _MEMBERS else ():
                if member.type in _MEMBERS and "static" not in text_of(member)[:40] and (named := _name_of_member(member)):
                    yield f"{title}.{named}"


_NAMED = re.compile(
    r"(?:@(?:field:|get:)?(?:SerialName|JsonProperty|SerializedName|Json)|JsonPropertyName)\(\s*(?:\w+\s*=\s*)?\"([^\"\n]+)\""
)
"""What gives a member another name outside."""


def _name_of_member(member: Node) -> str:
    if (said := _NAMED.search(text_of(member)[:200])) is not None:
        return said[1]
    declared = member.child_by_field_name("name") or member.child_by_field_name("declarator")
    if declared is None:
        declared = next(
            (each for each in member.named_children if each.type in ("identifier", "simple_identifier", "variable_declaration")),
            None,
        )
    return re.split(r"[\s:=]", text_of(declared), maxsplit=1)[0] if declared is not None else ""


_SERDE_NAME = re.compile(r"\brename\s*=\s*\"([^\"\n]+)\"")
_SERDE_STYLE = re.compile(r"\brename_all\s*=\s*\"([^\"\n]+)\"")


def _of_rust(node: Node) -> Iterator[str]:
    """The fields and variants that serde writes, by the names that they have outside."""
    if node.type not in ("struct_item", "enum_item"):
        return
    said = _attributes_of(node)
    if "derive" not in said or not re.search(r"\bSerialize\b", said):
        return
    title, style = text_of(node.child_by_field_name("name")), _SERDE_STYLE.search(said)
    body = node.child_by_field_name("body")
    for member in body.named_children if body is not None else ():
        name = text_of(member.child_by_field_name("name"))
        own = _attributes_of(member)
        if name and member.type in ("field_declaration", "enum_variant") and "skip" not in own:
            named = _SERDE_NAME.search(own)
            yield f"{title}.{named[1] if named else f'{name} ({style[1]})' if style else name}"


def _attributes_of(node: Node) -> str:
    """The source of the attributes above an item."""
    found: list[str] = []
    above = node.prev_named_sibling
    while above is not None and above.type in ("attribute_item", "line_comment"):
        found.append(text_of(above) if above.type == "attribute_item" else "")
        above = above.prev_named_sibling
    return " ".join(found)


def _of_typescript(node: Node) -> Iterator[str]:
    if node.type != "class_declaration":
        return
    title = text_of(node.child_by_field_name("name"))
    body = node.child_by_field_name("body")
    for field in body.named_children if body is not None else ():
        if field.type == "public_field_definition":
            shown = any(
                child.type == "decorator" and re.match(r"@(ApiProperty|Expose|Field)", text_of(child))
                for child in field.named_children
            )
            if shown:
                yield f"{title}.{text_of(field.child_by_field_name('name'))}"


_READERS = {
    "python": _of_python,
    "ruby": _of_ruby,
    "php": _of_php,
    "java": _of_transfer_objects,
    "kotlin": _of_transfer_objects,
    "c_sharp": _of_transfer_objects,
    "typescript": _of_typescript,
    "rust": _of_rust,
}
