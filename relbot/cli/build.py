"""`relbot build`: from fragments to the changelog."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from relbot.cli.apply import carry_out, finish_interrupted
from relbot.cli.exits import Exit, show_findings
from relbot.cli.next_version import next_version, refuse_tagged
from relbot.cli.project import Project, today, with_project
from relbot.cli.release_plan import chosen_target, everything, leading_to, make_builder
from relbot.config.keys import NOTES_FORMATS
from relbot.errors import UsageError
from relbot.files.releases import released_versions

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date

    from relbot.build import Build, Builder, Target
    from relbot.fragment.model import Fragment
    from relbot.notes import Origin

UNRELEASED = "Unreleased"


@click.command(name="build", short_help="Builds a release's notes into the changelog.")
@click.argument("version", required=False)
@click.option(
    "--bump", type=click.Choice(("auto", "major", "minor", "patch")), help="Raise the last version instead of naming one."
)
@click.option("--pre", metavar="NAME", help="With --bump: make it a prerelease, such as `rc`.")
@click.option("--draft", is_flag=True, help="Print the notes and change nothing.")
@click.option("--date", "day", metavar="YYYY-MM-DD", help="The day of the release. Default: SOURCE_DATE_EPOCH, else today.")
@click.option("--component", metavar="NAME", help="A component that is released on its own.")
@click.option("--format", "form", type=click.Choice(NOTES_FORMATS), help="With --draft: print this format.")
@click.option("--refresh", metavar="VERSION", help="Render the entry of a release anew from its corrected fragments.")
@with_project
def command(
    project: Project,
    version: str | None,
    bump: str | None,
    pre: str | None,
    draft: bool,
    day: str | None,
    component: str | None,
    form: str | None,
    refresh: str | None,
) -> int:
    """Builds the notes of VERSION from what is unreleased into the changelog.

    Breaking changes and migrations come first. The fragments move to changes/released/VERSION/, and what changed is
    staged for a commit. A second run changes nothing. Exit code 4 if there is nothing to build.
    """
    _consistent(version, bump, pre, refresh, draft, form)
    of = chosen_target(project.config, component)
    if draft:
        return _draft(project, of, version, bump, pre, day, form)
    finish_interrupted(project)
    if refresh is not None:
        return _refresh(project, of, refresh)
    builder = make_builder(project, of, everything(project, of))
    named = version or next_version(project, of, builder.tree.unreleased, bump, pre, today(day))
    return _build(project, builder, named, day)


def _consistent(
    version: str | None, bump: str | None, pre: str | None, refresh: str | None, draft: bool, form: str | None
) -> None:
    given = sum(option is not None for option in (version, bump, refresh))
    if given > 1:
        raise UsageError("VERSION, `--bump` and `--refresh` exclude each other.", example="relbot build 2.10")
    if given == 0 and not draft:
        tip = "Name it, let relbot raise the last one, or only look:"
        raise UsageError("Which version?", tip=tip, example="relbot build 2.10\nrelbot build --bump auto\nrelbot build --draft")
    if refresh is not None and draft:
        raise UsageError("`--refresh` changes the changelog; `--draft` does not.", example=f"relbot notes {refresh}")
    if pre is not None and bump is None:
        raise UsageError("`--pre` goes with `--bump`.", example="relbot build --bump auto --pre rc")
    if form is not None and not draft:
        tip = "`format` in the configuration is the changelog's. To print another: --draft, or relbot notes."
        raise UsageError("`--format` goes with `--draft`.", tip=tip)


def _draft(
    project: Project, of: Target, version: str | None, bump: str | None, pre: str | None, day: str | None, form: str | None
) -> int:
    tree = leading_to(project, of, version)
    if version is None and bump is not None:
        version = next_version(project, of, tree.unreleased, bump, pre, today(day))
        tree = leading_to(project, of, version)
    builder = make_builder(project, of, tree, form)
    if not tree.unreleased and not tree.releases:
        return _nothing(project, of)
    notes = builder.notes(
        version or UNRELEASED, _day(builder, version, day), _origins(project, tree.unreleased), with_unreleased=True
    )
    click.echo(builder.render(notes), nl=False)
    return Exit.FINE


def _build(project: Project, builder: Builder, version: str, day: str | None) -> int:
    tree, of = builder.tree, builder.target
    if version in tree.releases and tree.unreleased:
        refuse_tagged(project, of, version)
    planned = builder.build(version, _day(builder, version, day), _origins(project, tree.unreleased))
    if not planned.notes.entries and version not in tree.releases:
        if planned.corrected:
            tip = "Mend their entries alone:"
            example = "\n".join(f"relbot build --refresh {name}" for name in planned.corrected)
            raise UsageError("There is nothing to build but corrections of earlier releases.", tip=tip, example=example)
        return _nothing(project, of)
    return _carried_out(project, of, planned, f"{version} is built already; nothing changed.")


def _refresh(project: Project, of: Target, version: str) -> int:
    if version not in released_versions(project.root, of):
        raise UsageError(f"There is no release {version}.", tip="See changes/released/.")
    builder = make_builder(project, of, everything(project, of))
    try:
        planned = builder.refresh(version)
    except KeyError:
        raise UsageError(f"No build wrote the release {version}.", example=f"relbot build {version}") from None
    return _carried_out(project, of, planned, f"The entry of {version} says what its fragments say; nothing changed.")


def _carried_out(project: Project, of: Target, planned: Build, nothing: str) -> int:
    if planned.findings:
        show_findings(planned.findings)
        return Exit.OPEN
    operations = planned.operations
    if not operations.moves and not operations.writes:
        click.echo(nothing)
        return Exit.FINE
    carry_out(project, operations)
    count = len(planned.notes.entries)
    done = [f"{planned.notes.title}: {count} change{'s' * (count != 1)} in {of.changelog}."]
    done += [f"The entry of {name} was corrected." for name in planned.corrected if name != planned.notes.version]
    click.echo("\n".join(done))
    return Exit.FINE


def _nothing(project: Project, of: Target) -> int:
    click.echo(f"Nothing to build: {of.folder.path}/ holds no unreleased fragment. To write one: relbot new", err=True)
    return Exit.NOTHING


def _day(builder: Builder, version: str | None, given: str | None) -> date:
    """The day given, else the one that an earlier build of the version wrote down, else today."""
    released = builder.tree.releases.get(version or "")
    if given is None and released is not None and released.record is not None:
        return released.record.date
    return today(given)


def _origins(project: Project, fragments: Iterable[Fragment]) -> Mapping[str, Origin]:
    """What the history tells of fragments that do not tell it themselves. Says so where a shallow clone hides it."""
    wanted = frozenset(fragment.identity for fragment in fragments if not (fragment.prs and fragment.authors))
    if not wanted or not project.config.links.history or not project.in_git:
        return {}
    from relbot.git.history import origins
    from relbot.git.revisions import is_shallow

    if is_shallow(project.git):
        tip = "Fetch it (git fetch --unshallow), or switch this off: `history = false` below [links] in the configuration."
        click.echo(f"relbot: This clone is shallow, so the notes name no pull requests and authors. {tip}", err=True)
        return {}
    return origins(project.git, [folder.path for folder in project.config.folders], wanted)
