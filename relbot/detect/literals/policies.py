"""Who may call a program, and how it writes what it stores, by calls and annotations that say it without a name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relbot.detect.engine.expressions import arguments_node, arguments_of
from relbot.detect.engine.items import Item
from relbot.detect.engine.syntax import line_of, text_of
from relbot.detect.literals.kinds import POLICY, STORE
from relbot.schema import lazy_re as re

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

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


def read_policies(node: Node, callee: str, around: tuple[str, ...]) -> Iterator[Item]:
    """Spring's matchers, the origins that express and ASP.NET let in, and JPA's `@Enumerated(EnumType.STRING)`."""
    short = callee.rpartition(".")[2]
    if found := _MATCHER.search(callee):
        yield Item(POLICY, f"matcher {found[1] or found[2]}", found[3], line_of(node))
    elif _CORS.search(callee):
        said = " ".join(text_of(arguments_node(node)).split()).strip("()") or "everybody"
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
