"""One change in several release lines: a fix that was made on main, and cherry-picked to 1.9.x and released there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relbot.fragment.location import Location
from relbot.fragment.release_lines import is_same_change

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from relbot.finding import Finding
    from relbot.fragment.file import FragmentFile
    from relbot.fragment.model import Fragment
    from relbot.fragment.parse import Parser


class ReleaseLines:
    """Tells whether two files of one name are one change in two release lines."""

    def __init__(
        self, parser: Parser, located: Callable[[str], Location | Finding | None], namesakes: Iterable[FragmentFile]
    ) -> None:
        self._parser, self._located = parser, located
        self._namesakes = {file.path: file for file in namesakes}
        self._read: dict[str, Fragment] = {}

    def remember(self, fragment: Fragment) -> None:
        """Takes note of a fragment, with which a later one may share its name."""
        self._read[fragment.path] = fragment

    def share_change(self, parsed: Fragment | list[Finding], location: Location, other: str) -> bool:
        """Whether a file is the same change as the one at the path `other`, as `is_same_change` says."""
        there = self._located(other)
        if not isinstance(there, Location) or (there.folder == location.folder and there.version == location.version):
            return False
        if other not in self._read and (source := self._namesakes.get(other)):
            read = self._parser.parse(source, there)
            if not isinstance(read, list):
                self._read[other] = read
        earlier = self._read.get(other)
        if there.folder != location.folder:  # of a change of several components, each release has a copy
            if isinstance(parsed, list) or earlier is None:
                return False
            return bool(parsed.other_components) and parsed.components == earlier.components
        if isinstance(parsed, list) or earlier is None:  # one is not read, or has faults of its own
            return there.version is not None and location.version is not None
        return is_same_change(parsed, earlier)
