"""Options that a program declares as a tree: Symfony's TreeBuilder, modules of NixOS, convict.

Each option is read with all that belongs to it, over several lines, from the whole of both sides.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from relbot.detect.settings_read.setting import ENV, OPTION, Setting, normalize_source
from relbot.schema import lazy_re as re

if TYPE_CHECKING:
    from collections.abc import Iterator

    from relbot.detect.engine.model import FileChange

_SYMFONY = re.compile(r"->(?:scalar|integer|boolean|array|float|enum|variable)Node\(\s*['\"]([\w.-]+)['\"]")
_SYMFONY_DEFAULT = re.compile(r"->default(?:Value\(([^()\n]*)\)|(True|False|Null)\(\))")
_NIX = re.compile(r"^[ \t]*([\w.-]+)[ \t]*=[ \t]*(?:lib\.)?mkOption\b", re.M)
_NIX_DEFAULT = re.compile(r"^[ \t]*default[ \t]*=[ \t]*+([^;\n]+);|\{[ \t]*default[ \t]*=[ \t]*+([^;\n]+);", re.M)
_CONVICT = re.compile(r"^[ \t]*['\"]?(\w+)['\"]?:[ \t]*\{(?=[ \t]*$|[^{}\n]{0,200}\b(?:default|env):)", re.M)
_CONVICT_PART = re.compile(r"(?:^|[{, ])[ \t]*+(default|env):[ \t]*+('[^'\n]*'|\"[^\"\n]*\"|[^,}\n]{0,200})", re.M)
_LONGEST = 2_000
"""Characters of a declaration that are looked at."""


def declares_options(change: FileChange) -> bool:
    """Whether a side of a file declares options in one of these ways."""
    sides = (change.before or b"", change.after or b"")
    if change.path.endswith(".nix"):
        return any(b"mkOption" in side for side in sides)
    if change.path.endswith(".php"):
        return any(b"TreeBuilder" in side for side in sides)
    return change.path.endswith((".js", ".ts", ".cjs", ".mjs")) and any(b"convict(" in side for side in sides)


def read_options(text: str, path: str) -> Iterator[Setting]:
    """The options that a text declares."""
    if path.endswith(".nix"):
        yield from _read_nix(text)
    elif path.endswith(".php"):
        yield from _read_symfony(text)
    else:
        yield from _read_convict(text)


def _parts(text: str, pattern: re.Pattern[str]) -> Iterator[tuple[str, int, str]]:
    """Each declared name, its line, and the source up to the next one."""
    found = list(pattern.finditer(text))
    for each, after in zip(found, [*(one.start() for one in found[1:]), len(text)], strict=False):
        yield each[1], text.count("\n", 0, each.start()) + 1, text[each.end() : min(after, each.end() + _LONGEST)]


def _read_symfony(text: str) -> Iterator[Setting]:
    for name, line, rest in _parts(text, _SYMFONY):
        said = _SYMFONY_DEFAULT.search(rest)
        default = normalize_source(said[1] or said[2].lower()) if said is not None else None
        needed = "->isRequired()" in rest and said is None
        yield Setting(OPTION, name, line, default, required=needed, deprecated="->setDeprecated(" in rest)


def _read_nix(text: str) -> Iterator[Setting]:
    for name, line, rest in _parts(text, _NIX):
        said = _NIX_DEFAULT.search(rest)
        yield Setting(OPTION, name, line, normalize_source(said[1] or said[2]) if said is not None else None)


def _read_convict(text: str) -> Iterator[Setting]:
    for name, line, rest in _parts(text, _CONVICT):
        parts = {part: value.strip(" \t,") for part, value in _CONVICT_PART.findall(rest)}
        if "default" in parts:
            default = normalize_source(parts["default"])
            yield Setting(OPTION, name, line, default)
            if "env" in parts:
                yield Setting(ENV, parts["env"].strip("\"' "), line, default)
