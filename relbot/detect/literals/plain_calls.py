"""Calls that get a literal which others rely on: limits of requests, switches of features, exit codes, names of headers."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from relbot.detect.engine.expressions import CALLS, arguments_of, callee_of, literal_value, string_value, walk_tree
from relbot.detect.engine.items import Item
from relbot.detect.engine.syntax import line_of, text_of
from relbot.detect.literals.kinds import EXIT, LIMIT, SCOPE, SETTING
from relbot.schema import lazy_re as re

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

INDEXED = frozenset(("subscript", "subscript_expression", "element_reference", "index_expression", "element_access_expression"))
HEADER = "header"
_LIMITERS = re.compile(
    r"(^|[.:>])(per(Second|Minute|Hour|Day)|rate_?[lL]imit(er|ed)?|slowDown|throttle|limiter\.limit|AddFixedWindowLimiter|AddTokenBucketLimiter|NewLimiter"
    r"|RateLimiter::for|Max(Recv|Send)MsgSize|depthLimit|MaxBytesReader|Bandwidth\.(simple|classic)|Throttle|RateLimit)$"
)
_FEATURES = re.compile(
    r"(?i)(^|[.:>])(feature(_?flags?)?(::|\.)(define|register|activate|add)|define_?(feature|flag)|flipper\.register)$"
)
_EXITS = re.compile(r"(^|[.:>])(os\.Exit|sys\.exit|process\.exit|Environment\.Exit|System\.exit|exit|exitProcess|process::exit)$")
_HEADERS = re.compile(r"(?i)(^|[.:>_])(headers?(\.get|\.fetch|\.has)?|get_?header(_?line)?|requestheader|req\.get|header)$")
_HEADER = re.compile(r"X-[A-Za-z][\w-]+")
_PROVES = re.compile(r"(?i)signature|token|auth|secret|key|hmac")
_NUMBER = re.compile(r"\d+")


def read_plain_call(node: Node, around: tuple[str, ...]) -> Iterator[Item]:
    """What a call or an access by key shares, by the names around it."""
    if node.type in INDEXED:
        yield from _read_index(node, around)
        return
    callee = callee_of(node)
    short = callee.rpartition(".")[2]
    kind = _kind_of_plain_call(callee)
    if _FRAMEWORK_SET.search(callee):
        yield from _read_framework_setting(node)
    if kind == HEADER:
        yield from _read_header(next(iter(arguments_of(node).positional), None), around, node)
    elif kind == EXIT:
        code = literal_value(next(iter(arguments_of(node).positional), None))
        if code is not None and code.isdecimal():
            yield Item(EXIT, ".".join([*around, short]), code, line_of(node))
    elif kind == LIMIT:
        yield from _read_limit(node, ".".join([*around, short]))
    elif kind == SETTING:
        given = arguments_of(node).positional
        name = literal_value(next(iter(given), None))
        states = [text for each in given[1:] for part in walk_tree(each) if (text := literal_value(part)) in ("true", "false")]
        if name and states:
            yield Item(SETTING, f"feature {name}", " ".join(states), line_of(node))


_FRAMEWORK_SET = re.compile(r"^(app|server|router)\.(set|enable|disable)$")
"""Express's `app.set("trust proxy", 1)`, `app.disable("etag")`."""


def _read_framework_setting(node: Node) -> Iterator[Item]:
    given = [literal_value(each) for each in arguments_of(node).positional]
    if given and given[0] and None not in given and given[0] not in ("view engine", "views", "title"):
        value = given[1] if len(given) > 1 else "true" if callee_of(node).endswith("enable") else "false"
        yield Item(SETTING, given[0], str(value), line_of(node))


@lru_cache(8192)
def _kind_of_plain_call(callee: str) -> str | None:
    """What a call of that name gets: a change set has few names and thousands of calls."""
    if _HEADERS.search(callee):
        return HEADER
    if _EXITS.search(callee):
        return EXIT
    if _LIMITERS.search(callee):
        return LIMIT
    return SETTING if _FEATURES.search(callee) else None


def _read_limit(node: Node, name: str) -> Iterator[Item]:
    given = arguments_of(node)
    said = [
        text
        for each in (*given.positional, *given.named.values())
        for part in walk_tree(each)
        if (text := literal_value(part)) and _NUMBER.search(text)
    ]
    if said and len(said) <= _MOST:
        about = next((text for each in given.positional if (text := string_value(each)) and not _NUMBER.search(text)), "")
        yield Item(LIMIT, f"{name} {about}".strip(), " ".join(said), line_of(node))


_MOST = 6


def _read_index(node: Node, around: tuple[str, ...]) -> Iterator[Item]:
    inside = node.named_children
    owner = (inside[0].text or b"").decode("utf-8", "replace") if inside else ""
    if len(inside) > 1 and node.type not in CALLS and _HEADERS.search(owner):
        yield from _read_header(inside[-1], around, node)


def _read_header(value: Node | None, around: tuple[str, ...], node: Node) -> Iterator[Item]:
    """The name of a header that a request brings; one that proves who sends it is as a scope is."""
    texts = [text for each in (walk_tree(value) if value is not None else ()) if (text := string_value(each)) is not None]
    if texts and _HEADER.fullmatch(texts[0]):
        proves = _PROVES.search(texts[0]) is not None
        yield Item(SCOPE if proves else HEADER, ".".join([*around, "header"]), texts[0], line_of(node))


_MADE = frozenset(("call", "call_expression", "function_call_expression", "binary_expression", "binary", "binary_operator"))


def written_call(node: Node) -> str | None:
    """How a value is written that is made of literals alone: `30.days`, `storage_path("app")`, `60 * 60`."""
    text = " ".join(text_of(node).split())
    names = [each for each in walk_tree(node) if each.type in ("identifier", "variable_name", "constant")]
    if _LOOKED_UP.search(text):
        return None
    made = (
        node.type in _MADE
        and len(text) <= _LONGEST
        and len(names) <= 1
        and any(literal_value(each) is not None for each in walk_tree(node))
    )
    if made and (found := _DURATION.fullmatch(text)):
        return f"{int(found[1]) * _SECONDS[found[2]]} seconds"
    return text.replace("'", '"') if made else None


_DURATION = re.compile(r"(\d{1,9})\.(second|minute|hour|day|week)s?")
_SECONDS = {"second": 1, "minute": 60, "hour": 3600, "day": 86400, "week": 604800}


_LONGEST = 80
_LOOKED_UP = re.compile(r"(?i)env|config")
"""Another detector reads what asks for a variable."""
