"""Kubernetes objects, in manifests and in the templates of charts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relbot.detect.engine import lazy_re as re
from relbot.detect.engine.model import ChangeSet, Evidence, FileChange, Todo
from relbot.detect.engine.path_roles import is_test
from relbot.detect.engine.phrases import quote_name, quote_names
from relbot.detect.services.reading import Object, read_objects
from relbot.detect.services.saying import is_page, service_evidence

if TYPE_CHECKING:
    from collections.abc import Iterator

_IMMUTABLE = re.compile(r"^\s*(volumeClaimTemplates|serviceName|clusterIP|storageClassName|accessModes|matchLabels|selector)\b")
_STATEFUL = ("StatefulSet", "PersistentVolumeClaim", "PersistentVolume")
_RUN_LINE = re.compile(
    r"\b(command|args|containerPort|mountPath|claimName|serviceAccount\w*|runAs\w+|fsGroup|port|hostPath|schedule|strategy)\b\s*:"
)


def of_kubernetes(changes: ChangeSet) -> Iterator[Evidence]:
    """What changes in the Kubernetes objects of a change set: one that moves to another file is the same."""
    old: dict[str, Object] = {}
    new: dict[str, Object] = {}
    where: dict[str, FileChange] = {}
    for change in changes.files:
        if not change.path.endswith((".yaml", ".yml", ".tpl")) or is_test(change.path) or is_page(change.path):
            continue
        if b"apiVersion:" not in (change.before or b"") and b"apiVersion:" not in (change.after or b""):
            continue
        before, after = read_objects(change.old), read_objects(change.new)
        old |= before
        new |= after
        where |= dict.fromkeys((*before, *after), change)
    added, removed = [name for name in new if name not in old], [name for name in old if name not in new]
    if removed:
        fact = "object-renamed" if added else "object-removed"
        message = (
            f"The Kubernetes object {quote_names(removed)} is no longer declared: what runs of it has to go, or loses its data."
        )
        yield service_evidence(fact, where[removed[0]], message, tuple(removed))
    elif added:
        yield service_evidence(
            "object-added", where[added[0]], f"The Kubernetes object {quote_names(added)} is new.", tuple(added)
        )
    for name, now in new.items():
        if name in old and old[name].lines != now.lines:
            yield from _compare_object(name, old[name], now, where[name])


def _compare_object(name: str, was: Object, now: Object, change: FileChange) -> Iterator[Evidence]:
    lines = [*(set(was.lines) - set(now.lines)), *(set(now.lines) - set(was.lines))]
    if now.kind in _STATEFUL and any(_IMMUTABLE.search(line) for line in lines):
        step = Todo(
            "before-install", "", f"Delete the {name} without its pods before the upgrade: it cannot be changed in place."
        )
        message = f"A field of {quote_name(name)} changes that cannot be changed in place."
        yield service_evidence("object-immutable", change, message, tuple(sorted(line.strip() for line in lines)), step)
    elif run := sorted(line.strip() for line in lines if _RUN_LINE.search(line)):
        yield service_evidence("object-runs", change, f"{quote_name(name)} runs otherwise: {quote_name(run[0])}.", tuple(run))
