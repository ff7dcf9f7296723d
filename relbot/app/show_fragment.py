"""Shows one fragment: what it says, which release has it, where it runs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relbot.app.availability import find_deployments
from relbot.errors import FaultyFragments, UsageError
from relbot.files.folder import read_sources
from relbot.fragment.location import in_natural_order
from relbot.release.results import FragmentReport
from relbot.review.check import check_fragments
from relbot.schema.faults import nearest_word

if TYPE_CHECKING:
    from relbot.app.project import Project
    from relbot.ledger.store import Surroundings


def show_fragment(project: Project, identity: str, around: Surroundings | None = None) -> FragmentReport:
    """Looks a fragment of the work tree up by its identity, its file's name or its path, and asks every environment for it.

    UsageError, with the nearest name, if there is none; FaultyFragments if its file has faults; Unknown if the work tree is a
    sparse one without the fragments. An environment that cannot be asked is told in the answer; without `around` none is asked.
    """
    project.require_whole()
    identity = identity.rpartition("/")[2].removesuffix(".md")
    checked = check_fragments(read_sources(project.root, project.config.folders), project.config)
    found = [fragment for fragment in checked.fragments if fragment.identity == identity]
    if not found:
        faults = [finding for finding in checked.findings if finding.place.path.endswith(f"/{identity}.md")]
        if faults:
            raise FaultyFragments(f"The fragment `{identity}` cannot be read.", faults, tip="Correct it, and run this again.")
        near = nearest_word(identity, [fragment.identity for fragment in checked.fragments])
        tip = f"Did you mean `{near}`?" if near else "To see which there are: relbot list"
        raise UsageError(f"There is no fragment `{identity}`.", tip=tip)
    releases = sorted((fragment.version for fragment in found if fragment.version), key=in_natural_order)
    newest = max(found, key=lambda fragment: (not fragment.version, in_natural_order(fragment.version or "")))
    return FragmentReport(newest, tuple(find_deployments(project, newest, around)) if around else (), tuple(releases))
