"""What `relbot deploy run` shows around its steps."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relbot.deploy.log.progress import StepState
from relbot.fragment.model import ALL_PHASES, Phase
from relbot.render.checklist.plan_sentences import rollback_sentence
from relbot.render.common.units import count_noun, format_span, format_time
from relbot.render.deploys.record_lines import inert_lines, left_line, notice_line, overruled_line

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from relbot.deploy.log.progress import DeferredStep, Progress, StepStatus
    from relbot.deploy.log.record import Record
    from relbot.deploy.log.state import Deploy


def run_header(
    environment: str,
    deploy: Deploy,
    progress: Progress,
    notices: Iterable[Record],
    now: datetime,
    left: Iterable[DeferredStep] = (),
) -> str:
    """Where, from what to what, who began it and when, how far it is and what is open, what is written down, what stays.

    `left` is what earlier deploys left open that cannot wait.
    """
    before = [each for each in progress.statuses if each.step.phase is not Phase.LATER]
    settled = sum(each.mark.settled for each in before)
    begun = deploy.begun
    lines = [
        f"{environment}: {deploy.start[:12]} -> {deploy.target[:12]}",
        f"Begun by {begun.who} at {format_time(begun.time)}, {format_span(now - begun.time)} ago.",
        f"{settled} of {count_noun(len(before), 'step')} settled.{_open_by_phase(progress)}",
    ]
    lines += [
        f"Failed: {each.step.id}, {each.entry.who}{_because(each.entry)}" for each in before if _has_failed(each) and each.entry
    ]
    lines += map(left_line, left)
    written = (*map(notice_line, notices), *map(overruled_line, deploy.overruled.values()))
    lines += inert_lines(written).splitlines()
    in_progress = [each for each in before if not each.mark.settled and each.started]
    for each in in_progress:
        assert each.started is not None
        lines.append(f"In progress since {each.started.time:%H:%M} UTC, {each.started.who}: {each.step.id}")
    if any(each.step.irreversible for each in before):
        lines.append(rollback_sentence(progress.plan.rollback))
    return "\n".join(lines)


def _open_by_phase(progress: Progress) -> str:
    """How many steps of each phase are open, in a sentence."""
    open_ones = [each.step.phase for each in progress.unsettled(None)]
    counted = [f"{open_ones.count(phase)} {phase.heading.lower()}" for phase in ALL_PHASES if phase in open_ones]
    return f" Open: {', '.join(counted)}." if counted else ""


def _has_failed(status: StepStatus) -> bool:
    return status.mark is StepState.FAILED


def _because(record: Record) -> str:
    return f": {record.deed.reason}" if record.deed.reason else ""


def install_now(name: str, commit: str) -> str:
    """That the new code is to be installed now, and not restarted yet."""
    revision = commit[:12] if commit.startswith(name) else f"{name} ({commit[:12]})"
    return f"\n=====[ INSTALL NOW ]=====\nInstall {revision}. Do not restart anything yet."


def phase_heading(phase: Phase) -> str:
    """The name of a phase, and what is on the hosts then."""
    return f"\n{phase.heading.upper()} -- {phase.state}"


def way_back_text(environment: str, start: str) -> str:
    """How to get back to what ran before."""
    return (
        f"\nTo go back to {start[:12]}, undo what was done. How:\n    relbot checklist {environment} --to {start}\n"
        f"Then end this deploy:\n    relbot deploy abort {environment}"
    )
