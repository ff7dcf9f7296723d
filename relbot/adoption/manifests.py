"""The versions that package manifests name."""

from __future__ import annotations

import tomllib
from typing import TYPE_CHECKING, Any

from relbot.schema import lazy_re as re
from relbot.schema.json_text import load_json
from relbot.schema.named_tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_YAML_VERSION = re.compile(r"""^version:[ \t]*["']?([^\s"'#]+)""", re.MULTILINE)
_INI_VERSION = re.compile(r"^version[ \t]*=[ \t]*(\d\S*)", re.MULTILINE)
_RUBY_VERSION = re.compile(r"""^[ \t]*VERSION\s*=\s*["']([^"']+)["']""", re.MULTILINE)


class Manifest(NamedTuple):
    """A file that describes a package: its path, the name of the package ("" where it has none), its version."""

    path: str
    name: str
    version: str


def find_manifests(texts: Mapping[str, str]) -> list[Manifest]:
    """The manifests among these files, those nearest to the root first. One without a version is left out."""
    return list(_read_manifests(texts))


def _read_manifests(texts: Mapping[str, str]) -> Iterator[Manifest]:
    for path, text in texts.items():
        name, version = _read_manifest(path.rpartition("/")[2], text)
        if version:
            yield Manifest(path, name, version)


def _read_manifest(file: str, text: str) -> tuple[str, str]:
    match file:
        case "package.json" | "composer.json":
            return _named(_parse_json(text))
        case "pyproject.toml":
            whole = _parse_toml(text)
            project = _table(whole, "project")
            return _named(project) if project else _named(_table(_table(whole, "tool"), "poetry"))
        case "Cargo.toml":
            whole = _parse_toml(text)
            return _named(_table(whole, "package") or _table(_table(whole, "workspace"), "package"))
        case "Chart.yaml":
            return "", _first_group(_YAML_VERSION, text)
        case "setup.cfg":
            return "", _first_group(_INI_VERSION, text)
        case "version.rb":
            return "", _first_group(_RUBY_VERSION, text)
        case "VERSION":
            line = text.strip()
            return "", line if re.fullmatch(r"v?\d[\w.+-]*", line) else ""
        case _:
            return "", ""


def _named(table: dict[str, Any]) -> tuple[str, str]:
    name, version = table.get("name"), table.get("version")
    return str(name) if isinstance(name, str) else "", version if isinstance(version, str) else ""


def _table(within: dict[str, Any], name: str) -> dict[str, Any]:
    found = within.get(name)
    return found if isinstance(found, dict) else {}


def _parse_json(text: str) -> dict[str, Any]:
    try:
        found = load_json(text)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def _parse_toml(text: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except (ValueError, RecursionError):
        return {}


def _first_group(pattern: re.Pattern[str], text: str) -> str:
    found = pattern.search(text)
    return found.group(1) if found else ""
