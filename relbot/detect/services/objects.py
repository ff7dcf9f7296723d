"""What changes within a Kubernetes object, by the paths of its keys."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from relbot.detect.config_structure.templates import Templates
from relbot.detect.config_structure.yaml_file import read_yaml
from relbot.detect.runtime.engines import is_other_libc, is_other_major, is_other_server
from relbot.detect.runtime.images import split_image
from relbot.detect.services.inner_names import with_old_volume_names
from relbot.detect.services.reading import Values, plain_name
from relbot.schema import lazy_re as re

if TYPE_CHECKING:
    from collections.abc import Iterator

_WORKLOADS = {"Deployment", "StatefulSet", "DaemonSet", "ReplicaSet", "Job"}
_CLAIMS = {"PersistentVolumeClaim", "PersistentVolume"}
_REFERENCES = re.compile(
    r"\.(secretKeyRef|configMapKeyRef)\.(name|key)$|\.(secretRef|configMapRef)\.name$|\.secret\.secretName$|^spec\.tls\b.*\.secretName$|\.configMap\.name$"
    r"|\.imagePullSecrets\..{0,200}name$"
)
_GONE = (
    ("object-port", re.compile(r"\.(containerPort|hostPort|nodePort)$|^spec\.ports\.(.*\.)?port$")),
    ("object-env", re.compile(r"\.env\.\[[^\[\]]+\]\.name$")),
    ("object-volume", re.compile(r"\.(mountPath|hostPath\.path|claimName|subPath)$")),
    ("object-address", re.compile(r"^spec\.(rules\b.*\.(host|path)|tls\b.*hosts|type|loadBalancerIP|ingressClassName)$")),
)
_CHANGED = (
    ("object-schedule", re.compile(r"^spec\.(schedule|suspend|timeZone)$")),
    ("object-user", re.compile(r"\.(runAsUser|runAsGroup|fsGroup|readOnlyRootFilesystem)$")),
    (
        "object-runs",
        re.compile(
            r"\.(command|args|serviceAccount(Name)?|runAs\w+|fsGroup|workingDir)$|Probe\.(httpGet|tcpSocket|exec)\."
            r"|^spec\.(strategy|updateStrategy)\.type$"
        ),
    ),
)


_PLACED = re.compile(r"\.(nodeSelector|nodeAffinity\.required\w+)\.")
"""What a node must have so that pods run on it."""
_EVERYWHERE = re.compile(r"kubernetes\.io/(os|arch)$")
"""Labels that every node has: https://kubernetes.io/docs/reference/labels-annotations-taints/."""


@lru_cache(4)
def read_values(text: str) -> dict[str, Values]:
    """The values of each Kubernetes object of a file, by `Kind name`. Unreadable if no YAML is left without templates.

    Those of the last files are kept: each object of a file is compared by itself.
    """
    templates = Templates()
    entries = [templates.restored(entry) for entry in read_yaml(templates.taken_out(text))]
    found: dict[str, Values] = {}
    for entry in entries:
        kind, slash, name = entry.path[0].partition("/")
        if slash:
            values = found.setdefault(f"{kind} {plain_name(name)}", {})
            path = ".".join(entry.path[1:])
            values[path] = (*values.get(path, ()), entry.value)
    return found


def changed_facts(kind: str, old: Values, new: Values) -> Iterator[tuple[str, str]]:
    """Each fact about an object that is there before and after, and the key and value that show it."""
    new = with_old_volume_names(old, new)
    for path in dict.fromkeys((*old, *new)):
        before, after = old.get(path, ()), new.get(path, ())
        if sorted(before) == sorted(after) or (path.endswith(".containerPort") and before == _value_of_renamed(path, new)):
            continue
        if fact := _fact_of_path(kind, path, before, after):
            yield fact, f"{path}: {' '.join(before) or 'not set'} → {' '.join(after) or 'gone'}"


def _value_of_renamed(path: str, values: Values) -> tuple[str, ...]:
    """What stands at a path, with another name for the element of the list that it is in."""
    start, _, end = (part for part in path.rpartition(".["))
    rest = end.partition("]")[2]
    return next((each for other, each in values.items() if other.startswith(f"{start}.[") and other.endswith(f"]{rest}")), ())


def _is_other_image(before: str, after: str) -> bool:
    """Whether an image has another name, or comes from another registry, as far as no template fills it in."""
    return "{{" not in before + after and split_image(before).name != split_image(after).name


def _fact_of_path(kind: str, path: str, before: tuple[str, ...], after: tuple[str, ...]) -> str:
    if path == "metadata.namespace":
        return "object-namespace" if before else ""
    if path == "apiVersion":
        return "object-api"
    if _is_immutable(kind, path) or (path.endswith("requests.storage") and _is_less(before, after)):
        return "object-immutable"
    if path.endswith(".image") and before and after:
        return _fact_of_image(before[0], after[0])
    special = _fact_of_kind(kind, path, before, after)
    if special is not None:
        return special
    if set(before) - set(after) and (gone := next((fact for fact, pattern in _GONE if pattern.search(path)), "")):
        return gone
    return _fact_of_change(path, before, after)


def _fact_of_change(path: str, before: tuple[str, ...], after: tuple[str, ...]) -> str:
    """What another value is that takes nothing away that callers or data need."""
    if _PLACED.search(path):
        return "object-placed" if set(after) - set(before) and not _EVERYWHERE.search(path) else ""
    if "Probe." in path and not before:
        return ""  # a new probe asks for what is there
    return next((fact for fact, pattern in _CHANGED if pattern.search(path)), "")


def _fact_of_image(before: str, after: str) -> str:
    if is_other_major(before, after):
        return "engine-major"
    if is_other_libc(before, after):
        return "engine-rebuilt"
    return "object-runs" if _is_other_image(before, after) or is_other_server(before, after) else ""


def _fact_of_kind(kind: str, path: str, before: tuple[str, ...], after: tuple[str, ...]) -> str | None:
    """What a key is to objects of this kind alone; None where all objects are alike in it."""
    if _REFERENCES.search(path):
        return "object-reference" if set(after) - set(before) else ""
    if kind == "Service" and path.startswith("spec.selector."):
        return "object-address"
    if kind == "CustomResourceDefinition" and path.endswith(".served"):
        return "object-version-dropped" if "true" in before and "true" not in after else ""
    if kind in _ACCESS:
        return _fact_of_access(kind, path, before, after)
    if path.endswith("limits.memory"):
        return "object-limits" if after and (not before or _is_less(before, after)) else ""
    if kind in ("ConfigMap", "Secret") and path.startswith(("data.", "stringData.")):
        return "object-env" if before and not after and "{{" not in path else ""
    return None


def _fact_of_access(kind: str, path: str, before: tuple[str, ...], after: tuple[str, ...]) -> str | None:
    """What a key is to an object that says who may reach or do something."""
    if not path.startswith(_ACCESS[kind]):
        return None
    return "object-access" if set(before) - set(after) or path == "spec.policyTypes" else ""


_ACCESS = {
    "NetworkPolicy": ("spec.",),
    "Role": ("rules",),
    "ClusterRole": ("rules",),
    "RoleBinding": ("subjects", "roleRef"),
    "ClusterRoleBinding": ("subjects", "roleRef"),
}
"""Objects that say who may reach or do something, and where they say it."""
_UNITS = {"": 1, "Ki": 2**10, "Mi": 2**20, "Gi": 2**30, "Ti": 2**40, "k": 10**3, "M": 10**6, "G": 10**9, "T": 10**12}


def _is_less(before: tuple[str, ...], after: tuple[str, ...]) -> bool:
    """Whether a quantity such as `10Gi` became less."""
    sizes = [_size_of(values[0]) for values in (before, after) if values]
    return len(sizes) == 2 and sizes[1] < sizes[0]


def _size_of(text: str) -> float:
    found = re.fullmatch(r"[\"']?(\d{1,15}(?:\.\d{1,9})?)([A-Za-z]*)[\"']?", text)
    return float(found[1]) * _UNITS.get(found[2], 1) if found is not None else 0.0


def _is_immutable(kind: str, path: str) -> bool:
    """Whether the cluster refuses the change (https://kubernetes.io/docs/concepts/workloads/, the sections on updates)."""
    if kind in _WORKLOADS and path.startswith("spec.selector"):
        return True
    if kind == "StatefulSet" and (path.startswith("spec.volumeClaimTemplates") or path == "spec.serviceName"):
        return True
    if kind in _CLAIMS and re.search(r"^spec\.(storageClassName|accessModes|volumeName)", path):
        return True
    return (kind == "Service" and path == "spec.clusterIP") or (kind == "Job" and path.startswith("spec.template"))
