"""A fragment to begin with, filled in as far as the diff allows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from relbot.fragment.prose import PLACEHOLDER
from relbot.review.rules.model import Proposal

if TYPE_CHECKING:
    from collections.abc import Sequence

    from relbot.detect.engine.model import Evidence

_MOST_TOLD = 5
_SHIM = "Can the code read the old path for one more release, so that operators can act later?"
_QUESTIONS = {
    "moved": _SHIM,
    "renamed": "Can the code accept the old name for one more release, so that operators can act later?",
    "removed": "What happens where it is still set: an error, a warning, or nothing?",
    "default-changed": "Who relies on the old default, and how do they keep it?",
    "newly-required": "What happens where it is not set: does the application still start?",
    "added-required": "What happens where it is not set: does the application still start?",
    "data": "How long does it take on the largest installation, and can it be run again?",
}
"""What only the author can answer, by fact. The first is what the post-mortem of 2018-08-15 asked."""
_SAFER = {
    "migrations/dropped": (
        "Stop using it in this deploy and drop it in the next one, because the old code runs until the restart."
    ),
    "migrations/renamed": (
        "Split it: add the new name and write to both in this deploy, read only the new one in the next, then drop the old one."
    ),
    "migrations/expand-and-contract": "Split it: add the new column in this deploy, and drop the old one in the next.",
    "migrations/column-added-required": (
        "Split it: add the column with a default or without NOT NULL, fill it, and require a value in the next deploy."
    ),
    "migrations/not-null": "Split it: fill in the rows without a value in this deploy, and forbid NULL in the next.",
}
"""The safe way, by the whole id of a fact. Rails' strong_migrations and Atlas' analyzers give the same advice."""


def tip_for(seen: Evidence) -> str:
    """What to do about one piece of evidence."""
    hint = _SAFER.get(seen.id) or _QUESTIONS.get(seen.fact, "")
    return f"Add a fragment that says who has to do what, and when: `relbot new`. {hint}".rstrip()


def draft_proposal(evidence: Sequence[Evidence], directory: str) -> Proposal:
    """A fragment that tells what `evidence` shows: steps where the diff names commands, else a note to be written."""
    known = [seen for seen in evidence if seen.id in _SAFER or seen.fact in _QUESTIONS or seen.todo]
    told = known[:_MOST_TOLD] or list(evidence[:_MOST_TOLD])
    removed = any(seen.fact in ("removed", "renamed", "moved") for seen in told)
    hints = (_SAFER.get(seen.id) or _QUESTIONS.get(seen.fact) for seen in told)
    questions = tuple(dict.fromkeys(hint for hint in hints if hint))
    from relbot.fragment.write import Answers, as_markdown  # most change sets lack nothing

    answers = Answers(
        type="changed",
        text=PLACEHOLDER,
        breaking=removed,
        migration=True,
        note="\n".join(_draft_lines(told)),
        step=_draft_step(told),
    )
    return Proposal(f"{directory}/NAME.md", as_markdown(answers), questions, answers)


def _draft_step(told: Sequence[Evidence]) -> dict[str, Any]:
    todo = next((seen.todo for seen in told if seen.todo and (seen.todo.run or seen.todo.text)), None)
    if todo is None:
        return {}
    step: dict[str, Any] = {"phase": todo.phase}
    step |= {"run": todo.run} if todo.run else {"do": todo.text}
    return step | ({"restart": list(todo.restart)} if todo.restart else {})


def _draft_lines(told: Sequence[Evidence]) -> list[str]:
    lines = []
    for seen in told:
        lines.append(f"- {seen.message}")
        lines += [f"  - {detail}" for detail in seen.details[:_MOST_TOLD]]
        if len(seen.details) > _MOST_TOLD:
            lines.append(f"  - and {len(seen.details) - _MOST_TOLD} more")
    return lines
