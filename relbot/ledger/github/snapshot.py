"""What GitHub has of an environment's ledger at one moment: which issue, which events, which of them count."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, NamedTuple

from relbot.deploy.log.line import UnreadableRecord
from relbot.deploy.log.replay import replay_records
from relbot.github.errors import Unsure
from relbot.ledger.github.deployments import LedgerIssues, choose_issues, list_deployments
from relbot.ledger.github.event import CompactedState, from_body, last_number
from relbot.ledger.github.issue_api import issue_url, read_record_comments
from relbot.ledger.github.issue_body import newest_record, read_toggles, toggles_as_items
from relbot.ledger.github.ordering import order_events, require_complete

if TYPE_CHECKING:
    from collections.abc import Sequence

    from relbot.deploy.log.record import Record
    from relbot.deploy.log.state import EnvironmentState
    from relbot.github.client import GitHubRepository
    from relbot.ledger.github.event import LedgerEvent, LedgerItem
    from relbot.ledger.github.issue_body import BoxToggle
    from relbot.ledger.github.permissions import KnownWriters

NOTHING = CompactedState((), 0)


class Snapshot(NamedTuple):
    """What GitHub has of a ledger.

    `place`: its issues, None where nothing was ever recorded. `size`: the number of comments of the last issue.
    `seen`: the number of the newest event. `last_claim`: that of the newest event which claims have to know.
    `rejected`: the numbers of events that came too late, ascending. `unauthorized`: the logins of those whose comments look
    like records and do not count. `toggled`: boxes that people ticked or emptied and nobody has recorded, as of `changed`.
    `body`: that of the issue, "" where it was not read. `unopened`: whoever began the issue was cut off, so it has no record.
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
        return self._replace(items=(*self.items, item), seen=item.entry.order)


def read_snapshot(github: GitHubRepository, environment: str, writers: KnownWriters) -> Snapshot:
    """What everybody knows. GitHubError if it cannot be had, Unreadable if it is there and cannot be read."""
    made = list_deployments(github, environment)
    writers.prove(made)
    place = choose_issues(made)
    return read_snapshot_at(github, environment, writers, place) if place else Snapshot()


def read_snapshot_at(github: GitHubRepository, environment: str, writers: KnownWriters, place: LedgerIssues) -> Snapshot:
    """The same, where it is known which issues hold the records. Only the last of them is read, and what came late before it.

    Unreadable if the newest record that was there when the issue was drawn is not among them: it was removed, or its author may
    not write any more. What it said would be lost in silence.
    """
    known = _read_once(github, environment, writers, place)
    if newest_record(known.body) > known.seen:
        known = _read_once(github, environment, writers, place)  # somebody recorded between the two answers
    if (newest := newest_record(known.body)) > known.seen:
        lost = ", ".join(f"@{login}" for login in known.unauthorized)
        what = f"The newest record of {issue_url(github, place.issue)}, comment {newest}, is gone or does not count any more."
        tip = (
            f"Records by {lost} do not count: GitHub does not say that they may write. Let them write again."
            if lost
            else ("Somebody removed it, so nobody can tell what was done. The issue's own history on GitHub shows who.")
        )
        raise UnreadableRecord(what, tip=tip)
    return known


def _read_once(github: GitHubRepository, environment: str, writers: KnownWriters, place: LedgerIssues) -> Snapshot:
    page = read_issue_records(github, environment, writers, place.issue)
    if len(place.issues) == 1:
        return _as_snapshot(github, place, page, page.events, NOTHING, 0)
    for event in page.events:
        if event.record.carried:
            before = read_issue_records(github, environment, writers, place.issues[-2])
            floor = event.record.seen
            late = [each for each in before.events if each.number > floor]
            both = page._replace(numbers=page.numbers | before.numbers, unauthorized=page.unauthorized | before.unauthorized)
            return _as_snapshot(github, place, both, [*late, *page.events], event.record.carried, floor)
    # Whoever began this issue was cut off, or may not write any more.
    then = read_snapshot_at(github, environment, writers, LedgerIssues(place.issues[:-1]))
    known = _as_snapshot(github, place, page, page.events, CompactedState(then.items, then.last_claim), then.seen)
    return known._replace(unopened=not page.events)


def read_all_entries(
    github: GitHubRepository, environment: str, writers: KnownWriters, place: LedgerIssues
) -> tuple[Record, ...]:
    """Every entry that counts, of all issues."""
    events = [event for issue in place.issues for event in read_issue_records(github, environment, writers, issue).events]
    return tuple(event.entry for event in order_events(events).counted)


class IssueRecords(NamedTuple):
    """What one issue holds."""

    events: tuple[LedgerEvent, ...]
    numbers: frozenset[int]
    unauthorized: frozenset[str]
    size: int


def read_issue_records(github: GitHubRepository, environment: str, writers: KnownWriters, issue: int) -> IssueRecords:
    """The events of one issue, whether they count or not, without those of strangers."""
    comments = sorted(read_record_comments(github, issue))
    wanting = [comment for comment in comments if comment.wants]
    by_writers = [comment for comment in wanting if writers.may(comment)]
    strangers = frozenset(comment.author for comment in wanting if comment not in by_writers)
    events = [from_body(comment.number, comment.author, comment.body, comment.page) for comment in by_writers]
    for event in events:
        if event.entry.environment != environment:
            what = f"A record on {issue_url(github, issue)} belongs to {event.entry.environment}."
            raise UnreadableRecord(what, tip="Somebody copied it there. Remove that comment.")
    return IssueRecords(tuple(events), frozenset(comment.number for comment in comments), strangers, len(comments))


def _as_snapshot(
    github: GitHubRepository,
    place: LedgerIssues,
    page: IssueRecords,
    events: Sequence[LedgerEvent],
    carried: CompactedState,
    floor: int,
) -> Snapshot:
    """What follows from events, and from what is known of the time up to the event `floor`."""
    require_complete(events, page.numbers, issue_url(github, place.issue), floor)
    found = order_events(events, carried.last_claim)
    items = (*carried.items, *(event.item for event in found.counted))
    seen = max(floor, last_number(events))
    known = Snapshot(place, items, found.rejected, seen, found.last_claim, page.size, tuple(sorted(page.unauthorized)))
    return _with_toggles(github, known, place, {event.record.key for event in events})


def _with_toggles(github: GitHubRepository, known: Snapshot, place: LedgerIssues, keys: set[str]) -> Snapshot:
    now = known.recorded
    what = f"read the boxes of issue {place.issue}"
    answer = github.read(what, f"/issues/{place.issue}")
    body = str(answer.get("body") or "")
    try:
        changed = datetime.fromisoformat(str(answer["updated_at"]))
    except ValueError:
        raise Unsure(f"relbot could not {what}: GitHub's answer has no time.") from None
    return known._replace(toggled=tuple(read_toggles(body, place.issue, now, keys)), changed=changed, body=body)
