"""Variables of schemas that the environment is checked against: envalid, envsafe, t3-env, zod, joi."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

from relbot.detect.engine.expressions import arguments_of, callee_of
from relbot.detect.engine.syntax import text_of
from relbot.schema import lazy_re as re
from relbot.schema.named_tuples import NamedTuple

if TYPE_CHECKING:
    from tree_sitter import Node

    from relbot.detect.engine.tree import SyntaxTree


class CheckedVariable(NamedTuple):
    """A variable of a schema: its name, its default as a node or as text, and whether it must be set."""

    name: str
    default: Node | None
    required: bool
    text: str | None
    rules: tuple[str, ...] = ()
    """What a value must be like, as it is written: `min(32)`."""


_SCHEMA = re.compile(r"(^|\.)(cleanEnv|createEnv|envsafe|parseEnv|z\.object|Joi\.object|object)$")
_CAPITAL_NAME = re.compile(r"[A-Z][A-Z0-9_]*")
_DEFAULT_CALL = re.compile(r"\.default\([\"'`]?([^()\s\"'`]+)[\"'`]?\)")


def read_checked_variable(pair: Node, tree: SyntaxTree) -> CheckedVariable | None:
    """The variable that a pair of such a schema is, None for any other pair."""
    key, value = pair.child_by_field_name("key"), pair.child_by_field_name("value")
    if value is None or value.type != "call_expression" or not _CAPITAL_NAME.fullmatch(text_of(key)):
        return None
    around = next(islice(tree.ancestors_of(pair), 2, None), None)
    if around is None or around.type != "call_expression" or not _SCHEMA.search(callee_of(around)):
        return None
    source = text_of(value)
    default = next((child for child in _pairs_below(value) if text_of(child.child_by_field_name("key")) == "default"), None)
    optional = re.search(r"\.(optional|default|nullish|nullable|allow|catch)\(|devDefault", source) is not None
    if _JOI.search(callee_of(around)):
        optional = ".required()" not in source  # a key of Joi is optional where nothing is said
    node = default.child_by_field_name("value") if default is not None else None
    text = said[1] if node is None and (said := _DEFAULT_CALL.search(source)) is not None else None
    return CheckedVariable(text_of(key), node, node is None and not optional, text, tuple(_RULE.findall(source)))


_JOI = re.compile(r"(?i)^joi\.")
_RULE = re.compile(
    r"\.((?:min|length|regex|pattern|url|uri|email|uuid|guid|startsWith|endsWith|nonempty|positive|valid|datetime|hex|base64|port|ip|integer)\([^()\n]{0,80}\))"
)
"""What narrows the values that a schema takes."""


def _pairs_below(call: Node) -> list[Node]:
    objects = [given for given in arguments_of(call).positional if given.type == "object"]
    return [pair for given in objects for pair in given.named_children if pair.type == "pair"]
