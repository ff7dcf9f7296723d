"""The facts of `config-structure`: what happened, by what the file is to operators."""

from __future__ import annotations

from relbot.detect.config_structure.example import example_of
from relbot.detect.engine.facts import ANY_PHASE, ASK, NO_EXAMPLE, NOTE, REQUIRE, Fact, FactAnswer, FactLevel, Subject

_SAMPLE = {
    "moved": "keys moved below another parent",
    "shown-moved": "commented-out keys moved below another parent",
    "renamed": "keys are renamed",
    "removed": "keys are gone",
    "removed-deprecated": "deprecated keys are gone",
    "shown-removed": "commented-out keys are gone",
    "type-changed": "keys take a value of another type",
    "default-changed": "the values of keys change",
    "address-changed": "a port, an address or a store changes",
    "version-changed": "a version changes",
    "shown-default-changed": "the values of commented-out keys change",
    "newly-required": "new or newly set keys need a value",
    "set-now": "commented-out keys are now set",
    "unset-now": "keys that were set are now commented out",
    "added": "keys are new",
    "shown-added": "commented-out keys are new",
    "deprecated": "keys are marked as deprecated",
    "file-removed": "the file is gone",
    "file-renamed": "the file is renamed",
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
_MEANS = {**_SAMPLE, "changed": "the values of keys change"}
_KINDS: dict[str, tuple[str, str, dict[str, str]]] = {
    "sample": ("", "a file that operators copy", _ONE_WAY),
    "shipped": ("shipped-", "a file that the software reads from its package", _SAME),
    "deployment": ("deployment-", "compose files, manifests or chart values", {**_SAME, **_ONE_WAY}),
    "policy": ("policy-", "a policy", _FEWER),
    "rendered": ("rendered-", "a template that the software fills in", _FEWER),
}


def fact_id(kind: str, happened: str) -> str:
    """The fact's id for what happened in a file of that kind. Where operators edit less, fewer facts are told apart."""
    prefix, _, fewer = _KINDS[kind]
    return prefix + fewer.get(happened, happened)


_IGNORED = "Installations with their own copy of the file still have the old keys. The program ignores them, or refuses the file."
_MEANING = {
    "moved": _IGNORED,
    "shown-moved": "Installations that copied these keys have them at the old path, where the program ignores them.",
    "renamed": _IGNORED,
    "removed": _IGNORED,
    "removed-deprecated": _IGNORED,
    "shown-removed": "Installations may have set these keys as the sample showed. The program may ignore them now.",
    "type-changed": "The program refuses the value that an installation set, or reads it differently.",
    "default-changed": "Installations that do not set the key behave differently.",
    "changed": "Installations that do not set the key behave differently.",
    "address-changed": "Installations that do not set the key use another address, for themselves or for what they connect to.",
    "version-changed": "The new version comes with the file.",
    "shown-default-changed": "Installations that do not set the key may behave differently.",
    "newly-required": "Each installation must set the key.",
    "set-now": "New installations set the key. Existing ones do not change.",
    "unset-now": "New installations no longer set the key. Existing ones do not change.",
    "added": "Installations that do not set the key do not change.",
    "shown-added": "Installations that do not set the key do not change.",
    "deprecated": "The key still works, but a later version will remove it.",
    "file-removed": "Installations may have their own copy of the file. The program may ignore it now.",
    "file-renamed": "Installations may have their own copy of the file. The program may ignore it under the old name.",
    "file-added": "Installations without such a file do not change.",
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
        "file-renamed": REQUIRE,
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
    answers: tuple[FactAnswer, ...] = (_KEPT,) if happened == "file-removed" and kind in ("shipped", "deployment") else ()
    if level is not NOTE:
        answers = _ANSWERED.get(happened, answers)
    what = f"{where}: {_MEANS[happened]}"
    return Fact(id_, what, level, subject, meaning, phases=ANY_PHASE, wrong=wrong, right=right, answers=answers)


_KEPT = FactAnswer("config-structure/keys-kept", "another file has its keys, with their values")
_STILL_READ = tuple(
    FactAnswer(fact, "the old name is still read")
    for fact in ("config-structure/old-key-read", "environment/old-name-read", "settings-read/renamed-with-alias")
)
_ANSWERED = dict.fromkeys(("renamed", "removed", "removed-deprecated", "shown-removed", "newly-required"), _STILL_READ)
"""What is harmless where the code reads an old key beside the new one."""
FACTS = (
    *(_declare(kind, id_) for kind in _KINDS for id_ in dict.fromkeys(fact_id(kind, happened) for happened in _SAMPLE)),
    Fact(
        "keys-kept",
        "another file has the keys of a file that is gone, with their values",
        NOTE,
        Subject.FILE,
        "The program, or the cluster, reads the same from the other file.",
    ),
    Fact(
        "old-key-read",
        "code reads a new key, and the old one beside it",
        NOTE,
        Subject.SETTING,
        "The old key still works.",
    ),
)
