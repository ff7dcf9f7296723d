"""The facts of `documented-settings`. Documentation neither raises nor lowers a verdict: all of them are notes."""

from __future__ import annotations

from relbot.detect.engine.facts import ANY_PHASE, NOTE, Fact, Subject

_MEANING = "The documentation says so; what the code does is told by other facts."
_FACTS = {
    "removed": "a setting is no longer documented",
    "renamed": "a setting is documented under another name",
    "added": "a setting is newly documented",
    "default-changed": "the documentation gives a setting another default",
    "version-changed": "the documentation gives a setting another version as its default",
    "default-reworded": "a line on a default has another value",
    "cell-changed": "one cell of a table of settings changed",
    "no-default": "a line that told of a default is gone",
    "deprecated": "the documentation newly says that something is deprecated or gone",
    "upgrade-section": "the documentation has a new section on upgrading",
    "upgrading": "the documentation newly tells what to do at an upgrade",
    "demands": "the documentation newly demands something",
    "mentions-upgrade": "the documentation newly speaks of upgrading or rebuilding",
    "version": "the documentation names another version of what it runs on",
    "command-removed": "the documentation no longer shows a command",
}
FACTS = tuple(Fact(name, summary, NOTE, Subject.SETTING, _MEANING, phases=ANY_PHASE) for name, summary in _FACTS.items())
