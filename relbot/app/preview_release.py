"""What a change set would add: notes, steps, and the version that comes next."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relbot.deploy.plan.make import make_plan
from relbot.errors import UsageError
from relbot.fragment.location import Location, locate_fragment
from relbot.git.change_logs import read_change_logs
from relbot.git.tags import tagged_versions
from relbot.git.trees import list_tree, parse_entry, split_lines
from relbot.release.notes import make_notes
from relbot.release.version import bump_version, readable_versions, wanted_bump

if TYPE_CHECKING:
    from datetime import date

    from relbot.app.evaluate_commits import CommitRange, EvaluatedCommits
    from relbot.deploy.plan.changelog import Revision
    from relbot.deploy.plan.model import Plan
    from relbot.git.process import Git
    from relbot.release.notes import Notes


def preview_notes(judged: EvaluatedCommits, day: date) -> Notes:
    """The notes of the fragments that the change set adds or edits."""
    return make_notes("next", day, judged.fragments, {}, judged.config)._replace(title="Next")


def preview_plan(git: Git, commits: CommitRange, judged: EvaluatedCommits) -> Plan | None:
    """The steps that a deploy of head needs where start runs. None if the change set has no fragment."""
    if not judged.fragments:
        return None
    a, b = read_change_logs(git, commits.start, commits.head, lambda _: judged.config)
    return make_plan(a._replace(revision=_shorten_revision(a.revision)), b._replace(revision=_shorten_revision(b.revision)))


def _shorten_revision(revision: Revision) -> Revision:
    return revision._replace(name=revision.name[:12])


def preview_version(git: Git, commits: CommitRange, judged: EvaluatedCommits, day: date) -> str:
    """The version of the next release with what head has; "" if nothing asks for one, or nothing was released so far."""
    config = judged.config
    fragments = [f for f in judged.unreleased if not _is_released_alone(f.component, judged)]
    part = wanted_bump(fragments, {kind.name: kind.bump for kind in config.types})
    located = (
        locate_fragment(parse_entry(line).path, config.folders[:1])
        for line in split_lines(list_tree(git, commits.base, config.folders[:1]))
    )
    names = {at.version for at in located if isinstance(at, Location) and at.version}
    known = readable_versions(sorted(names) or tagged_versions(git, config.tag), config.versions)
    if not known or part == "none":
        return ""
    try:
        return bump_version(max(known), part, None, day, config.versions)
    except UsageError:
        return ""


def _is_released_alone(component: str | None, judged: EvaluatedCommits) -> bool:
    """Whether a component is released on its own, with a version of its own."""
    own = judged.config.component(component) if component else None
    return own is not None and own.changelog is not None
