"""Where code asks for a variable of the environment or a key of the configuration, in the calls of each language."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from relbot.detect.engine import lazy_re as re
from relbot.detect.engine.expressions import (
    CALLS,
    arguments_of,
    assigned_name,
    assigned_value,
    callee_of,
    literal_value,
    string_value,
)
from relbot.detect.engine.syntax import text_of
from relbot.detect.environment.bound import read_bound_field
from relbot.detect.environment.lookup_words import JAVASCRIPT, LOOKUPS, LookupWords

if TYPE_CHECKING:
    from tree_sitter import Node

VARIABLE = "variable"
KEY = "key"
PREFIX = "prefix"


class Lookup(NamedTuple):
    """A place that asks for a name: the node, what kind of name it is, the default given there, and whether there must be one.

    `default` is None where the place gives none; a node otherwise.
    """

    node: Node
    kind: str
    name: str
    default: Node | None = None
    required: bool = False
    text: str | None = None
    """The default where it is a part of a string."""


_HELPER = re.compile(
    r"(?i)(^|[.:_])(get|must|require|read|load|lookup|fetch|env|string|int|number|bool|duration|optional|default)[\w]*$"
)
_CAPITALS = re.compile(r"[A-Z][A-Z0-9]*(_[A-Z0-9]+)+$")
_VARIABLE = re.compile(r"[A-Za-z_][\w.*-]*$")
_PREFIXES = re.compile(
    r"((Env|envy)::prefixed|Environment::with_prefix|SetEnvPrefix|^env\.Provider|envconfig\.Process|env_prefix|ConfigurationProperties|ConfigMapping"
    r"|AddEnvironmentVariables)$"
)
_INDEXED = frozenset(("subscript", "subscript_expression", "element_reference", "index_expression", "element_access_expression"))


def is_read(language: str, content: bytes) -> bool:
    """Whether a file of that language may ask for anything: a look at its bytes, before it is parsed."""
    words = LOOKUPS.get(language)
    return words is not None and words.hint.search(content) is not None


def find_lookup(node: Node, language: str) -> Lookup | None:
    """What a node asks for, None if it asks for nothing."""
    words = LOOKUPS[language]
    bound = read_bound_field(node, language) if language in ("java", "kotlin", "c_sharp") else None
    if bound is not None:
        return Lookup(node, KEY, bound[0], required=bound[1])
    if words is JAVASCRIPT and node.type == "pair" and (found := _lookup_of_schema(node)):
        return found
    if assigned_name(node).rpartition(".")[2] in ("env_prefix", "envvar_prefix") and (
        prefix := string_value(assigned_value(node))
    ):
        return Lookup(node, PREFIX, prefix)
    if node.type in CALLS:
        return _lookup_of_call(node, words, language)
    if node.type in _BOUND:
        return _lookup_of_bound(node, words)
    if node.type in _INDEXED:
        return _lookup_of_index(node, words, language)
    if node.type == "member_expression" and words is JAVASCRIPT:
        owner, name = text_of(node.child_by_field_name("object")), text_of(node.child_by_field_name("property"))
        if words.tables.search(owner) and re.fullmatch(r"[A-Z][A-Z0-9_]*", name):
            return Lookup(node, VARIABLE, name)
    return None


_BOUND = frozenset(("shorthand_property_identifier_pattern", "pair_pattern", "interpreted_string_literal"))


def _lookup_of_bound(node: Node, words: LookupWords) -> Lookup | None:
    """JavaScript's `const { A, B: b } = process.env`, and the variables that viper's `BindEnv(key, "A", "B")` names."""
    above = node.parent
    if above is None:
        return None
    if node.type == "interpreted_string_literal":
        call = above.parent
        bound = call is not None and words is LOOKUPS["go"] and callee_of(call).endswith("BindEnv")
        name = string_value(node)
        return Lookup(node, VARIABLE, name) if bound and name and above.named_children[0] != node else None
    default = above.child_by_field_name("right") if above.type == "object_assignment_pattern" else None
    pattern = above.parent if default is not None else above
    holder = pattern.parent if pattern is not None else None
    if words is not JAVASCRIPT or holder is None or not words.tables.search(text_of(holder.child_by_field_name("value"))):
        return None
    name = text_of(node.child_by_field_name("key") or node)
    return Lookup(node, VARIABLE, name, default) if _CAPITALS.match(f"{name}_A") else None


def _lookup_of_call(node: Node, words: LookupWords, language: str) -> Lookup | None:
    callee = callee_of(node)
    given = arguments_of(node)
    first = given.positional[0] if given.positional else given.named.get("prefix") or given.named.get("name")
    name = string_value(first)
    if not name:
        return _lookup_of_atoms(node, callee) if language in ("elixir", "ruby") and words.keys.search(callee) else None
    if _PREFIXES.search(callee):
        return Lookup(node, PREFIX, name)
    if callee.rpartition(".")[2] == "Value" and "${" in name:
        return _lookup_of_placeholder(node, name)
    default = given.positional[1] if len(given.positional) > 1 else given.named.get("default")
    if words.optional.search(callee) and _VARIABLE.match(name):
        # What django-environ and decouple call `env("X")` and `config("X")` fails without a default.
        return Lookup(
            node,
            VARIABLE,
            name,
            default,
            required=default is None and callee in ("env", "config") and words is LOOKUPS["python"],
        )
    if words.required.search(callee):
        return Lookup(node, VARIABLE, name, default, required=default is None and not _has_block(node))
    if words.keys.search(callee):
        return _lookup_of_key(node, callee, name, language)
    return _lookup_of_helper(node, callee, name, default, words)


def _lookup_of_atoms(node: Node, callee: str) -> Lookup:
    """Elixir's `Application.get_env(:shop, :host, default)`, Rails' `credentials.dig(:shop, :host)`."""
    given = arguments_of(node).positional
    if "credentials" in callee:
        return Lookup(node, KEY, ".".join(["credentials", *(literal_value(each) or "" for each in given)]))
    keys = [literal_value(each) or "" for each in given[:2]]
    return Lookup(node, KEY, ".".join(keys), next(iter(given[2:]), None), required=callee.endswith("!"))


def _lookup_of_helper(node: Node, callee: str, name: str, default: Node | None, words: LookupWords) -> Lookup | None:
    """What a project's own function asks for, told by its name and by the capitals of what it gets."""
    if _CAPITALS.match(name) and _HELPER.search(callee) and words.hint.search(text_of(_root(node)).encode()):
        return Lookup(node, VARIABLE, name, default, required="must" in callee.lower() or "require" in callee.lower())
    return None


def _lookup_of_key(node: Node, callee: str, name: str, language: str) -> Lookup | None:
    """A key of the configuration that a call or an annotation asks for."""
    given = arguments_of(node)
    default = given.positional[1] if len(given.positional) > 1 else given.named.get("defaultValue") or given.named.get("default")
    required = "Required" in callee or callee.endswith("OrThrow") or (callee.endswith("ConfigProperty") and default is None)
    if callee.endswith("GetConnectionString"):
        name = f"ConnectionStrings:{name}"
    elif callee.endswith("ConditionalOnProperty") and (prefix := string_value(given.named.get("prefix"))):
        name = f"{prefix}.{name}"
    elif language == "python" and not callee.endswith("app.config.get"):
        option = string_value(default)
        if not option or "onfig" not in text_of(_root(node)) or not re.search(r"[cC]onfig[pP]arser", text_of(_root(node))):
            return None
        return Lookup(node, KEY, f"{name}.{option}", given.named.get("fallback"))
    elif language in ("java", "kotlin") and callee.endswith(("getValue", "getOptionalValue")):
        default = None  # the second argument is a type
    if not re.match(r"[\w.:/-]+$", name):
        return None
    kind = VARIABLE if _CAPITALS.match(name) and language != "python" else KEY
    return Lookup(node, kind, name, default, required=required)


def _lookup_of_placeholder(node: Node, text: str) -> Lookup | None:
    """The key of Spring's `@Value("${key:default}")`; a key inside of the default stands for another one that is read too."""
    found = re.match(r"\\?\$\{([\w.-]+)(:(?P<default>.*))?\}$", text)
    if found is None:
        return None
    return Lookup(node, KEY, found[1], None, required=found["default"] is None, text=found["default"])


_SCHEMA = re.compile(r"(^|\.)(cleanEnv|createEnv|envsafe|parseEnv|z\.object|Joi\.object|object)$")


def _lookup_of_schema(pair: Node) -> Lookup | None:
    """A variable of a schema that the environment is checked against: envalid, envsafe, t3-env, zod, joi."""
    key, value = pair.child_by_field_name("key"), pair.child_by_field_name("value")
    if value is None or value.type != "call_expression" or not re.fullmatch(r"[A-Z][A-Z0-9_]+", text_of(key)):
        return None
    around = pair.parent.parent.parent if pair.parent is not None and pair.parent.parent is not None else None
    if around is None or around.type != "call_expression" or not _SCHEMA.search(callee_of(around)):
        return None
    if not re.search(r"process\.env|import\.meta\.env|ConfigModule|validationSchema", text_of(_root(pair))):
        return None
    source = text_of(value)
    default = next((child for child in _pairs_below(value) if text_of(child.child_by_field_name("key")) == "default"), None)
    optional = re.search(r"\.(optional|default|nullish|nullable|allow|catch)\(|devDefault", source) is not None
    node = default.child_by_field_name("value") if default is not None else None
    return Lookup(pair, VARIABLE, text_of(key), node, required=node is None and not optional)


def _pairs_below(call: Node) -> list[Node]:
    return [
        pair
        for given in arguments_of(call).positional
        if given.type == "object"
        for pair in given.named_children
        if pair.type == "pair"
    ]


def _lookup_of_index(node: Node, words: LookupWords, language: str) -> Lookup | None:
    if not node.named_children:
        return None
    owner = text_of(node.named_children[0])
    last = node.named_children[-1]
    key = last.named_children[0] if last.type == "bracketed_argument_list" and last.named_children else last
    key = key.named_children[0] if key.type == "argument" and key.named_children else key
    name = string_value(key)
    if not name or _is_written(node):
        return None
    if words.tables.search(owner):
        return Lookup(node, VARIABLE, name, required=language == "python")
    if words.key_tables.search(owner) and re.match(r"[A-Z]\w*(:\w+)*$", name):
        return Lookup(node, KEY, name)
    return None


def _has_block(call: Node) -> bool:
    return call.child_by_field_name("block") is not None


def _is_written(node: Node) -> bool:
    parent = node.parent
    return parent is not None and "assignment" in parent.type and (parent.child_by_field_name("left") == node)


def _root(node: Node) -> Node:
    while node.parent is not None:
        node = node.parent
    return node
