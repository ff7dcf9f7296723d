"""The facts of `interfaces`."""

from __future__ import annotations

from relbot.detect.engine.facts import ASK, INTERFACE, NOTE, REQUIRE, Fact, Subject
from relbot.detect.interfaces.kinds import KINDS

_SUBJECTS = {"route": Subject.ROUTE, "operation": Subject.ROUTE, "command": Subject.COMMAND, "program": Subject.COMMAND}
_SUBJECTS |= {"metric": Subject.METRIC, "policy": Subject.POLICY}
_FAILS = "Whoever uses it by its name fails."
_INSIDE = "Only code outside of the repository that imports it notices."


def _declare(of: str, plural: str) -> tuple[Fact, Fact]:
    subject = _SUBJECTS.get(of, Subject.CODE)
    return (
        Fact(f"{of}-removed", f"{plural} are gone, and none has come", ASK, subject, _FAILS, INTERFACE),
        Fact(f"{of}-renamed", f"{plural} are gone, and others have come", ASK, subject, _FAILS, INTERFACE),
    )


FACTS = (
    *(fact for kind in dict.fromkeys((kind.id, kind.plural) for kind in KINDS) for fact in _declare(*kind)),
    Fact(
        "policy-default",
        "who may do what by default changes",
        REQUIRE,
        Subject.POLICY,
        "Users and services that were let in are refused, or others are let in.",
    ),
    Fact("export-removed", "a public function, class or type is gone", NOTE, Subject.CODE, _INSIDE, INTERFACE),
    Fact("exports-removed", "many public functions, classes or types are gone", NOTE, Subject.CODE, _INSIDE, INTERFACE),
    Fact(
        "file-deleted",
        "code that runs in production is deleted",
        NOTE,
        Subject.FILE,
        "What only this code did is no longer done.",
    ),
    Fact(
        "much-deleted",
        "much code that runs in production is deleted, and little has come",
        NOTE,
        Subject.FILE,
        "What only this code did is no longer done.",
    ),
)
