"""`relbot release`: a built release onto GitHub, and the pull request that builds the next one."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING

import click

from relbot.app.next_version import BuildRequest
from relbot.app.project import current_day
from relbot.app.propose_release import propose_release
from relbot.app.publish_release import PublishRequest, publish_built_release
from relbot.cli.environment import read_environment
from relbot.cli.exits import Exit, show_findings, show_notices
from relbot.cli.output import print_confirmation, print_notice
from relbot.cli.project_options import with_project
from relbot.errors import UsageError
from relbot.github.actions import write_outputs
from relbot.schema.named_tuples import NamedTuple

if TYPE_CHECKING:
    from relbot.app.project import Project


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
@click.option("--pr", "proposes", is_flag=True, help="Keep one pull request with the next release up to date.")
@click.option("--draft", is_flag=True, help="Create the release as a draft.")
@click.option("--prerelease/--no-prerelease", default=None, help="Default: depends on the version.")
@click.option("--latest", type=click.Choice(("auto", "yes", "no")), default="auto", help="Default: yes for the highest version.")
@click.option("--target", metavar="REV", help="The commit to tag. Default: the commit that built the release.")
@click.option("--overwrite", is_flag=True, help="Replace a text that was edited on GitHub.")
@click.option("--bump", type=click.Choice(("auto", "major", "minor", "patch")), help="With --pr: how the last version is raised.")
@click.option("--pre", metavar="NAME", help="With --pr: make it a prerelease, such as `rc`.")
@click.option("--date", "day", metavar="YYYY-MM-DD", help="With --pr: the day of the release.")
@click.option("--base", metavar="BRANCH", help="With --pr: the branch to release from. Default: the one checked out.")
@click.option("--component", metavar="NAME", help="A component with its own releases.")
@click.option("--repo", "repository", metavar="OWNER/NAME", help="Default: GITHUB_REPOSITORY, or the remote `origin`.")
@with_project
def command(project: Project, proposes: bool, component: str | None, **given: object) -> int:
    """Publishes VERSION, which `relbot build` has built, as a release on GitHub: its notes, and its tag if there is none yet.

    Without VERSION: the highest that was built. A second run changes nothing; a text that was edited on GitHub is not replaced.

    With --pr: keeps one pull request up to date that holds what `relbot build` makes of what is unreleased. Once it is merged,
    `relbot release` tags and publishes. The token is that of GITHUB_TOKEN. In GitHub Actions the outputs `release` (created,
    changed, published, or nothing) and `tag` tell what was done.
    """
    options = Options(**given)  # type: ignore[arg-type]  # click hands over what the options above say
    _check_options(options, proposes)
    return _run_propose(project, component, options) if proposes else _run_publish(project, component, options)


def _check_options(options: Options, proposes: bool) -> None:
    of_pull_request = {"--bump": options.bump, "--pre": options.pre, "--date": options.day, "--base": options.base}
    if not proposes and (given := {option: value for option, value in of_pull_request.items() if value}):
        tip = (
            "Without it, `relbot release` publishes a release that is already built. With it, relbot opens a pull request that "
            "builds the next one:"
        )
        example = shlex.join(("relbot", "release", "--pr", *(word for pair in given.items() for word in pair)))
        raise UsageError(f"`{'`, `'.join(given)}` can only be used together with `--pr`.", tip=tip, example=example)
    if proposes and (options.draft or options.target or options.overwrite):
        raise UsageError(
            "`--draft`, `--target` and `--overwrite` cannot be used together with `--pr`.", example="relbot release --pr"
        )
    if options.version and (options.bump or options.pre):
        raise UsageError("VERSION excludes `--bump` and `--pre`.", example="relbot release --pr --bump minor")


def _run_publish(project: Project, component: str | None, options: Options) -> int:
    latest = None if options.latest == "auto" else options.latest == "yes"
    request = PublishRequest(
        options.version,
        component,
        options.draft,
        options.prerelease,
        latest,
        options.target,
        options.overwrite,
        options.repository,
    )
    published = publish_built_release(project, request)
    if published is None:
        print_notice("relbot: There is no built release to publish. To build one: relbot build")
        return Exit.FINE
    write_outputs(read_environment().runner, {"release": published.did, "tag": published.tag})
    print_confirmation(f"{published.title}: {published.did or 'nothing to change'}. {published.url}")
    return Exit.FINE


def _run_propose(project: Project, component: str | None, options: Options) -> int:
    day = current_day(options.day) if options.day is not None else None
    request = BuildRequest(
        day or current_day(epoch=read_environment().source_date_epoch), options.version, options.bump, options.pre, day, component
    )
    proposed = propose_release(project, request, options.base or _checked_out(project), options.repository)
    show_notices(proposed.notices)
    if not proposed.version:
        print_confirmation(f"There is no unreleased change.{f' Closed {proposed.url}' if proposed.url else ''}")
        return Exit.FINE
    if proposed.findings:
        show_findings(proposed.findings)
        return Exit.OPEN
    print_confirmation(f"Release {proposed.version}: {proposed.did or 'nothing to change'}. {proposed.url}")
    return Exit.FINE


def _checked_out(project: Project) -> str:
    """The branch that is checked out. UsageError if there is none."""
    name = project.git.find("symbolic-ref", "--quiet", "--short", "HEAD")
    runner = read_environment().runner
    name = name or (runner.ref_name if runner.ref_type == "branch" else "")
    if not name:
        raise UsageError(
            "No branch is checked out.", tip="Name the one to release from.", example="relbot release --pr --base main"
        )
    return name
