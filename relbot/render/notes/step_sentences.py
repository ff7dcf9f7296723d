"""The words for a deploy step, for every format that people read.

A format shows all parts of a `ToldStep`, so that no command is lost between two of them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from relbot.fragment.model import Compat, Phase
from relbot.render.common.units import format_duration
from relbot.schema.named_tuples import NamedTuple

if TYPE_CHECKING:
    from relbot.fragment.model import Fragment, Step

MIGRATION = "Migration"
COMPATIBILITY = "Compatibility"
FOR_OPERATORS = "For operators"
STEPS = "Deploy steps"
SHIM = "The old way still works for now."
"""What is said of a breaking change with a shim that has no section about it."""

_WHEN = {
    Phase.BEFORE_INSTALL: "Before installing",
    Phase.BEFORE_RESTART: "Before restarting",
    Phase.AFTER_RESTART: "After restarting",
    Phase.LATER: "Later",
}


class StepPart(NamedTuple):
    """A labelled piece of a step: either a command, which stands on lines of its own, or plain words, or names."""

    label: str
    command: str = ""
    words: str = ""
    names: tuple[str, ...] = ()


class StepSentences(NamedTuple):
    """`when` in words, what is on the hosts then (`state`), on which of them, and what to do."""

    when: str
    state: str
    on: tuple[str, ...]
    parts: tuple[StepPart, ...]


def describe_step(step: Step) -> StepSentences:
    """A step in words. Nothing is escaped."""
    parts = [
        StepPart("", words=step.do or ""),
        StepPart("", command=_trim_command(step.run)),
        StepPart("Check", command=_trim_command(step.check)),
    ]
    if step.irreversible:
        reason = f": {step.reason.strip()}" if step.reason else "."
        parts.append(StepPart("", words=f"Cannot be undone{reason}"))
    parts += [StepPart("Undo", command=_trim_command(step.undo)), StepPart("Restart", names=step.restart)]
    if step.reason and not step.irreversible:
        parts.append(StepPart("", words=step.reason))
    parts.append(StepPart("", words=_times_sentence(step)))
    filled = tuple(part for part in parts if part.command or part.words or part.names)
    return StepSentences(_WHEN[step.phase], step.phase.state, step.on, filled)


def notes_of(fragment: Fragment) -> list[tuple[str, str]]:
    """The sections of a fragment that users read, as label and Markdown."""
    compatibility = fragment.compatibility_note or (SHIM if fragment.compat is Compat.SHIM else "")
    sections = [(MIGRATION, fragment.migration_note), (COMPATIBILITY, compatibility), (FOR_OPERATORS, fragment.operators_note)]
    return [(label, text) for label, text in sections if text.strip()]


def _trim_command(command: str | None) -> str:
    return (command or "").strip("\n").rstrip()


def _times_sentence(step: Step) -> str:
    times = []
    if step.duration is not None:
        times.append(f"Takes {format_duration(step.duration)}")
    if step.downtime is not None:
        times.append(f"{format_duration(step.downtime)} of downtime" if step.downtime else "no downtime")
    text = ", ".join(times)
    return f"{text[0].upper()}{text[1:]}." if text else ""
