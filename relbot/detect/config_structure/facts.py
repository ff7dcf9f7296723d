"""The facts of `config-structure`: what happened, by what the file is to operators."""

from __future__ import annotations

from relbot.detect.engine.model import Fact

_SAMPLE = {
    "moved": "keys stand below another parent",
    "shown-moved": "keys in comments stand below another parent",
    "renamed": "keys have another name",
    "removed": "keys are gone",
    "removed-deprecated": "keys are gone that were called deprecated",
    "shown-removed": "keys in comments are gone",
    "type-changed": "keys take another kind of value",
    "default-changed": "keys have another value",
    "version-changed": "keys name another version",
    "shown-default-changed": "keys in comments show another value",
    "newly-required": "keys are new or newly set, and to be filled in",
    "set-now": "keys are set that stood in comments",
    "unset-now": "keys stand in comments that were set",
    "added": "keys are new",
    "shown-added": "keys in comments are new",
    "deprecated": "keys are newly called deprecated",
    "file-removed": "the file is gone",
    "file-renamed": "the file has another name",
    "file-added": "the file is new",
}
_SAME = {"shown-moved": "moved", "removed-deprecated": "removed", "set-now": "added", "unset-now": "removed"}
_GONE = {
    "moved": "removed",
    "shown-moved": "removed",
    "renamed": "removed",
    "removed-deprecated": "removed",
    "unset-now": "removed",
}
_FEWER = {
    **_GONE,
    "shown-removed": "removed",
    "type-changed": "changed",
    "default-changed": "changed",
    "shown-default-changed": "changed",
}
_FEWER |= {
    "version-changed": "changed",
    "newly-required": "added",
    "set-now": "added",
    "shown-added": "added",
    "deprecated": "changed",
}
_MEANS = {**_SAMPLE, "changed": "keys have another value"}
_KINDS: dict[str, tuple[str, str, dict[str, str]]] = {
    "sample": ("", "a file that operators copy", {}),
    "shipped": ("shipped-", "a file that is read as it is shipped", _SAME),
    "deployment": ("deployment-", "compose files, manifests or chart values", _SAME),
    "policy": ("policy-", "a policy", _FEWER),
    "rendered": ("rendered-", "a template that the software fills in", _FEWER),
}


def fact_id(kind: str, happened: str) -> str:
    """The fact's id for what happened in a file of that kind. Where operators edit less, fewer facts are told apart."""
    prefix, _, fewer = _KINDS[kind]
    return prefix + fewer.get(happened, happened)


FACTS = tuple(
    Fact(id_, f"{_KINDS[kind][1]}: {_MEANS[id_.removeprefix(_KINDS[kind][0])]}")
    for kind in _KINDS
    for id_ in dict.fromkeys(fact_id(kind, happened) for happened in _SAMPLE)
)
