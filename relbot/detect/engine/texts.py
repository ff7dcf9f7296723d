"""Texts as they are put together: `"a" + B`, `f"{HOST}:{port}"`, `fmt.Sprintf(":%d", port)`, as the text that they are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relbot.detect.engine.expressions import CALLS, arguments_of, callee_of, literal_value, string_value, unwrap_node
from relbot.detect.engine.syntax import text_of
from relbot.schema import lazy_re as re

if TYPE_CHECKING:
    from collections.abc import Callable

    from tree_sitter import Node

_SUMS = frozenset(("binary_operator", "binary_expression", "binary", "additive_expression"))
_HOLES = {
    "f": re.compile(r"\{([A-Za-z_][\w.]*)\}"),
    "`": re.compile(r"\$\{([A-Za-z_$][\w.$]*)\}"),
    '"': re.compile(r"[#$]\{([A-Za-z_]\w*)\}|\$([A-Za-z_]\w*)"),
    "$": re.compile(r"\{([A-Za-z_]\w*)\}"),
}
"""How names stand in a text, by how it begins: in Python, JavaScript, Ruby, Kotlin and PHP, C#."""
_FORMATTING = re.compile(r"(^|\.)(Sprintf|sprintf|format)$")
_VERB = re.compile(r"%[sdv]|\{\}")
_DEEPEST = 5


def text_value(node: Node | None, constant: Callable[[str], str | None], depth: int = _DEEPEST) -> str | None:
    """The literal that an expression is where names stand for what `constant` gives; None for what only a run tells."""
    if node is None or depth == 0:
        return None
    node = unwrap_node(node)
    literal = literal_value(node)
    if literal is not None:
        filled = _fill_holes(text_of(node), literal, constant) if string_value(node) is not None else None
        return filled if filled is not None else literal
    if node.type in _SUMS:
        return _joined(node, constant, depth)
    if node.type in CALLS:
        return _formatted(node, constant, depth)
    return constant(text_of(node).lstrip("$"))


def _fill_holes(source: str, text: str, constant: Callable[[str], str | None]) -> str | None:
    """A text with the values of the names in it; None if it has none, or one of them has no value."""
    holes = _HOLES.get(source[:1])
    names = [next(filter(None, found.groups())) for found in holes.finditer(text)] if holes is not None else []
    values = {name: constant(name) for name in names}
    if holes is None or not names or None in values.values():
        return None
    return holes.sub(lambda found: values[next(filter(None, found.groups()))] or "", text)


def _joined(node: Node, constant: Callable[[str], str | None], depth: int) -> str | None:
    """What `+`, PHP's `.`, Elixir's `<>` or Python's `%` makes of two texts."""
    sign = text_of(node.child_by_field_name("operator") or next((each for each in node.children if not each.is_named), None))
    parts = [text_value(each, constant, depth - 1) for each in node.named_children]
    if sign == "/" and len(parts) == 2 and (parts[0] or "").startswith("/") and parts[1]:
        return f"{(parts[0] or '').rstrip('/')}/{parts[1]}"
    if len(parts) != 2 or None in parts:
        return None
    left, right = (part or "" for part in parts)
    if sign == "%":
        return _put_in(left, [right])
    is_text = any(string_value(unwrap_node(each)) is not None for each in node.named_children) or not (left + right).isdecimal()
    return left + right if sign in ("+", ".", "<>") and is_text else None


def _formatted(node: Node, constant: Callable[[str], str | None], depth: int) -> str | None:
    """What `net.JoinHostPort(a, b)`, `fmt.Sprintf` and `"{}".format` make of their arguments."""
    callee = callee_of(node)
    if (path := _joined_path(node, callee, constant, depth)) is not None:
        return path
    given = [text_value(each, constant, depth - 1) for each in arguments_of(node).positional]
    if not given or None in given:
        return None
    values = [value or "" for value in given]
    if callee == "net.JoinHostPort" and len(values) == 2:
        return ":".join(values)
    if not _FORMATTING.search(callee):
        return None
    owner = node.child_by_field_name("function")
    held = string_value(owner.named_children[0]) if owner is not None and owner.named_children else None
    return _put_in(values[0], values[1:]) if held is None else _put_in(held, values)


_JOINING = re.compile(
    r"(^|\.)(os\.path\.join|path\.(posix\.)?join|filepath\.Join|(?<!\w)Path\.join|File\.join|Path\.(Combine|Join|of)|Paths\.get)$"
)
_PATH = re.compile(r"(^|[.:])(PathBuf::from|Path::new|Path|PurePath|Pathname\.new|File\.new)$")


def _joined_path(node: Node, callee: str, constant: Callable[[str], str | None], depth: int) -> str | None:
    """The path that a call joins of its arguments: `os.path.join(A, "b")`, `Path::new(A).join("b")`; None for other calls."""
    given = list(arguments_of(node).positional)
    if callee.endswith((".join", ".resolve")) and not _JOINING.search(callee) and len(given) == 1:
        owner = node.child_by_field_name("function") or node.child_by_field_name("object")
        first = owner.named_children[0] if owner is not None and owner.named_children else owner
        if first is None or first.type not in CALLS or not _PATH.search(callee_of(first)):
            return None
        given.insert(0, first)
    elif not _JOINING.search(callee) and not (_PATH.search(callee) and len(given) == 1):
        return None
    parts = [text_value(each, constant, depth - 1) for each in given]
    if not parts or None in parts:
        return None
    return "/".join([(parts[0] or "").rstrip("/") or "/" * (len(parts) > 1), *(part.strip("/") for part in parts[1:] if part)])


def _put_in(text: str, values: list[str]) -> str | None:
    """A format with its values in their places; None if there are more or fewer."""
    if len(_VERB.findall(text)) != len(values):
        return None
    rest = iter(values)
    return _VERB.sub(lambda _: next(rest), text)
