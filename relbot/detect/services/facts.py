"""The facts of `services`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relbot.detect.engine.facts import ANY_PHASE, ASK, NOTE, REQUIRE, Fact, FactLevel, Subject
from relbot.detect.services.compose import PARTS

if TYPE_CHECKING:
    from collections.abc import Iterator

_SERVICE, _IMAGE, _OBJECT = Subject.SERVICE, Subject.IMAGE, Subject.OBJECT
_LEVELS: dict[str, FactLevel] = {
    "unit-added": ASK,
    "unit-removed": REQUIRE,
    "unit-changed": ASK,
    "process-added": ASK,
    "process-removed": ASK,
    "process-changed": ASK,
    "entrypoint-removed": ASK,
    "schedule-added": ASK,
    "schedule-removed": ASK,
    "schedule-changed": ASK,
    "web-server-removed": ASK,
    "web-server-changed": ASK,
    "compose-added": ASK,
    "compose-removed": ASK,
    "compose-image": ASK,
    "compose-volumes": REQUIRE,
    "compose-ports": REQUIRE,
    "compose-command": ASK,
}
"""What is not here is a note."""
_KINDS = (
    ("unit", "a unit or an init script", Subject.SERVICE),
    ("process", "a process of a Procfile or of supervisor", Subject.SERVICE),
    ("entrypoint", "the entry point of a container", Subject.IMAGE),
    ("schedule", "the schedule of recurring work", Subject.SCHEDULE),
    ("web-server", "a web server's configuration", Subject.FILE),
    ("logrotate", "the rotation of logs", Subject.FILE),
    ("image-build", "what builds a machine's image", Subject.IMAGE),
)
_HAPPENED = {
    "added": ("is new", "It has to be put in place, enabled and started."),
    "removed": ("is gone", "Where it runs, it has to be stopped and taken away."),
    "changed": ("changes", "What runs has to be reloaded, and overrides of it compared."),
}
_PARTS = {
    "image": "Its data may have to be converted for the other version.",
    "volumes": "Its data is looked for at another place.",
    "ports": "It is not reachable at its old address.",
    "command": "It is started in another way; overrides of it have to be compared.",
    "dependencies": "It is started in another order.",
}


def _declare() -> Iterator[Fact]:
    for of, what, subject in _KINDS:
        for how, (says, meaning) in _HAPPENED.items():
            name = f"{of}-{how}"
            yield Fact(name, f"{what} {says}", _LEVELS.get(name, NOTE), subject, meaning, phases=ANY_PHASE)
    for prefix, where in (("compose", "a compose file"), ("compose-other", "a compose file for development or an example")):
        for how, says in (("added", "a service is new"), ("removed", "a service is gone")):
            name = f"{prefix}-{how}"
            yield Fact(name, f"{says} in {where}", _LEVELS.get(name, NOTE), _SERVICE, _HAPPENED[how][1], phases=ANY_PHASE)
        for part in dict.fromkeys(PARTS.values()):
            name = f"{prefix}-{part}"
            summary = f"a service of {where} runs with other {part}"
            yield Fact(name, summary, _LEVELS.get(name, NOTE), _SERVICE, _PARTS[part], phases=ANY_PHASE)


_LOOKED_FOR = "Data is looked for at another path, and files of the old user are no longer accessible."
FACTS = (
    *_declare(),
    Fact("object-added", "a Kubernetes object is new", NOTE, _OBJECT, "The cluster gets one object more."),
    Fact(
        "object-removed", "a Kubernetes object is gone", ASK, _OBJECT, "What runs of it goes, or stays behind.", phases=ANY_PHASE
    ),
    Fact(
        "object-renamed",
        "Kubernetes objects are gone and others have come",
        REQUIRE,
        _OBJECT,
        "What refers to the old name finds nothing, and data of the old object is not taken over.",
        phases=ANY_PHASE,
    ),
    Fact(
        "object-immutable",
        "a field of a Kubernetes object changes that cannot be changed in place",
        REQUIRE,
        _OBJECT,
        "The cluster refuses the change: the object has to be deleted first.",
        phases=ANY_PHASE,
    ),
    Fact(
        "object-runs",
        "a Kubernetes object runs with other commands, ports, accounts or volumes",
        ASK,
        _OBJECT,
        "It is started, or reached, in another way.",
        phases=ANY_PHASE,
    ),
    Fact("container-user", "a container runs as another user", ASK, _IMAGE, _LOOKED_FOR, phases=ANY_PHASE),
    Fact("container-volume", "a container has other volumes", REQUIRE, _IMAGE, _LOOKED_FOR, phases=ANY_PHASE),
    Fact("container-port", "a container exposes other ports", REQUIRE, _IMAGE, "It is not reachable at its old port."),
    Fact("container-runs", "a container starts otherwise", ASK, _IMAGE, "Arguments that you pass to it reach another program."),
    Fact(
        "package-scripts",
        "an operating system's package does something else at its installation",
        ASK,
        _SERVICE,
        "The installation enables, restarts or converts something else.",
        phases=ANY_PHASE,
    ),
)
