"""Reads one text as a fragment, for tests."""

from relbot.config.model import Config
from relbot.fragment.location import Folder, Location
from relbot.fragment.parse import Parser, Source

PARSER = Parser(Config().type_names, ())


def parse(text, identity="4075", component=None, parser=PARSER):
    content = text if isinstance(text, bytes) else text.encode()
    path = f"changes/{identity}.md"
    return parser.parse(Source(path, content), Location(path, identity, Folder("changes", component)))


def faults(text, **how):
    """What is wrong, as (rule, line, column) in reading order."""
    result = parse(text, **how)
    assert isinstance(result, list), result
    return sorted(((f.rule, f.place.line, f.place.column) for f in result), key=lambda f: (f[1] or 0, f[2] or 0, f[0]))
