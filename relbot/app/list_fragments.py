"""Lists fragments: those that are not released, or those whose old way still works."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relbot.app.availability import find_arrivals
from relbot.app.lookup import known_component, known_type
from relbot.deploy.plan.holds import open_contracts
from relbot.files.folder import list_released, read_namesakes, read_sources, read_unreleased
from relbot.fragment.location import in_natural_order
from relbot.release.notes import Readers
from relbot.release.results import Listing
from relbot.review.check import check_fragments
from relbot.schema.named_tuples import NamedTuple

if TYPE_CHECKING:
    from relbot.app.project import Project
    from relbot.fragment.model import Fragment, NotesAudience


class ListRequest(NamedTuple):
    """Which fragments to list: those of which all that is given here is true.

    Without `open_contracts`: of those that are not released. With it: of those with `compat: shim`, released or not, whose old
    way no later change takes away. `audience`: of those that the notes for these readers show.
    """

    type: str | None = None
    component: str | None = None
    breaking: bool = False
    migration: bool = False
    open_contracts: bool = False
    audience: NotesAudience | None = None

    def fits(self, fragment: Fragment) -> bool:
        """Whether a fragment has the type, the component, and what else was asked for."""
        return (
            self.type in (None, fragment.type)
            and (self.component is None or self.component in fragment.components)
            and (fragment.breaking or not self.breaking)
            and (fragment.migration or not self.migration)
        )


def list_fragments(project: Project, request: ListRequest) -> Listing:
    """Lists the fragments of the work tree that fit the request; faulty ones are left out, and their faults are in the answer.

    `arrivals` is filled for `open_contracts` alone. UsageError if there is no such type or component; Unknown if git cannot tell
    since when something is there, or the work tree is a sparse one without the fragments.
    """
    config = project.config
    known_type(config, request.type)
    known_component(config, request.component)
    project.require_whole()
    if request.open_contracts:
        checked = check_fragments(read_sources(project.root, config.folders), config)
        released = [fragment for fragment in checked.fragments if fragment.version]
        first = sorted(released, key=lambda fragment: in_natural_order(fragment.version or ""), reverse=True)
        every = {fragment.identity: fragment for fragment in (*checked.fragments, *first)}  # of a back-port, the oldest line's
        pool = open_contracts(every.values())
    else:
        others = list_released(project.root, config.folders)
        sources = read_unreleased(project.root, config.folders)
        checked = check_fragments(sources, config, others, read_namesakes(project.root, sources, others))
        pool = checked.fragments
    pool = tuple(pool)
    total = len(pool)
    if request.audience:
        readers = Readers(request.audience, frozenset(config.hidden_types))
        pool = tuple(fragment for fragment in pool if readers.sees(fragment))
    found = sorted(filter(request.fits, pool), key=lambda fragment: in_natural_order(fragment.identity))
    arrivals = find_arrivals(project, found) if request.open_contracts else {}
    return Listing(tuple(found), total, arrivals, checked.findings)
