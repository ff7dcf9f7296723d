"""What `relbot deploy run` shows around its steps."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relbot.fragment.model import Phase
from relbot.render.checklist.plan_sentences import rollback_sentence
from relbot.render.common.units import count_noun, format_span, format_time
from relbot.render.deploys.text import inert_lines, notice_line, overruled_line

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from relbot.deploy.log.progress import Progress
    from relbot.deploy.log.record import Record
    from relbot.deploy.log.state import Deploy


def run_header(environment: str, deploy: Deploy, progress: Progress, notices: Iterable[Record], now: datetime) -> str:
    """Where, from what to what, who began it and when, how far it is, what is written down, what cannot be taken back."""
    before = [each for each in progress.statuses if each.step.phase is not Phase.LATER]
    settled = sum(each.mark.settled for each in before)
    begun = deploy.begun
    lines = [
        f"{environment}: {deploy.start[:12]} -> {deploy.target[:12]}",
        f"Begun by {begun.who} at {format_time(begun.time)}, {format_span(now - begun.time)} ago.",
        f"{settled} of {count_noun(len(before), 'step')} settled.",
    ]
    written = (*map(notice_line, notices), *map(overruled_line, deploy.overruled.values()))
    lines += inert_lines(written).splitlines()
    in_progress = [each for each in before if not each.mark.settled and each.started]
    for each in in_progress:
        assert each.started is not None
        lines.append(f"In progress since {each.started.time:%H:%M} UTC, {each.started.who}: {each.step.id}")
    if any(each.step.irreversible for each in before):
        lines.append(rollback_sentence(progress.plan.rollback))
    return "\n".join(lines)


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
