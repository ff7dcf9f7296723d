"""Raises the version in a project's files: package.json, pyproject.toml, Cargo.toml, Chart.yaml, lines such as `__version__`.

Only the version changes, to the byte. A file in JSON, TOML or YAML is parsed again with each place that could be the one, until
nothing but the version differs: comments, order and quotes stay without a writer that would have to keep them. Why no library
writes them is in docs/decisions/0012.
"""

from __future__ import annotations

import copy
import tomllib
from typing import TYPE_CHECKING, Any

from relbot.errors import UsageError
from relbot.release.tag_names import same_version
from relbot.release.version import parse_version, readable_versions
from relbot.schema import lazy_re as re
from relbot.schema.json_text import load_json
from relbot.schema.named_tuples import NamedTuple
from relbot.schema.yaml_text import load_yaml_text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from relbot.config.model import Versions
    from relbot.fragment.file import FragmentFile

_Place = tuple[str | int, ...]
_ROOT: tuple[_Place, ...] = (("version",),)
_NPM_LOCK: tuple[_Place, ...] = (("version",), ("packages", "", "version"))
_TOML: tuple[_Place, ...] = (
    ("project", "version"),
    ("tool", "poetry", "version"),
    ("package", "version"),
    ("workspace", "package", "version"),
)
_SEMVER_ONLY = ("package.json", "package-lock.json", "npm-shrinkwrap.json", "Cargo.toml", "Cargo.lock", "Chart.yaml")
_SEMVER = re.compile(r"\d+\.\d+\.\d+(?:-[0-9A-Za-z.-]+)?(?:\+[0-9A-Za-z.-]+)?")
_LINE = re.compile(
    r"""(?<![\w-])_{0,2}version_{0,2}\b(?:[ \t]*:[ \t]*[A-Za-z.]+)?["']?[ \t]*(?:(?:=>|:=|=|:)[ \t]*["']?|["'])v?"""
    r"(?P<version>\d[\w.+-]*)",
    re.IGNORECASE,
)
_WHOLE = re.compile(r"\s*v?(?P<version>\d[\w.+-]*)\s*")


class RaisedFile(NamedTuple):
    """A file whose version is raised: its path, the version before, its content before and after."""

    path: str
    old: str
    before: bytes
    content: bytes


def raise_versions(files: Iterable[FragmentFile], version: str, versions: Versions) -> list[RaisedFile]:
    """The files that have a lower version than this one, with it.

    UsageError if a file names no version, or cannot take this one.
    """
    known = list(files)
    crates = _crate_names(known)
    raised = []
    for file in known:
        name = file.path.rpartition("/")[2]
        text = file.content.decode("utf-8", "surrogateescape")
        old = _read_version(name, text, crates)
        current = readable_versions([old], versions) if old else []
        if not current:
            tip = "Write the version of the last release into it, or take it out of `manifests` in the configuration."
            raise UsageError(f"{file.path} names no version that relbot can raise.", tip=tip)
        if not current[0] < parse_version(version, versions):
            continue
        if name in _SEMVER_ONLY and not _SEMVER.fullmatch(version):
            what = f"{file.path} takes semantic versions only, and {version} is none."
            raise UsageError(what, tip="Allowed: MAJOR.MINOR.PATCH.", example="relbot build 2.10.0")
        content = _with_version(name, text, old, version, crates)
        if content == file.content:
            what = f"relbot cannot raise the version of {file.path}."
            raise UsageError(what, tip="Take it off the list `manifests` in the configuration, and raise it yourself.")
        raised.append(RaisedFile(file.path, old, file.content, content))
    return raised


def lower_version(file: FragmentFile, raised_to: str, old: str, versions: Versions) -> bytes | None:
    """The file with its version of before; None if it has another version than the one that it was raised to."""
    name, text = file.path.rpartition("/")[2], file.content.decode("utf-8", "surrogateescape")
    current = _read_version(name, text, None)
    if not same_version(current, raised_to, versions):
        return None
    return _with_version(name, text, current, old, None)


def _crate_names(files: Sequence[FragmentFile]) -> set[str]:
    manifests = (file for file in files if file.path.rpartition("/")[2] == "Cargo.toml")
    return {_crate_of(file.content.decode("utf-8", "surrogateescape")) for file in manifests}


def _crate_of(text: str) -> str:
    found = _value_at(_parse_toml(text), ("package", "name"))
    return found if isinstance(found, str) else ""


def _read_version(name: str, text: str, crates: set[str] | None) -> str:
    """The version that a file names; "" if it names none."""
    if parse := _parser_of(name):
        data = parse(text)
        return next((value for place in _places(name, data, crates) if isinstance(value := _value_at(data, place), str)), "")
    found = _text_match(text)
    return found["version"] if found else ""


def _with_version(name: str, text: str, old: str, new: str, crates: set[str] | None) -> bytes:
    if parse := _parser_of(name):
        begin = 0
        for place in _places(name, parse(text), crates):
            if _value_at(parse(text), place) == old:
                text, begin = _replace_at(text, place, new, parse, begin)
    elif found := _text_match(text):
        text = text[: found.start("version")] + new + text[found.end("version") :]
    return text.encode("utf-8", "surrogateescape")


def _parser_of(name: str) -> Callable[[str], Any] | None:
    if name.endswith(".json"):
        return _parse_json
    if name.endswith((".yaml", ".yml")):
        return _parse_yaml
    return _parse_toml if name.endswith(".toml") or name == "Cargo.lock" else None


def _places(name: str, data: Any, crates: set[str] | None) -> Iterator[_Place]:
    """Where a file has its version. `crates` are the packages of which Cargo.lock has it; None for all that lie here."""
    if name == "Cargo.lock":
        packages = _value_at(data, ("package",))
        for number, package in enumerate(packages if isinstance(packages, list) else []):
            if isinstance(package, dict) and "source" not in package and (crates is None or package.get("name") in crates):
                yield "package", number, "version"
        return
    yield from _TOML if name.endswith(".toml") else _NPM_LOCK if name in _SEMVER_ONLY[1:3] else _ROOT


def _value_at(data: Any, place: _Place) -> Any:
    for key in place:
        try:
            data = data[key]
        except (KeyError, IndexError, TypeError):
            return None
    return data


def _replace_at(text: str, place: _Place, new: str, parse: Callable[[str], Any], begin: int) -> tuple[str, int]:
    """The text with another value in one place, found by trying: what it says must differ in nothing else. And where it is.

    What stands behind `begin` is tried first: lists of packages are in order, and a parse takes milliseconds.
    """
    wanted = copy.deepcopy(parse(text))
    old = _value_at(wanted, place)
    _value_at(wanted, place[:-1])[place[-1]] = new
    starts = (found.start() for found in re.finditer(re.escape(old), text))
    for start in sorted(starts, key=lambda start: (start < begin, start)):
        tried = text[:start] + new + text[start + len(old) :]
        if parse(tried) == wanted:
            return tried, start
    return text, begin


def _text_match(text: str) -> re.Match[str] | None:
    return _WHOLE.fullmatch(text) or _LINE.search(text)


def _parse_json(text: str) -> Any:
    try:
        return load_json(text.removeprefix("\ufeff"))
    except (ValueError, RecursionError):
        return None


def _parse_yaml(text: str) -> Any:
    try:
        return load_yaml_text(text)
    except (ValueError, RecursionError):
        return None


def _parse_toml(text: str) -> Any:
    try:
        return tomllib.loads(text)
    except (ValueError, RecursionError):
        return None
