"""The walk: one step after the other is shown, answered and recorded."""

from __future__ import annotations

import shutil
from enum import Enum
from typing import TYPE_CHECKING, TypeVar

from relbot.cli.exits import Exit
from relbot.cli.output import ask_text, print_line, print_notice, print_text
from relbot.deploy.log.progress import StepStatus, measure_progress, step_digest
from relbot.deploy.log.record import Deed, DeedKind
from relbot.deploy.log.state import EnvironmentState, replay_records
from relbot.fragment.model import Phase
from relbot.ledger.git_ref.remote import Unreachable
from relbot.ledger.store import Unpublished
from relbot.render.common.invisible_characters import make_visible
from relbot.render.deploys.current_step import current_step_text

if TYPE_CHECKING:
    from collections.abc import Callable

    from relbot.cli.deploy.options import Session
    from relbot.cli.deploy.pair import Pair
    from relbot.deploy.log.progress import Progress
    from relbot.deploy.plan.model import Plan

T = TypeVar("T")
_ANSWERS = {"d": DeedKind.DONE, "s": DeedKind.SKIPPED, "f": DeedKind.FAILED, "q": None}
_WORDS = {kind.value: kind for kind in _ANSWERS.values() if kind} | {"skip": DeedKind.SKIPPED, "quit": None}


class Outcome(Enum):
    """How a walk ended."""

    SETTLED = "settled"
    STOPPED = "stopped"


class Walk:
    """A walk through the plan of a deploy under way."""

    def __init__(self, opened: Session, of: Pair, plan: Plan) -> None:
        self.of = of
        self._opened = opened
        self._plan = plan
        self._doubtful = False
        self.state = EnvironmentState()

    def walk(self) -> Outcome:
        """Shows and asks until every step before the phase `later` is settled, or somebody stops."""
        shown: Phase | None = None
        while True:
            how_far = self.progress()
            if how_far.orphaned_ticks:
                return self._astray(how_far)
            rest = how_far.unsettled(Phase.LATER)
            if not rest:
                return Outcome.SETTLED
            standing = rest[0]
            if standing.step.phase is not shown:
                shown = standing.step.phase
                print_line(f"\n{shown.value.replace('-', ' ').upper()} -- {shown.state}")
            self._show(how_far, standing)
            if not self._answered(standing):
                return Outcome.STOPPED

    def progress(self) -> Progress:
        """How far everybody has come by now; as far as this clone knows where the remote does not answer."""
        try:
            entries = self._opened.ledger.synced()
        except Unreachable as error:
            self._doubt(error.what)
            entries = self._opened.ledger.entries()
        now = replay_records(entries)
        self._opened.respect(now)
        self.state = now
        return measure_progress(self._plan, now.deploy if now.deploy and now.deploy.start == self.of.start else None)

    def told(self, record: Callable[[], T]) -> T | None:
        """Records something. If it cannot be published the walk goes on, and its exit code says so."""
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

    def _show(self, how_far: Progress, standing: StepStatus) -> None:
        number = how_far.statuses.index(standing) + 1
        columns = shutil.get_terminal_size().columns
        print_text(current_step_text(self._plan, standing, f"{number}/{len(how_far.statuses)}", columns))

    def _answered(self, standing: StepStatus) -> bool:
        """Records the answer. Whether the walk goes on."""
        result = _asked()
        if result is None:
            return False
        reason = _reason(result) if result in (DeedKind.SKIPPED, DeedKind.FAILED) else ""
        step = standing.step
        hashed = step_digest(step, self.of.target)
        deed = Deed(result, self.of.start, self.of.target, step=step.id, digest=hashed, reason=reason)
        self.told(lambda: self._opened.ledger.record(deed))
        return result is not DeedKind.FAILED

    def _astray(self, how_far: Progress) -> Outcome:
        for entry in how_far.orphaned_ticks:
            step, who = make_visible(entry.deed.step), make_visible(str(entry.who))
            print_line(f"\n!!! {step} was done by {who}, and this target does not have it any more. Take it back, then:")
            print_line(f"    relbot deploy tick {self._opened.environment} '{step}' --undone")
        return Outcome.STOPPED

    def _doubt(self, what: str) -> None:
        self._doubtful = True
        print_notice(f"!!! {make_visible(what)}")


def _asked() -> DeedKind | None:
    while True:
        said = ask_text("[d]one, [s]kip, [f]ailed, [q]uit", suffix="? ").lower()
        if said in _ANSWERS:
            return _ANSWERS[said]
        if said in _WORDS:
            return _WORDS[said]
        print_line("Type d, s, f or q.")


def _reason(result: DeedKind) -> str:
    return ask_text("Why" if result is DeedKind.SKIPPED else "What went wrong")
