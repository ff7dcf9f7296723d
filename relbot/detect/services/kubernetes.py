"""Kubernetes objects, in manifests and in the templates of charts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relbot.detect.engine.model import ChangeSet, Evidence, FileChange, Todo
from relbot.detect.engine.path_roles import is_test
from relbot.detect.engine.phrases import quote_name, quote_names
from relbot.detect.services.objects import changed_facts, read_values
from relbot.detect.services.reading import KubernetesObject, read_objects
from relbot.detect.services.saying import is_read_by_people, service_evidence

if TYPE_CHECKING:
    from collections.abc import Iterator

_STEPS = {
    "object-immutable": Todo(
        "before-install", "", "Delete the object without its pods before the upgrade: it cannot be changed in place."
    ),
    "object-namespace": Todo("before-install", "", "Move what the old namespace has, and delete the old objects."),
    "engine-major": Todo("before-install", "", "Back up the data and convert it for the other version."),
}


def of_kubernetes(changes: ChangeSet) -> Iterator[Evidence]:
    """What changes in the Kubernetes objects of a change set: one that moves to another file is the same."""
    old: dict[str, KubernetesObject] = {}
    new: dict[str, KubernetesObject] = {}
    where: dict[str, FileChange] = {}
    for change in filter(_declares_objects, changes.files):
        before, after = read_objects(change.old), read_objects(change.new)
        old |= before
        new |= after
        where |= dict.fromkeys((*before, *after), change)
    yield from _of_names([name for name in new if name not in old], [name for name in old if name not in new], where)
    for name, now in new.items():
        if name in old and old[name].lines != now.lines:
            yield from _changed_object(name, where[name])


def _declares_objects(change: FileChange) -> bool:
    if not change.path.endswith((".yaml", ".yml", ".tpl")) or is_test(change.path) or is_read_by_people(change.path):
        return False
    return any(b"apiVersion:" in (side or b"") for side in (change.before, change.after))


def _of_names(added: list[str], removed: list[str], where: dict[str, FileChange]) -> Iterator[Evidence]:
    definitions = [name for name in added if name.startswith("CustomResourceDefinition ")]
    gone = "is no longer declared: what runs of it has to go, or loses its data"
    for fact, names, what in (
        ("object-renamed" if added else "object-removed", removed, gone),
        ("crd-added", definitions, "is new"),
        ("object-added", [name for name in added if name not in definitions], "is new"),
    ):
        if names:
            message = f"The Kubernetes object {quote_names(names)} {what}."
            yield service_evidence(fact, where[names[0]], message, tuple(names), None, tuple(names))


def _changed_object(name: str, change: FileChange) -> Iterator[Evidence]:
    old, new = read_values(change.old).get(name), read_values(change.new).get(name)
    if old is None or new is None:
        return
    by_fact: dict[str, list[str]] = {}
    for fact, how in changed_facts(name.partition(" ")[0], old, new):
        by_fact.setdefault(fact, []).append(how)
    for fact, details in by_fact.items():
        message = f"{quote_name(name)} changes: {quote_name(details[0])}."
        yield service_evidence(fact, change, message, tuple(details), _STEPS.get(fact), (name,))
