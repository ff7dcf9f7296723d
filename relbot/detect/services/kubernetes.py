"""Kubernetes objects, in manifests and in the templates of charts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relbot.detect.config_structure.entry import Unreadable
from relbot.detect.engine.model import ChangeSet, Evidence, FileChange, Todo
from relbot.detect.engine.path_roles import is_test
from relbot.detect.engine.phrases import quote_name, quote_names
from relbot.detect.engine.syntax import note_unparsed
from relbot.detect.services.chart_parts import put_in_parts
from relbot.detect.services.chart_values import put_in_values
from relbot.detect.services.inline_patches import KUSTOMIZATION, with_inline_patches
from relbot.detect.services.objects import changed_facts, read_values
from relbot.detect.services.reading import KubernetesObject, read_objects
from relbot.detect.services.saying import is_read_by_people, service_evidence
from relbot.schema import lazy_re as re

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from relbot.detect.services.reading import Values

_STEPS = {
    "object-immutable": Todo(
        "before-install",
        "",
        "Delete the object, but not its pods, before the upgrade: Kubernetes cannot change this field in place.",
    ),
    "object-namespace": Todo("before-install", "", "Move the data to the new namespace, and delete the old objects."),
    "engine-major": Todo("before-install", "", "Back up the data and convert it for the other version."),
}


_HOLDING = frozenset(("PersistentVolumeClaim", "PersistentVolume", "Namespace", "CustomResourceDefinition", "StatefulSet"))
"""Objects that take what they hold with them: data, or every object of a namespace or a kind."""


def of_kubernetes(changes: ChangeSet) -> Iterator[Evidence]:
    """What changes in the Kubernetes objects of a change set: one that moves to another file is the same.

    Two files can declare objects of one name, for two clusters: each is compared with what its own file had.
    """
    filled = put_in_values(with_inline_patches(put_in_parts(changes)))
    yield from _of_objects(filled)
    for own, read in zip(changes.files, filled.files, strict=True):
        own.unread = own.unread or read.unread


def _of_objects(changes: ChangeSet) -> Iterator[Evidence]:
    files = filter(_declares_objects, changes.files)
    declaring = [(change, read_objects(change.old), read_objects(change.new)) for change in files]
    removed = {name: change for change, before, after in declaring for name in before if name not in after}
    added = {name: change for change, before, after in declaring for name in after if name not in before}
    for change in changes.files:
        if KUSTOMIZATION.search(change.path) and change.before is not None and change.after is not None:
            yield from _compare_prefixes(change)
    moved = sorted(removed.keys() & added.keys())
    come, gone = ([name for name in names if name not in moved] for names in (added, removed))
    yield from _of_names(come, gone, removed | added)
    for change, before, after in declaring:
        yield from _compare_objects(change, before, after)
    for name in moved:
        yield from _changed_object(name, removed[name], added[name])


def _compare_objects(
    change: FileChange, before: Mapping[str, KubernetesObject], after: Mapping[str, KubernetesObject]
) -> Iterator[Evidence]:
    """What changes in the objects that a file had and has."""
    for name in (name for name in after if name in before and before[name].lines != after[name].lines):
        yield from _changed_object(name, change, change)


_PREFIX = re.compile(r"^(namePrefix|nameSuffix|namespace):\s*(\S+)", re.M)


def _compare_prefixes(change: FileChange) -> Iterator[Evidence]:
    """What a kustomization puts before or after the name of each of its objects."""
    old, new = dict(_PREFIX.findall(change.old)), dict(_PREFIX.findall(change.new))
    for key in sorted({*old, *new}):
        if old.get(key) != new.get(key):
            how = f"{key}: {old.get(key, 'none')} → {new.get(key, 'none')}"
            message = f"All objects of {quote_name(change.path)} are renamed: {quote_name(how)}."
            yield service_evidence("objects-renamed", change, message, (how,), None, (key,))


def _declares_objects(change: FileChange) -> bool:
    if not change.path.endswith((".yaml", ".yml", ".tpl")) or is_test(change.path) or is_read_by_people(change.path):
        return False
    return any(b"apiVersion:" in (side or b"") for side in (change.before, change.after))


def _of_names(added: list[str], removed: list[str], where: dict[str, FileChange]) -> Iterator[Evidence]:
    definitions = [name for name in added if name.startswith("CustomResourceDefinition ")]
    closing = [name for name in added if name.startswith("NetworkPolicy ")]
    gone = "is no longer declared: it stays in the cluster, or is deleted with its data"
    holding = [name for name in removed if not added and name.partition(" ")[0] in _HOLDING]
    reached = [name for name in removed if not added and _is_needed(name, where)]
    for fact, names, what in (
        ("object-data-removed", holding, gone),
        ("object-needed", reached, "is gone: callers do not reach it, or pods that name it do not start"),
        ("object-renamed" if added else "object-removed", [name for name in removed if name not in (*holding, *reached)], gone),
        ("crd-added", definitions, "is new"),
        ("object-access", closing, "is new"),
        ("object-added", [name for name in added if name not in (*definitions, *closing)], "is new"),
    ):
        if names:
            message = f"The Kubernetes object {quote_names(names)} {what}."
            yield service_evidence(fact, where[names[0]], message, tuple(names), None, tuple(names))


_REACHED = frozenset(("Service", "Ingress", "Gateway", "HTTPRoute", "Route"))
_NAMED = frozenset(("ConfigMap", "Secret", "ServiceAccount"))
_NAMES = re.compile(r"(?i)name:[ \t]*+[\"']?([\w.-]++)")


def _is_needed(name: str, where: Mapping[str, FileChange]) -> bool:
    """Whether callers reach an object that is gone, or pods may go on naming it: no changed object ceases to."""
    kind, _, own = name.partition(" ")
    if kind in _NAMED:
        changed = [(_NAMES.findall(change.old), _NAMES.findall(change.new)) for change in where.values() if change.new]
        return not any(own in before and own not in after for before, after in changed)
    return kind in _REACHED


def _is_optional(how: str, values: Values) -> bool:
    """Whether a reference may lead nowhere."""
    return "true" in values.get(how.partition(": ")[0].rpartition(".")[0] + ".optional", ())


def _changed_object(name: str, before: FileChange, change: FileChange) -> Iterator[Evidence]:
    """What changes in an object from the old side of `before` to the new side of `change`, which are one file unless it moved."""
    try:
        old, new = read_values(before.old).get(name), read_values(change.new).get(name)
    except Unreadable:
        note_unparsed(change)
        return
    if old is None or new is None:
        return
    by_fact: dict[str, list[str]] = {}
    for fact, how in changed_facts(name.partition(" ")[0], old, new):
        if fact == "object-reference" and _is_optional(how, new):
            continue
        by_fact.setdefault(fact, []).append(how)
    for fact, details in by_fact.items():
        message = f"{quote_name(name)} changes: {quote_name(details[0])}."
        yield service_evidence(fact, change, message, tuple(details), _STEPS.get(fact), (name,))
