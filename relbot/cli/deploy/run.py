"""`relbot deploy run`: walks through the steps of a deploy."""

from __future__ import annotations

import shlex
import shutil
import sys
from enum import Enum
from typing import TYPE_CHECKING, TypeVar, assert_never

import click

from relbot.app.deploys.begin import begin_deploy, obstacles_refused, runs_already
from relbot.app.deploys.conflicts import find_conflicts, find_direction, require_lock_free
from relbot.app.deploys.evaluate import evaluate_deploy
from relbot.app.deploys.finish import finish_deploy
from relbot.app.deploys.record_step import record_answer, require_under_way
from relbot.app.deploys.resolve_range import resolve_range
from relbot.app.deploys.show import make_status
from relbot.app.deploys.write_down import overrule
from relbot.cli.deploy.options import consent_options, with_session
from relbot.cli.exits import Exit, answer_exit
from relbot.cli.output import ask_choice, ask_confirmation, ask_text, print_line, print_notice, print_text
from relbot.deploy.answers import is_overdue
from relbot.deploy.log.record import DeedKind, Direction
from relbot.errors import UsageError
from relbot.fragment.model import ALL_PHASES, PHASES, Phase
from relbot.ledger.git_ref.remote import Unreachable
from relbot.ledger.store import Unpublished
from relbot.render.deploys.commands import tick_command
from relbot.render.deploys.current_step import current_step_text
from relbot.render.deploys.record_lines import left_line, stray_sentence
from relbot.render.deploys.run_screen import install_now, phase_heading, run_header, way_back_text

if TYPE_CHECKING:
    from collections.abc import Callable

    from relbot.app.deploys.conflicts import Consent
    from relbot.app.deploys.resolve_range import DeployRange
    from relbot.app.deploys.session import Session
    from relbot.deploy.log.progress import Progress, StepStatus
    from relbot.deploy.log.state import EnvironmentState
    from relbot.deploy.plan.model import Plan


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


@click.command(name="run", short_help="Walks through the steps on the terminal, and records each.")
@click.option("--to", "target", metavar="REV", help="The target revision. Default: that of the deploy under way.")
@with_session()
@consent_options
def command(session: Session, target: str | None, consent: Consent) -> int:
    """Walks through the steps of a deploy, one at a time: you do each, relbot records it. It never runs a step itself.

    Stop whenever you like, and go on here or in any other clone with the same command. Exit code 1 if it is not done,
    130 after Ctrl-C.
    """
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        example = f"relbot deploy tick {session.environment} STEP"
        tip = "In a script, use `gate` and `tick`."
        raise UsageError("`relbot deploy run` asks, so it needs a terminal.", tip=tip, example=example)
    try:
        return _run(session, target, consent)
    except (click.Abort, KeyboardInterrupt):
        again = ["relbot", "deploy", "run", session.environment, *(("--to", target) if target else ())]
        print_line("\nInterrupted. Your records are kept. relbot asks for the open steps again.")
        print_line("To continue, here or in another clone:")
        print_line(f"    {shlex.join(again)}")
        return Exit.INTERRUPTED


def _run(session: Session, target: str | None, consent: Consent) -> int:
    now = session.state()
    require_lock_free(session, now)
    of = resolve_range(session, now, target)
    if runs_already(now, of):
        return _show_that_it_runs(session, now, of)
    consent = _ask_for_consent(session, now, of, consent)
    evaluation = evaluate_deploy(session, now, of)
    if evaluation.obstacles:
        raise obstacles_refused(session, evaluation)
    begin_deploy(session, of.target.commit, consent)
    walkthrough = Walkthrough(session, of)
    state = session.state()
    assert state.deploy is not None
    notices, left = state.notices_at(session.now()), tuple(filter(is_overdue, evaluation.left))
    print_line(run_header(session.environment, state.deploy, evaluation.progress, notices, session.now(), left))
    match outcome := walkthrough.walk():
        case Outcome.SETTLED:
            return _finish(session, walkthrough)
        case Outcome.STOPPED:
            print_line("\nStopped. Your records are kept. To continue, here or in another clone:")
            print_line(f"    relbot deploy run {session.environment}")
            return walkthrough.code(Exit.OPEN)
        case _:
            assert_never(outcome)


def _show_that_it_runs(session: Session, now: EnvironmentState, of: DeployRange) -> int:
    """Says that there is nothing to walk through, what earlier deploys left open, and what belongs to none."""
    status = make_status(session, now)
    print_line(f"{session.environment} runs {of.target.commit[:12]} already.")
    for each in status.left:
        print_line(left_line(each))
        print_line(f"    To record it: {tick_command(session.environment, each.id)}")
    for record in now.open_stray:
        print_line(stray_sentence(record))
    for remark in status.remarks:
        print_line(remark)
    return answer_exit(is_open=not status.settled, unclear=status.unclear)


def _ask_for_consent(session: Session, now: EnvironmentState, of: DeployRange, consent: Consent) -> Consent:
    """The consent with what somebody agrees to on the terminal. Refused if they do not."""
    for refused in find_conflicts(session, now, of, consent):
        print_line(refused.what)
        if now.deploy and consent.replaces is None:
            if not ask_confirmation("Replace that deploy with this one?", default=False):
                raise refused
            why = consent.reason or ask_text("Why")
            return consent._replace(replaces=now.deploy.target, reason=why, rollback=True)
        if not ask_confirmation("Deploy it all the same?", default=False):
            raise refused
        back = find_direction(session.project.git, *of.commits) is Direction.ROLLBACK
        consent = consent._replace(rollback=consent.rollback or back, diverged=consent.diverged or not back)
    return consent


def _finish(session: Session, walkthrough: Walkthrough) -> int:
    of = walkthrough.of
    print_line("\nEvery step before the phase `later` is settled.")
    if not ask_confirmation(f"Does {of.target.name} run on {session.environment} now?", default=True):
        print_line(f"Not recorded as done. When it runs: relbot deploy done {session.environment}")
        return walkthrough.code(Exit.OPEN)
    walkthrough.refresh()
    deed = walkthrough.attempt(lambda: finish_deploy(session, of.target.commit))
    for step in deed.deferred if deed else ():
        again = tick_command(session.environment, step)
        print_line(f"Left for later: {step}. When it is done: {again}")
    return walkthrough.code(Exit.FINE)


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
            if not self._record_answer(progress.plan, rest[0]):
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
        due = [each for each in progress.statuses if each.step.phase is not Phase.LATER]
        columns = shutil.get_terminal_size().columns
        place = f"{self._session.environment}, step {due.index(status) + 1}/{len(due)}"
        print_text(current_step_text(progress.plan, status, place, columns))

    def _record_answer(self, plan: Plan, status: StepStatus) -> bool:
        """Records that somebody is at the step, and then the answer. Whether the walkthrough goes on."""
        self._record_start(plan, status)
        kind = _ask_result(self._session.environment)
        if kind is None:
            return False
        reason = _ask_reason(kind) if kind in (DeedKind.SKIPPED, DeedKind.FAILED) else ""
        self.attempt(lambda: record_answer(self._session, self.of, plan, status.step, kind, reason))
        if kind is DeedKind.FAILED:
            print_line(way_back_text(self._session.environment, self.of.start.commit))
        return kind is not DeedKind.FAILED

    def _ask_when(self, status: StepStatus) -> bool:
        """Asks when a step is done whose author did not say so. Whether it is done later: then that is recorded."""
        phases = (phase.value for phase in PHASES)  # click takes an enumeration by the names of its members
        when = ask_choice("The fragment does not say when to do it. When will you do it?", ("now", *phases), "now")
        if when == "now":
            return False
        what = f"phase:{status.step.id}>{when}"
        return self.attempt(lambda: overrule(self._session, what, self.of.target.commit, _READ)) is not None

    def _record_start(self, plan: Plan, status: StepStatus) -> None:
        mine = status.started and status.started.who.person == self._session.who.person
        if not mine:
            self.attempt(lambda: record_answer(self._session, self.of, plan, status.step, DeedKind.STARTED))

    def _show_orphans(self, progress: Progress) -> None:
        for record in progress.orphaned_ticks:
            step, who = record.deed.step, str(record.who)
            print_line(f"\n!!! {who} did {step}, and this target does not have it. Undo it, then record that:")
            print_line(f"    {tick_command(self._session.environment, step, '--undone')}")

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
