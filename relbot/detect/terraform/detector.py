"""Detector `terraform`: variables, outputs, resources and versions of Terraform's modules."""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING

from relbot.detect.engine.items import ItemChange, compare_items, first_version, report_items
from relbot.detect.engine.model import ChangeSet, Detector, Evidence
from relbot.detect.engine.networks import keeps_addresses
from relbot.detect.engine.retention import is_kept_shorter
from relbot.detect.engine.syntax import language_of, parse_sides
from relbot.detect.terraform.facts import FACTS
from relbot.schema import lazy_re as re

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from relbot.detect.engine.items import Item

_ID = "terraform"
_SENTENCES = {
    "variable-required": "The variable {names} is now required",
    "resource-resized": "A resource has another size: {names}",
    "resource-platform": "A resource runs on another version of its platform: {names}",
    "variable-removed": "The variable {names} is gone",
    "variable-renamed": "The variable {names} is renamed",
    "variable-default-changed": "The default of the variable changes: {names}",
    "variable-type-changed": "The type of the variable changes: {names}",
    "variable-checked": "The allowed values of the variable change: {names}",
    "variable-added": "The variable {names} is new and optional",
    "output-needed": "The output {names} is gone from a module that others call",
    "output-removed": "The output {names} is gone",
    "resource-removed": "{names} is gone: the next apply destroys it",
    "resource-renamed": "{names} without a `moved` block: the next apply destroys the old one",
    "resource-moved": "A `moved` or `removed` block keeps {names}",
    "declared-elsewhere": "Another file of the module declares {names}",
    "resource-replaced": "{names}: the next apply replaces the resource and its data",
    "resource-kept-shorter": "A resource keeps data or backups for a shorter time: {names}",
    "resource-closed": "Networks that could reach a resource no longer can: {names}",
    "resource-guard-changed": "What guards a resource or gives access to it changes: {names}",
    "provider-major": "The required major version changes: {names}",
    "backend-changed": "The state moves to another backend: {names}",
}
_PHASES = {
    name: "before-install"
    for name in _SENTENCES
    if name not in ("variable-added", "resource-moved", "output-removed", "output-needed", "declared-elsewhere")
}


def find_terraform(changes: ChangeSet) -> Iterator[Evidence]:
    """Evidence over all Terraform files of a change set: what moves to another file of its module stays."""
    from relbot.detect.terraform.reading import (
        read_known_values,
        read_terraform,
    )  # what a change set without Terraform need not load

    files = [change for change in changes.files if language_of(change.path) == "hcl" and change.before != change.after]
    sides: tuple[list[Item], list[Item]] = ([], [])
    for at, items in enumerate(sides):
        trees = [(change, tree) for change in files if (tree := parse_sides(change)[at]) is not None]
        known: dict[str, dict[str, str]] = {}
        for change, tree in trees:
            known.setdefault(change.path.rpartition("/")[0], {}).update(read_known_values(tree.root))
        for change, tree in trees:
            folder = change.path.rpartition("/")[0]
            items += [item._replace(path=change.path) for item in read_terraform(tree.root, folder, known[folder])]
    old, new = sides
    fresh = _new_modules(changes, {item.path.rpartition("/")[0] for item in old})
    found = (one for one in compare_items(old, new) if not (one.old is None and one.group.partition(" ")[2] in fresh))
    texts = "\n".join(change.new for change in files)
    kept = (one for one in found if not _is_default_kept(one, texts))
    yield from report_items(_ID, _classify(kept, new), _SENTENCES, _PHASES)


def _is_default_kept(change: ItemChange, texts: str) -> bool:
    """Whether a variable is empty by default now, and all that uses it takes the old default instead of nothing."""
    if not change.group.startswith("variable") or change.happened != "changed" or change.old is None or change.new is None:
        return False
    was, now = (item.value.removeprefix("default ").strip('"') for item in (change.old, change.new))
    if now not in ("", "null") or was in ("required", "null", ""):
        return False
    name, old = rf"var\.{re.escape(change.name)}(?![\w-])", rf"\"?{re.escape(was)}\"?"
    rest = re.sub(
        rf"\bcoalesce\({name},\s{{0,9}}{old}\)"
        rf"|{name}\s{{0,9}}!=\s{{0,9}}(?:null|\"\")\s{{0,9}}\?\s{{0,9}}{name}\s{{0,9}}:\s{{0,9}}{old}(?![\w.])"
        rf"|{name}\s{{0,9}}==\s{{0,9}}(?:null|\"\")\s{{0,9}}\?\s{{0,9}}{old}\s{{0,9}}:\s{{0,9}}{name}",
        "",
        texts,
    )
    return rest != texts and re.search(name, rest) is None


_SOURCE = re.compile(r"(?m)^[ \t]*+source\s*+=\s*+\"\./([\w./-]{1,200})\"")


def _new_modules(changes: ChangeSet, known: set[str]) -> set[str]:
    """The folders of modules that come with the change set, and with what calls them: nobody else sets their variables."""
    called = {
        posixpath.normpath(posixpath.join(change.path.rpartition("/")[0], source))
        for change in changes.files
        if change.path.endswith(".tf")
        for source in _SOURCE.findall(change.added_text)
    }
    added = {change.path.rpartition("/")[0] for change in changes.files if change.path.endswith(".tf") and change.before is None}
    return (called & added) - known


def _classify(found: Iterable[ItemChange], new: list[Item]) -> Iterator[tuple[str, ItemChange]]:
    moved = {item.name for item in new if item.group.startswith("moved ")}
    for change in found:
        kind = change.group.split()[0]
        if change.happened == "moved":
            yield from _classify_move(change)
        elif kind in ("variable", "type", "validation"):
            yield from _classify_variable(kind, change)
        elif kind in ("resource", "module", "each"):
            yield from _classify_resource(kind, change, moved)
        elif kind in ("guard", "size", "identity", "runs") and any(change.name.startswith(f"{name}.") for name in moved):
            continue  # what it is called now has it
        elif kind == "guard" and _is_same_policy(change):
            continue
        elif fact := _fact_of_other(kind, change):
            yield fact, change


_OTHERS = {
    "output": ("output-removed", ("removed", "renamed")),
    "identity": ("resource-replaced", ("changed",)),
    "guard": ("resource-guard-changed", ("changed", "removed")),
    "size": ("resource-resized", ("changed",)),
    "runs": ("resource-platform", ("changed",)),
    "provider": ("provider-major", ("changed",)),
    "backend": ("backend-changed", ("changed", "removed", "renamed")),
}
"""The fact of an item of each other kind, and what has to happen to it."""


def _fact_of_other(kind: str, change: ItemChange) -> str:
    """The fact that a change of any other kind is, "" for none."""
    if kind not in _OTHERS or change.happened not in _OTHERS[kind][1] or (kind == "provider" and not _is_raised(change)):
        return ""
    if kind == "guard":
        return _fact_of_guard(change)
    called = kind == "output" and _MODULE.search(change.old.path if change.old is not None else "") is not None
    return "output-needed" if called else _OTHERS[kind][0]


_MODULE = re.compile(r"(^|/)modules/")
_PLACING = re.compile(r"(^|_)(region|zone|location|bucket|identifier|engine|db_name|database_name|cidr_block|vpc_cidr)$")
"""Names of variables that say where resources are, or which: with another value, they are other resources."""
_TEMPLATE = re.compile(r"\$\{([^{}]*+)\}")
_PUNCTUATION = re.compile(r"[\s\",]++")


def _is_same_policy(change: ItemChange) -> bool:
    """Whether a policy is only written otherwise: as a text in JSON, or as the expression that `jsonencode` gets."""
    sides = [item.value for item in (change.old, change.new) if item is not None]
    forms = {side.partition("(")[0] == "jsonencode" for side in sides if side.startswith(("<<", "jsonencode("))}
    return len(sides) == len(forms) == 2 and len({_policy_words(side) for side in sides}) == 1


def _policy_words(text: str) -> str:
    inside = text[len("jsonencode(") : -1] if text.startswith("jsonencode(") else " ".join(text.split()[1:-1])
    return _PUNCTUATION.sub("", _TEMPLATE.sub(r"\1", inside)).replace("=", ":")


_NETWORK = re.compile(r"(?<![\da-fA-F.:])[\da-fA-F.:]++/\d++")


_OF_NETWORKS = ("cidr_blocks", "source_ranges")
_EXPIRING = re.compile(r"expiration\.days$")


def _fact_of_guard(change: ItemChange) -> str:
    """The fact that a changed guard is, "" for what lets in and keeps all that it did."""
    if _is_closed(change):
        return "resource-closed"
    if change.old is None or change.new is None:
        return "resource-guard-changed"
    old, new = change.old.value, change.new.value
    if change.name.endswith(_OF_NETWORKS) and keeps_addresses(_NETWORK.findall(new), _NETWORK.findall(old)):
        return ""
    name = _EXPIRING.sub("retention_days", change.name)
    if is_kept_shorter(name, old, new):
        return "resource-kept-shorter"
    return "" if name != change.name and is_kept_shorter(name, new, old) else "resource-guard-changed"


def _is_closed(change: ItemChange) -> bool:
    """Whether networks that could reach a resource no longer can, of a list of networks."""
    if change.old is None or not change.name.endswith(_OF_NETWORKS):
        return False
    return not keeps_addresses(_NETWORK.findall(change.old.value), _NETWORK.findall(change.new.value if change.new else ""))


def _classify_resource(kind: str, change: ItemChange, moved: set[str]) -> Iterator[tuple[str, ItemChange]]:
    if kind == "each":
        fact = "resource-renamed" if change.happened == "changed" else ""
    else:
        fact = f"resource-{change.happened}" if change.happened in ("removed", "renamed") else ""
    if fact:
        yield fact, change
        if change.name in moved:
            yield "resource-moved", change


_REMOVED = {
    "variable": "variable-removed",
    "output": "output-removed",
    "resource": "resource-removed",
    "module": "resource-removed",
}


def _classify_move(change: ItemChange) -> Iterator[tuple[str, ItemChange]]:
    """What each of two files says alone, and what answers both: the module declares it as before."""
    kind = change.group.split()[0]
    if kind in _REMOVED:
        yield _REMOVED[kind], change
        yield "declared-elsewhere", change
        if kind == "variable" and change.new is not None and change.new.value == "required":
            yield "variable-required", change


def _classify_variable(kind: str, change: ItemChange) -> Iterator[tuple[str, ItemChange]]:
    if kind == "type":
        if change.happened == "changed" and _is_narrowed(change):
            yield "variable-type-changed", change
        return
    if kind == "validation":
        if change.happened == "changed" and change.new is not None and change.new.value:
            yield "variable-checked", change
        return
    required = change.new is not None and change.new.value == "required"
    match change.happened:
        case "added":
            yield ("variable-required" if required else "variable-added"), change
        case "changed" if required:
            yield "variable-required", change
        case "changed" if change.old is not None and change.old.value != "required":
            placing = _PLACING.search(change.name) is not None
            yield ("resource-replaced" if placing else "variable-default-changed"), change
        case "removed" | "renamed":
            yield f"variable-{change.happened}", change
        case _:
            pass


_LACKING = re.compile(r"\b\w++\s*+=\s*+optional\([^()]*+(?:\([^()]*+\)[^()]*+)*+\),?|[\s,]++")
"""Attributes of an object that it may lack."""


def _is_narrowed(change: ItemChange) -> bool:
    """Whether values that fitted may fit no more: a string takes numbers and booleans, `any` takes everything."""
    old, new = (item.value if item is not None else "" for item in (change.old, change.new))
    if _LACKING.sub("", new) == _LACKING.sub("", old):
        return False
    return new != "any" and not (new == "string" and old in ("number", "bool")) and old != "any"


def _is_raised(change: ItemChange) -> bool:
    """Whether another major version is wanted."""
    if change.old is None or change.new is None:
        return False
    return first_version(change.new.value)[:1] > first_version(change.old.value)[:1]


DETECTOR = Detector(
    _ID,
    "Terraform: variables, outputs, resources, versions and the state backend.",
    "Users of the module set its variables. Terraform destroys what the module no longer declares.",
    FACTS,
    find=find_terraform,
)
