"""`relbot release`: a built release onto GitHub, and the pull request that builds the next one."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, NamedTuple

import click

from relbot.app.release_inputs import chosen_target, make_builder, read_released_tree, read_whole_tree
from relbot.cli.exits import Exit, show_findings
from relbot.cli.project_options import with_project
from relbot.errors import UsageError

if TYPE_CHECKING:
    from relbot.app.project import Project
    from relbot.github.release import WantedRelease
    from relbot.release.build import Build, ReleaseTarget


class Options(NamedTuple):
    """What was asked for."""

    version: str | None
    draft: bool
    prerelease: bool | None
    latest: str
    target: str | None
    overwrite: bool
    bump: str | None
    pre: str | None
    day: str | None
    base: str | None
    repository: str | None


@click.command(name="release", short_help="Publishes a built release on GitHub, or proposes the next one.")
@click.argument("version", required=False)
@click.option("--pr", "proposes", is_flag=True, help="Keep one pull request up to date that builds the next release.")
@click.option("--draft", is_flag=True, help="Create the release as a draft.")
@click.option("--prerelease/--no-prerelease", default=None, help="Default: as the version says.")
@click.option("--latest", type=click.Choice(("auto", "yes", "no")), default="auto", help="Default: if it is the highest version.")
@click.option("--target", metavar="REV", help="The commit to tag. Default: the one that brought the release.")
@click.option("--overwrite", is_flag=True, help="Replace a text that somebody edited on GitHub.")
@click.option("--bump", type=click.Choice(("auto", "major", "minor", "patch")), help="With --pr: how the last version is raised.")
@click.option("--pre", metavar="NAME", help="With --pr: make it a prerelease, such as `rc`.")
@click.option("--date", "day", metavar="YYYY-MM-DD", help="With --pr: the day of the release.")
@click.option("--base", metavar="BRANCH", help="With --pr: the branch to release from. Default: the one checked out.")
@click.option("--component", metavar="NAME", help="A component that is released on its own.")
@click.option("--repo", "repository", metavar="OWNER/NAME", help="Default: GITHUB_REPOSITORY, or the remote `origin`.")
@with_project
def command(project: Project, proposes: bool, component: str | None, **given: object) -> int:
    """Publishes VERSION, which `relbot build` has built, as a release on GitHub: its notes, and its tag if there is none yet.

    Without VERSION: the highest that was built. A second run changes nothing; a text that was edited on GitHub is not replaced.

    With --pr: keeps one pull request up to date that holds what `relbot build` makes of what is unreleased. Once it is merged,
    `relbot release` tags and publishes. The token is that of GITHUB_TOKEN. In GitHub Actions the outputs `release` (created,
    changed, published, or nothing) and `tag` tell what was done.
    """
    project.require_whole()
    options = Options(**given)  # type: ignore[arg-type]  # click hands over what the options above say
    of = chosen_target(project.config, component)
    _check_options(options, proposes)
    if proposes:
        return _run_propose(project, of, options)
    version = options.version or _highest_version(project, of)
    if version is None:
        click.echo("relbot: Nothing was built yet, so there is nothing to publish. To build: relbot build", err=True)
        return Exit.FINE
    return _run_publish(project, of, version, options)


def _check_options(options: Options, proposes: bool) -> None:
    if not proposes and (options.bump or options.pre or options.day or options.base):
        tip = "Without --pr a release is published that was built before."
        raise UsageError("`--bump`, `--pre`, `--date` and `--base` go with `--pr`.", tip=tip, example="relbot release --pr")
    if proposes and (options.draft or options.target or options.overwrite):
        raise UsageError("`--draft`, `--target` and `--overwrite` do not go with `--pr`.", example="relbot release --pr")
    if options.version and (options.bump or options.pre):
        raise UsageError("VERSION excludes `--bump` and `--pre`.", example="relbot release --pr --bump minor")


def _highest_version(project: Project, of: ReleaseTarget) -> str | None:
    from relbot.app.release_inputs import sorted_versions
    from relbot.release.version import parse_version

    versions = [parse_version(name, project.config.versions) for name in sorted_versions(project, of)]
    return max(versions).text if versions else None


def _run_publish(project: Project, of: ReleaseTarget, version: str, options: Options) -> int:
    from relbot.github.actions import write_outputs
    from relbot.github.release import publish_release
    from relbot.github.repository import find_repository

    wanted = _wanted_release(project, of, version, options)
    outcome = publish_release(find_repository(project.git, options.repository), wanted)
    write_outputs({"release": outcome.did, "tag": wanted.tag})
    click.echo(f"{wanted.title}: {outcome.did or 'nothing to change'}. {outcome.url}")
    return Exit.FINE


def _wanted_release(project: Project, of: ReleaseTarget, version: str, options: Options) -> WantedRelease:
    from relbot.github.release import WantedRelease, release_body
    from relbot.release.version import parse_version

    folder = of.folder.of_release(version)
    builder = make_builder(project, of, read_released_tree(project, of, version), "markdown")
    record = builder.tree.releases[version].record
    if record is None:
        raise UsageError(f"No build wrote the release {version}.", example=f"relbot build {version}")
    _refuse_uncommitted(project, [folder])
    notes = builder.notes(version, record.date, {}, with_unreleased=False)
    tag = of.tag.format(version=version)
    highest = options.latest == "auto" and of.component is None and _highest_version(project, of) == version
    prerelease = parse_version(version, project.config.versions).prerelease if options.prerelease is None else options.prerelease
    latest = True if highest and not prerelease else None
    return WantedRelease(
        tag,
        notes.title,
        release_body(_without_heading(builder.render(notes)), f"The rest is in `{of.changelog}`."),
        _tagged_commit(project, folder, options.target),
        options.draft,
        prerelease,
        latest if options.latest == "auto" else options.latest == "yes",
        options.overwrite,
    )


def _without_heading(text: str) -> str:
    return text.partition("\n")[2].strip("\n") + "\n"


def _refuse_uncommitted(project: Project, paths: list[str]) -> None:
    """UsageError if the work tree is not what is committed: GitHub has only that."""
    changed = project.git.text("status", "--porcelain", "--untracked-files=all", "--", *paths)
    if changed:
        tip = "What is on GitHub is what is committed and pushed. Commit it first:"
        raise UsageError(
            f"Not committed: {', '.join(line[3:] for line in changed.splitlines()[:5])}.", tip=tip, example="git commit"
        )


def _tagged_commit(project: Project, folder: str, target: str | None) -> str:
    """The commit to be tagged: the one named, else the one that brought the release to this branch."""
    from relbot.fragment.location import RECORD
    from relbot.git.revisions import resolve_revision

    if target is not None:
        return resolve_revision(project.git, target)
    brought = project.git.text(
        "log", "-1", "--first-parent", "--diff-filter=A", "--format=%H", "HEAD", "--", f"{folder}/{RECORD}"
    )
    return brought or resolve_revision(project.git, "HEAD")


def _run_propose(project: Project, of: ReleaseTarget, options: Options) -> int:
    from relbot.git.revisions import resolve_revision
    from relbot.github.release_pr import close_release_pull_request, open_release_pull_request
    from relbot.github.repository import find_repository

    github = find_repository(project.git, options.repository)
    base = options.base or _checked_out(project)
    branch = "-".join(filter(None, ("relbot/release", base, of.component)))
    _refuse_uncommitted(project, [of.changelog, *(folder.path for folder in project.config.folders)])
    version, planned, notes = _plan_build(project, of, options)
    if planned is None:
        outcome = close_release_pull_request(github, branch, base)
        click.echo(f"Nothing is unreleased.{f' Closed {outcome.url}' if outcome.url else ''}")
        return Exit.FINE
    if planned.findings:
        show_findings(planned.findings)
        return Exit.OPEN
    from relbot.github.release_pr import ReleaseProposal

    folder = project.git.text("rev-parse", "--show-prefix")
    proposal = ReleaseProposal(
        version,
        branch,
        base,
        resolve_revision(project.git, "HEAD"),
        planned.operations,
        _committed_files(project, planned),
        notes,
        folder,
    )
    outcome = open_release_pull_request(github, proposal)
    click.echo(f"Release {version}: {outcome.did or 'nothing to change'}. {outcome.url}")
    return Exit.FINE


def _plan_build(project: Project, of: ReleaseTarget, options: Options) -> tuple[str, Build | None, str]:
    """The next version, the build that makes it and its notes; no build where nothing is unreleased."""
    from relbot.app.attribution import attribute_fragments, history_of, release_day
    from relbot.app.next_version import next_release_version, refuse_tagged
    from relbot.app.project import current_day

    with history_of(project) as history:
        tree = read_whole_tree(project, of)
        if not tree.unreleased:
            return "", None, ""
        builder = make_builder(project, of, tree)
        version = options.version or next_release_version(
            project, of, tree.unreleased, options.bump, options.pre, current_day(options.day)
        )
        refuse_tagged(project, of, version)
        origins = attribute_fragments(history, tree.unreleased)
        day = release_day(builder, version, options.day)
        shown = make_builder(project, of, tree, "markdown")
        notes = shown.render(shown.notes(version, day, origins, with_unreleased=True))
        return version, builder.build(version, day, origins), notes


def _committed_files(project: Project, planned: Build) -> dict[str, tuple[str, str]]:
    """Mode and object of each file that the build touches and that is committed. UsageError if one that moves is not."""
    from relbot.git.trees import parse_entry

    moved = [move.source for move in planned.operations.moves]
    paths = [*moved, *(write.path for write in planned.operations.writes)]
    folders = sorted({path.rpartition("/")[0] + "/" if "/" in path else path for path in paths})
    lines = project.git.run("ls-tree", "-z", "HEAD", "--", *folders).split(b"\0")
    found = {each.path: (each.mode, each.blob) for each in (parse_entry(line) for line in lines if line and b" blob " in line)}
    if ignored := [path for path in moved if path not in found]:
        raise UsageError(
            f"{ignored[0]} is not in git, so GitHub does not have it.", tip="Is it ignored?", example=f"git add -f {ignored[0]}"
        )
    return found


def _checked_out(project: Project) -> str:
    """The branch that is checked out. UsageError if there is none."""
    name = project.git.answer("symbolic-ref", "--quiet", "--short", "HEAD")[1].decode("utf-8", "replace").strip()
    name = name or (os.environ.get("GITHUB_REF_NAME", "") if os.environ.get("GITHUB_REF_TYPE") == "branch" else "")
    if not name:
        raise UsageError(
            "No branch is checked out.", tip="Name the one to release from.", example="relbot release --pr --base main"
        )
    return name
