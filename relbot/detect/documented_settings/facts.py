"""The facts of `documented-settings`. Documentation neither raises nor lowers a verdict: all of them are notes."""

from __future__ import annotations

from relbot.detect.engine.facts import ANY_PHASE, NOTE, Fact, Subject

_MEANING = "The documentation says so. Other facts report what the code does."
_FACTS = {
    "removed": "a setting is no longer documented",
    "renamed": "the documentation renames a setting",
    "added": "the documentation has a new setting",
    "default-changed": "the documentation gives a setting another default",
    "version-changed": "the documentation gives a setting another version as its default",
    "default-reworded": "a documented default changes",
    "cell-changed": "one cell of a table of settings changed",
    "no-default": "the documentation no longer states a default",
    "deprecated": "the documentation now says that something is deprecated or gone",
    "upgrade-section": "the documentation has a new section on upgrading",
    "upgrading": "the documentation now says what to do during an upgrade",
    "demands": "the documentation now states a requirement",
    "mentions-upgrade": "the documentation now mentions upgrading or rebuilding",
    "version": "the documentation names another version of a platform",
    "command-removed": "the documentation no longer shows a command",
}
FACTS = tuple(Fact(name, summary, NOTE, Subject.SETTING, _MEANING, phases=ANY_PHASE) for name, summary in _FACTS.items())
