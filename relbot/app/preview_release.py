"""What a change set would add: notes, steps, and the version that comes next."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relbot.deploy.plan.make import make_plan
from relbot.errors import UsageError
from relbot.fragment.location import Location, locate
from relbot.git.change_logs import read_change_logs
from relbot.git.tags import tagged_versions
from relbot.git.trees import entry, lines_of, listing
from relbot.release.notes import make_notes
from relbot.release.version import bumped, readable, wanted_bump

if TYPE_CHECKING:
    from datetime import date

    from relbot.app.evaluate_commits import Commits, Judged
    from relbot.deploy.plan.changelog import Revision
    from relbot.deploy.plan.model import Plan
    from relbot.git.process import Git
    from relbot.release.notes import Notes


def notes_of(judged: Judged, day: date) -> Notes:
    """The notes of the fragments that the change set adds or edits."""
    return make_notes("next", day, judged.fragments, {}, judged.config)._replace(title="Next")


def plan_of(git: Git, commits: Commits, judged: Judged) -> Plan | None:
    """The steps that a deploy of head needs where start runs. None if the change set has no fragment."""
    if not judged.fragments:
        return None
    a, b = read_change_logs(git, commits.start, commits.head, lambda _: judged.config)
    return make_plan(a._replace(revision=_short(a.revision)), b._replace(revision=_short(b.revision)))


def _short(revision: Revision) -> Revision:
    return revision._replace(name=revision.name[:12])


def next_version(git: Git, commits: Commits, judged: Judged, day: date) -> str:
    """The version of the next release with what head has; "" if nothing asks for one, or nothing was released so far."""
    config = judged.config
    fragments = [f for f in judged.unreleased if not _alone(f.component, judged)]
    part = wanted_bump(fragments, {kind.name: kind.bump for kind in config.types})
    located = (locate(entry(line).path, config.folders[:1]) for line in lines_of(listing(git, commits.base, config.folders[:1])))
    names = {at.version for at in located if isinstance(at, Location) and at.version}
    known = readable(sorted(names) or tagged_versions(git, config.tag), config.versions)
    if not known or part == "none":
        return ""
    try:
        return bumped(max(known), part, None, day, config.versions)
    except UsageError:
        return ""


def _alone(component: str | None, judged: Judged) -> bool:
    """Whether a component is released on its own, with a version of its own."""
    own = judged.config.component(component) if component else None
    return own is not None and own.changelog is not None
