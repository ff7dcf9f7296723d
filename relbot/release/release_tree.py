"""What a build starts from: unreleased fragments, releases with their records, and the changelog."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from relbot.schema.named_tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

    from relbot.fragment.file import FragmentFile
    from relbot.fragment.model import Fragment
    from relbot.release.record import ReleaseRecord


class ReleaseFolder(NamedTuple):
    """The files of one release as they lie there now. `record` is None for a folder that no build wrote."""

    version: str
    sources: tuple[FragmentFile, ...]
    record: ReleaseRecord | None = None
    record_text: str = ""
    prose: FragmentFile | None = None

    @property
    def files(self) -> tuple[FragmentFile, ...]:
        """Its fragments, and what it says above them."""
        return self.sources if self.prose is None else (*self.sources, self.prose)


class ReleaseTree(NamedTuple):
    """What a build starts from. `changelog` is the bytes of the changelog, None if there is none yet.

    `unreleased_sources` are the files of `unreleased`; both, and `releases` (by version), are only those of the target. `out_in`
    has the releases, the lowest first, that brought changes of `unreleased` already: on another line, by identity. `awaited` are
    the paths of unreleased fragments of several components that another target has yet to release. `prose` is the file of what
    the next release says above its changes, `manifests` are the files that name the version.
    """

    unreleased: tuple[Fragment, ...]
    unreleased_sources: tuple[FragmentFile, ...]
    releases: Mapping[str, ReleaseFolder]
    changelog: bytes | None = None
    out_in: Mapping[str, tuple[str, ...]] = MappingProxyType({})
    awaited: frozenset[str] = frozenset()
    prose: FragmentFile | None = None
    manifests: tuple[FragmentFile, ...] = ()

    @property
    def text(self) -> str:
        """The changelog as text; bytes that are not UTF-8 survive."""
        return (self.changelog or b"").decode("utf-8", "surrogateescape")
