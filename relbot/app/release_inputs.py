"""What `build` and `notes` share: which target, which format, and the builder made of what lies in the work tree."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relbot.app.tagged_releases import list_tagged
from relbot.errors import FaultyFragments, UsageError
from relbot.files.folder import list_paths, list_released, read_namesakes, read_unreleased
from relbot.files.opener import CannotOpen, read_regular_file
from relbot.files.releases import read_changelog, read_manifests, read_released, released_versions
from relbot.finding import Level
from relbot.fragment.body import find_headings
from relbot.fragment.location import NEXT_PROSE
from relbot.fragment.release_lines import list_releases_of_changes
from relbot.git.remote import complete_links
from relbot.release.build import Builder
from relbot.release.changelog import ChangelogFormat
from relbot.release.debian_changelog import find_in_debian
from relbot.release.release_tree import ReleaseTree
from relbot.release.rst_headings import find_rst_headings, read_rst_lines
from relbot.release.target import SeveralReleases, find_target
from relbot.release.unreleased_rst import RST_BLOCK, find_in_rst
from relbot.release.unreleased_text import find_in_markdown
from relbot.release.version import is_version, parse_version
from relbot.render.common.units import count_noun
from relbot.render.notes import NOTES_FORMATS, NotesContext, format_of
from relbot.review.check import check_fragments
from relbot.schema.faults import did_you_mean

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from relbot.app.project import Project
    from relbot.config.model import Config, Versions
    from relbot.fragment.file import FragmentFile
    from relbot.fragment.model import Fragment, NotesAudience
    from relbot.release.notes import Notes
    from relbot.release.target import ReleaseTarget
    from relbot.release.unreleased_text import UnreleasedText
    from relbot.render.notes import NotesFormat
    from relbot.render.notes.context import TemplateTask


def chosen_target(config: Config, component: str | None) -> ReleaseTarget:
    """What is to be released. UsageError if `component` is not released on its own."""
    try:
        return find_target(config, component)
    except KeyError:
        alone = [c.name for c in config.components if c.changelog]
        tip = (
            did_you_mean(component or "", alone)
            if alone
            else "To release it separately, give it a `changelog` below [components] in the configuration."
        )
        raise UsageError(f"`{component}` is not released separately.", tip=tip) from None


def read_whole_tree(project: Project, of: ReleaseTarget) -> ReleaseTree:
    """The tree of a build: what is unreleased, and every release."""
    return _read_tree(project, of, sorted_versions(project, of))


def read_preview_tree(project: Project, of: ReleaseTarget, version: str | None) -> ReleaseTree:
    """The tree of a preview of `version`: what is unreleased, the release if it is there, and its prereleases."""
    return _read_tree(project, of, _with_prereleases(project, of, version) if version else [])


def read_released_tree(project: Project, of: ReleaseTarget, version: str) -> ReleaseTree:
    """The tree of the notes of `version`: the release and its prereleases. UsageError if there is no such release."""
    versions = sorted_versions(project, of)
    if version not in versions:
        tip = did_you_mean(version, versions) if versions else "There is no release yet."
        raise UsageError(f"There is no release {version}.", tip=f"{tip} For what is unreleased:", example="relbot build --draft")
    releases = {name: read_released(project.root, of, name) for name in _with_prereleases(project, of, version)}
    return ReleaseTree((), (), releases)


def sorted_versions(project: Project, of: ReleaseTarget) -> list[str]:
    """The names of the target's releases, sorted. UsageError that names the folder, if one of them is no version."""
    names = released_versions(project.root, of)
    if wrong := [name for name in names if not is_version(name, project.config.versions)]:
        folders = ", ".join(f"`{of.folder.of_release(name)}`" for name in wrong)
        are = "is not the folder of a release: its name is not a version" if len(wrong) == 1 else "are not folders of releases"
        tip = "Rename it after its version, or move it elsewhere: relbot looks there for released fragments."
        example = f"git mv {of.folder.of_release(wrong[0])} {of.folder.of_release('2.10')}"
        raise UsageError(f"{folders} {are}.", tip=tip, example=example)
    return names


def _with_prereleases(project: Project, of: ReleaseTarget, version: str) -> list[str]:
    versions = sorted_versions(project, of)
    if not versions:
        return []
    wanted = parse_version(version, project.config.versions)
    return [name for name in versions if name == version or parse_version(name, project.config.versions).leads_to(wanted)]


def _read_tree(project: Project, of: ReleaseTarget, versions: Iterable[str]) -> ReleaseTree:
    sources = read_unreleased(project.root, project.config.folders)
    released = list_released(project.root, project.config.folders)
    namesakes = read_namesakes(project.root, sources, released)
    parsed = parse_sources(sources, project.config, released, namesakes)
    several = SeveralReleases(project.config, released)
    fragments = tuple(each for each in parsed if of.takes(each, project.config) and not several.has(of, each))
    paths = {fragment.path for fragment in fragments}
    releases = {name: read_released(project.root, of, name) for name in versions}
    taken = tuple(source for source in sources if source.path in paths)
    out_in = list_releases_of_changes(
        (file.path for file in namesakes if file.path.startswith(of.released_below)), project.config.folders
    )
    prose = next((source for source in sources if source.path == f"{of.folder.path}/{NEXT_PROSE}"), None)
    awaited = frozenset(each.path for each in parsed if several.awaits(of, each))
    changelog = read_changelog(project.root, of.changelog)
    return ReleaseTree(fragments, taken, releases, changelog, out_in, awaited, prose, read_manifests(project.root, of.manifests))


def make_builder(
    project: Project, of: ReleaseTarget, tree: ReleaseTree, form: str | None = None, audience: NotesAudience | None = None
) -> Builder:
    """The builder of a target on a tree. `form` is the format to render, `audience` who reads; by default the changelog's."""
    links = complete_links(project.config.links, project.git)
    config = project.config._replace(links=links, audience=audience or project.config.audience)
    laid_out = _notes_format(config, of)
    rendered = NOTES_FORMATS["template"] if config.template and form is None else NOTES_FORMATS[form] if form else laid_out
    layout = rendered.layout(tree.text if rendered is laid_out else "", config.marker)  # it shall look like what is there
    context = NotesContext(
        links=links,
        package=config.package,
        changelog=tree.text if rendered is laid_out else "",
        level=layout.level,
        underlined=layout.underlined,
        underlines=layout.underlines,
        template=_read_template(project, config.template) if rendered.name == "template" and config.template else "",
        template_path=config.template or "",
        run_template=_run_template,
    )
    return Builder(
        config,
        of,
        tree,
        lambda sources: _parsed_released(project, tuple(sources)),
        lambda notes: rendered.render(notes if rendered.name == "rst" else _with_markdown(notes), context),
        changelog_format(config, of),
        lambda: _tagged_versions(project, of),
    )


def _tagged_versions(project: Project, of: ReleaseTarget) -> list[str]:
    tagged = list_tagged(project.git, project.config, of.tag, of.component) if project.in_git else []
    return [each.version for each in tagged]


def _with_markdown(notes: Notes) -> Notes:
    if RST_BLOCK not in notes.prose:
        return notes
    from relbot.adoption.notes.rst_to_markdown import convert_rst_blocks  # docutils, for the few that write notes in two formats

    return notes._replace(prose=convert_rst_blocks(notes.prose))


def changelog_format(config: Config, of: ReleaseTarget) -> ChangelogFormat:
    """How the changelog of a target is laid out, as its path and the configuration tell.

    Its `place` raises UsageError where the releases of a text cannot be seen.
    """
    laid_out = _notes_format(config, of)
    marker = config.marker or laid_out.marker

    def find_place(text: str) -> int:
        layout = laid_out.layout(text, config.marker)
        if layout.unseen:
            line = text.splitlines()[layout.unseen - 1].strip()[:80]
            what = (
                f"relbot cannot tell where the releases of {of.changelog} begin: no heading names a version,"
                f" and line {layout.unseen} (`{line}`) may be the first release."
            )
            raise UsageError(what, tip="Put this line above the newest release:", example=marker)
        if layout.ascending:
            what = f"The oldest release stands first in {of.changelog}, and relbot puts the newest first."
            raise UsageError(what, tip="Turn the order around, or put this line above the place of new releases:", example=marker)
        return layout.place

    start = laid_out.preamble
    if config.marker and laid_out.marker:
        start = start.replace(laid_out.marker, config.marker)
    markdown, rst = laid_out.name == "markdown", laid_out.name == "rst"
    content = None if config.template else _entry_lines if markdown else read_rst_lines if rst else None
    unreleased = None if config.template else _unreleased_finder(laid_out.name, config.versions)
    headings = find_rst_headings if rst else find_headings
    return ChangelogFormat(start, find_place, bool(laid_out.marker), content, marker, unreleased, markdown, headings)


def _unreleased_finder(name: str, versions: Versions) -> Callable[[str, str], UnreleasedText | None] | None:
    """What finds the unreleased part of a changelog of this format. A template of the project's own may not show it."""
    match name:
        case "markdown":
            return lambda text, version: find_in_markdown(text, version, versions)
        case "rst":
            return lambda text, version: find_in_rst(text, version, versions)
        case "debian":
            return lambda text, _: find_in_debian(text)
        case _:
            return None


def _entry_lines(text: str) -> list[str]:
    from relbot.render.notes.entry_content import read_entry_lines  # few changelogs were edited, and Markdown takes 37 ms to load

    return read_entry_lines(text)


def _notes_format(config: Config, of: ReleaseTarget) -> NotesFormat:
    """The format of a changelog. UsageError if its name tells none and none is configured."""
    found = NOTES_FORMATS[config.format] if config.format else format_of(of.changelog)
    if found is None:
        tip = "Name it, or point `changelog` to a file that ends in .md or .rst:"
        raise UsageError(f"relbot does not know the format of {of.changelog}.", tip=tip, example='format = "markdown"')
    return found


def _parsed_released(project: Project, sources: tuple[FragmentFile, ...]) -> tuple[Fragment, ...]:
    paths = {source.path for source in sources}
    others = [path for path in list_paths(project.root, project.config.folders) if path not in paths] if sources else []
    return parse_sources(sources, project.config, others, read_namesakes(project.root, sources, others))


def parse_sources(
    sources: Iterable[FragmentFile], config: Config, others: Iterable[str], namesakes: Iterable[FragmentFile] = ()
) -> tuple[Fragment, ...]:
    """The fragments in these files. FaultyFragments, with all faults, if one has any.

    `others` and `namesakes` are those of `check_fragments`.
    """
    checked = check_fragments(sources, config, others, namesakes)
    errors = [finding for finding in checked.findings if finding.level is Level.ERROR]
    if errors:
        count = count_noun(len(errors), "fault")
        raise FaultyFragments(
            f"relbot built nothing: the fragments have {count}.", errors, tip="Correct them, and run the command again."
        )
    return checked.fragments


def _run_template(task: TemplateTask) -> str:
    from relbot.templates.run_template import run_template  # few projects have a template, and tempfile takes 4 ms to load

    return run_template(task)


def _read_template(project: Project, path: str) -> str:
    try:
        return read_regular_file(project.root / path, within=project.root).decode("utf-8")
    except CannotOpen as error:
        raise UsageError(f"The template {path} {error.what}.", tip="Correct `template` in the configuration.") from error
    except UnicodeDecodeError as error:
        raise UsageError(f"The template {path} is not UTF-8.", tip="Save the file as UTF-8.") from error
