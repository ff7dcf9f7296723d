"""The notes of a change set against its facts: can whoever deploys do what they ask, in time, and for how long."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relbot.detect.engine.registry import fact_of
from relbot.finding import Finding, Level, Place
from relbot.fragment.model import Compat
from relbot.review.rules.levels import normalize_subject
from relbot.schema import lazy_re as re

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from relbot.config.model import Rules
    from relbot.fragment.model import Fragment
    from relbot.review.rules.levels import GradedFact

_COMMAND = re.compile(r"`[^`\n]+`|^(?: {4}|\t|\$ )\S|^```", re.M)
_SHORTEST = 3
_LEVELS = {"require": Level.ERROR, "ask": Level.WARNING, "off": None}


def check_notes(fragments: Sequence[Fragment], facts: Sequence[GradedFact], rules: Rules) -> tuple[Finding, ...]:
    """What the notes of a change set leave open; `fragments` are those that it adds or edits, `facts` what it shows.

    All findings are questions, unless the project's rules give them another level: a phase or a name can be right for a reason
    that the diff does not show.
    """
    asking = [fact for fact in facts if fact.level.rank > 0 and fact_of(fact.evidence) is not None]
    notes = [fragment for fragment in fragments if fragment.migration]
    found = [*_check_compatibility(fragments)]
    if asking and notes:
        found += _check_phases(notes, asking)
        found += _check_texts(notes, asking)
    levels = dict(rules.levels)
    wanted = [(one, _LEVELS[levels.get(one.rule, "ask")]) for one in found]
    return tuple(one._replace(level=level) for one, level in wanted if level is not None)


def _check_phases(notes: Sequence[Fragment], facts: Sequence[GradedFact]) -> Iterator[Finding]:
    """A step whose phase is none of those that the facts allow."""
    declared = [known for fact in facts if (known := fact_of(fact.evidence)) is not None and known.phases]
    allowed = tuple(dict.fromkeys(phase for known in declared for phase in known.phases))
    steps = [(note, step) for note in notes for step in note.steps]
    if not allowed or not steps or any(step.phase.value in allowed for _, step in steps):
        return
    note, step = steps[0]
    wanted = " or ".join(f"`{phase}`" for phase in allowed)
    message = f"The step has the phase `{step.phase.value}`; the facts of the change set need the phase {wanted}."
    yield Finding(
        "step-phase",
        Place(note.path, step.line),
        message,
        "Move the step to that phase, or explain in the text why it belongs here.",
        "",
        Level.WARNING,
    )


def _check_texts(notes: Sequence[Fragment], facts: Sequence[GradedFact]) -> Iterator[Finding]:
    """Instructions that name neither a command nor anything that the facts are about."""
    texts = "\n".join(
        text for note in notes for text in (note.text, note.migration_note, *(step.do or "" for step in note.steps))
    )
    if any(step.run for note in notes for step in note.steps) or _COMMAND.search(texts):
        return
    plain = normalize_subject(texts)
    names = [normalize_subject(name) for fact in facts for name in fact.evidence.subjects]
    parts = {part for name in names for part in (name, *name.split("."), *name.split("/")) if len(part) >= _SHORTEST}
    if any(part in plain for part in parts):
        return
    example = next((name for fact in facts for name in fact.evidence.subjects), "")
    tip = f"Name the setting, table or service, such as `{example}`, or the command to run."
    yield Finding(
        "migration-vague",
        Place(notes[0].path),
        "The instructions name neither a command nor a subject of the change.",
        tip,
        "",
        Level.WARNING,
    )


def _check_compatibility(fragments: Sequence[Fragment]) -> Iterator[Finding]:
    """Breaking changes that do not say whether the old way works for a while, or not why it cannot."""
    for fragment in fragments:
        if fragment.breaking and fragment.compat is None:
            message = "A breaking change does not say whether the old way still works for a while."
            tip = "Write `compat: shim`, or `compat: none` and a `## Compatibility` that says why not."
            yield Finding("compat-missing", Place(fragment.path), message, tip, "compat: shim", Level.WARNING)
        elif fragment.compat is Compat.NONE and not fragment.compatibility_note.strip():
            message = "`compat: none` has no reason."
            tip = "Say in `## Compatibility` why the old way cannot keep working for a while."
            yield Finding("compat-reason", Place(fragment.path), message, tip, "", Level.WARNING)
