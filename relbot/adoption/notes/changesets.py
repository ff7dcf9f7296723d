"""Changesets (https://github.com/changesets/changesets): a file for each change, with the packages that it raises."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import yaml

from relbot.adoption.manifests import find_manifests
from relbot.adoption.notes.changelog_history import read_history
from relbot.adoption.notes.keep_a_changelog import HeadingMeaning, history_releases, name_other_parts
from relbot.adoption.notes.model import ForeignComponent, ForeignNote, ForeignNotes, ForeignRelease
from relbot.adoption.notes.type_names import named_issues
from relbot.adoption.tag_spellings import component_name
from relbot.config.model import ChangeType
from relbot.errors import UsageError
from relbot.fragment.location import as_identity
from relbot.schema import lazy_re as re

if TYPE_CHECKING:
    from collections.abc import Iterable

    from relbot.adoption.manifests import Manifest
    from relbot.adoption.notes.model import ToolMaterial

FOLDER = ".changeset"
_TYPES = (
    ChangeType("major", "Major Changes", "major"),
    ChangeType("minor", "Minor Changes", "minor"),
    ChangeType("patch", "Patch Changes", "patch"),
)
_TITLES = {each.title.lower(): each.name for each in _TYPES}
_MEANING = HeadingMeaning(lambda title: _TITLES.get(title.lower(), ""))
_FRONT = re.compile(r"\A---[ \t]*\r?\n(.*?)^---[ \t]*\r?$\n?(.*)\Z", re.DOTALL | re.MULTILINE)


def read_changesets(material: ToolMaterial) -> ForeignNotes:
    """The changesets of a repository, and the releases in the changelogs of its packages.

    A repository of one package has no components. UsageError if it does not use changesets.
    """
    if f"{FOLDER}/config.json" not in material.facts.paths:
        tip = f"Run the command in the folder that holds {FOLDER}/, or name it with `--dir`:"
        example = "relbot import changesets --dir packages"
        raise UsageError(f"There is no {FOLDER}/config.json, so this folder has no changesets.", tip=tip, example=example)
    packages = _released_packages(material)
    single = len(packages) <= 1 or not any("/" in each.path for each in packages)
    names = {} if single else {each.name: component_name(each.name) for each in packages if "/" in each.path}
    notes: list[ForeignNote] = []
    left_out = []
    for path, text in sorted(material.files.items()):
        if re.fullmatch(rf"{re.escape(FOLDER)}/(?!README)[^/]+\.md", path):
            found = _read_changeset(path, text, names)
            if isinstance(found, str):
                left_out.append(found)
            else:
                notes += found
    releases: list[ForeignRelease] = []
    components = []
    for package in packages:
        changelog = _changelog_of(package)
        component = names.get(package.name)
        built = material.files.get(changelog, "")
        if component:
            tag = f"{package.name}@{{version}}"
            components.append(ForeignComponent(component, package.name, changelog if built else "", tag))
        if built and (component or single):
            history = read_history(built, "markdown")
            left_out += name_other_parts(history, changelog)
            releases += history_releases(history, changelog, _MEANING, component)
    return ForeignNotes(tuple(notes), tuple(releases), _TYPES, tuple(components), left_out=tuple(left_out))


def _released_packages(material: ToolMaterial) -> list[Manifest]:
    """The packages of the repository, of each name one: that with a changelog if there are several.

    Examples that no changeset ever raised, so that they have no changelog, are left out where others have one.
    """
    files = {path: text for path, text in material.files.items() if path.endswith("package.json")}
    found = [each for each in find_manifests(files) if each.name]
    with_changelog = [each for each in found if _changelog_of(each) in material.files]
    raised = {name for text in material.files.values() for name in _read_raised(text)} if with_changelog else set()
    wanted = [*with_changelog, *(each for each in found if not with_changelog or each.name in raised or "/" not in each.path)]
    return sorted({component_name(each.name): each for each in reversed(wanted)}.values(), key=found.index)


def _read_raised(text: str) -> Iterable[str]:
    parts = _FRONT.match(text)
    return (_read_front_matter(parts[1]) or ()) if parts else ()


def _changelog_of(package: Manifest) -> str:
    return f"{package.path.removesuffix('package.json')}CHANGELOG.md"


def _read_changeset(path: str, text: str, names: dict[str, str]) -> list[ForeignNote] | str:
    """The notes of a file, one for each part of the version that it raises, or why there are none."""
    parts = _FRONT.match(text)
    raised = _read_front_matter(parts[1]) if parts else None
    if parts is None or raised is None:
        return f"{path}: this is not a changeset: it has no front matter with packages."
    if not raised:
        return f"{path}: it names no package, so there is nothing to import."
    body = parts[2].strip()
    stem = as_identity(path.rpartition("/")[2].removesuffix(".md"))
    bumps = tuple(dict.fromkeys(raised.values()))
    titles = {bump: f"{stem}-{bump}" if len(bumps) > 1 else stem for bump in bumps}
    notes = []
    for bump, title in titles.items():
        packages = [package for package, part in raised.items() if part == bump]
        others = tuple(other for other in titles.values() if other != title)
        notes.append(_make_note(path, title, bump, body, packages, names)._replace(beside=others))
    return notes


def _make_note(path: str, title: str, bump: str, body: str, packages: list[str], names: dict[str, str]) -> ForeignNote:
    """The note of those packages of which a changeset raises the same part."""
    components = tuple(dict.fromkeys(names[package] for package in packages if package in names))
    unknown = [f"`{package}`" for package in packages if names and package not in names]
    missing = f"there is no package {', '.join(unknown)}" if unknown else ""
    return ForeignNote(
        path,
        title,
        bump,
        body or f"Raises {', '.join(packages)}.",
        named_issues(body),
        components[0] if components else None,
        acts=bump == "major",
        breaking=bump == "major",
        remark=missing or ("" if body else "it has no text"),
        other_components=components[1:],
    )


def _read_front_matter(text: str) -> dict[str, str] | None:
    try:
        told: Any = yaml.safe_load(text)
    except yaml.YAMLError:
        return None
    if told is None:
        return {}
    if not isinstance(told, dict):
        return None
    return {str(package): str(bump) if bump in ("major", "minor", "patch") else "patch" for package, bump in told.items()}
