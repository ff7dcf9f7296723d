"""What calls and annotations ask for by the key of a configuration, and what a project's own functions ask for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relbot.detect.engine.expressions import arguments_of, literal_value, string_value
from relbot.detect.environment.lookup import KEY, VARIABLE, Lookup
from relbot.schema import lazy_re as re

if TYPE_CHECKING:
    from tree_sitter import Node

    from relbot.detect.engine.tree import SyntaxTree

_HELPER = re.compile(
    r"(?i)(^|[.:_])(get|must|require|read|load|lookup|fetch|env|string|int|number|bool|duration|optional|default|parse|setting)\w{0,80}$"
)
_INJECTED = re.compile(r"ConfigProperty$|^Property$")
CAPITAL_NAME = re.compile(r"[A-Z][A-Z0-9_]*")
CAPITALS_IN_NAME = re.compile(r"[A-Z][A-Z0-9]{0,80}(_[A-Z0-9]{1,80}){1,20}$")
_CONFIG_PARSER = re.compile(rb"[cC]onfig[pP]arser")


def lookup_of_atoms(node: Node, callee: str) -> Lookup:
    """Elixir's `Application.get_env(:shop, :host, default)`, Rails' `credentials.dig(:shop, :host)`."""
    given = arguments_of(node).positional
    if "credentials" in callee:
        named = [callee.rpartition(".")[2].rstrip("!")] if callee.endswith("!") else []
        names = [literal_value(each) or "" for each in given] + named
        return Lookup(node, KEY, ".".join(["credentials", *names]), required=bool(named) or callee.endswith("fetch"))
    keys = [literal_value(each) or "" for each in given[:2]]
    return Lookup(node, KEY, ".".join(keys), next(iter(given[2:]), None), required=callee.endswith("!"))


def lookup_of_helper(node: Node, callee: str, name: str, default: Node | None) -> Lookup | None:
    """What a project's own function asks for, told by its name and by the capitals of what it gets."""
    named = CAPITALS_IN_NAME.match(name) or (CAPITAL_NAME.fullmatch(name) and "env" in callee.lower())
    if named and _HELPER.search(callee):
        return Lookup(node, VARIABLE, name, default, required="must" in callee.lower() or "require" in callee.lower())
    return None


def lookup_of_key(node: Node, tree: SyntaxTree, callee: str, name: str, language: str) -> Lookup | None:
    """A key of the configuration that a call or an annotation asks for."""
    given = arguments_of(node)
    default = given.positional[1] if len(given.positional) > 1 else given.named.get("defaultValue") or given.named.get("default")
    required = "Required" in callee or callee.endswith("OrThrow") or (default is None and _INJECTED.search(callee) is not None)
    if callee.endswith("GetConnectionString"):
        name = f"ConnectionStrings:{name}"
    elif callee.endswith("ConditionalOnProperty") and (prefix := string_value(given.named.get("prefix"))):
        name = f"{prefix}.{name}"
    elif language == "python" and not callee.endswith("app.config.get"):
        option = string_value(default)
        if not option or not _CONFIG_PARSER.search(tree.source):
            return None
        return Lookup(node, KEY, f"{name}.{option}", given.named.get("fallback"))
    elif language in ("java", "kotlin") and callee.endswith(("getValue", "getOptionalValue")):
        default = None  # the second argument is a type
    if not re.match(r"[\w.:/-]+$", name):
        return None
    kind = VARIABLE if CAPITALS_IN_NAME.match(name) and language != "python" else KEY
    return Lookup(node, kind, name, default, required=required)


def lookup_of_placeholder(node: Node, text: str) -> Lookup | None:
    """The key of Spring's `@Value("${key:default}")`; a key inside of the default stands for another one that is read too."""
    found = re.match(r"\\?\$\{([\w.-]+)(:(?P<default>.*))?\}$", text)
    if found is None:
        return None
    return Lookup(node, KEY, found[1], None, required=found["default"] is None, text=found["default"])
