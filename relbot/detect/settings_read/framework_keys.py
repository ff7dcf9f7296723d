"""Keys of frameworks that are no settings by themselves: of `REST_FRAMEWORK = {...}`, of Celery's `app.conf`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relbot.detect.engine.syntax import line_of, text_of
from relbot.detect.settings_read.setting import SETTING, Setting, normalize_source, string_literal
from relbot.schema import lazy_re as re

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from relbot.detect.engine.tree import SyntaxTree

CELERY_CONF = re.compile(r"\w{1,60}\.conf\.((?:task|worker|result|broker)_\w+)")
"""How an attribute of Celery's configuration is written."""


def read_framework_key(node: Node, tree: SyntaxTree) -> Iterator[Setting]:
    """A key of `REST_FRAMEWORK = {...}`, which has a default of the framework where it is not said."""
    key, value = node.child_by_field_name("key"), node.child_by_field_name("value")
    owners = [text_of(above.child_by_field_name("left")) for above in tree.ancestors_of(node) if above.type == "assignment"]
    if owners == ["REST_FRAMEWORK"] and (name := string_literal(text_of(key))):
        yield Setting(SETTING, f"REST_FRAMEWORK.{name}", line_of(node), normalize_source(text_of(value)))


def read_celery_argument(node: Node, tree: SyntaxTree) -> Iterator[Setting]:
    """An argument of Celery's `app.conf.update(task_time_limit=600)`."""
    call = next((above for above in tree.ancestors_of(node) if above.type == "call"), None)
    function = text_of(call.child_by_field_name("function")) if call is not None else ""
    name, value = (node.child_by_field_name(field) for field in ("name", "value"))
    if CELERY_CONF.fullmatch(f"{function.removesuffix('.update')}.{text_of(name)}") and function.endswith(".conf.update"):
        yield Setting(SETTING, text_of(name), line_of(node), normalize_source(text_of(value)))
