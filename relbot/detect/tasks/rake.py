"""The tasks of a Rakefile, with their namespaces."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relbot.detect.engine.expressions import arguments_of, literal_value
from relbot.detect.engine.syntax import text_of

if TYPE_CHECKING:
    from tree_sitter import Node


def read_rake_tasks(root: Node | None) -> list[str]:
    """The names of the tasks that a parsed file declares, in the order of its source: `shop:import`."""
    found: list[str] = []
    stack: list[tuple[Node, str]] = [(root, "")] if root is not None else []
    while stack:
        node, space = stack.pop()
        if node.type == "call" and node.child_by_field_name("receiver") is None:
            word = text_of(node.child_by_field_name("method"))
            name = _name_of(node) if word in ("namespace", "task", "multitask") else ""
            if name and word == "namespace":
                space = f"{space}{name}:"
            elif name:
                found.append(f"{space}{name}")
        stack += [(child, space) for child in reversed(node.named_children)]
    return found


def _name_of(node: Node) -> str:
    """The name in `task :a`, `task "a"`, `task a: :environment` and `task :a => :environment`."""
    given = arguments_of(node)
    first = given.positional[0] if given.positional else None
    if first is None:
        return next(iter(given.named), "")
    if first.type == "pair":
        first = first.named_children[0]
    return (literal_value(first) or text_of(first)).strip(":\"'")
