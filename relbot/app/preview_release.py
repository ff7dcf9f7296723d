"""What a change set would add: notes, steps, and the version that comes next."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relbot.app.tagged_releases import list_tagged
from relbot.deploy.plan.make import make_plan
from relbot.errors import UsageError
from relbot.fragment.location import Location, make_locator
from relbot.git.change_logs import read_change_logs
from relbot.git.git_changes import list_files, read_stored_files
from relbot.release.notes import make_notes
from relbot.release.target import find_target
from relbot.release.version import bump_version, readable_versions, wanted_bump
from relbot.review.check import check_fragments
from relbot.schema.named_tuples import NamedTuple

if TYPE_CHECKING:
    from datetime import date

    from relbot.app.review_change_set import BetweenCommits
    from relbot.config.model import Config
    from relbot.deploy.plan.changelog import Revision
    from relbot.deploy.plan.model import Plan
    from relbot.fragment.model import Fragment
    from relbot.git.process import Git
    from relbot.release.notes import Notes
    from relbot.review.reviewed import ReviewedChangeSet


class ReleasePreview(NamedTuple):
    """What a change set would add: notes, the steps of a deploy (None without any fragment), and the next version.

    `version` is "" if nothing asks for one, or nothing was released so far.
    """

    notes: Notes
    plan: Plan | None
    version: str


def preview_release(git: Git, source: BetweenCommits, reviewed: ReviewedChangeSet, day: date) -> ReleasePreview:
    """What a reviewed change set adds to the next release, built on `day`. Unknown if git lacks what is needed."""
    notes = make_notes("next", day, reviewed.fragments, {}, reviewed.reading)._replace(title="Next")
    return ReleasePreview(notes, _preview_plan(git, source, reviewed), _preview_version(git, source, reviewed.reading, day))


def _preview_plan(git: Git, source: BetweenCommits, reviewed: ReviewedChangeSet) -> Plan | None:
    """The steps that a deploy of head needs where start runs. None if the change set has no fragment."""
    if not reviewed.fragments:
        return None
    a, b = read_change_logs(git, source.start, source.head, (reviewed.reading, reviewed.reading))
    return make_plan(a._replace(revision=_shorten_revision(a.revision)), b._replace(revision=_shorten_revision(b.revision)))


def _shorten_revision(revision: Revision) -> Revision:
    return revision._replace(name=revision.name[:12])


def _preview_version(git: Git, source: BetweenCommits, config: Config, day: date) -> str:
    """The version of the next release of the project with everything that is unreleased at head."""
    fragments = [f for f in _read_unreleased(git, source.head, config) if find_target(config, None).takes(f, config)]
    part = wanted_bump(fragments, {kind.name: kind.bump for kind in config.types})
    located = map(make_locator(config.folders[:1]), list_files(git, source.base, config.folders[:1]))
    names = {at.version for at in located if isinstance(at, Location) and at.version}
    known = readable_versions(
        sorted(names) or [each.version for each in list_tagged(git, config, config.tag, None)], config.versions
    )
    if not known or part == "none":
        return ""
    try:
        return bump_version(max(known), part, None, day, config.versions)
    except UsageError:
        return ""


def _read_unreleased(git: Git, commit: str, config: Config) -> tuple[Fragment, ...]:
    """The unreleased fragments of a commit, without those that have faults."""
    locate = make_locator(config.folders)
    files = list_files(git, commit, config.folders)
    unreleased = {p: file for p, file in files.items() if isinstance(at := locate(p), Location) and at.version is None}
    others = [path for path in files if path not in unreleased]
    names = {path.rpartition("/")[2] for path in unreleased}
    namesakes = read_stored_files(git, {path: files[path] for path in others if path.rpartition("/")[2] in names})
    return check_fragments(read_stored_files(git, unreleased), config, others, namesakes).fragments
