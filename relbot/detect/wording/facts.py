"""The facts of `wording`."""

from __future__ import annotations

from relbot.detect.engine.facts import ASK, NOTE, Fact, FactAnswer, Subject

_TEXT = Subject.TEXT
_SAYS = "The text says so. Other facts report what the code does."
_STILL_READ = (
    "environment/old-name-read",
    "settings-read/renamed-with-alias",
    "settings-read/deprecated",
    "values-files/value-still-read",
)
"""What says of a deprecated name that nothing changes where it is set: its rename is seen, and is harmless by itself."""

FACTS = (
    Fact(
        "deprecates",
        "code now says that something is deprecated",
        ASK,
        _TEXT,
        "It works, for now, and may be logged. A later version removes it.",
        wrong={"shop/a.py": ("SIZE = 1\n", 'SIZE = 1\nwarn("`size` is deprecated")\n')},
        right={"shop/a.py": ("SIZE = 1\n", "SIZE = 2\n")},
        answers=tuple(FactAnswer(fact, "the old name is still read") for fact in _STILL_READ),
    ),
    Fact("deprecates-in-comment", "a comment now says that something is deprecated", NOTE, _TEXT, _SAYS),
    Fact("no-longer", "a message now says that something is gone", NOTE, _TEXT, _SAYS),
    Fact("no-longer-in-comment", "a comment now says that something is gone", NOTE, _TEXT, _SAYS),
    Fact("demands", "a message now requires something", NOTE, _TEXT, _SAYS),
    Fact(
        "refuses-configuration",
        "the software now refuses a configuration",
        ASK,
        _TEXT,
        "A configuration that was accepted may stop the program at its start.",
        wrong={"shop/cache.py": ("SIZE = 1\n", 'SIZE = 1\nif not secret:\n    raise ConfigError("no secret")\n')},
        right={"shop/cache.py": ("SIZE = 1\n", "SIZE = 2\n")},
    ),
    Fact("keeps-old-way", "the code now supports an old way for compatibility", NOTE, _TEXT, _SAYS),
    Fact("renames", "the code now says that something is renamed", NOTE, _TEXT, _SAYS),
    Fact(
        "old-way-gone",
        "code that supported an old way is gone",
        ASK,
        _TEXT,
        "Installations that still use the old way break.",
        wrong={"shop/old.rb": ("read_legacy  # the old format\nread_new\n", "read_new\n")},
    ),
    Fact(
        "deprecated-gone",
        "something deprecated is gone",
        ASK,
        _TEXT,
        "Installations that still use it break.",
        wrong={"shop/a.go": ("// Deprecated: use B.\nfunc A() {}\n", "func B() {}\n")},
    ),
    Fact("promise-kept", "a note to remove something later is gone", NOTE, _TEXT, _SAYS),
    Fact("experiment-over", "something is no longer experimental", NOTE, _TEXT, _SAYS),
)
