"""Keeps one pull request on GitHub up to date that builds the next release."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relbot.app.attribution import attribute_fragments, history_of, release_day
from relbot.app.next_version import is_next_version, named_version, refuse_tagged, version_to_build
from relbot.app.publish_release import refuse_uncommitted
from relbot.app.release_inputs import chosen_target, make_builder, read_whole_tree
from relbot.errors import UsageError
from relbot.git.revisions import resolve_revision
from relbot.git.trees import parse_entry
from relbot.github.release_pr import ReleaseProposal, close_release_pull_request, open_release_pull_request
from relbot.github.repository import find_repository
from relbot.release.notes import UNRELEASED
from relbot.release.results import Proposed
from relbot.schema.named_tuples import NamedTuple

if TYPE_CHECKING:
    from relbot.app.next_version import BuildRequest
    from relbot.app.project import Project
    from relbot.release.build_plan import Build
    from relbot.release.target import ReleaseTarget


def propose_release(project: Project, request: BuildRequest, base: str, repository: str | None = None) -> Proposed:
    """Opens or updates the pull request to the branch `base` that holds what a build makes of what is unreleased.

    Where nothing is unreleased, an open one is closed. `repository` is OWNER/NAME, by default that of the runner, else of the
    remote `origin`. UsageError if something is not committed or the version is tagged already; Refused if `base` has moved on or
    somebody else wrote to relbot's branch; GitHubError where GitHub does not let.
    """
    project.require_whole()
    of = chosen_target(project.config, request.component)
    github = find_repository(project.git, project.github, repository)
    branch = "-".join(filter(None, ("relbot/release", base, of.component)))
    refuse_uncommitted(project, [*of.written_paths, *(folder.path for folder in project.config.folders)])
    planned = _plan_build(project, of, request)
    if planned is None:
        outcome = close_release_pull_request(github, branch, base)
        return Proposed("", outcome.did, outcome.url)
    version, build, notes, notices = planned
    if build.findings:
        return Proposed(version, findings=build.findings, notices=notices)
    head, folder = resolve_revision(project.git, "HEAD"), project.git.text("rev-parse", "--show-prefix")
    files = _committed_files(project, build)
    outcome = open_release_pull_request(
        github, ReleaseProposal(version, branch, base, head, build.operations, files, notes, folder)
    )
    return Proposed(version, outcome.did, outcome.url, notices=notices)


class _Planned(NamedTuple):
    """The next version, the build that makes it, its notes in Markdown."""

    version: str
    build: Build
    notes: str
    notices: tuple[str, ...]


def _plan_build(project: Project, of: ReleaseTarget, request: BuildRequest) -> _Planned | None:
    """None where nothing is unreleased."""
    with history_of(project) as history:
        tree = read_whole_tree(project, of)
        builder = make_builder(project, of, tree)
        named = named_version(builder) if request.bump in (None, "auto") and request.pre is None else ""
        if not builder.has_unreleased(UNRELEASED) and not (named and is_next_version(project, of, named)):
            return None
        version = version_to_build(project, of, request, builder)
        refuse_tagged(project, of, version)
        origins, notices = attribute_fragments(history, tree.unreleased)
        day = release_day(builder, version, request.day, request.today)
        shown = make_builder(project, of, tree, "markdown")
        notes = shown.render(shown.notes(version, day, origins, with_unreleased=True))
        return _Planned(version, builder.build(version, day, origins), notes, notices)


def _committed_files(project: Project, planned: Build) -> dict[str, tuple[str, str]]:
    """Mode and object of each file that the build touches and that is committed. UsageError if one that moves is not."""
    moved = [move.source for move in planned.operations.moves]
    paths = [*moved, *(write.path for write in planned.operations.writes)]
    folders = sorted({path.rpartition("/")[0] + "/" if "/" in path else path for path in paths})
    lines = project.git.run("ls-tree", "-z", "HEAD", "--", *folders).split(b"\0")
    found = {each.path: (each.mode, each.blob) for each in (parse_entry(line) for line in lines if line and b" blob " in line)}
    if ignored := [path for path in moved if path not in found]:
        what = f"{ignored[0]} is not in git, so GitHub does not have it."
        raise UsageError(what, tip="Add it, even if git ignores it:", example=f"git add -f {ignored[0]}")
    return found
