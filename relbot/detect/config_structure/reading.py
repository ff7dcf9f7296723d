"""Both sides of a configuration file as documents, read in the same way."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relbot.detect.config_structure.entry import Document, Entry, Unreadable, make_document
from relbot.detect.config_structure.hocon import read_hocon
from relbot.detect.config_structure.lines import read_indented, read_sections
from relbot.detect.config_structure.other_files import read_toml, read_xml
from relbot.detect.config_structure.templates import Templates
from relbot.detect.config_structure.yaml_file import read_json, read_yaml
from relbot.schema import lazy_re as re

if TYPE_CHECKING:
    from collections.abc import Callable


def read_both(format_: str, old: str, new: str) -> tuple[Document, Document] | None:
    """Both texts in the format: strictly if both sides are valid, else both by lines; None where lines tell nothing.

    Never one side strictly and the other by lines: keys would seem to have moved.
    """
    strict = _STRICT.get(format_)
    if strict is not None:
        try:
            return _read_strictly(strict, format_, old), _read_strictly(strict, format_, new)
        except Unreadable:
            pass
    by_lines = _BY_LINES.get(format_)
    return (by_lines(old), by_lines(new)) if by_lines else None


def read_live_entries(format_: str, text: str) -> list[Entry]:
    """The keys that a text sets, in order, with lists' entries one by one, and what templates fill in as it is written.

    Raises Unreadable.
    """
    templates = Templates()
    return [templates.restored(entry) for entry in _STRICT[format_](templates.taken_out(text))]


def _read_strictly(strict: Callable[[str], list[Entry]], format_: str, text: str) -> Document:
    templates = Templates()
    live = [templates.restored(entry) for entry in strict(templates.taken_out(text))]
    if format_ not in _COMMENTED or "#" not in text:
        return make_document(live, [])
    seen = _BY_LINES[format_](text)
    return make_document(live, list(seen.shown.values()), seen.deprecated).without_sections()


_STRICT: dict[str, Callable[[str], list[Entry]]] = {"yaml": read_yaml, "json": read_json, "toml": read_toml, "xml": read_xml}
_SPACE = re.compile(r"^([a-z][a-z-]+) +", re.M)
"""What stands between a key and its value in the files of Redis."""
_BY_LINES: dict[str, Callable[[str], Document]] = {
    "yaml": read_indented,
    "json": read_indented,
    "toml": read_sections,
    "sections": read_sections,
    "hocon": read_hocon,
    "spaced": lambda text: read_sections(_SPACE.sub(r"\1 = ", text)),
}
_COMMENTED = frozenset(("yaml", "toml"))
