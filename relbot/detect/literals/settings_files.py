"""The named literals of files without a syntax tree: in configuration by their keys, elsewhere by their lines."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relbot.detect.config_structure.entry import dotted_path
from relbot.detect.config_structure.reading import read_live_entries
from relbot.detect.engine.items import Item
from relbot.detect.literals.kinds import ADDRESS, LOG, OTHER, QUEUE
from relbot.schema import lazy_re as re

if TYPE_CHECKING:
    from collections.abc import Iterator

_CONFIG = re.compile(
    r"(^|/)(application|bootstrap)[\w-]{0,80}\.(ya?ml|properties)$|(^|/)appsettings[\w.]{0,80}\.json$|(^|/)logback[\w-]{0,80}\.xml$|(^|/)fly(\.\w+)?\.toml$|(^|/)config/packages/[\w/.-]{1,200}\.ya?ml$"
)
_ADDRESS_KEY = re.compile(
    r"(?i)(^|\.)(server\.port|server\.address|context-path|base-path|management\.server\.port|url|urls|applicationurl|endpoints\..{0,200}\.url"
    r"|servlet\.path|port|internal_port)$"
)
_DEFAULTED = re.compile(
    r"(?i)^(server\.port|server\.servlet\.context-path|server\.address|management\.server\.port|management\.endpoints\.web\.base-path)$"
)
_PLAIN_LINE = re.compile(
    r"""^(?:\s*(?:#\s?define|-define\(|\(def(?:ine)?|our \$|my \$)\s?)?[\s\w<>*&:,]{0,300}?\b([A-Za-z_][\w.-]{3,300})\s{0,300}(?::=|=|:|,|\s)\s*("[^"]*"|'[^']*'|-?\d[\d_.]*+\w{0,3}|true|false)\s*+[,;).]*+\s*+(?://.*|--.*|#.*)?$"""
)


_WITH_DEFAULT = re.compile(r"^\$\{[\w.-]+:([^${}]+)\}$")
"""Spring's `${NAME:default}`."""


def is_config_file(path: str) -> bool:
    """Whether it is a framework's file of keys that this module reads."""
    return _CONFIG.search(path) is not None


def read_literal_settings(text: str, path: str) -> Iterator[Item]:
    """The addresses and places that a framework's file of keys gives; `defaulted` are those with a default of the framework.

    Raises Unreadable.
    """
    if path.endswith(".properties"):
        entries = [
            (key.strip(), value.strip(), number)
            for number, line in enumerate(text.split("\n"), 1)
            for key, _, value in [line.partition("=")]
        ]
    else:
        ending = path.rpartition(".")[2]
        found = read_live_entries({"yml": "yaml"}.get(ending, ending), text)
        entries = [(dotted_path(entry.path), entry.value, entry.line) for entry in found]
    for key, value, line in entries:
        if path.endswith(".xml"):
            if key.endswith(".file"):
                yield Item("store", key, value, line)
            elif key.endswith(("pattern", "encoder.@class", "layout.@class")):
                yield Item(LOG, f"{path} encoder", value, line)
        elif _ADDRESS_KEY.search(key) and not re.search(r"(?i)datasource|client|jdbc", key):
            default = _WITH_DEFAULT.sub(r"\1", value)  # what an installation has that sets no variable
            yield Item("defaulted" if _DEFAULTED.match(key) else ADDRESS, key, default, line)
        elif re.search(r"(?i)(^|[.])(queue|topic|group-id)([._-]?name)?$", key):
            yield Item(QUEUE, key, value, line)


_SHELL_LINE = re.compile(r"""^\s*(?:export |local |readonly |declare )?([A-Za-z_]\w{2,})=("[^"$`]*"|'[^']*'|[\w./:-]+)\s*$""")


def read_lines(text: str, path: str) -> Iterator[Item]:
    """Names with a literal beside them, in a language that has no grammar here."""
    pattern = _SHELL_LINE if path.endswith((".sh", ".bash", ".ksh")) else _PLAIN_LINE
    for number, line in enumerate(text.split("\n"), 1):
        found = pattern.match(line[:300])
        if found is not None:
            yield Item(OTHER, found[1], found[2].strip("\"'"), number)
