"""The walkthrough: one step after the other is shown, answered and recorded."""

from __future__ import annotations

import shutil
from enum import Enum
from typing import TYPE_CHECKING, TypeVar

from relbot.app.deploys.conflicts import require_lock_free
from relbot.app.deploys.evaluate import evaluate_deploy
from relbot.app.deploys.record_step import record_answer, require_under_way
from relbot.app.deploys.write_down import overrule
from relbot.cli.exits import Exit
from relbot.cli.output import ask_choice, ask_text, print_line, print_notice, print_text
from relbot.deploy.log.record import DeedKind
from relbot.fragment.model import ALL_PHASES, PHASES, Phase
from relbot.ledger.git_ref.remote import Unreachable
from relbot.ledger.store import Unpublished
from relbot.render.deploys.current_step import current_step_text
from relbot.render.deploys.run_screen import install_now, phase_heading, way_back_text

if TYPE_CHECKING:
    from collections.abc import Callable

    from relbot.app.deploys.resolve_range import DeployRange
    from relbot.app.deploys.session import Session
    from relbot.deploy.log.progress import Progress, StepStatus

T = TypeVar("T")
_READ = "read in its note, while working through the deploy"
_ANSWERS: dict[str, DeedKind | None] = {"d": DeedKind.DONE, "s": DeedKind.SKIPPED, "f": DeedKind.FAILED, "q": None}
_WORDS: dict[str, DeedKind | None] = {
    "done": DeedKind.DONE,
    "skip": DeedKind.SKIPPED,
    "skipped": DeedKind.SKIPPED,
    "failed": DeedKind.FAILED,
    "quit": None,
}


class Outcome(Enum):
    """How a walkthrough ended."""

    SETTLED = "settled"
    STOPPED = "stopped"


class Walkthrough:
    """A walkthrough of a deploy that is under way."""

    def __init__(self, session: Session, of: DeployRange) -> None:
        self.of = of
        self._session = session
        self._doubtful = False
        self._phase: Phase | None = None

    def walk(self) -> Outcome:
        """Shows and asks until every step before the phase `later` is settled, or somebody stops.

        Refused if somebody takes the lock, ends the deploy, or begins another one in its place.
        """
        while True:
            progress = self.refresh()
            if progress.orphaned_ticks:
                self._show_orphans(progress)
                return Outcome.STOPPED
            rest = progress.unsettled(Phase.LATER)
            if not rest:
                self._show_phase(None)
                return Outcome.SETTLED
            self._show_phase(rest[0].step.phase)
            self._show(progress, rest[0])
            if rest[0].step.phase is Phase.NOT_SAID and self._ask_when(rest[0]):
                continue
            if not self._record_answer(rest[0]):
                return Outcome.STOPPED

    def refresh(self) -> Progress:
        """How far everybody has come by now; as far as this clone knows if the remote does not answer."""
        session = self._session
        try:
            session.ledger.synced()
        except Unreachable as error:
            self._doubt(error.what)
        now = session.state()
        require_lock_free(session, now)
        require_under_way(session, now, self.of)
        return evaluate_deploy(session, now, self.of).progress

    def attempt(self, record: Callable[[], T]) -> T | None:
        """Records something. If it cannot be published the walkthrough goes on, and its exit code says so."""
        try:
            result = record()
        except Unpublished as error:
            self._doubt(error.what)
            return None
        self._doubtful = False
        return result

    def code(self, otherwise: Exit) -> Exit:
        """The exit code: unknown if others do not see what was done."""
        return Exit.UNKNOWN if self._doubtful else otherwise

    def _show_phase(self, phase: Phase | None) -> None:
        """The heading of a phase that begins, after the order to install where the installation lies before it."""
        if phase is self._phase:
            return
        last = ALL_PHASES.index(self._phase) if self._phase else -1
        begins = ALL_PHASES.index(phase) if phase else len(ALL_PHASES)
        if last < ALL_PHASES.index(Phase.BEFORE_RESTART) <= begins:
            print_line(install_now(self.of.target.name, self.of.target.commit))
        self._phase = phase
        if phase:
            print_line(phase_heading(phase))

    def _show(self, progress: Progress, status: StepStatus) -> None:
        number = progress.statuses.index(status) + 1
        columns = shutil.get_terminal_size().columns
        place = f"{self._session.environment}, step {number}/{len(progress.statuses)}"
        print_text(current_step_text(progress.plan, status, place, columns))

    def _record_answer(self, status: StepStatus) -> bool:
        """Records that somebody is at the step, and then the answer. Whether the walkthrough goes on."""
        self._record_start(status)
        kind = _ask_result(self._session.environment)
        if kind is None:
            return False
        reason = _ask_reason(kind) if kind in (DeedKind.SKIPPED, DeedKind.FAILED) else ""
        self.attempt(lambda: record_answer(self._session, self.of, status.step, kind, reason))
        if kind is DeedKind.FAILED:
            print_line(way_back_text(self._session.environment, self.of.start.commit))
        return kind is not DeedKind.FAILED

    def _ask_when(self, status: StepStatus) -> bool:
        """Asks when a step is done whose author did not say so. Whether it is done later: then that is recorded."""
        when = ask_choice("The fragment does not say when to do it. When will you do it?", ("now", *PHASES), "now")
        if when == "now":
            return False
        what = f"phase:{status.step.id}>{when}"
        return self.attempt(lambda: overrule(self._session, what, self.of.target.commit, _READ)) is not None

    def _record_start(self, status: StepStatus) -> None:
        mine = status.started and status.started.who.person == self._session.who.person
        if not mine:
            self.attempt(lambda: record_answer(self._session, self.of, status.step, DeedKind.STARTED))

    def _show_orphans(self, progress: Progress) -> None:
        for record in progress.orphaned_ticks:
            step, who = record.deed.step, str(record.who)
            print_line(f"\n!!! {who} did {step}, and this target does not have it. Undo it, then record that:")
            print_line(f"    relbot deploy tick {self._session.environment} '{step}' --undone")

    def _doubt(self, what: str) -> None:
        self._doubtful = True
        print_notice(f"!!! {what}")


def _ask_result(environment: str) -> DeedKind | None:
    while True:
        said = ask_text(f"{environment}: [d]one, [s]kip, [f]ailed, [q]uit", suffix="? ").lower()
        if said in _ANSWERS:
            return _ANSWERS[said]
        if said in _WORDS:
            return _WORDS[said]
        print_line("Type d, s, f or q.")


def _ask_reason(kind: DeedKind) -> str:
    reason: str = ask_text("Why" if kind is DeedKind.SKIPPED else "What went wrong")
    return reason.strip()
