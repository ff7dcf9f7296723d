"""Names as serde and clap spell them: by a rule for all, `rename_all = "kebab-case"`, or by what an attribute says of one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relbot.detect.engine.syntax import text_of
from relbot.schema import lazy_re as re
from relbot.schema.named_tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

_RULE = re.compile(r"\brename_all\s*=\s*\"([\w-]+)\"")
_NAMED = re.compile(r"\b(?:rename|name)\s*=\s*\"([\w.-]+)\"")
_ALIAS = re.compile(r"\balias(?:es)?\s?=\s?(\[[^\[\]\n]*+\]|\"[^\"\n]*+\")")
_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z0-9]+")
_ACCEPTED = re.compile(r"\b(ValueEnum|Deserialize)\b")
_HELD = re.compile(r"^(?:Option|Vec)<(.+)>$")


class AcceptedValue(NamedTuple):
    """A value that a setting accepts, with the other ways to write it, and its line."""

    name: str
    aliases: tuple[str, ...]
    node: Node


def attributes_before(node: Node) -> list[str]:
    """The attributes that stand before a declaration, the last one first."""
    found: list[str] = []
    at = node.prev_named_sibling
    while at is not None and (at.type == "attribute_item" or "comment" in at.type):
        if at.type == "attribute_item":
            found.append(text_of(at))
        at = at.prev_named_sibling
    return found


def rule_of(attributes: str) -> str:
    """The rule by which the names of a struct or an enum are spelled, "" without one."""
    found = _RULE.search(attributes)
    return found[1] if found is not None else ""


def spell_name(name: str, rule: str) -> str:
    """A name as a rule of serde or clap spells it; as it is where the rule is not known."""
    words = [word.lower() for word in _WORD.findall(name)]
    sign = "-" if "-" in rule or rule.lower().startswith(("kebab", "train")) else "_"
    match rule.lower().replace("-", "").replace("_", ""):
        case "kebabcase" | "snakecase" | "kebab" | "snake":
            return sign.join(words)
        case "screamingkebabcase" | "screamingsnakecase":
            return sign.join(words).upper()
        case "camelcase":
            return "".join(words[:1] + [word.capitalize() for word in words[1:]])
        case "pascalcase":
            return "".join(word.capitalize() for word in words)
        case "lowercase":
            return name.lower()
        case "uppercase":
            return name.upper()
        case _:
            return name


def aliases_in(attributes: str) -> tuple[str, ...]:
    """The other names that attributes give: `alias = "a"`, `aliases = ["a", "b"]`."""
    return tuple(name for listed in _ALIAS.findall(attributes) for name in re.findall(r"[\w.-]+", listed))


def name_in(attributes: str) -> str:
    """The name that attributes give instead of the declared one, "" without one."""
    found = _NAMED.search(attributes)
    return found[1] if found is not None else ""


def read_accepted_values(nodes: tuple[Node, ...]) -> dict[str, list[AcceptedValue]]:
    """The values of each enum that serde or clap reads, by the name of the enum."""
    found: dict[str, list[AcceptedValue]] = {}
    for node in nodes:
        attributes = " ".join(attributes_before(node)) if node.type == "enum_item" else ""
        body = node.child_by_field_name("body")
        if (reads := _ACCEPTED.search(attributes)) is not None and body is not None:
            rule = rule_of(attributes) or ("kebab-case" if reads[1] == "ValueEnum" else "")
            found[text_of(node.child_by_field_name("name"))] = list(_values_in(body, rule))
    return found


def _values_in(body: Node, rule: str) -> Iterator[AcceptedValue]:
    for variant in body.named_children:
        if variant.type == "enum_variant" and variant.child_by_field_name("body") is None:
            said = " ".join(attributes_before(variant))
            name = name_in(said) or spell_name(text_of(variant.child_by_field_name("name")), rule)
            yield AcceptedValue(name, aliases_in(said), variant)


def bare_type(text: str) -> str:
    """The type of a value: `Format` of `Option<Format>` and `Vec<Format>`."""
    found = _HELD.match(text)
    return bare_type(found[1]) if found is not None else text
