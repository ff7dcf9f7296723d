"""The facts of `config-structure`: what happened, by what the file is to operators."""

from __future__ import annotations

from relbot.detect.config_structure.example import example_of
from relbot.detect.engine.facts import ANY_PHASE, ASK, NO_EXAMPLE, NOTE, REQUIRE, Fact, FactLevel, Subject

_SAMPLE = {
    "moved": "keys stand below another parent",
    "shown-moved": "keys in comments stand below another parent",
    "renamed": "keys have another name",
    "removed": "keys are gone",
    "removed-deprecated": "keys are gone that were called deprecated",
    "shown-removed": "keys in comments are gone",
    "type-changed": "keys take another kind of value",
    "default-changed": "keys have another value",
    "address-changed": "keys say another port or address",
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
_ONE_WAY = {"address-changed": "default-changed"}
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
    "address-changed": "changed",
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
    "sample": ("", "a file that operators copy", _ONE_WAY),
    "shipped": ("shipped-", "a file that is read as it is shipped", _SAME),
    "deployment": ("deployment-", "compose files, manifests or chart values", {**_SAME, **_ONE_WAY}),
    "policy": ("policy-", "a policy", _FEWER),
    "rendered": ("rendered-", "a template that the software fills in", _FEWER),
}


def fact_id(kind: str, happened: str) -> str:
    """The fact's id for what happened in a file of that kind. Where operators edit less, fewer facts are told apart."""
    prefix, _, fewer = _KINDS[kind]
    return prefix + fewer.get(happened, happened)


_IGNORED = "Who has these keys in a file of their own finds them ignored, or the program refuses the file."
_MEANING = {
    "moved": _IGNORED,
    "shown-moved": "Who set these keys after the sample finds them ignored at their old place.",
    "renamed": _IGNORED,
    "removed": _IGNORED,
    "removed-deprecated": _IGNORED,
    "shown-removed": "Who set these keys after the sample may find them ignored.",
    "type-changed": "The value that an installation set is refused, or read in another way.",
    "default-changed": "Installations that do not set it themselves behave in another way.",
    "changed": "Installations that do not set it themselves behave in another way.",
    "address-changed": "An installation that does not set it is reached, or reaches others, at another place.",
    "version-changed": "The other version comes with the file.",
    "shown-default-changed": "Installations that do not set it themselves may behave in another way.",
    "newly-required": "Each installation has to fill it in.",
    "set-now": "New installations set it; old ones keep what they have.",
    "unset-now": "New installations no longer set it; old ones keep what they have.",
    "added": "Installations that do not set it keep what they have.",
    "shown-added": "Installations that do not set it keep what they have.",
    "deprecated": "It still works, and has to be replaced some day.",
    "file-removed": "Who has a file of their own, made after this one, may find it ignored.",
    "file-renamed": "Who has a file of their own, made after this one, may find it ignored under its old name.",
    "file-added": "Installations without such a file keep what they have.",
}
_LEVELS: dict[str, dict[str, FactLevel]] = {
    "sample": {
        "moved": REQUIRE,
        "shown-moved": ASK,
        "renamed": REQUIRE,
        "removed": REQUIRE,
        "removed-deprecated": REQUIRE,
        "shown-removed": ASK,
        "type-changed": REQUIRE,
        "default-changed": ASK,
        "shown-default-changed": ASK,
        "newly-required": ASK,
        "file-removed": ASK,
        "file-renamed": ASK,
    },
    "shipped": {
        "moved": REQUIRE,
        "address-changed": REQUIRE,
        "renamed": REQUIRE,
        "removed": REQUIRE,
        "shown-removed": ASK,
        "type-changed": REQUIRE,
        "default-changed": ASK,
        "shown-default-changed": ASK,
        "newly-required": ASK,
        "file-removed": ASK,
        "file-renamed": ASK,
    },
    "deployment": {
        "moved": ASK,
        "renamed": ASK,
        "removed": ASK,
        "type-changed": ASK,
        "default-changed": ASK,
        "newly-required": ASK,
        "file-removed": ASK,
        "file-renamed": ASK,
    },
    "policy": {"removed": REQUIRE, "changed": REQUIRE, "file-removed": ASK, "file-renamed": ASK},
    "rendered": {"removed": ASK, "changed": ASK, "file-removed": ASK, "file-renamed": ASK},
}
"""What is in no table is a note."""


def _declare(kind: str, id_: str) -> Fact:
    prefix, where, _ = _KINDS[kind]
    happened = id_.removeprefix(prefix)
    level = _LEVELS[kind].get(happened, NOTE)
    subject = Subject.FILE if happened.startswith("file-") else Subject.SETTING
    wrong = example_of(kind, happened) if level is not NOTE else NO_EXAMPLE
    right = example_of(kind, "written-otherwise") if level is not NOTE else NO_EXAMPLE
    meaning = _MEANING[happened]
    return Fact(id_, f"{where}: {_MEANS[happened]}", level, subject, meaning, phases=ANY_PHASE, wrong=wrong, right=right)


FACTS = tuple(_declare(kind, id_) for kind in _KINDS for id_ in dict.fromkeys(fact_id(kind, happened) for happened in _SAMPLE))
