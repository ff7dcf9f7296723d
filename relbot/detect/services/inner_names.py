"""Names that a file gives to its own parts: another one changes nothing where the part is the same."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relbot.schema import lazy_re as re

if TYPE_CHECKING:
    from relbot.detect.services.reading import Values

_DECLARED = re.compile(
    r"\bupstream\s+(?P<upstream>[\w.-]+)\s*+\{[^{}]*+\}|\bzone=(?P<zone>[\w-]+):[^;]{1,200};|\blog_format\s++(?P<log>[\w-]++)[^;]{1,800};"
)
_WORD = re.compile(r"[\w.-]+")


def with_old_names(old: str, new: str) -> str:
    """The new text of a web server's configuration, its parts that are as before with their names before."""
    before, after = _read_parts(old), _read_parts(new)
    names: dict[str, str] = {}
    for name, part in after.items():
        former = [other for other, same in before.items() if same == part and other not in after]
        if name not in before and len(former) == 1:
            names[name] = former[0]
    return _WORD.sub(lambda found: names.get(found[0], found[0]), new) if names else new


def _read_parts(text: str) -> dict[str, str]:
    """The parts that a text names, each as it is written without its name and its comments."""
    found: dict[str, str] = {}
    for each in _DECLARED.finditer(text):
        kind = each.lastgroup or ""
        start, end = each.span(kind)
        rest = f"{each.string[each.start() : start]}{each.string[end : each.end()]}"
        found[each[kind]] = " ".join(re.sub(r"#[^\n]*", "", rest).split())
    return found


_VOLUME = re.compile(r"\.volumes\.\[([^\[\]]{1,80})\](\..*)?$")
_OF_VOLUME = re.compile(r"(?<=\.volume)(s|Mounts)\.\[([^\]]+)\]")


def with_old_volume_names(old: Values, new: Values) -> Values:
    """The values of a new object, its volumes that are what they were with their names before."""
    before, after = _read_volumes(old), _read_volumes(new)
    names: dict[str, str] = {}
    for name, source in after.items():
        former = [other for other, same in before.items() if same == source and other not in after]
        if name not in before and len(former) == 1:
            names[name] = former[0]
    if not names:
        return new
    found: Values = {}
    for path, values in new.items():
        named = _OF_VOLUME.search(path)
        own = path.endswith("].name") and named is not None
        former_path = _OF_VOLUME.sub(lambda part: f"{part[1]}.[{names.get(part[2], part[2])}]", path)
        found[former_path] = tuple(names.get(value, value) for value in values) if own else values
    return found


def _read_volumes(values: Values) -> dict[str, frozenset[tuple[str, tuple[str, ...]]]]:
    """The volumes of an object, each with what it is."""
    found: dict[str, set[tuple[str, tuple[str, ...]]]] = {}
    for path, each in values.items():
        if (named := _VOLUME.search(path)) is not None and named[2] != ".name":
            found.setdefault(named[1], set()).add((named[2] or "", each))
    return {name: frozenset(parts) for name, parts in found.items()}
