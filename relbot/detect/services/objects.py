"""What changes within a Kubernetes object, by the paths of its keys."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relbot.detect.config_structure.entry import Unreadable
from relbot.detect.config_structure.templates import Templates
from relbot.detect.config_structure.yaml_file import read_yaml
from relbot.detect.engine import lazy_re as re
from relbot.detect.runtime.engines import is_other_major

if TYPE_CHECKING:
    from collections.abc import Iterator

    Values = dict[str, tuple[str, ...]]
    """The values of an object by the path of their key, such as `spec.replicas`; a named item of a list stands under its name."""

_WORKLOADS = {"Deployment", "StatefulSet", "DaemonSet", "ReplicaSet", "Job"}
_CLAIMS = {"PersistentVolumeClaim", "PersistentVolume"}
_GONE = (
    ("object-port", re.compile(r"\.(containerPort|hostPort|nodePort)$|^spec\.ports\.(.*\.)?port$")),
    ("object-env", re.compile(r"\.env\.\[[^\]]+\]\.name$")),
    ("object-volume", re.compile(r"\.(mountPath|hostPath\.path|claimName|subPath)$")),
    ("object-address", re.compile(r"^spec\.(rules\b.*\.(host|path)|tls\b.*hosts|type|loadBalancerIP)$")),
)
_CHANGED = (
    ("object-schedule", re.compile(r"^spec\.schedule$")),
    (
        "object-runs",
        re.compile(r"\.(command|args|serviceAccount(Name)?|runAs\w+|fsGroup|workingDir)$|Probe\.(httpGet|tcpSocket|exec)\."),
    ),
)


def read_values(text: str) -> dict[str, Values]:
    """The values of each Kubernetes object of a file, by `Kind name`. Empty if no YAML is left without templates."""
    templates = Templates()
    try:
        entries = [templates.restored(entry) for entry in read_yaml(templates.taken_out(text))]
    except Unreadable:
        return {}
    found: dict[str, Values] = {}
    for entry in entries:
        kind, slash, name = entry.path[0].partition("/")
        if slash:
            values = found.setdefault(f"{kind} {name}", {})
            path = ".".join(entry.path[1:])
            values[path] = (*values.get(path, ()), entry.value)
    return found


def changed_facts(kind: str, old: Values, new: Values) -> Iterator[tuple[str, str]]:
    """Each fact about an object that is there before and after, and the key and value that show it."""
    for path in dict.fromkeys((*old, *new)):
        before, after = old.get(path, ()), new.get(path, ())
        if sorted(before) != sorted(after) and (fact := _fact_of_path(kind, path, before, after)):
            yield fact, f"{path}: {' '.join(before) or 'not set'} → {' '.join(after) or 'gone'}"


def _fact_of_path(kind: str, path: str, before: tuple[str, ...], after: tuple[str, ...]) -> str:
    if path == "metadata.namespace":
        return "object-namespace" if before else ""
    if path == "apiVersion":
        return "object-api"
    if _is_immutable(kind, path):
        return "object-immutable"
    if path.endswith(".image") and before and after:
        return "engine-major" if is_other_major(before[0], after[0]) else ""
    for fact, pattern in _GONE:
        if set(before) - set(after) and pattern.search(path):
            return fact
    return next((fact for fact, pattern in _CHANGED if pattern.search(path)), "")


def _is_immutable(kind: str, path: str) -> bool:
    """Whether the cluster refuses the change (https://kubernetes.io/docs/concepts/workloads/, the sections on updates)."""
    if kind in _WORKLOADS and path.startswith("spec.selector"):
        return True
    if kind == "StatefulSet" and (path.startswith("spec.volumeClaimTemplates") or path == "spec.serviceName"):
        return True
    if kind in _CLAIMS and re.search(r"^spec\.(storageClassName|accessModes|volumeName)", path):
        return True
    return (kind == "Service" and path == "spec.clusterIP") or (kind == "Job" and path.startswith("spec.template"))
