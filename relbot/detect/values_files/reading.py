"""Values that operators override, of Helm charts and Ansible roles, and what a chart's templates demand of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relbot.detect.config_structure.entry import dotted_path
from relbot.detect.config_structure.reading import read_live_entries
from relbot.detect.engine.items import Item
from relbot.schema import lazy_re as re

if TYPE_CHECKING:
    from collections.abc import Iterator

_VALUES = re.compile(r"(^|/)values([._-][\w.-]*)?\.ya?ml$")
_DEFAULTS = re.compile(
    r"(^|/)roles/[^/]+/(defaults|vars)/.{0,200}\.ya?ml$|(^|/)(group_vars|host_vars)/|(^|/)defaults/main\.ya?ml$"
)
_TASKS = re.compile(r"(^|/)roles/[^/]+/tasks/.{0,200}\.ya?ml$")
_DEFINED = re.compile(r"\b([a-z]\w{1,80}) is (?:not )?defined")
_STOPS = re.compile(r"[ \t]{0,60}(?:- )?(?:ansible\.builtin\.)?(?:assert|fail):")
_SCHEMA = re.compile(r"(^|/)values\.schema\.json$")
_TEMPLATE = re.compile(r"(^|/)templates/.{0,200}\.(ya?ml|tpl|txt)$")
_REQUIRED = re.compile(
    r"\brequired\s{1,9}(?:\"[^\"\n]{0,400}\"|`[^`\n]{0,400}`|\([^()]{0,400}\))\s{1,9}\(?\s{0,9}\$?\.Values\.([\w.]+)"
)
_FAILS = re.compile(r"\{\{-?\s*fail\b")
_DEFINES = re.compile(r"\{\{-?\s*define\s+\"([\w.-]*(?:[nN]ame|[sS]elector\w*))\"")
_READS = re.compile(r"\.Values\.([\w.]+)")
_PIPED = re.compile(r"\$?\.Values\.([\w.]{1,200})\s{0,9}\|\s{0,9}required\b")


def reads_values_of(path: str) -> bool:
    """Whether the path is of a kind that this module reads."""
    return any(pattern.search(path) for pattern in (_VALUES, _DEFAULTS, _TEMPLATE, _SCHEMA, _TASKS))


def read_values_file(text: str, path: str) -> Iterator[Item]:
    """The items of a file of values, or of a chart's template. Raises Unreadable."""
    if _TEMPLATE.search(path):
        chart = re.sub(r"(^|/)templates/.*$", "", path)
        for found in (*_REQUIRED.finditer(text), *_PIPED.finditer(text)):
            yield Item(f"required {chart}", found[1], "", text.count("\n", 0, found.start()) + 1)
        yield from _read_template_lines(text, path, chart)
        return
    if path.endswith(".json"):
        yield from _read_demands(text, path)
        return
    if _TASKS.search(path):
        yield from _read_assertions(text, path)
        return
    for entry in read_live_entries("yaml", text):
        value = entry.value or _EMPTY.get(entry.kind, "")
        value = f"[{value}]" if entry.kind == "list" and not value.startswith("[") else value
        yield Item(f"value {path}", dotted_path(entry.path), value, entry.line)


_EMPTY = {"list": "[]", "section": "{}"}
"""How an empty list and an empty map are written: a value of another shape is no other value of the same."""


def _read_template_lines(text: str, path: str, chart: str) -> Iterator[Item]:
    """What a template refuses, what it names objects by, and which values each of its lines reads."""
    asked: list[str] = []
    name, body = "", [""]
    for number, line in enumerate(text.split("\n"), 1):
        names = _READS.findall(line)
        if "if " in line:
            asked = names or asked
        if _FAILS.search(line):
            yield from (Item(f"required {chart}", each.rstrip("."), "", number) for each in names or asked)
        for each in names:
            yield Item(f"read {path}", f"{each.rstrip('.')}", _READS.sub("", line).strip(), number)
        if found := _DEFINES.search(line):
            name, body = found[1], []
        body.append(" ".join(line.split()))
        if name and re.match(r"\s*\{\{-?\s*end\s*-?\}\}\s*$", line) and not line.startswith(" "):
            yield Item(f"naming {chart}", name, " ".join(body), number)
            name = ""


def _read_assertions(text: str, path: str) -> Iterator[Item]:
    """The variables without which the tasks of a role stop: `assert` asks for them, or `fail` does where they are missing."""
    stops = False
    for number, line in enumerate(text.split("\n"), 1):
        if line.lstrip().startswith("- name:") or line.startswith("- "):
            stops = False
        stops = stops or _STOPS.match(line[:200]) is not None
        if stops:
            yield from (Item(f"required {path}", name, "", number) for name in _DEFINED.findall(line[:1_000]))


def _read_demands(text: str, path: str) -> Iterator[Item]:
    """The values that a chart's schema demands."""
    for entry in read_live_entries("json", text):
        if "required" in entry.path[-2:]:
            for each in re.findall(r"[\w.-]+", entry.value):
                where = [part for part in entry.path if part not in ("properties", "required") and not part.startswith("[")]
                yield Item(f"required {path}", ".".join([*where, each]), "", entry.line)
