"""One file to one fragment, or to every fault it has."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from relbot.fragment.fast_parser import parse_plain_fragment
from relbot.fragment.file import LARGEST

if TYPE_CHECKING:
    from relbot.finding import Finding
    from relbot.fragment.file import FragmentFile
    from relbot.fragment.location import Location
    from relbot.fragment.model import Fragment
    from relbot.fragment.yaml_parser import YamlParser

_SURPRISES = ("yes", "no", "on", "off", "true", "false", "null", "y", "n")


class Parser:
    """Parses the fragments of a project with these types and components. A fragment of a `hidden` type needs no text."""

    def __init__(self, types: tuple[str, ...], components: tuple[str, ...], hidden: tuple[str, ...] = ()) -> None:
        self._types, self._components, self._hidden = types, components, frozenset(hidden)
        self._words = {"type": frozenset(types).difference(_SURPRISES), "component": frozenset(components).difference(_SURPRISES)}

    def parse(self, source: FragmentFile, location: Location) -> Fragment | list[Finding]:
        """The fragment in `source`, or its faults, in no particular order.

        The text may begin with a byte order mark and have lines that end in CR LF.
        """
        if len(source.content) <= LARGEST and (quick := parse_plain_fragment(source.content, location, self._words)):
            return quick
        return self._thorough.parse(source, location)

    @cached_property
    def _thorough(self) -> YamlParser:
        """Who reads what is not plain: YAML takes as long to import as a hundred plain fragments to be read."""
        from relbot.fragment.yaml_parser import YamlParser  # imports YAML

        return YamlParser(self._types, self._components, self._hidden)
