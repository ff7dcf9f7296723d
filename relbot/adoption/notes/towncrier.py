"""Fragments of towncrier (https://towncrier.readthedocs.io/en/stable/), and the releases that it built into its file."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from relbot.adoption.note_tools import towncrier_folder, towncrier_news, towncrier_table
from relbot.adoption.notes.changelog_history import read_history
from relbot.adoption.notes.keep_a_changelog import HeadingMeaning, history_releases, name_other_parts
from relbot.adoption.notes.model import ForeignComponent, ForeignNote, ForeignNotes, ForeignRelease
from relbot.adoption.notes.rst_to_markdown import convert_rst
from relbot.adoption.notes.type_names import asks_to_act, breaks_something, name_of_text, type_name
from relbot.config.model import ChangeType
from relbot.errors import UsageError
from relbot.schema.named_tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

    from relbot.adoption.notes.model import ToolMaterial
    from relbot.adoption.repository_facts import RepositoryFacts

_DEFAULTS = {
    "feature": "Features",
    "bugfix": "Bugfixes",
    "doc": "Improved Documentation",
    "removal": "Deprecations and Removals",
    "misc": "Misc",
}
_PATCHES = ("bugfix", "fix", "fixes", "doc", "misc", "trivial", "internal", "contrib", "process", "security")
_IGNORED = (".gitignore", ".gitkeep", ".keep", "README", "readme", "template", "_template", "TEMPLATE")


class TowncrierSettings(NamedTuple):
    """Titles of sections by folder ("" for none), the news file, titles of types by name, and whether the notes are rst."""

    folders: Mapping[str, str]
    file: str
    types: Mapping[str, str]
    rst: bool


def read_towncrier(material: ToolMaterial) -> ForeignNotes:
    """The fragments of towncrier, and the releases in its changelog. UsageError if the repository does not use it."""
    settings = read_towncrier_settings(material.facts)
    notes, left_out = [], []
    for path, text in sorted(material.files.items()):
        if path.rpartition("/")[2].startswith(_IGNORED) or path == settings.file:
            continue
        found = _read_fragment(path, text, settings)
        if isinstance(found, str):
            left_out.append(found)
        else:
            notes.append(found)
    releases: tuple[ForeignRelease, ...] = ()
    if built := material.files.get(settings.file):
        names = {title.lower(): name for name, title in settings.types.items()}
        history = read_history(built, "rst" if settings.file.endswith(".rst") else "markdown")
        left_out += name_other_parts(history, settings.file)
        parts = {title: type_name(title) for title in settings.folders.values() if title}
        releases = history_releases(history, settings.file, HeadingMeaning(lambda title: names.get(title.lower(), ""), parts))
    components = tuple(ForeignComponent(type_name(title), title) for title in settings.folders.values() if title)
    types = tuple(ChangeType(name, title, "patch" if name in _PATCHES else "minor") for name, title in settings.types.items())
    return ForeignNotes(tuple(notes), releases, types, components, settings.file, left_out=tuple(left_out))


def read_towncrier_settings(facts: RepositoryFacts) -> TowncrierSettings:
    """What the configuration of towncrier says. UsageError if there is none."""
    config = towncrier_table(facts)
    if config is None:
        tip = (
            "Run the command in the repository that uses towncrier. relbot reads the table `[tool.towncrier]` of pyproject.toml "
            "or towncrier.toml, for example:"
        )
        example = '[tool.towncrier]\ndirectory = "newsfragments"'
        raise UsageError("relbot found no configuration of towncrier here.", tip=tip, example=example)
    file = towncrier_news(facts)
    sections = {str(each.get("path", "")): str(each.get("name", "")) for each in _tables(config.get("section"))} or {"": ""}
    folders = {towncrier_folder(config, path): title for path, title in sections.items()}
    rst = not file.endswith(".md") and str(config.get("issue_format", "")).find("](") < 0
    return TowncrierSettings(folders, file, _read_types(config.get("type")) or _DEFAULTS, rst)


def _tables(value: Any) -> list[dict[str, Any]]:
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []


def _read_types(value: Any) -> dict[str, str]:
    """The types of a configuration: a list of tables, or tables by name."""
    if isinstance(value, dict):
        return {str(name): str(of.get("name") or name.capitalize()) for name, of in value.items() if isinstance(of, dict)}
    return {
        str(each["directory"] if "directory" in each else str(each["name"]).lower()): str(each["name"])
        for each in _tables(value)
        if "name" in each
    }


def _read_fragment(path: str, text: str, settings: TowncrierSettings) -> ForeignNote | str:
    """The note in a file, or why it is none: ISSUE.TYPE[.COUNTER][.ENDING], orphans begin with `+`."""
    folder, _, name = path.rpartition("/")
    words = name.split(".")
    at = next((number for number, word in enumerate(words) if number and word in settings.types), 0)
    if not at:
        return f"{path}: its name has no type of towncrier."
    if folder not in settings.folders:
        return f"{path}: the folder {folder} is not a section of towncrier."
    issue, kind = ".".join(words[:at]), words[at]
    rst = settings.rst and not name.endswith(".md")
    converted = convert_rst(text) if rst else None
    body = converted.markdown if converted else text.strip()
    remark = f"kept as reStructuredText: {converted.problem}" if converted and converted.problem else ""
    if not body:
        body, remark = settings.types[kind] + ".", "it has no text: towncrier shows the issue alone"
    counter = "-".join(word for word in words[at + 1 :] if word.isdecimal())
    orphan = issue.startswith("+")
    stem = name_of_text(body) if orphan and len(issue) <= _SHORTEST else issue.lstrip("+")
    return ForeignNote(
        path,
        "-".join(filter(None, (stem, kind, counter))),
        kind,
        body,
        () if orphan or not re.fullmatch(r"[\w#/-]*\d", issue) else (issue.lstrip("#"),),
        type_name(settings.folders[folder]) if settings.folders[folder] else None,
        acts=asks_to_act(kind),
        breaking=breaks_something(kind),
        remark=remark,
    )


_SHORTEST = 1
"""A name of an orphan that says nothing."""
