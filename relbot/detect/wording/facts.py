"""The facts of `wording`."""

from __future__ import annotations

from relbot.detect.engine.facts import ASK, NOTE, Fact, Subject

_TEXT = Subject.TEXT
_SAYS = "The text says so; what the code does is told by other facts."

FACTS = (
    Fact("deprecates", "code newly says that something is deprecated", NOTE, _TEXT, _SAYS),
    Fact("deprecates-in-comment", "a comment newly says that something is deprecated", NOTE, _TEXT, _SAYS),
    Fact("no-longer", "a message newly says that something is gone", NOTE, _TEXT, _SAYS),
    Fact("no-longer-in-comment", "a comment newly says that something is gone", NOTE, _TEXT, _SAYS),
    Fact("demands", "a message newly demands something", NOTE, _TEXT, _SAYS),
    Fact(
        "refuses-configuration",
        "the software newly refuses a configuration",
        ASK,
        _TEXT,
        "A configuration that was accepted may stop the program at its start.",
        wrong={"shop/cache.py": ("SIZE = 1\n", 'SIZE = 1\nif not secret:\n    raise ConfigError("no secret")\n')},
        right={"shop/cache.py": ("SIZE = 1\n", "SIZE = 2\n")},
    ),
    Fact("keeps-old-way", "the code newly keeps an old way alive", NOTE, _TEXT, _SAYS),
    Fact("renames", "the code newly says that something has another name", NOTE, _TEXT, _SAYS),
    Fact(
        "old-way-gone",
        "what was kept for an old way is gone",
        ASK,
        _TEXT,
        "An installation that still uses the old way finds it gone.",
        wrong={"shop/old.rb": ("read_legacy  # the old format\nread_new\n", "read_new\n")},
    ),
    Fact(
        "deprecated-gone",
        "what was deprecated is gone",
        ASK,
        _TEXT,
        "An installation that still uses it finds it gone.",
        wrong={"shop/a.go": ("// Deprecated: use B.\nfunc A() {}\n", "func B() {}\n")},
    ),
    Fact("promise-kept", "a note to remove something later is gone", NOTE, _TEXT, _SAYS),
    Fact("experiment-over", "what was experimental is so no longer", NOTE, _TEXT, _SAYS),
)
