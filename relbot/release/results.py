"""What the use cases about releases and fragments return, for renderers and for the Python API."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relbot.finding import Level
from relbot.schema.named_tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

    from relbot.finding import Finding
    from relbot.fragment.model import Fragment
    from relbot.release.availability import ArrivedIn, DeployedIn
    from relbot.release.build_plan import Build
    from relbot.release.notes import Notes
    from relbot.release.target import ReleaseTarget
    from relbot.release.undo import Undo


class BuildResult(NamedTuple):
    """What a build did to the work tree.

    `build` is None where there is nothing to build. `build.operations` is empty where `build.findings` kept it from changing
    anything, and where the version was built before. `notices` are sentences for people.
    """

    target: ReleaseTarget
    version: str
    build: Build | None
    notices: tuple[str, ...] = ()

    @property
    def changed(self) -> bool:
        """Whether files were moved or written."""
        return self.build is not None and bool(self.build.operations.moves or self.build.operations.writes)


class UndoneRelease(NamedTuple):
    """A build that was taken back. `notices` are sentences for people."""

    target: ReleaseTarget
    undo: Undo
    notices: tuple[str, ...] = ()


class RenderedNotes(NamedTuple):
    """The notes of one release, as data and rendered; `text` ends in one line end."""

    notes: Notes
    text: str
    notices: tuple[str, ...] = ()


class Listing(NamedTuple):
    """Fragments in natural order of their identities (`9-x` before `10-x`).

    `total` counts those of the kind that was asked for before type, component and the like were looked at. `arrivals`, by
    identity, is empty unless it was asked for. `findings` are the faults of files that could not be read: the list lacks those.
    """

    fragments: tuple[Fragment, ...]
    total: int
    arrivals: Mapping[str, ArrivedIn]
    findings: tuple[Finding, ...] = ()

    @property
    def errors(self) -> tuple[Finding, ...]:
        """The findings that keep a file from being read."""
        return tuple(finding for finding in self.findings if finding.level is Level.ERROR)

    @property
    def hidden(self) -> tuple[str, ...]:
        """Identities of which a shallow clone does not tell since when they are there."""
        return tuple(identity for identity, arrived in self.arrivals.items() if arrived.hidden)


class FragmentReport(NamedTuple):
    """One fragment, and for each environment of the configuration, in its order, whether the change runs there.

    `releases` are all that have the change, the lowest first: a back-port is in two.
    """

    fragment: Fragment
    deployments: tuple[DeployedIn, ...]
    releases: tuple[str, ...] = ()

    @property
    def certain(self) -> bool:
        """Whether every environment could be asked."""
        return not any(each.problem for each in self.deployments)


class Published(NamedTuple):
    """What was done on GitHub: `did` is "created", "changed", "published", or "" if all was as wanted; `url` is the page."""

    title: str
    tag: str
    did: str
    url: str


class Proposed(NamedTuple):
    """The pull request that builds the next release.

    `version` is "" where nothing is unreleased; `did` is "opened", "updated", "created", "closed", or "" if all was as wanted.
    Where `findings` is not empty, nothing was done.
    """

    version: str
    did: str = ""
    url: str = ""
    findings: tuple[Finding, ...] = ()
    notices: tuple[str, ...] = ()
