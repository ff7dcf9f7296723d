"""The tools whose notes `relbot import` reads: this table drives the command line, the documentation and the tests."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relbot.adoption.notes.changesets import read_changesets
from relbot.adoption.notes.keep_a_changelog import read_keep_a_changelog
from relbot.adoption.notes.reno import FOLDER as RENO
from relbot.adoption.notes.reno import read_reno
from relbot.adoption.notes.towncrier import read_towncrier, read_towncrier_settings
from relbot.schema import lazy_re as re
from relbot.schema.named_tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from relbot.adoption.notes.model import ForeignNotes, ToolMaterial
    from relbot.adoption.repository_facts import RepositoryFacts


class ImportedTool(NamedTuple):
    """A tool whose notes become fragments.

    `about` says what is imported. `select` gives the files that `read` needs. `asks_tags` is whether tags say which notes are
    released. `leave` gives the folders that a project then removes.
    """

    name: str
    about: str
    select: Callable[[RepositoryFacts], list[str]]
    read: Callable[[ToolMaterial], ForeignNotes]
    asks_tags: bool
    leave: Callable[[RepositoryFacts], Sequence[str]]


def _select_towncrier(facts: RepositoryFacts) -> list[str]:
    settings = read_towncrier_settings(facts)
    folders = tuple(f"{folder}/" for folder in settings.folders)
    return [path for path in facts.paths if path.startswith(folders) or path == settings.file]


def _select_reno(facts: RepositoryFacts) -> list[str]:
    configs = ("reno.yaml", "releasenotes/config.yaml")
    return [path for path in facts.paths if path in configs or (path.startswith(f"{RENO}/") and path.endswith(".yaml"))]


def _select_changesets(facts: RepositoryFacts) -> list[str]:
    pattern = re.compile(r"\.changeset/[^/]{1,200}\.md|(?:[^/]{1,200}/){0,3}(?:package\.json|CHANGELOG\.md)")
    return [path for path in facts.paths if pattern.fullmatch(path) and "node_modules/" not in path]


def _select_nothing(facts: RepositoryFacts) -> list[str]:
    return []  # the changelog is among the facts


IMPORTED_TOOLS = (
    ImportedTool(
        "towncrier",
        "fragments, sections and types of `[tool.towncrier]`, and the releases in its news file",
        _select_towncrier,
        read_towncrier,
        False,
        lambda facts: tuple(read_towncrier_settings(facts).folders),
    ),
    ImportedTool(
        "reno",
        "notes below `releasenotes/notes`, released by the tags that have them",
        _select_reno,
        read_reno,
        True,
        lambda _: ("releasenotes",),
    ),
    ImportedTool(
        "changesets",
        "files below `.changeset`, packages as components, and the releases in their changelogs",
        _select_changesets,
        read_changesets,
        False,
        lambda _: (".changeset",),
    ),
    ImportedTool(
        "keep-a-changelog",
        "the items of a changelog: of its releases, and of its part that is not released",
        _select_nothing,
        read_keep_a_changelog,
        False,
        lambda _: (),
    ),
)


def find_imported_tool(name: str) -> ImportedTool:
    """The tool of that name. KeyError if none is called so."""
    return {tool.name: tool for tool in IMPORTED_TOOLS}[name]
