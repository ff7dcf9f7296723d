"""Other tools that keep notes in files: how a repository shows that it uses one, and where its notes lie."""

from __future__ import annotations

import configparser
import tomllib
from typing import TYPE_CHECKING, Any

from relbot.schema.named_tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from relbot.adoption.repository_facts import RepositoryFacts


class NoteTool(NamedTuple):
    """A tool whose notes may lie in a repository. `find_folder` gives their folder, "" where the tool is not in use.

    `takes_over` is whether `relbot import NAME` exists; else a person takes the notes over.
    """

    name: str
    find_folder: Callable[[RepositoryFacts], str]
    takes_over: bool


def _towncrier_folder(facts: RepositoryFacts) -> str:
    config = towncrier_table(facts)
    if config is not None:
        return towncrier_folder(config)
    return "newsfragments" if _holds(facts, "newsfragments/") else ""


def towncrier_table(facts: RepositoryFacts) -> dict[str, Any] | None:
    """The configuration of towncrier; None where there is none, or it cannot be read."""
    for path in ("towncrier.toml", "pyproject.toml"):
        try:
            found: Any = tomllib.loads(facts.texts.get(path, "")).get("tool", {}).get("towncrier")
        except (ValueError, RecursionError, AttributeError):
            continue
        if isinstance(found, dict):
            return found
    return None


def towncrier_folder(config: dict[str, Any], section: str = "") -> str:
    """The folder of a section of towncrier: in `directory`, or `newsfragments` in that part of the package."""
    if isinstance(config.get("directory"), str):
        parts = [*str(config["directory"]).split("/"), *section.split("/")]
    else:
        package = str(config.get("package", ""))
        within = [*str(config.get("package_dir", ".")).split("/"), *package.split(".")] if package else []
        parts = [*within, *section.split("/"), "newsfragments"]
    return "/".join(part for part in parts if part not in ("", "."))


def towncrier_news(facts: RepositoryFacts) -> str:
    """The file into which towncrier builds its releases; "" where it is not in use."""
    config = towncrier_table(facts)
    return "" if config is None else str(config.get("filename") or "NEWS.rst")


def _reno_folder(facts: RepositoryFacts) -> str:
    return "releasenotes/notes" if _holds(facts, "releasenotes/notes/", ".yaml") else ""


def _changesets_folder(facts: RepositoryFacts) -> str:
    return ".changeset" if _holds(facts, ".changeset/config.json") else ""


def _scriv_folder(facts: RepositoryFacts) -> str:
    if "changelog.d/scriv.ini" in facts.paths or "[tool.scriv]" in facts.texts.get("pyproject.toml", ""):
        return "changelog.d"
    parser = configparser.ConfigParser(interpolation=None, strict=False)
    try:
        parser.read_string(facts.texts.get("setup.cfg", ""))
    except configparser.Error:
        return ""
    used = parser.has_section("tool:scriv") or parser.has_section("scriv")
    return "changelog.d" if used else ""


def _changie_folder(facts: RepositoryFacts) -> str:
    return ".changes" if ".changie.yaml" in facts.paths or ".changie.yml" in facts.paths else ""


NOTE_TOOLS = (
    NoteTool("towncrier", _towncrier_folder, True),
    NoteTool("reno", _reno_folder, True),
    NoteTool("changesets", _changesets_folder, True),
    NoteTool("scriv", _scriv_folder, False),
    NoteTool("changie", _changie_folder, False),
)


class ToolInUse(NamedTuple):
    """A tool that a repository uses: where its notes lie, and how many files are there."""

    tool: NoteTool
    folder: str
    files: int


def find_tools(facts: RepositoryFacts) -> list[ToolInUse]:
    """The tools that a repository uses."""
    used = [(tool, tool.find_folder(facts)) for tool in NOTE_TOOLS]
    return [ToolInUse(tool, folder, _count_notes(facts.paths, folder)) for tool, folder in used if folder]


def _count_notes(paths: Sequence[str], folder: str) -> int:
    apart = ("README", "config.json", "template", "header", "unreleased")
    names = [path.rpartition("/")[2] for path in paths if path.startswith(f"{folder}/")]
    return sum(not name.startswith((".", "_")) and not name.startswith(apart) for name in names)


def _holds(facts: RepositoryFacts, start: str, ending: str = "") -> bool:
    return any(path.startswith(start) and path.endswith(ending) for path in facts.paths)
