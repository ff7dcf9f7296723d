"""The direct dependencies that manifests name: requirements, setup.py and its kind, Gemfile, package.json, go.mod."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from relbot.detect.engine.path_roles import is_test, is_vendored
from relbot.detect.runtime.build_files import READERS, read_csproj
from relbot.schema import lazy_re as re

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

Dependencies = dict[str, str]
"""From name to what is demanded of its version, "" where nothing is."""

_DEVELOPMENT = re.compile(
    r"(^|[-_./])(dev|devel|development|tests?|testing|lint|docs?|ci|build|typing|e2e|unit|style|debug)([-_.]|$)", re.I
)
_DOCS = re.compile(r"(^|/)(docs?|website|examples?|samples?|benchmarks?)/")


def manifest_reader(path: str) -> Callable[[str], Dependencies | None] | None:
    """What reads the manifest at `path`; None if it is none, or one of tests, documentation or development only.

    The reader gives None for a text that it cannot read.
    """
    name = path.rpartition("/")[2]
    if is_test(path) or is_vendored(path) or _DOCS.search(path):
        return None
    if name in _READERS:
        return _READERS[name]
    if _REQUIREMENTS.search(path):
        return None if _DEVELOPMENT.search(name) else _read_requirements
    if name.endswith(".csproj"):
        return read_csproj
    return _read_gemfile if name.endswith(".gemspec") else None


_REQUIREMENTS = re.compile(r"(^|/)([\w-]{0,80}requirements[\w.-]{0,80}\.(txt|in)|requirements/[\w.-]{1,80}\.(txt|in))$")
_REQUIREMENT = re.compile(r"^[ \t]*([A-Za-z0-9][\w.-]*)\s*(?:\[[^\]]*\])?\s*((?:[=<>!~]=?=?\s*[\w.*]+\s*,?\s*)*)")


def _read_requirement(text: str) -> tuple[str, str] | None:
    match = _REQUIREMENT.match(text[:300])
    return (re.sub(r"[-_.]+", "-", match[1]).lower(), match[2].strip()) if match else None


def _read_all(texts: list[str]) -> Dependencies:
    return dict(found for text in texts if (found := _read_requirement(text[:300])))


def _read_requirements(text: str) -> Dependencies:
    return _read_all([line for line in text.split("\n") if not line.lstrip().startswith(("#", "-", "http", "git+"))])


def _setup_cfg(text: str) -> Dependencies:
    lines: list[str] = []
    section, key = "", ""
    for line in text.split("\n"):
        if line.startswith("["):
            section, key = line.strip().strip("[]"), ""
        elif line[:1].strip() and not line.startswith(("#", ";")):
            key, _, rest = (part.strip() for part in line.partition("="))
            line = rest  # noqa: PLW2901 - what stands behind the key is read like the lines below it
        if section == "options" and key == "install_requires" and line.strip():
            lines.append(line.strip())
    return _read_all(lines)


_INSTALL_REQUIRES = re.compile(r"install_requires[ \t]{0,20}=[ \t]{0,20}\[([^\]]{0,9000})\]")
_LITERAL = re.compile(r"['\"]([^'\"\n]{1,200})['\"]")


def _setup_py(text: str) -> Dependencies | None:
    match = _INSTALL_REQUIRES.search(text)
    return _read_all(_LITERAL.findall(match[1])) if match else None


def _read_pyproject(text: str) -> Dependencies | None:
    import tomllib  # which few change sets need

    try:
        data: Any = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError):
        return None
    listed = _value_at(data, "project", "dependencies")
    found = _read_all([each for each in listed if isinstance(each, str)]) if isinstance(listed, list) else {}
    poetry = _value_at(data, "tool", "poetry", "dependencies")
    if isinstance(poetry, dict):
        found |= {str(name).lower(): _read_poetry(value) for name, value in poetry.items() if name != "python"}
    return found


def _read_poetry(value: object) -> str:
    asked = value.get("version", "") if isinstance(value, dict) else value
    return asked if isinstance(asked, str) else ""


_GEM = re.compile(
    r"^([ \t]*)(?:gem|\w+\.add(?:_runtime)?_dependency)\s*+(?:\(\s*+)?['\"]([\w.-]+)['\"]((?:\s*,\s*['\"][^'\"\n]*['\"])*)(.*)"
)
_GROUP = re.compile(r"^([ \t]*)group\s*+\(?(.*)\bdo\b")


def _read_gemfile(text: str) -> Dependencies:
    found: Dependencies = {}
    skipped: str | None = None
    for line in text.split("\n"):
        if skipped is not None:
            if line.rstrip() == f"{skipped}end":
                skipped = None
            continue
        group = _GROUP.match(line)
        if (
            group
            and "production" not in group[2]
            and _DEVELOPMENT.search(group[2].replace(":", ".").replace(" ", "").replace(",", "-"))
        ):
            skipped = group[1]
        elif (match := _GEM.match(line[:300])) and not re.search(
            r"groups?:.*\b(test|development)\b|:group *=> *:(test|development)", match[4]
        ):
            found[match[2]] = ", ".join(_LITERAL.findall(match[3]))
    return found


def _package_json(text: str) -> Dependencies | None:
    import json  # only where a package.json changes

    try:
        data: Any = json.loads(text)
    except (ValueError, RecursionError):
        return None
    listed = _value_at(data, "dependencies")
    return {name: asked for name, asked in listed.items() if isinstance(asked, str)} if isinstance(listed, dict) else {}


_MODULE = re.compile(r"^[ \t]*(?:require\s+)?([\w-]++\.[\w.-]++/\S+)\s+v(\S+)\s*(//\s*indirect)?")


def _go_mod(text: str) -> Dependencies:
    return dict(_read_modules(text))


def _read_modules(text: str) -> Iterator[tuple[str, str]]:
    for line in text.split("\n"):
        match = _MODULE.match(line[:300])
        if match and not match[3] and "=>" not in line:
            yield re.sub(r"/v\d+$", "", match[1]), match[2]


def _value_at(data: object, *keys: str) -> object:
    for key in keys:
        data = data.get(key) if isinstance(data, dict) else None
    return data


_READERS: dict[str, Callable[[str], Dependencies | None]] = {
    "setup.cfg": _setup_cfg,
    "setup.py": _setup_py,
    "pyproject.toml": _read_pyproject,
    "Gemfile": _read_gemfile,
    "package.json": _package_json,
    "go.mod": _go_mod,
    **READERS,
}
