"""Who may call a program, and how it writes what it stores, by calls and annotations that say it without a name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relbot.detect.engine.expressions import (
    arguments_node,
    arguments_of,
    assigned_name,
    assigned_value,
    string_value,
    walk_tree,
)
from relbot.detect.engine.items import Item
from relbot.detect.engine.syntax import line_of, text_of
from relbot.detect.literals.kinds import POLICY, STORE
from relbot.schema import lazy_re as re

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from relbot.detect.engine.lists import Lists

_CORS = re.compile(r"(^|\.)(cors|WithOrigins|AllowAnyOrigin|SetIsOriginAllowed|(set)?[aA]llowedOrigin(s|Patterns)?)$")
_RUST_CORS = re.compile(r"Cors(Layer)?::(permissive|very_permissive|default|new)$")
_MATCHER = re.compile(
    r"(?:[mM]atchers\(\s*\"([^\"]+)\"\)|\.(anyRequest|anyExchange)\(\))"
    r"\.(permitAll|authenticated|denyAll|hasRole|hasAuthority)$"
)


_FAILS = re.compile(
    r"(Error|Exception|Exit|exit|die|fail|panic|Fatalf?|Errorf|bail!?|raise|abort|anyhow!?|ImproperlyConfigured)$"
)
_UNKNOWN_KEY = re.compile(
    r"(?i)\b(unknown|unexpected|unrecogni[sz]ed|unsupported)\s(config\w*\s)?(keys?|options?|settings?|fields?|propert(y|ies))\b"
)
"""What a program says that refuses a configuration with a key that it does not know."""


def read_policies(node: Node, callee: str, around: tuple[str, ...], lists: Lists) -> Iterator[Item]:
    """Spring's matchers, the origins that express and ASP.NET let in, and JPA's `@Enumerated(EnumType.STRING)`."""
    short = callee.rpartition(".")[2]
    if found := _MATCHER.search(callee):
        yield Item(POLICY, f"matcher {found[1] or found[2]}", found[3], line_of(node))
    elif _CORS.search(callee):
        said = " ".join(_write_arguments(node, lists).split()).strip("()") or "everybody"
        yield Item(POLICY, "origins", f"{short} {said}".removeprefix("cors "), line_of(node))
    elif _RUST_CORS.match(callee):
        yield Item(POLICY, "origins", " ".join(callee.split()), line_of(node))
    elif short == "Enumerated":
        given = [text_of(each).rpartition(".")[2] for each in arguments_of(node).positional]
        yield Item(STORE, ".".join([*around, short]), " ".join(given), line_of(node))
    elif callee == "serialize" and (coder := arguments_of(node).named.get("coder")) is not None:
        stored = next((text_of(each) for each in arguments_of(node).positional), "")
        yield Item(STORE, ".".join([*around, f"serialize {stored}"]), text_of(coder), line_of(node))
    elif _FAILS.search(callee) and any(_UNKNOWN_KEY.search(text_of(each)) for each in arguments_of(node).positional[:2]):
        yield Item("strict", "unknown keys", "", line_of(node))


def _write_arguments(call: Node, lists: Lists) -> str:
    """The arguments of a call as they are written, with the lists in them as the lists that they are."""
    holder = arguments_node(call)
    if holder is None:
        return ""
    source = holder.text or b""
    written: list[bytes] = []
    done = 0
    for node in walk_tree(holder):
        value = assigned_value(node) if assigned_name(node) else None
        if value is None or value.start_byte - holder.start_byte < done or (parts := lists.parts_of(value)) is None:
            continue
        listed = ", ".join(part if isinstance(part, str) else string_value(part) or text_of(part) for part in parts)
        written += [source[done : value.start_byte - holder.start_byte], f"[{listed}]".encode()]
        done = value.end_byte - holder.start_byte
    return b"".join([*written, source[done:]]).decode("utf-8", "replace")
