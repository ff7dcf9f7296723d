"""The rooms of relbot, who may import whom, and what breaks that.

Read with stdlib `ast`, not with grimp or import-linter: the rules on I/O need the syntax tree anyway (a graph of
imports does not see `open`), one walk then answers both, a broken package in a temporary folder needs no installation
to be judged, and there is one dependency less. Imports for types only and those inside functions count: who knows a
room's types depends on it, however late.
"""

from __future__ import annotations

import ast
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

PACKAGE = "relbot"


@dataclass(frozen=True, slots=True)
class Room:
    """Top-level modules that may import each other and the rooms `below`; a `pure` room does no I/O."""

    name: str
    modules: frozenset[str]
    below: frozenset[str]
    pure: bool


def _room(name: str, modules: str, below: str = "", *, pure: bool = False) -> Room:
    return Room(name, frozenset(modules.split()), frozenset(below.split()), pure)


# A new module of relbot/ is declared here: in the lowest room whose imports suffice it.
ROOMS = (
    _room("ground", "_version errors finding", pure=True),
    _room("schema", "schema", "ground", pure=True),
    _room("fragment", "fragment", "ground schema", pure=True),
    _room("detect", "detect", "ground", pure=True),
    _room("config", "config", "ground schema fragment detect", pure=True),
    _room("wings", "review deploy release", "ground schema fragment detect config", pure=True),
    _room("render", "render", "ground schema fragment detect config wings", pure=True),
    _room("channels", "processes http", "ground"),
    _room("edges", "git files ledger sources tools github", "ground channels schema fragment detect config wings render"),
    _room("app", "app", "ground channels schema fragment detect config wings render edges cli"),
    # The Python API: what `import relbot` offers, each name imported when it is asked for.
    _room("api", "__init__", "ground channels schema fragment detect config wings render edges app", pure=True),
    _room("cli", "cli", "ground channels schema fragment detect config wings render edges app demo"),
    # The demo replays commands, so it is the one room that the command line imports and that imports it.
    _room("demo", "demo", "ground channels schema fragment detect config wings render edges app cli"),
    _room("entrances", "__main__", "ground channels schema fragment detect config wings render edges app cli demo"),
)
_ROOM_OF = {module: room for room in ROOMS for module in room.modules}

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
    edges: dict[str, set[str]] = {}
    for path in sorted(package.rglob("*.py")):
        relative = path.relative_to(package)
        module = relative.parts[0].removesuffix(".py")
        place = f"{PACKAGE}/{relative.as_posix()}"
        room = _ROOM_OF.get(module)
        if room is None:
            found.append(f"{place}: `{module}` belongs to no room. Declare it in ROOMS of tests/rooms.py.")
            continue
        tree = ast.parse(path.read_text(encoding="utf-8"), str(path))
        imports = list(_imports(tree, (PACKAGE, *relative.with_suffix("").parts)))
        for target, line in _own_modules(imports):
            edges.setdefault(module, set()).add(target)
            found += _direction(f"{place}:{line}", room, module, target)
        if room.pure:
            found += [f"{place}:{line}: `{room.name}` is pure, but {what}." for line, what in _impurities(tree, imports)]
    return found + _cycles(edges)


def _direction(place: str, room: Room, module: str, target: str) -> list[str]:
    other = _ROOM_OF.get(target)
    if other is None:
        return [f"{place}: imports `{target}`, which belongs to no room. Declare it in ROOMS of tests/rooms.py."]
    if target == module or other is room or other.name in room.below:
        return []
    below = ", ".join(sorted(room.below)) or "nothing"
    return [f"{place}: `{module}` must not import `{target}`: `{room.name}` may import {below} and not `{other.name}`."]


def _cycles(edges: dict[str, set[str]]) -> list[str]:
    """Modules that import each other in a circle. The demo is left out: it replays the commands it is one of."""
    graph = {module: {t for t in targets if t not in (module, "demo", "cli")} for module, targets in edges.items()}
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        return [f"{PACKAGE}: modules import each other in a circle: {' <- '.join(error.args[1])}."]
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


def _own_modules(imports: Iterable[_Import]) -> Iterator[tuple[str, int]]:
    """The top-level modules of relbot that are imported, with the line."""
    for imported in imports:
        top, *rest = imported.module.split(".")
        if top != PACKAGE:
            continue
        if not rest and imported.name in _ROOM_OF:
            rest = [imported.name]
        yield (rest[0] if rest else "__init__"), imported.line


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
