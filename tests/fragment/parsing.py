"""Reads one text as a fragment, for tests."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relbot.config.model import Config
from relbot.fragment.file import FragmentFile
from relbot.fragment.location import Folder, Location
from relbot.fragment.parse import Parser

if TYPE_CHECKING:
    from relbot.finding import Finding
    from relbot.fragment.model import Fragment

PARSER = Parser(Config().type_names, ())


def parse(
    text: str | bytes, identity: str = "4075", component: str | None = None, parser: Parser = PARSER
) -> Fragment | list[Finding]:
    content = text if isinstance(text, bytes) else text.encode()
    path = f"changes/{identity}.md"
    return parser.parse(FragmentFile(path, content), Location(path, identity, Folder("changes", component)))


def sound(text: str | bytes, identity: str = "4075", component: str | None = None) -> Fragment:
    """The fragment in a text that has no fault."""
    result = parse(text, identity, component)
    assert not isinstance(result, list), result
    return result


def faults(text: str | bytes, identity: str = "4075", component: str | None = None) -> list[tuple[str, int | None, int | None]]:
    """What is wrong, as (rule, line, column) in reading order."""
    result = parse(text, identity, component)
    assert isinstance(result, list), result
    return sorted(((f.rule, f.place.line, f.place.column) for f in result), key=lambda f: (f[1] or 0, f[2] or 0, f[0]))
