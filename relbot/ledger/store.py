"""The interface of a ledger: on a git ref (`relbot.ledger.git_ref.store`) or on GitHub (`relbot.ledger.github`)."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Protocol

from relbot.errors import Unknown, UsageError
from relbot.render.deploys.gaps import gap_sentence
from relbot.schema import lazy_re as re

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from relbot.deploy.log.proof import LedgerGap
    from relbot.deploy.log.record import Deed, Record, Who

_SHOWN_GAPS = 5
"""Gaps that an error names."""
_NAME = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9_-]|\.(?!\.|lock$|$))*")


class IncompleteLedger(Unknown):
    """Records of a ledger are missing or do not count, so nothing follows from the rest. `gaps` has all of them."""

    def __init__(self, environment: str, gaps: tuple[LedgerGap, ...]) -> None:
        lines = "".join(f"\n  {gap_sentence(gap)}" for gap in gaps[:_SHOWN_GAPS])
        more = f"\n  and {len(gaps) - _SHOWN_GAPS} more" if len(gaps) > _SHOWN_GAPS else ""
        what = f"relbot cannot rely on the ledger of {environment}:{lines}{more}"
        super().__init__(what, tip="To see all of it, and what to do:", example=f"relbot deploy verify {environment}")
        self.gaps = gaps


class Unpublished(Unknown):
    """It is recorded, and not everybody sees it yet."""


class Surroundings:
    """Who writes, and the clock, the waiting and the dice by which.

    `identify` is asked once who that is, when it matters first: it may have to ask git.
    """

    def __init__(
        self,
        identify: Callable[[], Who],
        now: Callable[[], datetime],
        pause: Callable[[float], None],
        chance: Callable[[], float],
    ) -> None:
        self.now = now
        self.pause = pause
        self.chance = chance
        self._identify = identify

    @cached_property
    def who(self) -> Who:
        """Who writes, and on which machine."""
        return self._identify()


class Store(Protocol):
    """The ledger of an environment. Every method raises Unknown where its question cannot be answered.

    All that give or record something raise IncompleteLedger where a record is missing or does not count, but for `gaps` and
    `vouch`.
    """

    @property
    def environment(self) -> str:
        """The name of the environment."""

    @property
    def around(self) -> Surroundings:
        """Who writes, and by which clock."""

    def entries(self) -> tuple[Record, ...]:
        """What is known without asking others, where that is possible."""

    def synced(self) -> tuple[Record, ...]:
        """What everybody knows, as far as the environment's state depends on it."""

    def take_fetched(self, ref: str) -> None:
        """Takes in a ledger that was fetched just now into a git ref. Other ledgers have nothing to take in."""

    def history(self) -> tuple[Record, ...]:
        """Everything that was ever recorded."""

    def remarks(self) -> tuple[str, ...]:
        """What the reader should know of what was read so far, in sentences."""

    def gaps(self) -> tuple[LedgerGap, ...]:
        """What is missing of all that everybody knows, or does not count; nothing if the ledger is whole."""

    def vouch(self, hashes: tuple[str, ...], reason: str) -> None:
        """Records that somebody stands for gaps of these hashes: what is there counts, the others do without what is not."""

    def unpublished(self) -> bool:
        """Whether something is recorded here that others do not see."""

    def all_environments(self) -> tuple[str, ...]:
        """The environments that have a ledger."""

    def record(self, deed: Deed) -> None:
        """Records a fact. Unpublished if it is recorded and not everybody sees it."""

    def claim(self, decide: Callable[[tuple[Record, ...]], Deed | None]) -> None:
        """Records what `decide` makes of all that is known, if nobody knows more by then; else it decides again.

        `decide` returns None if there is nothing to record, and raises what forbids it.
        """


def require_environment_name(environment: str) -> str:
    """The name of an environment. UsageError if it cannot be one."""
    if not _NAME.fullmatch(environment):
        tip = "Allowed: letters, digits, `-`, `_` and single dots between them."
        example = "relbot deploy status production"
        raise UsageError(f"`{environment}` cannot be the name of an environment.", tip=tip, example=example)
    return environment
