"""What both sides of a file declare that others use by its name: routes, commands, flags, metrics."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from relbot.detect.config_structure.entry import Unreadable
from relbot.detect.engine.syntax import language_of, note_unparsed, parse_sides
from relbot.detect.engine.tree import ParsedSides
from relbot.detect.interfaces.answered_fields import FIELD_HINTS, PROCEDURES, read_answered_fields, read_procedures
from relbot.detect.interfaces.commands import HINTS, read_commands
from relbot.detect.interfaces.kinds import (
    CALLBACK,
    COMMAND,
    FIELD,
    LINE_DECLARATIONS,
    METRIC,
    PROBE,
    PROGRAM,
    READ_KINDS,
    ROUTE,
    SCRIPT,
)
from relbot.detect.interfaces.metrics import has_metrics, read_metrics
from relbot.detect.interfaces.route_files import ROUTE_FILE, read_route_file
from relbot.detect.interfaces.route_words import CALLBACKS, PROBES
from relbot.detect.interfaces.routes import file_route, has_routes, read_routes
from relbot.schema import lazy_re as re
from relbot.schema.named_tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from relbot.detect.engine.model import FileChange, Line
    from relbot.detect.engine.tree import SyntaxTree
    from relbot.detect.interfaces.kinds import KindOfThing, LineDeclaration

    Names = dict[str, list[str]]
    Reader = Callable[[SyntaxTree | None, str], Names]


class BothNames(NamedTuple):
    """The names of one kind that a file declares before and after."""

    kind: KindOfThing
    change: FileChange
    old: list[str]
    new: list[str]


_SAYS = re.compile(r"[\"'`:@\[(.]|^\s*[A-Z]\w*,?$")


def read_declared(change: FileChange) -> Iterator[BothNames]:
    """The names of each kind that a file declares, for kinds of which it may declare any."""
    yield from _read_by_lines(change, LINE_DECLARATIONS)
    if change.path != change.old_path or change.after is None:
        yield from _compare_places(change)
    place = file_route(change.path)
    if place and change.after is None and _says_something(change):
        yield BothNames(ROUTE, change, [place], [])
    if ROUTE_FILE.search(change.path):
        yield from _read_route_files(change)
    if change.path.rpartition("/")[2] == "package.json" and change.after is not None and change.before is not None:
        old, new = _scripts_of(change.old), _scripts_of(change.new)
        yield BothNames(SCRIPT, change, old, new)
        if "start" in old and "start" not in new:  # by which platforms and units start the program
            yield BothNames(COMMAND, change, ["npm start"], [f"npm run {name}" for name in new if name not in old])
    yield from _read_trees(change, (_routes_of, _commands_of, _metrics_of, _fields_of, _procedures_of))


_OF_DEVELOPERS = re.compile(
    r"(?i)test|lint|format|fmt|check|type|dev|watch|story|doc|release|publish|prepare|^(pre|post)|ci\b|husky|coverage|clean"
)


_PROGRAM_PLACE = re.compile(r"(?:^|/)cmd/([\w-]+)/main\.go$|(?:^|/)src/bin/([\w-]+)(?:/main)?\.rs$")
"""Files whose place is the name of a program: of Go and of Cargo."""


def _compare_places(change: FileChange) -> Iterator[BothNames]:
    """The program that a file is by its place, where it is gone or has another place."""
    paths = (change.old_path, "" if change.after is None else change.path)
    old, new = ([name for pair in _PROGRAM_PLACE.findall(path) for name in pair if name] for path in paths)
    if old != new:
        yield BothNames(PROGRAM, change, old, new)


def _read_route_files(change: FileChange) -> Iterator[BothNames]:
    try:
        old, new = (list(read_route_file(text)) for text in (change.old, change.new))
    except Unreadable:
        note_unparsed(change)
    else:
        yield BothNames(ROUTE, change, old, new)


def _scripts_of(text: str) -> list[str]:
    """The scripts that a `package.json` offers to whoever runs the software, but for those of developers."""
    try:
        package = json.loads(text)
    except ValueError:
        return []
    scripts = package.get("scripts") if isinstance(package, dict) else None
    return [name for name in scripts if not _OF_DEVELOPERS.search(name)] if isinstance(scripts, dict) else []


def read_declared_commands(change: FileChange) -> Iterator[BothNames]:
    """The names of commands that a file declares: what `read_declared` gives of this kind."""
    found = (
        *_read_by_lines(change, [each for each in LINE_DECLARATIONS if each.kind is COMMAND]),
        *_read_trees(change, (_commands_of,)),
    )
    yield from (each for each in found if each.kind == COMMAND)


def _says_something(change: FileChange) -> bool:
    """Whether a changed line of a file that has a grammar may be a part of a declaration."""
    return language_of(change.path) is not None and any(_SAYS.search(line.text) for line in (*change.removed, *change.added))


def _read_trees(change: FileChange, readers: tuple[Reader, ...]) -> Iterator[BothNames]:
    language = language_of(change.path)
    if language is None or not _says_something(change):
        return
    gone = change.removed_text.encode("utf-8", "replace")  # what else is before is after, too
    wanted = [reads for reads in readers if _is_wanted(reads, language, (gone, change.after or b""))]
    trees = parse_sides(change) if wanted else ParsedSides(None, None)
    if wanted and ((change.before is not None and trees.old is None) or (change.after is not None and trees.new is None)):
        note_unparsed(change)
        return
    for reads in wanted:
        old, new = reads(trees.old, language), reads(trees.new, language)
        for kind in (*READ_KINDS, FIELD):
            if kind.id in old or kind.id in new:
                yield BothNames(kind, change, old.get(kind.id, []), new.get(kind.id, []))


def _is_wanted(reads: Reader, language: str, sides: tuple[bytes, bytes]) -> bool:
    """Whether a side has a word of what a reader reads; each such word is on one line."""
    if reads is _routes_of:
        return any(has_routes(language, side) for side in sides)
    if reads is _metrics_of:
        return any(map(has_metrics, sides))
    if reads is _procedures_of:
        return language in ("typescript", "tsx") and any(map(PROCEDURES.search, sides))
    hint = (FIELD_HINTS if reads is _fields_of else HINTS).get(language)
    return hint is not None and any(hint.search(side) for side in sides)


def _routes_of(tree: SyntaxTree | None, language: str) -> Names:
    found: Names = {}
    for name in read_routes(tree, language) if tree is not None else ():
        kind = PROBE if PROBES.search(name) else CALLBACK if CALLBACKS.search(name) else ROUTE
        found.setdefault(kind.id, []).append(name)
    return found


def _commands_of(tree: SyntaxTree | None, language: str) -> Names:
    found: Names = {}
    for kind, name in read_commands(tree, language) if tree is not None else ():
        found.setdefault(kind, []).append(name)
    return found


def _fields_of(tree: SyntaxTree | None, language: str) -> Names:
    return {FIELD.id: list(read_answered_fields(tree, language))} if tree is not None else {}


def _procedures_of(tree: SyntaxTree | None, _language: str) -> Names:
    return {ROUTE.id: list(read_procedures(tree))} if tree is not None else {}


def _metrics_of(tree: SyntaxTree | None, _language: str) -> Names:
    return {METRIC.id: list(read_metrics(tree))} if tree is not None else {}


def _read_by_lines(change: FileChange, among: Sequence[LineDeclaration]) -> Iterator[BothNames]:
    """Kinds whose declarations are plain text: what changed, and a few lines around it."""
    declared = [each for each in among if each.paths.search(change.path)]
    old, new = _changed_surroundings(change) if declared else ("", "")
    for each in declared:
        if _has_marks(each.marks, old, new) and _has_hints(each.hints, change):
            before, after = _declared_names(each.pattern, old), _declared_names(each.pattern, new)
            elsewhere = [name for name in before if name not in after and name.rpartition(" ")[2] in change.new]
            if elsewhere:  # the new side may declare it at a place that did not change
                after += _declared_names(each.pattern, change.new)
            yield BothNames(each.kind, change, before, after)


def _has_marks(marks: tuple[str, ...], *texts: str) -> bool:
    return not marks or any(mark in text for text in texts for mark in marks)


def _has_hints(hints: tuple[bytes, ...], change: FileChange) -> bool:
    return any(hint in side for side in (change.before, change.after) if side is not None for hint in hints)


def _changed_surroundings(change: FileChange) -> tuple[str, str]:
    """What changed and a few lines around it, on both sides: a declaration may begin on a line that did not change."""
    return _text_around(change.old, change.removed), _text_around(change.new, change.added)


def _text_around(text: str, changed: tuple[Line, ...]) -> str:
    if not changed:
        return ""
    lines = text.split("\n")
    return "\n".join(lines[max(0, changed[0].number - _MARGIN) : changed[-1].number + _MARGIN])


_MARGIN = 5


def _declared_names(pattern: re.Pattern[str], text: str) -> list[str]:
    return [" ".join(part.strip("^$") for part in match.groups() if part).strip() for match in pattern.finditer(text)]
