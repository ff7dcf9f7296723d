"""What GitHub has of an environment's ledger at one moment: which issue, which events, which of them count, what is missing."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from relbot.deploy.log.graph import record_hash
from relbot.deploy.log.proof import Witness, describe_deed
from relbot.deploy.log.record import DeedKind
from relbot.deploy.log.replay import replay_records
from relbot.ledger.github.issue_body import toggles_as_items
from relbot.schema.named_tuples import NamedTuple

if TYPE_CHECKING:
    from relbot.deploy.log.line import UnreadableRecord
    from relbot.deploy.log.proof import LedgerGap
    from relbot.deploy.log.record import Deed, Record
    from relbot.deploy.log.state import EnvironmentState
    from relbot.ledger.github.deployments import LedgerIssues
    from relbot.ledger.github.event import LedgerItem
    from relbot.ledger.github.issue_body import BoxToggle


class Snapshot(NamedTuple):
    """What GitHub has of a ledger.

    `place`: its issues, None where nothing was ever recorded. `size`: the number of comments of the last issue.
    `seen`: the number of the newest event. `last_claim`: that of the newest event which claims have to know.
    `rejected`: the numbers of events that came too late, ascending. `unauthorized`: the logins of those whose comments look
    like records and do not count. `toggled`: boxes that people ticked or emptied and nobody has recorded, as of `changed`.
    `body`: that of the issue, "" where it was not read. `unopened`: whoever began the issue was cut off, so it has no record.
    `heads`: the newest records. `hashes`: those of all records that are there. `gaps`: what is missing or does not count;
    `faults`: the comments that cannot be read, by the hash of what stands there, each with its error.
    """

    place: LedgerIssues | None = None
    items: tuple[LedgerItem, ...] = ()
    rejected: tuple[int, ...] = ()
    seen: int = 0
    last_claim: int = 0
    size: int = 0
    unauthorized: tuple[str, ...] = ()
    toggled: tuple[BoxToggle, ...] = ()
    changed: datetime = datetime.min.replace(tzinfo=UTC)
    body: str = ""
    unopened: bool = False
    heads: tuple[Witness, ...] = ()
    hashes: frozenset[str] = frozenset()
    gaps: tuple[LedgerGap, ...] = ()
    faults: tuple[tuple[str, UnreadableRecord], ...] = ()

    @property
    def recorded(self) -> EnvironmentState:
        """Where the environment stands, going by what is recorded."""
        return replay_records(item.entry for item in self.items)

    def entries(self, environment: str) -> tuple[Record, ...]:
        """The entries on which the environment's state depends; ticked boxes are some, recorded or not."""
        return *(item.entry for item in self.items), *self.ticked(environment)

    def ticked(self, environment: str) -> tuple[Record, ...]:
        """Entries for the boxes that people ticked and nobody has recorded yet."""
        return tuple(item.entry for item in toggles_as_items(self.toggled, environment, self.seen, self.changed))

    def deployment_of(self, entry: Record) -> int:
        """The number of the Deployment that an entry is about, 0 if it is about none."""
        return next((item.deployment for item in self.items if item.entry == entry), 0)

    def followed_by(self, item: LedgerItem) -> Snapshot:
        """The same with an item more."""
        before = tuple(each for each in self.heads if each.hash not in item.entry.knew)
        return self._replace(items=(*self.items, item), seen=item.entry.order, heads=(*before, witness_of(item.entry)))


def witness_of(record: Record) -> Witness:
    """What is told of a record in a place that a removed comment does not take along."""
    return Witness(record_hash(record), str(record.who), describe_deed(record), "")


def ended_deployment(known: Snapshot, deed: Deed) -> int:
    """The number of the Deployment that a done ends; 0 if it is no done, or if none is under way with these revisions."""
    now = known.recorded.deploy if deed.kind is DeedKind.ENDED else None
    return known.deployment_of(now.begun) if now and (now.start, now.target) == (deed.start, deed.target) else 0


def wanted_states(known: Snapshot) -> dict[int, str]:
    """The Deployment under way with the state that tells the truth of it; none if none is."""
    deploy = known.recorded.deploy
    number = known.deployment_of(deploy.begun) if deploy else 0
    if deploy is None or not number:
        return {}
    failed = any(tick.deed.kind is DeedKind.FAILED for tick in deploy.ticks.values())
    return {number: "failure" if failed else "in_progress"}
