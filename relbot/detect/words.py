"""What the lines of code say in words: that something is deprecated, gone, needed, refused, or only there for the old way.

Each of these is weak by itself. Messages and comments are written for those whom a change concerns, so they count together.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from relbot.detect.model import ChangeSet, Detector, Evidence, Fact
from relbot.detect.places import is_production
from relbot.detect.wording import named

if TYPE_CHECKING:
    from collections.abc import Iterator

_ADDED = {
    "deprecates": (r"\bdeprecat\w+\b", "The code now speaks of something that is deprecated"),
    "no-longer": (
        r"\b(no longer|not supported any ?more|was removed|has been removed|is removed|unsupported)\b",
        "The code now says that something is gone",
    ),
    "demands": (
        r"\b(must be (set|configured|provided|specified)|is required|are required|required (option|setting|flag|config\w*))\b",
        "The code now demands something",
    ),
    "refuses": (
        r"\b(raise \w*(Config\w*|Settings?|Improperly\w*|Value)Error|log(ger)?\.fatal\w*|(process|sys|os)\.exit\(1|abort\()",
        "The code now refuses to go on under a condition",
    ),
    "keeps-old-way": (
        r"\b(backwards?[- ]?compat\w*|legacy|for compatibility|old (name|format|config\w*|setting|option)|fall ?back)\b",
        "The code now keeps an old way alive",
    ),
    "renames": (
        r"\b(renamed (to|from)|instead of|use \S+ instead|replaced (by|with)|moved to)\b",
        "The code now says that something has another name",
    ),
    "warns": (
        r"\b(warnings?\.warn|log(ger)?\.warn\w*|deprecation_warning|versionutils\.report_deprecated)\b",
        "The code now warns of something",
    ),
}
_REMOVED = {
    "old-way-gone": (
        r"\b(backwards?[- ]?compat\w*|legacy|for compatibility|deprecat\w+|fall ?back|old (name|format|config\w*|option))\b",
        "What the code kept for an old way is gone",
    ),
    "promise-kept": (r"\b(TODO|FIXME|XXX)\b.{0,80}\b(remov|drop|delete|clean)\w*", "A note to remove something later is gone"),
    "experiment-over": (
        r"\b(experimental|unstable|feature[_ ]?flag)\b",
        "What was experimental is so no longer, or gone",
    ),
}
_ADDED_WORDS = {fact: (re.compile(words, re.I), says) for fact, (words, says) in _ADDED.items()}
_REMOVED_WORDS = {fact: (re.compile(words, re.I), says) for fact, (words, says) in _REMOVED.items()}
_MOST_LINES = 1_500
_LONGEST_LINE = 1_000


def _find(changes: ChangeSet) -> Iterator[Evidence]:
    told = set[str]()
    for file in changes.files:
        if not is_production(file.path) or file.before is None:
            continue
        for words, lines, other in ((_ADDED_WORDS, file.added, file.removed), (_REMOVED_WORDS, file.removed, file.added)):
            for fact, (pattern, says) in words.items():
                if fact in told:
                    continue
                here = [line for line in lines[:_MOST_LINES] if pattern.search(line.text[:_LONGEST_LINE])]
                there = sum(1 for line in other[:_MOST_LINES] if pattern.search(line.text[:_LONGEST_LINE]))
                if len(here) > there:
                    told.add(fact)
                    number = here[0].number if lines is file.added else None
                    details = tuple(line.text.strip()[:200] for line in here[:5])
                    yield Evidence("wording", fact, file.path, number, f"{says}: {named([here[0].text.strip()])}.", details)


DETECTOR = Detector(
    "wording",
    "Looks at what added and removed lines of code say in words.",
    "Comments, messages and names tell what an author knew: that an old way goes, that something is demanded from now on.",
    (
        Fact("deprecates", "the code newly speaks of something deprecated"),
        Fact("no-longer", "the code newly says that something is gone"),
        Fact("demands", "the code newly demands something"),
        Fact("refuses", "the code newly refuses to go on under a condition"),
        Fact("keeps-old-way", "the code newly keeps an old way alive"),
        Fact("renames", "the code newly says that something has another name"),
        Fact("warns", "the code newly warns of something"),
        Fact("old-way-gone", "what was kept for an old way is gone"),
        Fact("promise-kept", "a note to remove something later is gone"),
        Fact("experiment-over", "what was experimental is so no longer"),
    ),
    {"shop/cache.py": ("SIZE = 1\n", 'SIZE = 1\nif not secret:\n    raise ConfigError("`secret` must be set")\n')},
    {"shop/cache.py": ("SIZE = 1\n", "SIZE = 2\n")},
    _find,
)
