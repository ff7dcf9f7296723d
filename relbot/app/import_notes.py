"""Imports the notes of another tool: its fragments, types, components and releases become those of relbot."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from relbot.adoption.notes.import_config import ConfigFile, extend_config
from relbot.adoption.notes.import_plan import ImportPlan, PresentFiles, plan_import
from relbot.adoption.notes.model import ToolMaterial
from relbot.adoption.notes.registry import IMPORTED_TOOLS, find_imported_tool
from relbot.adoption.proposed_config import config_text, propose_keys
from relbot.app.apply_operations import change_project_files
from relbot.app.read_repository import read_repository, read_texts
from relbot.config.model import FILE
from relbot.errors import Unknown, UsageError
from relbot.files.folder import read_sources
from relbot.files.opener import CannotOpen, read_regular_file
from relbot.fragment.other_tools import recognize_tool
from relbot.release.tag_names import find_tagged
from relbot.release.version import readable_versions
from relbot.schema import lazy_re as re
from relbot.schema.faults import did_you_mean
from relbot.schema.named_tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from relbot.adoption.notes.model import ForeignNotes, ForeignRelease
    from relbot.adoption.notes.registry import ImportedTool
    from relbot.adoption.repository_facts import RepositoryFacts
    from relbot.app.project import Project
    from relbot.release.version import Version


class ImportRequest(NamedTuple):
    """The tool whose notes are imported, and whether its files are written or only planned."""

    tool: str
    is_dry: bool = False


def import_notes(project: Project, request: ImportRequest) -> ImportPlan:
    """Makes fragments of the notes of another tool, all or none, and leaves the tool's own files as they are.

    A second import changes nothing. UsageError outside of git, if there is no such tool or the repository does not use it;
    ConfigError if the configuration cannot take what the tool has; CannotWrite if the file system refuses.
    """
    if not project.in_git:
        raise UsageError(f"{project.root} is not in a git repository.", tip="Go into one:", example="git init")
    try:
        tool = find_imported_tool(request.tool)
    except KeyError:
        names = [each.name for each in IMPORTED_TOOLS]
        raise UsageError(f"relbot cannot import from `{request.tool}`.", tip=did_you_mean(request.tool, names)) from None
    facts = read_repository(project)
    notes = tool.read(_read_material(project, facts, tool))
    notes = notes._replace(releases=tuple(_with_days(project, facts, notes)))
    file = _config_file(project, facts, notes)
    sources = read_sources(project.root, project.config.folders)
    present = {source.path: source.content for source in sources}
    extended = extend_config(file, notes, has_fragments=any(path.endswith(".md") and "README" not in path for path in present))
    others = {file.path: file.text.encode("utf-8")} if file.is_there else {}
    if notes.changelog is not None:
        others[notes.path] = _read_bytes(project, project.root / notes.path)
    plan = plan_import(tool.name, notes, extended, file.path, PresentFiles(present, others))
    plan = plan._replace(leave=_removing_command(tool, facts, [folder.path for folder in extended.config.folders]))
    if not request.is_dry and plan.operations.writes:
        change_project_files(project, plan.operations.title, plan.operations.writes)
    return plan


def _removing_command(tool: ImportedTool, facts: RepositoryFacts, own: list[str]) -> str:
    """The command that removes the files of a tool. In a folder that is relbot's too, it names each of them."""
    folders = tool.leave(facts)
    if not any(f"{mine}/".startswith(f"{folder}/") or f"{folder}/".startswith(f"{mine}/") for folder in folders for mine in own):
        return f"git rm -r {' '.join(folders)}" if folders else ""
    notes = [path for path in tool.select(facts) if path.startswith(tuple(f"{folder}/" for folder in folders))]
    theirs = [path for path in notes if "/released/" not in path and recognize_tool(path.rpartition("/")[2], b"", ("fixed",))]
    return f"git rm {' '.join(theirs)}" if theirs else ""


def _read_material(project: Project, facts: RepositoryFacts, tool: ImportedTool) -> ToolMaterial:
    selected = tool.select(facts)
    files = read_texts(project, selected)
    if unread := sorted(set(selected).difference(files)):
        listed = ", ".join(f"`{path}`" for path in unread[:10]) + (f" and {len(unread) - 10} more" if len(unread) > 10 else "")
        what = f"relbot cannot read {listed} as UTF-8 text, so it imports nothing."
        raise Unknown(what, tip="Save each as a regular file in UTF-8, or remove it. Then run it again.")
    return ToolMaterial(facts, files, _versions_of(project, files, facts) if tool.asks_tags else {})


def _read_bytes(project: Project, path: Path) -> bytes:
    try:
        return read_regular_file(path, within=project.root)
    except CannotOpen as error:
        raise Unknown(f"`{path.name}` {error.what}.", tip="Replace it with a regular file, and run the command again.") from error


def _config_file(project: Project, facts: RepositoryFacts, notes: ForeignNotes) -> ConfigFile:
    """The file of the configuration; where there is none, the one that `relbot init` would write."""
    if project.config_path is not None:
        path = project.config_path.relative_to(project.root).as_posix()
        return ConfigFile(path, _read_bytes(project, project.config_path).decode("utf-8"), is_there=True)
    taken = {each.tag for each in notes.components}
    keys = [key for key in propose_keys(facts) if not key.table.startswith("components.") or not notes.components]
    keys = [key for key in keys if not (key.name == "tag" and not key.table and key.value in taken)]
    return ConfigFile(FILE, config_text(keys), is_there=False)


def _with_days(project: Project, facts: RepositoryFacts, notes: ForeignNotes) -> list[ForeignRelease]:
    """The releases, each with the day of its tag where the tool tells none."""
    if all(release.day for release in notes.releases):
        return list(notes.releases)
    listed = project.git.text("for-each-ref", "--format=%(refname:lstrip=2)%00%(creatordate:short)", "refs/tags/")
    days = dict(line.split("\0") for line in listed.split("\n") if "\0" in line)
    own: dict[str | None, dict[str, str]] = {
        None: {each.version: each.tag for each in find_tagged(facts.tags, project.config.tag, None)}
    }
    for each in notes.components:
        own[each.name] = {found.version: found.tag for found in find_tagged(facts.tags, each.tag or "v{version}", each.name)}
    found = []
    for release in notes.releases:
        tag = own.get(release.component, {}).get(release.version, "")
        day = release.day or (date.fromisoformat(days[tag]) if tag in days else None)
        found.append(release._replace(day=day))
    return found


_UID = re.compile(r"-([0-9a-f]{16})\.yaml$")


def _versions_of(project: Project, files: Sequence[str] | dict[str, str], facts: RepositoryFacts) -> dict[str, list[str]]:
    """For each file, the versions on the way to HEAD whose tag has it, the lowest first.

    A prerelease counts as its final, if that is tagged on any branch, as reno has it.
    """
    merged = project.git.text("tag", "--list", "--merged", "HEAD").split("\n")
    tagged = {each.version: each.tag for each in reversed(find_tagged(merged, project.config.tag, None))}
    versions = sorted(readable_versions(tagged, project.config.versions))
    everywhere = [each.version for each in find_tagged(facts.tags, project.config.tag, None)]
    finals = {
        _numbers(version): version.text
        for version in readable_versions(everywhere, project.config.versions)
        if not version.prerelease
    }
    by_key = {_file_key(path): path for path in files}
    found: dict[str, list[str]] = {}
    for version in versions:
        name = finals.get(_numbers(version), version.text) if version.prerelease else version.text
        listed = project.git.run("ls-tree", "-r", "-z", "--name-only", tagged[version.text], "--", "releasenotes/notes")
        for each in listed.decode("utf-8", "surrogateescape").split("\0"):
            if path := by_key.get(_file_key(each)):
                found.setdefault(path, []).append(name)
    return found


def _numbers(version: Version) -> tuple[int, ...]:
    """The numbers of a version without the zeros at its end: `28.0.0.0rc1` leads to `28.0.0`."""
    numbers = version.release
    while numbers and numbers[-1] == 0:
        numbers = numbers[:-1]
    return numbers


def _file_key(path: str) -> str:
    """What stays of a name when a note of reno is renamed: its number."""
    found = _UID.search(path)
    return found[1] if found else path
