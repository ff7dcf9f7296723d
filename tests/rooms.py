"""The rooms of relbot, which room may import which, and the faults that break this order.

The rules are read with the standard library's `ast`, not with grimp or import-linter: the rules on input and output need the
syntax tree anyway (a graph of imports does not see `open`), one walk answers both, and a broken package in a temporary folder
needs no installation to be checked. Imports for types only, relative imports and imports inside functions count: a module that
knows the types of a room depends on that room.
"""

from __future__ import annotations

import ast
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter
from typing import TYPE_CHECKING

from tests.syntax_trees import parse_file

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

PACKAGE = "relbot"


@dataclass(frozen=True, slots=True)
class Room:
    """A file or folder directly below `relbot/`.

    `purpose` says in one sentence what it holds. A `pure` room does no input or output and reads no clock.
    """

    name: str
    purpose: str
    pure: bool = False


# From the top down. A room imports rooms of lower floors only, and itself; rooms of one floor do not know each other.
# A new entry of relbot/ is declared here, on the lowest floor that is above all that it imports.
FLOORS: tuple[tuple[Room, ...], ...] = (
    (Room("__main__", "Starts the command line for `python -m relbot`."),),
    (
        Room("cli", "One file per command: reads options, calls one use case, renders its value, gives the exit code."),
        Room("demo", "Replays the incident of 2018-08-15 with the real commands."),
    ),
    (Room("__init__", "The Python API: exports the use cases and their values, each loaded at its first use."),),
    (Room("app", "The use cases: one function each, a request in, a value out. This is the Python API."),),
    (
        Room("ledger", "Stores what was done at deploys: on a git ref, or on GitHub."),
        Room("sources", "Finds out which revision runs or is installed in an environment."),
    ),
    (
        Room("github", "The one client of GitHub: events, comments, statuses, releases."),
        Room("tools", "Asks other tools for facts about a change set."),
    ),
    (Room("git", "Reads and writes a git repository."),),
    (
        Room("files", "Reads and writes the work tree, with a journal."),
        Room("templates", "Renders a project's own template in a process with limits of time and memory."),
    ),
    (
        Room("processes", "Starts other programs with a time limit and a listed environment."),
        Room("http", "Fetches an address with one deadline for the whole answer."),
    ),
    (Room("render", "Turns values into text for people and programs: terminal, Markdown, HTML, MOTD, JSON.", pure=True),),
    (
        Room("review", "For the author of a change: check, rules, levels, backtest.", pure=True),
        Room("deploy", "For the operator: the plan between two trees, and the log of what was done.", pure=True),
        Room("adoption", "For people who adopt relbot: what a repository tells, set-up files, notes of other tools.", pure=True),
    ),
    (Room("release", "For the release manager: notes, changelog, version, build.", pure=True),),
    (Room("config", "The configuration: its keys, its model, its faults.", pure=True),),
    (
        Room("fragment", "One change note: where it lies, what it says, whether it is valid.", pure=True),
        Room("detect", "Looks at a change set and reports facts with evidence; one folder per detector.", pure=True),
    ),
    (
        Room(
            "schema",
            "Tables of keys from which files are read and documented; named tuples and expressions made late.",
            pure=True,
        ),
    ),
    (Room("errors", "What can go wrong, by what it means for the caller.", pure=True),),
    (Room("finding", "One thing to look at: rule, place, message, tip.", pure=True),),
    (Room("_version", "The version of relbot.", pure=True),),
)
_FLOOR_OF = {room.name: number for number, floor in enumerate(reversed(FLOORS)) for room in floor}
_ROOM_OF = {room.name: room for floor in FLOORS for room in floor}
_LOOPS_ALLOWED = frozenset({("cli", "demo"), ("demo", "cli")})
"""The demo replays commands, and is one: it is the one room that the command line imports and that imports it."""

_IO_MODULES = frozenset(
    "asyncio concurrent ctypes fcntl fileinput ftplib getpass git github glob http logging mmap multiprocessing os"
    " platformdirs requests resource select selectors shelve shutil signal smtplib socket sqlite3 ssl subprocess"
    " tempfile threading urllib3 webbrowser".split()
)
_IO_SUBMODULES = frozenset({"urllib.request"})
_PURE_PATHS = frozenset({"PurePath", "PurePosixPath", "PureWindowsPath"})
_IO_CALLS = frozenset({"open", "input", "print", "breakpoint", "exec", "eval", "__import__"})
_IO_METHODS = frozenset(
    "chmod glob iterdir mkdir open read_bytes read_text rglob rmdir symlink_to touch unlink write_bytes write_text".split()
)
_CLOCK_METHODS = frozenset({"now", "today", "utcnow"})


@dataclass(frozen=True, slots=True)
class _Import:
    line: int
    module: str
    name: str = ""  # of `from module import name`

    @property
    def whole(self) -> str:
        return f"{self.module}.{self.name}" if self.name else self.module


def faults(package: Path) -> list[str]:
    """What in the package at this folder breaks the rules of the rooms, a sentence each."""
    found: list[str] = []
    graph: dict[str, set[str]] = {}
    paths = sorted(package.rglob("*.py"))
    modules = {".".join(_module_parts(path.relative_to(package))) for path in paths}
    for path in paths:
        relative = path.relative_to(package)
        name = relative.parts[0].removesuffix(".py")
        place = f"{PACKAGE}/{relative.as_posix()}"
        room = _ROOM_OF.get(name)
        if room is None:
            found.append(f"{place}: `{name}` belongs to no room. Declare it in FLOORS of tests/rooms.py.")
            continue
        tree = parse_file(path)
        imports = list(_imports(tree, (PACKAGE, *relative.with_suffix("").parts)))
        graph[".".join(_module_parts(relative))] = {target for one in imports if (target := _own_file(one, modules))}
        for target, line in _own_rooms(imports):
            found += _direction(f"{place}:{line}", name, target)
        if room.pure:
            found += [f"{place}:{line}: `{name}` is pure, but {what}." for line, what in _impurities(tree, imports)]
    return found + _loops(graph)


def imported_rooms(tree: ast.AST, relative: Path) -> set[str]:
    """The rooms that a file imports. `relative` is its path below the package."""
    return {target for target, _ in _own_rooms(_imports(tree, (PACKAGE, *relative.with_suffix("").parts)))}


def _module_parts(relative: Path) -> tuple[str, ...]:
    parts = (PACKAGE, *relative.with_suffix("").parts)
    return parts[:-1] if parts[-1] == "__init__" else parts


def _own_file(imported: _Import, modules: set[str]) -> str:
    """The module of this package that an import names, or ""."""
    if imported.whole in modules:
        return imported.whole
    return imported.module if imported.module in modules else ""


def _direction(place: str, name: str, target: str) -> list[str]:
    if target not in _FLOOR_OF:
        return [f"{place}: imports `{target}`, which belongs to no room. Declare it in FLOORS of tests/rooms.py."]
    if target == name or _FLOOR_OF[target] < _FLOOR_OF[name] or (name, target) in _LOOPS_ALLOWED:
        return []
    return [f"{place}: `{name}` must not import `{target}`: imports point downward only."]


def _loops(graph: dict[str, set[str]]) -> list[str]:
    """Files that import each other in a loop, wherever the import stands. The demo is left out: see `_LOOPS_ALLOWED`."""
    known = {
        module: {target for target in targets if target != module and ".demo" not in target}
        for module, targets in graph.items()
        if ".demo" not in module
    }
    try:
        TopologicalSorter(known).prepare()
    except CycleError as error:
        return [f"{PACKAGE}: files import each other in a loop: {' <- '.join(error.args[1])}."]
    return []


def _imports(tree: ast.AST, module: tuple[str, ...]) -> Iterator[_Import]:
    """All imports of a module, relative ones resolved."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield _Import(node.lineno, alias.name)
        elif isinstance(node, ast.ImportFrom):
            base = ".".join(module[: -node.level]) if node.level else ""
            source = ".".join(part for part in (base, node.module or "") if part)
            for alias in node.names:
                yield _Import(node.lineno, source, alias.name)


def _own_rooms(imports: Iterable[_Import]) -> Iterator[tuple[str, int]]:
    """The rooms of relbot that are imported, with the line."""
    for imported in imports:
        top, *rest = imported.module.split(".")
        if top != PACKAGE:
            continue
        if not rest:
            rest = [imported.name if imported.name in _ROOM_OF else "__init__"]
        yield rest[0], imported.line


def _impurities(tree: ast.AST, imports: Iterable[_Import]) -> Iterator[tuple[int, str]]:
    for imported in imports:
        if imported.module.split(".")[0] in _IO_MODULES or {imported.module, imported.whole} & _IO_SUBMODULES:
            yield imported.line, f"imports `{imported.whole}`"
        elif imported.module == "pathlib" and imported.name not in _PURE_PATHS:
            yield imported.line, "imports of `pathlib` more than pure paths"
        elif imported.whole == "jinja2.FileSystemLoader":
            yield imported.line, "reads templates from the file system"
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        if isinstance(node.func, ast.Name) and node.func.id in _IO_CALLS:
            yield node.lineno, f"calls `{node.func.id}`"
        elif isinstance(node.func, ast.Attribute) and node.func.attr in _IO_METHODS:
            yield node.lineno, f"calls `.{node.func.attr}()`"
        elif isinstance(node.func, ast.Attribute) and node.func.attr in _CLOCK_METHODS:
            yield node.lineno, f"reads the clock with `.{node.func.attr}()`"
