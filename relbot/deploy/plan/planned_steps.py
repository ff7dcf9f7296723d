"""A fragment's steps as steps of a plan. What cannot be seen is not shown."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from relbot.deploy.plan.difference import steps_of
from relbot.deploy.plan.model import PlannedStep, StepKind
from relbot.finding import Finding, Place
from relbot.fragment.invisible_characters import unsafe_characters
from relbot.fragment.model import Phase

if TYPE_CHECKING:
    from collections.abc import Iterator

    from relbot.fragment.model import Fragment, Step

_SHOWN = ("run", "do", "check", "undo", "on", "restart")
_UNSEEN = "it has invisible characters"


def only_restarts(step: Step) -> bool:
    """Whether a step needs no place of its own in a plan because the restart stands for it."""
    return bool(step.restart) and not (step.run or step.do or step.undo or step.irreversible or hidden_keys(step))


def hidden_keys(step: Step) -> tuple[str, ...]:
    """The keys of a step that must not be shown, because a reader would not see what they say."""
    together = (step.run, step.do, step.check, step.undo, *step.on, *step.restart)
    if not unsafe_characters("".join(filter(None, together))):  # so it is with nearly all
        return ()
    return tuple(key for key in _SHOWN if unsafe_characters(_joined_text(step, key)))


def _joined_text(step: Step, key: str) -> str:
    value = getattr(step, key) or ""
    return value if isinstance(value, str) else "".join(value)


def unsafe_step_findings(fragment: Fragment) -> Iterator[Finding]:
    """A finding for each step of which something is withheld."""
    for step in steps_of(fragment):
        if keys := hidden_keys(step):
            codes = ", ".join(unsafe_characters("".join(_joined_text(step, key) for key in keys)))
            names = ", ".join(f"`{key}`" for key in keys)
            message = f"{names} of a step of `{fragment.identity}` is not shown: {_UNSEEN} ({codes})."
            tip = "Do not copy it from the fragment. Ask its author to type it again."
            yield Finding("unsafe-command", Place(fragment.path, step.line), message, tip)


def step_to_do(fragment: Fragment, number: int, step: Step) -> PlannedStep:
    """The `number`th step of a fragment, from 1, to be done."""
    hidden = hidden_keys(step)
    values: dict[str, Any] = {key: None if key in hidden else getattr(step, key) for key in ("run", "do", "check", "undo")}
    if "run" in hidden or "do" in hidden or "restart" in hidden:
        values["do"] = f"Do not continue: relbot does not show what to do, because {_UNSEEN}."
    elif not (step.run or step.do):
        values["do"] = "Restart: " + ", ".join(step.restart)
    return PlannedStep(
        number=number,
        id=f"{fragment.identity}#{number}",
        kind=StepKind.DO,
        phase=step.phase,
        changes=(fragment.identity,),
        note="" if fragment.steps else fragment.migration_note,
        **_common_fields(fragment, step, hidden),
        **values,
        duration=step.duration,
        downtime=step.downtime,
    )


def step_to_undo(fragment: Fragment, number: int, step: Step, phase: Phase) -> PlannedStep:
    """The `number`th step of a fragment, from 1, to be taken back in `phase`."""
    hidden = hidden_keys(step)
    original = None if {"run", "do"} & set(hidden) else step.run or step.do
    do = None
    if "undo" in hidden:
        do = f"Do not continue: relbot does not show how to undo this, because {_UNSEEN}."
    elif step.irreversible:
        do = "Stop: this step cannot be undone."
    elif not step.undo:
        do = "Undo this by hand. The fragment does not say how."
        do += "" if fragment.steps else " This was to be done:"
    return PlannedStep(
        number=number,
        id=f"{fragment.identity}#{number}:undo",
        kind=StepKind.UNDO,
        phase=phase,
        changes=(fragment.identity,),
        run=None if "undo" in hidden else step.undo,
        do=do,
        note="" if fragment.steps else fragment.migration_note,
        takes_back=original,
        **_common_fields(fragment, step, hidden),
    )


def _common_fields(fragment: Fragment, step: Step, hidden: tuple[str, ...]) -> dict[str, Any]:
    return {
        "on": () if "on" in hidden else step.on,
        "irreversible": step.irreversible,
        "reason": step.reason,
        "path": fragment.path,
        "line": step.line,
        "withheld": hidden,
        "phase_said": step.phase is not Phase.NOT_SAID,
    }
