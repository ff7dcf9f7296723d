"""A fragment's text from what its author answered."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

_MOST_DIGITS = 18
"""Of a number: what fragments are read with takes no longer one."""


@dataclass(frozen=True, slots=True)
class Answers:
    """What the author of a change says. Texts are Markdown; `step` holds the keys of one step that are set."""

    type: str
    text: str
    breaking: bool = False
    migration: bool | None = None
    reason: str | None = None
    issues: tuple[str, ...] = ()
    prs: tuple[str, ...] = ()
    component: str | None = None
    other_components: tuple[str, ...] = ()
    audience: str | None = None
    compat: str | None = None
    needs: tuple[str, ...] = ()
    hold: tuple[str, ...] = ()
    note: str | None = None
    compatibility: str | None = None
    step: dict[str, Any] = field(default_factory=dict)


def as_markdown(answers: Answers) -> str:
    """The text of a fragment that says this. Keys that say nothing are left out."""
    import frontmatter  # and YAML: judging imports this module, and seldom proposes anything

    matter: dict[str, Any] = {"type": answers.type}
    if answers.breaking:
        matter["breaking"] = True
    if answers.migration is not None:
        matter["migration"] = answers.migration
    for name in ("reason", "component", "audience"):
        if getattr(answers, name):
            matter[name] = getattr(answers, name)
    if answers.other_components:
        matter["component"] = [answers.component, *answers.other_components]
    for name in ("issues", "prs", "needs", "hold"):
        if values := getattr(answers, name):
            matter[name] = [_number_or_text(value) for value in values]
    if answers.compat:
        matter["compat"] = answers.compat
    if answers.step:
        matter["deploy"] = [answers.step]
    body = answers.text.strip("\n")
    if answers.note:
        body += f"\n\n## Migration\n\n{answers.note.strip()}"
    if answers.compatibility:
        body += f"\n\n## Compatibility\n\n{answers.compatibility.strip()}"
    return frontmatter.dumps(frontmatter.Post(body, **matter), sort_keys=False) + "\n"


def _number_or_text(value: str) -> int | str:
    """A number where YAML writes the same text for it, as for `4075` and not for `007`."""
    is_number = value.isascii() and value.isdecimal() and len(value) <= _MOST_DIGITS
    return int(value) if is_number and value == str(int(value)) else value
