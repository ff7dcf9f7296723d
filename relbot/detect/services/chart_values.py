"""Values that templates of charts newly take, put in as they are where nobody sets them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relbot.detect.config_structure.entry import Unreadable, dotted_path
from relbot.detect.config_structure.yaml_file import read_yaml
from relbot.detect.engine.model import ChangeSet, FileChange
from relbot.schema import lazy_re as re

if TYPE_CHECKING:
    from collections.abc import Mapping

_VALUES = re.compile(r"(^|.*/)values\.ya?ml$")
_TEMPLATE = re.compile(r"^(.*?)templates/.{1,200}\.(ya?ml|tpl)$")
_FILLED = re.compile(r"\{\{-?([^{}\n]{1,200})\}\}")
_QUOTED = re.compile(r" ?\| ?quote$")
_TAKEN = re.compile(
    r"\$?\.Values\.([\w.]+)(?:\s*\|\s*default\s+(?P<after>.+))?$|default\s+(?P<before>\(.+\)|\S+)\s+\$?\.Values\.([\w.]+)$"
)
_PRINTED = re.compile(r"\(?printf\s+\"([^\"]*)\"((?:\s+\$?\.[\w.]+)+)\)?$")
_RANGE = re.compile(r"\{\{-?[ \t]*+range[ \t]([^{}\n]{1,200})\}\}")
_END = re.compile(r"\{\{-?[ \t]*+end\b")
_ASSIGNED = re.compile(r"\{\{-?[ \t]*+(\$\w++)[ \t]*+:=([^{}\n]{1,200})\}\}")
_AROUND = " \t-"
"""What stands between the brackets of a template and its expression."""
_FIRST = re.compile(r"\blist[ \t]+(\$?\.Values\.[\w.]+)|^prepend[ \t]+\S+[ \t]+(\$?\.Values\.[\w.]+)$")
_EACH = re.compile(r"\{\{-?[ \t]*\.[ \t]*(\|[ \t]*quote[ \t]*)?-?\}\}")


def put_in_values(changes: ChangeSet) -> ChangeSet:
    """The change set with the defaults of values that it adds in the templates which take them."""
    added: dict[str, Mapping[str, str]] = {}
    for change in changes.files:
        if (found := _VALUES.match(change.path)) is not None and change.after is not None:
            added[found[1]] = _new_values(change)
    return changes._replace(files=tuple(_put_in(change, added) for change in changes.files))


def _new_values(change: FileChange) -> dict[str, str]:
    try:
        old, new = ({dotted_path(entry.path): entry.value for entry in read_yaml(text)} for text in (change.old, change.new))
    except Unreadable:
        return {}
    return {key: value for key, value in new.items() if key not in old and value}


def _put_in(change: FileChange, added: Mapping[str, Mapping[str, str]]) -> FileChange:
    place = _TEMPLATE.match(change.path)
    if place is None or change.before is None or change.after is None:
        return change
    defaults = added.get(place[1], {})
    known = change.old

    def resolve(found: re.Match[str]) -> str:
        return _resolve(_QUOTED.sub("", found[1].strip(_AROUND)), known, defaults) or found[0]

    new = _FILLED.sub(resolve, _with_first_of_lists(change.new))
    old = _FILLED.sub(lambda found: _print(found[1].strip(_AROUND)) or found[0], change.old)
    return FileChange(change.status, change.path, old.encode(), new.encode(), change.old_path)


def _resolve(expression: str, known: str, defaults: Mapping[str, str]) -> str:
    """What an expression of a template is where nobody sets the values that it newly takes; "" where that cannot be told."""
    taken = _TAKEN.match(expression)
    if taken is None:
        return _print(expression)
    name, said = taken[1] or taken[4], taken["after"] or taken["before"] or ""
    if f".Values.{name}" in known:
        return ""
    if said.startswith((".", "$")):
        return f"{{{{ {said} }}}}"
    return _print(said) or said.strip('"') or defaults.get(name, "")


def _print(expression: str) -> str:
    """What `printf "%s-data" .Release.Name` prints, "" for any other expression."""
    found = _PRINTED.match(expression)
    names = found[2].split() if found is not None else []
    if found is None or found[1].count("%s") != len(names):
        return ""
    rest = iter(names)
    return re.sub("%s", lambda _: f"{{{{ {next(rest)} }}}}", found[1])


def _with_first_of_lists(text: str) -> str:
    """The text with the single value that a list begins with in place of each of its elements."""
    lists = {name: expression.strip(_AROUND) for name, expression in _ASSIGNED.findall(text)}
    parts: list[str] = []
    done = 0
    for found in _RANGE.finditer(text):
        expression = found[1].strip(_AROUND)
        first = _FIRST.search(lists.get(expression, expression))
        end = _END.search(text, found.end())
        if first is not None and end is not None and found.end() >= done:
            body = _EACH.sub(f"{{{{ {first[1] or first[2]} }}}}", text[found.end() : end.start()])
            parts += [text[done : found.end()], body]
            done = end.start()
    return "".join([*parts, text[done:]])
