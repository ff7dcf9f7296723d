"""What an expression of Terraform is, as far as its own module's files tell: a local name, an attribute, a part of a network."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relbot.schema import lazy_re as re

if TYPE_CHECKING:
    from collections.abc import Mapping

_NAME = re.compile(r"(?:local|var|\w+\.\w+)\.\w+(?:\.\w+)?")
_FILLED = re.compile(r"\$\{([^{}\"]{1,200})\}")
_SUBNET = re.compile(r"cidrsubnet\(([^(),]{1,200}),\s*(\d{1,3}),\s*(\d{1,9})\)")
_MOST = 4
"""Names that stand for names."""


def resolve_expression(text: str, known: Mapping[str, str]) -> str:
    """An expression with what is known of its names in their places; `known` are expressions by `local.x` or `type.name.x`."""
    for _ in range(_MOST):
        now = _FILLED.sub(lambda found: _as_text(found[0], resolve_name(found[1], known)), text)
        now = resolve_name(now, known)
        if now == text:
            break
        text = now
    if (made := _put_together(text, known)) is not None:
        return made
    found = _SUBNET.fullmatch(text)
    return _subnet(found, known) if found is not None else text


_CALLED = re.compile(r"(join|format)\( ?(\"[^\"$]*\"), ?([^()]*)\)")
_PART = re.compile(r"\"[^\"$]*\"|[\w.]+")


def _put_together(text: str, known: Mapping[str, str]) -> str | None:
    """The text that `join("-", ["a", local.b])` or `format("%s-b", local.a)` is, None where a part of it cannot be told."""
    found = _CALLED.fullmatch(text)
    if found is None:
        return None
    first = found[2].strip('"')
    parts = [resolve_name(part, known) for part in _PART.findall(found[3])]
    if not all(part.isdecimal() or (part.startswith('"') and "${" not in part) for part in parts):
        return None
    values = [part.strip('"') for part in parts]
    if found[1] == "join":
        return f'"{first.join(values)}"'
    return f'"{first % tuple(values)}"' if first.count("%s") == first.count("%") == len(values) else None


def resolve_name(text: str, known: Mapping[str, str]) -> str:
    """What a name stands for, else the text itself."""
    return known.get(text, text) if _NAME.fullmatch(text) else text


def _as_text(whole: str, value: str) -> str:
    return value[1:-1] if value.startswith('"') and value.endswith('"') else value if value.isdecimal() else whole


def _subnet(found: re.Match[str], known: Mapping[str, str]) -> str:
    """The network that Terraform's `cidrsubnet(network, more bits, number)` is; as it is written where that cannot be told."""
    import ipaddress  # only where networks change

    base = resolve_name(found[1].strip(), known).strip('"')
    try:
        network = ipaddress.ip_network(base)
        bits = network.prefixlen + int(found[2])
        start = int(network.network_address) + (int(found[3]) << (network.max_prefixlen - bits))
        return f'"{ipaddress.ip_address(start)}/{bits}"'
    except ValueError:
        return found[0]
