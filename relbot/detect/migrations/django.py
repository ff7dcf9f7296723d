"""What Django's `AlterField` does, told by the model as it was: the migration says only how the field is from now on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relbot.detect.engine.expressions import arguments_of, callee_of, literal_value, walk_tree
from relbot.detect.engine.syntax import line_of, parse_sides, text_of
from relbot.detect.migrations.steps import MigrationOperation
from relbot.schema import lazy_re as re

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from tree_sitter import Node

    from relbot.detect.engine.model import FileChange


def read_altered(root: Node, path: str, files: Iterable[FileChange]) -> Iterator[MigrationOperation]:
    """The steps of all `AlterField` of a migration; `files` are those of the change set, among them the models."""
    app = path.rpartition("/migrations/")[0] or path.rpartition("/")[0]
    for node in walk_tree(root):
        if node.type != "call" or not callee_of(node).endswith("AlterField"):
            continue
        given = arguments_of(node)
        model, name, field = (
            given.named.get(key) or (given.positional[at] if len(given.positional) > at else None)
            for at, key in enumerate(("model_name", "name", "field"))
        )
        table, column = literal_value(model) or "", literal_value(name) or ""
        was = _find_field(app, table, column, files)
        fact = "field-altered" if field is None or was is None else _compare_fields(_options(was), _options(field))
        yield MigrationOperation(fact, table, column, " ".join(text_of(node).split())[:120], line_of(node))


def _find_field(app: str, model: str, name: str, files: Iterable[FileChange]) -> Node | None:
    for change in files:
        if not change.path.startswith(f"{app}/" if app else "") or not re.search(r"models?(\.py|/.{0,200}\.py)$", change.path):
            continue
        sides = parse_sides(change)
        for node in walk_tree(sides.old.root) if sides.old is not None else ():
            if node.type == "class_definition" and text_of(node.child_by_field_name("name")).lower() == model.lower():
                for inner in walk_tree(node):
                    if inner.type == "assignment" and text_of(inner.child_by_field_name("left")) == name:
                        return inner.child_by_field_name("right")
    return None


def _options(field: Node) -> dict[str, str]:
    """The options of a field and, as `type`, its class."""
    given = arguments_of(field)
    return {key: text_of(node) for key, node in given.named.items()} | {"type": callee_of(field).rpartition(".")[2]}


def _compare_fields(was: dict[str, str], now: dict[str, str]) -> str:
    if was.get("null") == "True" and now.get("null") != "True":
        return "not-null"
    if now.get("unique") == "True" and was.get("unique") != "True":
        return "unique"
    if was["type"] != now["type"]:
        return "column-widened" if (was["type"], now["type"]) in _WIDER else "column-changed"
    for key in ("max_length", "max_digits", "decimal_places"):
        if key in was and key in now and was[key] != now[key]:
            wider = was[key].isdecimal() and now[key].isdecimal() and int(was[key]) < int(now[key])
            return "column-widened" if wider else "column-changed"
    return "field-described"


_WIDER = frozenset(
    (("CharField", "TextField"), ("SlugField", "CharField"), ("EmailField", "CharField"), ("URLField", "CharField"))
)


_APP = re.compile(r"(?:^|/)(\w+)/migrations/[^/]+$")


def apps_of(paths: Iterable[str]) -> dict[str, str]:
    """The apps that migrations belong to, by their paths; {} where all are of one."""
    found = {path: said[1] for path in paths if (said := _APP.search(path)) is not None}
    return found if len(set(found.values())) > 1 else {}


def of_app(steps: Iterable[MigrationOperation], app: str) -> tuple[MigrationOperation, ...]:
    """The steps with their tables as the database knows them: models of two apps may have one name."""
    return tuple(step._replace(table=f"{app}_{step.table}") if app and step.table else step for step in steps)
