"""`relbot build`: from fragments to the changelog."""

from __future__ import annotations

from contextlib import nullcontext
from typing import TYPE_CHECKING, NamedTuple

import click

from relbot.app.attribution import attribute_fragments, history_of, release_day
from relbot.app.project import Project, current_day
from relbot.app.release_inputs import chosen_target, make_builder, read_preview_tree, read_whole_tree, sorted_versions
from relbot.cli.exits import Exit, show_findings
from relbot.cli.project_options import with_project
from relbot.config.model import NOTES_FORMATS
from relbot.errors import UsageError
from relbot.schema.faults import did_you_mean

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from contextlib import AbstractContextManager

    from relbot.fragment.model import Fragment
    from relbot.git.history import FragmentHistory
    from relbot.git.index import IndexReading
    from relbot.release.build import Build, Builder, ReleaseTarget

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
    _check_options(version, bump, pre, refresh, draft, form)
    project.require_whole()
    of = chosen_target(project.config, component)
    if refresh is not None:
        _finish_interrupted(project)
        return _run_refresh(project, of, refresh)
    with history_of(project) as history:
        asked = _Asked(version, bump, pre, day)
        if draft:
            return _print_draft(project, of, asked, form, history)
        _finish_interrupted(project)
        with _tracked_files(project, of) as tracked:
            builder = make_builder(project, of, read_whole_tree(project, of))
            if not asked.has_something(project, of, builder.tree.unreleased):
                return _report_nothing(of)
            return _run_build(project, builder, asked.named(project, of, builder.tree.unreleased), day, history, tracked)


class _Asked(NamedTuple):
    """Which version was asked for, and for which day."""

    version: str | None
    bump: str | None
    pre: str | None
    day: str | None

    def has_something(self, project: Project, of: ReleaseTarget, unreleased: Collection[Fragment]) -> bool:
        """Whether there is anything of which a version could be raised; a version that was named is not asked about."""
        if unreleased or self.bump is None:
            return True
        from relbot.app.next_version import waits_for_final

        return self.pre is None and waits_for_final(project, of)

    def named(self, project: Project, of: ReleaseTarget, unreleased: Iterable[Fragment]) -> str:
        """The version by its name."""
        if self.version is not None:
            return self.version
        from relbot.app.next_version import next_release_version

        return next_release_version(project, of, unreleased, self.bump, self.pre, current_day(self.day))


def _check_options(
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


def _print_draft(project: Project, of: ReleaseTarget, asked: _Asked, form: str | None, history: FragmentHistory | None) -> int:
    version = asked.version
    tree = read_preview_tree(project, of, version)
    if not asked.has_something(project, of, tree.unreleased):
        return _report_nothing(of)
    if version is None and asked.bump is not None:
        version = asked.named(project, of, tree.unreleased)
        tree = read_preview_tree(project, of, version)
    builder = make_builder(project, of, tree, form)
    if not tree.unreleased and not tree.releases:
        return _report_nothing(of)
    origins = attribute_fragments(history, tree.unreleased)
    notes = builder.notes(version or UNRELEASED, release_day(builder, version, asked.day), origins, with_unreleased=True)
    click.echo(builder.render(notes), nl=False)
    return Exit.FINE


def _run_build(
    project: Project,
    builder: Builder,
    version: str,
    day: str | None,
    history: FragmentHistory | None,
    tracked: IndexReading | None,
) -> int:
    tree, of = builder.tree, builder.target
    if version in tree.releases and tree.unreleased:
        from relbot.app.next_version import refuse_tagged

        refuse_tagged(project, of, version)
    planned = builder.build(version, release_day(builder, version, day), attribute_fragments(history, tree.unreleased))
    if not planned.notes.entries and version not in tree.releases:
        if planned.corrected:
            tip = "Mend their entries alone:"
            example = "\n".join(f"relbot build --refresh {name}" for name in planned.corrected)
            raise UsageError("There is nothing to build but corrections of earlier releases.", tip=tip, example=example)
        return _report_nothing(of)
    return _carried_out(project, of, planned, f"{version} is built already; nothing changed.", tracked)


def _run_refresh(project: Project, of: ReleaseTarget, version: str) -> int:
    if version not in sorted_versions(project, of):
        known = sorted_versions(project, of)
        tip = did_you_mean(version, known) if known else "Nothing has been released here yet."
        raise UsageError(f"There is no release {version}.", tip=tip)
    builder = make_builder(project, of, read_whole_tree(project, of))
    try:
        planned = builder.refresh(version)
    except KeyError:
        raise UsageError(f"No build wrote the release {version}.", example=f"relbot build {version}") from None
    return _carried_out(project, of, planned, f"The entry of {version} says what its fragments say; nothing changed.", None)


def _carried_out(project: Project, of: ReleaseTarget, planned: Build, nothing: str, tracked: IndexReading | None) -> int:
    if planned.findings:
        show_findings(planned.findings)
        return Exit.OPEN
    operations = planned.operations
    if not operations.moves and not operations.writes:
        click.echo(nothing)
        return Exit.FINE
    from relbot.app.apply_operations import carry_out

    carry_out(project, operations, tracked)
    count = len(planned.notes.entries)
    done = [f"{planned.notes.title}: {count} change{'s' * (count != 1)} in {of.changelog}."]
    done += [f"The entry of {name} was corrected." for name in planned.corrected if name != planned.notes.version]
    click.echo("\n".join(done))
    return Exit.FINE


def _report_nothing(of: ReleaseTarget) -> int:
    more = f" --component {of.component}" if of.component else ""
    click.echo(f"Nothing to build: {of.folder.path}/ holds no unreleased fragment. To write one: relbot new{more}", err=True)
    return Exit.NOTHING


def _finish_interrupted(project: Project) -> None:
    from relbot.app.apply_operations import finish_interrupted

    finish_interrupted(project)


def _tracked_files(project: Project, of: ReleaseTarget) -> AbstractContextManager[IndexReading | None]:
    """The look at the index, begun so that git works while fragments are read; None outside of git."""
    if not project.in_git:
        return nullcontext()
    from relbot.git.index import IndexReading

    return IndexReading(project.git, [of.changelog, *(folder.path for folder in project.config.folders)])
