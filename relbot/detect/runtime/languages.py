"""Which versions of languages and platforms files demand or pin."""

from __future__ import annotations

from relbot.detect.engine.path_roles import is_test
from relbot.detect.runtime.build_files import find_demand
from relbot.schema import lazy_re as re
from relbot.schema.named_tuples import NamedTuple

Version = tuple[int, ...]


class Demand(NamedTuple):
    """A version that a file asks for: of what, the version, and whether it is the oldest that works or the one in use."""

    of: str
    version: Version
    oldest: bool


_PINS = {
    ".ruby-version": "Ruby",
    ".python-version": "Python",
    ".nvmrc": "Node",
    ".node-version": "Node",
    "runtime.txt": "Python",
    ".go-version": "Go",
    ".java-version": "Java",
}
_NUMBER = re.compile(r"(\d+(?:\.\d+)*)")
_TOOL = re.compile(r"^(\w+)\s+(\d[\d.]*)", re.M)
_PYTHON_REQUIRES = re.compile(
    r"(?:python[_-]requires|requires-python)['\"]?[ \t]{0,20}[=:][ \t]{0,20}['\"]?[^'\"\n]{0,200}?(?:>=|~=|\^)\s*([\d.]{0,40}\d)"
)
_POETRY_PYTHON = re.compile(r"^python[ \t]{0,20}=[ \t]{0,20}['\"][^'\"\n]*?(?:>=|~=|~|\^)\s*([\d.]+\d)", re.M)
_CLASSIFIER = re.compile(r"Programming Language :: Python :: (\d+\.\d+)\b")
_VERSION_INFO = re.compile(r"sys\.version_info(?:\[:2\])?\s*(?:<|>=)\s*\((\d+)\s*,\s*(\d+)")
_ENGINES = re.compile(r"\"(?:engines|volta)\"\s*:\s*\{([^}]{0,2000})\}")
_ENGINE = re.compile(r"\"(\w+)\"\s*:\s*\"([^\"\n]*)\"")
_GEMFILE_RUBY = re.compile(r"^[ \t]*(?:ruby|\w+\.required_ruby_version\s*=)\s*+(?:\(\s*+)?['\"][^'\"\d\n]*(\d+(?:\.\d+)*)", re.M)
_GO = re.compile(r"^go (\d+\.\d+)", re.M)
_CODE_NAMES = ("python", "node", "ruby", "java", "php", "golang", "nodejs", "erlang", "elixir", "rust", "deno", "bun", "dotnet")


def read_demands(path: str, text: str) -> list[Demand]:
    """The versions that a file asks for; none for files that do not."""
    name = path.rpartition("/")[2]
    if is_test(path):
        return []
    if name in _PINS:
        match = _NUMBER.search(text[:2000])
        return [Demand(_PINS[name], version_numbers(match[1]), oldest=False)] if match else []
    if name == ".tool-versions":
        return [
            Demand(tool.capitalize(), version_numbers(found), oldest=False)
            for tool, found in _TOOL.findall(text)
            if tool in _CODE_NAMES
        ]
    if name in ("setup.py", "setup.cfg", "pyproject.toml"):
        return _python_demands(text)
    if name == "package.json":
        return _engine_demands(text)
    if name == "Gemfile" or name.endswith(".gemspec"):
        return [Demand("Ruby", version_numbers(found), oldest=True) for found in _GEMFILE_RUBY.findall(text)[:1]]
    if name == "go.mod":
        return [Demand("the Go toolchain", version_numbers(found), oldest=True) for found in _GO.findall(text)[:1]]
    demanded = find_demand(name, text)
    return [Demand(demanded[0], version_numbers(demanded[1]), oldest=True)] if demanded else []


def _python_demands(text: str) -> list[Demand]:
    for pattern in (_PYTHON_REQUIRES, _POETRY_PYTHON):
        if match := pattern.search(text):
            return [Demand("Python", version_numbers(match[1]), oldest=True)]
    found = [version_numbers(each) for each in _CLASSIFIER.findall(text)]
    found += [(int(major), int(minor)) for major, minor in _VERSION_INFO.findall(text)]
    return [Demand("Python", min(found), oldest=True)] if found else []


def _engine_demands(text: str) -> list[Demand]:
    block = _ENGINES.search(text)
    if not block:
        return []
    found = []
    for engine, asked in _ENGINE.findall(block[1]):
        versions = [version_numbers(each) for each in re.findall(r"(?<![\d.])\d+(?:\.\d+)*", re.sub(r"<=?\s*[\d.]+", "", asked))]
        if versions:
            found.append(Demand({"node": "Node"}.get(engine, engine), min(versions), oldest=True))
    return found


def version_numbers(text: str) -> Version:
    """The numbers of a version."""
    return tuple(int(part) for part in text.split(".") if part.isascii() and part.isdecimal() and len(part) < _MOST_DIGITS)


_MOST_DIGITS = 10
