"""Which type of relbot a heading of another tool means, and how a version and a day are read."""

from __future__ import annotations

from relbot.fragment.location import as_identity
from relbot.schema import lazy_re as re

_MEANINGS = (
    ("security", r"security|vulnerabilit"),
    ("removed", r"remov|delet|drop"),
    ("deprecated", r"deprecat"),
    ("fixed", r"fix|bug|patch|correct|repair|resolved"),
    ("added", r"add|new|feature|enhance|introduc"),
    ("changed", r"chang|improve|breaking|incompatib|upgrade|migrat|update"),
)
"""By the first word that fits. `Deprecations and Removals` is a removal: what is gone matters more."""
_ACTS = re.compile(r"breaking|incompatib|remov|upgrade|migrat|major", re.IGNORECASE)
_BREAKS = re.compile(r"breaking|incompatib|remov|major", re.IGNORECASE)


def meant_type(title: str) -> str:
    """The type among relbot's own that a heading means; "" if it means none."""
    return next((name for name, words in _MEANINGS if re.search(rf"\b(?:{words})", title, re.IGNORECASE)), "")


def asks_to_act(title: str) -> bool:
    """Whether somebody has to act on what stands below such a heading."""
    return _ACTS.search(title) is not None


def breaks_something(title: str) -> bool:
    """Whether what stands below such a heading stops something from working."""
    return _BREAKS.search(title) is not None


def type_name(title: str) -> str:
    """A name for a type from its title: `Bug fixes` is `bug-fixes`."""
    return as_identity(title).lower()


def named_issues(text: str) -> tuple[str, ...]:
    """The issues that a text names with `#`, each once, in its order."""
    return tuple(dict.fromkeys(re.findall(r"(?<![\w/&])#(\d+)\b", text)))


def name_of_text(text: str) -> str:
    """A name for a fragment from the first words of its text."""
    plain = re.sub(r"\]\([^)]{0,500}\)|[`*_\[\]<>\\]", "", text.strip().split("\n", 1)[0])
    words = as_identity("-".join(plain.split()[:6]).lower())
    return words[:60].rstrip("-._+") or "change"
