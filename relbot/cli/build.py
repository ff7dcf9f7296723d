"""`relbot build`: from fragments to the changelog."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from relbot.app.draft_release import draft_release
from relbot.app.next_version import BuildRequest
from relbot.app.project import current_day
from relbot.cli.environment import read_environment
from relbot.cli.exits import Exit, show_findings, show_notices
from relbot.cli.output import print_confirmation, print_notice, print_text
from relbot.cli.project_options import with_project
from relbot.config.model import NOTES_FORMATS
from relbot.errors import UsageError
from relbot.fragment.model import NOTES_READERS, NotesAudience
from relbot.render.common.units import count_noun

if TYPE_CHECKING:
    from relbot.app.project import Project
    from relbot.release.results import BuildResult, UndoneRelease


@click.command(name="build", short_help="Builds a release's notes into the changelog.")
@click.argument("version", required=False)
@click.option("--bump", type=click.Choice(("auto", "major", "minor", "patch")), help="Raise the last version. Excludes VERSION.")
@click.option("--pre", metavar="NAME", help="With --bump: make it a prerelease, such as `rc`.")
@click.option("--draft", is_flag=True, help="Print the notes and change nothing.")
@click.option("--date", "day", metavar="YYYY-MM-DD", help="The day of the release. Default: SOURCE_DATE_EPOCH, else today.")
@click.option("--component", metavar="NAME", help="A component with its own releases.")
@click.option("--format", "form", type=click.Choice(NOTES_FORMATS), help="With --draft: print this format.")
@click.option(
    "--audience",
    type=click.Choice(NOTES_READERS),
    help="With --draft: print the notes for these readers.",
)
@click.option("--refresh", metavar="VERSION", help="Render the entry of a release again from its corrected fragments.")
@click.option("--undo", metavar="VERSION", help="Undo a build that has no tag yet.")
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
    audience: str | None,
    refresh: str | None,
    undo: str | None,
) -> int:
    """Builds the notes of VERSION from what is unreleased into the changelog.

    Breaking changes and migrations come first. The text below *Unreleased* in the changelog becomes part of the release, and the
    files that `manifests` lists get the version. The fragments move to changes/released/VERSION/, and what changed is staged for
    a commit. A second run changes nothing. Exit code 4 if there is nothing to build.
    """
    _check_options(version, bump, pre, refresh, undo, draft, form or audience)
    given = current_day(day) if day is not None else None
    request = BuildRequest(given or current_day(epoch=read_environment().source_date_epoch), version, bump, pre, given, component)
    if draft:
        drafted = draft_release(project, request, form, NotesAudience(audience) if audience else None)
        if drafted is None:
            return _report_nothing(project, component)
        show_notices(drafted.notices)
        print_text(drafted.text)
        return Exit.FINE
    return _write(project, request, refresh, undo)


def _write(project: Project, request: BuildRequest, refresh: str | None, undo: str | None) -> int:
    # a draft writes nothing: to load what writes takes longer than to read a hundred fragments
    from relbot.app.apply_operations import finish_interrupted, read_interrupted
    from relbot.app.build_release import build_release, refresh_release

    resumed = read_interrupted(project)
    show_notices(finish_interrupted(project))  # said even where the build that follows fails
    if undo is not None:
        from relbot.app.undo_release import undo_release  # a build takes nothing back

        return _report_undo(undo_release(project, undo, request.component, resumed))
    if refresh is not None:
        unchanged = f"The entry of {refresh} matches its fragments. Nothing changed."
        return _report_build(project, refresh_release(project, refresh, request.component), unchanged)
    built = build_release(project, request)
    return _report_build(project, built, f"{built.version} is already built. Nothing changed.")


def _check_options(
    version: str | None,
    bump: str | None,
    pre: str | None,
    refresh: str | None,
    undo: str | None,
    draft: bool,
    draft_only: str | None,
) -> None:
    given = sum(option is not None for option in (version, bump, refresh, undo))
    if given > 1:
        raise UsageError("VERSION, `--bump`, `--refresh` and `--undo` exclude each other.", example="relbot build 2.10")
    if "" in (version, refresh, undo):
        raise UsageError("The version is empty.", tip="Name it:", example="relbot build 2.10")
    if given == 0 and not draft:
        tip = "Name the version, let relbot raise the last one, or print a draft:"
        raise UsageError("Which version?", tip=tip, example="relbot build 2.10\nrelbot build --bump auto\nrelbot build --draft")
    if refresh is not None and draft:
        raise UsageError("`--refresh` and `--draft` exclude each other.", example=f"relbot notes {refresh}")
    if undo is not None and draft:
        raise UsageError("`--undo` and `--draft` exclude each other.", example=f"relbot notes {undo}")
    if pre is not None and bump is None:
        raise UsageError("`--pre` goes with `--bump`.", example="relbot build --bump auto --pre rc")
    if draft_only is not None and not draft:
        tip = "To print notes, use `--draft` or `relbot notes`. relbot.toml has `format` and `audience` of the changelog."
        raise UsageError("`--format` and `--audience` are allowed only with `--draft`.", tip=tip)


def _report_build(project: Project, result: BuildResult, unchanged: str) -> int:
    show_notices(result.notices)
    if result.build is None:
        return _report_nothing(project, result.target.component)
    if result.build.findings:
        show_findings(result.build.findings)
        print_notice("relbot built nothing. Correct what is reported, and run the command again.")
        return Exit.OPEN
    if not result.changed:
        print_confirmation(unchanged)
        return Exit.FINE
    count, notes = len(result.build.notes.entries), result.build.notes
    text = " with its unreleased text" * result.build.took_text
    done = [f"{notes.name}: {count_noun(count, 'change')} in {result.target.changelog}{text}."]
    if left := len(notes.left_out):
        done += [f"{left} more {'is' if left == 1 else 'are'} hidden: not {notes.audience.value}, or of a hidden type."]
    done += [f"The entry of {name} was corrected." for name in result.build.corrected if name != notes.version]
    done += [f"{path}: {old} -> {result.version}" for path, old in result.build.raised.items()]
    print_confirmation("\n".join(done))
    return Exit.FINE


def _report_undo(result: UndoneRelease) -> int:
    show_notices(result.notices)
    count = len(result.undo.identities)
    changes = f"{count} change is" if count == 1 else f"{count} changes are"
    what = f"The build of {result.undo.version} is taken back"
    print_confirmation(f"{what}: {changes} unreleased again, and {result.target.changelog} no longer has its entry.")
    if result.undo.returned_text:
        print_confirmation(f"What stood below Unreleased in {result.target.changelog} is there again.")
    for path in result.undo.lowered:
        print_confirmation(f"{path} has its version of before.")
    return Exit.FINE


def _report_nothing(project: Project, component: str | None) -> int:
    folder = next(each for each in project.config.folders if each.component == component)
    more = f" --component {component}" if component else ""
    print_notice(f"Nothing to build: {folder.path}/ holds no unreleased fragment. To write one: relbot new{more}")
    return Exit.NOTHING
