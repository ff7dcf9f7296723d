"""Reads the ledger of an environment from GitHub, and proves it: every record that somebody knew is there, by a writer."""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import TYPE_CHECKING

from relbot.deploy.log.graph import find_heads, record_hash
from relbot.deploy.log.line import UnreadableRecord
from relbot.deploy.log.proof import prove_records, vouched_hashes
from relbot.github.errors import Unsure
from relbot.ledger.github.deployments import LedgerIssues, choose_issues, list_deployments, told_records
from relbot.ledger.github.event import CompactedState, from_body, last_number
from relbot.ledger.github.issue_api import issue_url, read_record_comments
from relbot.ledger.github.issue_body import newest_records, read_toggles
from relbot.ledger.github.ordering import order_events
from relbot.ledger.github.snapshot import Snapshot, witness_of
from relbot.schema.named_tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from relbot.deploy.log.proof import LedgerGap, ProvenRecords, Witness
    from relbot.deploy.log.record import Record
    from relbot.github.client import GitHubRepository
    from relbot.ledger.github.deployments import LedgerDeployment
    from relbot.ledger.github.event import LedgerEvent
    from relbot.ledger.github.permissions import KnownWriters

NOTHING = CompactedState((), 0)


class LedgerReading(NamedTuple):
    """Where to read: the environment and its issues, whose records count, what tells of records from outside of the issue.

    `vouching` are the hashes for which somebody is about to vouch.
    """

    github: GitHubRepository
    environment: str
    writers: KnownWriters
    place: LedgerIssues
    witnesses: tuple[Witness, ...] = ()
    vouching: frozenset[str] = frozenset()


class IssueRecords(NamedTuple):
    """What one issue holds. `strangers` are events of people who may not write; `faults` as in `Snapshot`."""

    events: tuple[LedgerEvent, ...]
    strangers: tuple[LedgerEvent, ...]
    unauthorized: frozenset[str]
    size: int
    faults: tuple[tuple[str, UnreadableRecord], ...] = ()


def read_snapshot(
    github: GitHubRepository, environment: str, writers: KnownWriters, vouching: frozenset[str] = frozenset()
) -> Snapshot:
    """What everybody knows. GitHubError if it cannot be had."""
    made = list_deployments(github, environment)
    writers.prove(made)
    place = choose_issues(made)
    if place is None:
        return Snapshot()
    return read_snapshot_at(LedgerReading(github, environment, writers, place, _list_witnesses(github, made, place), vouching))


def _list_witnesses(github: GitHubRepository, made: Sequence[LedgerDeployment], place: LedgerIssues) -> tuple[Witness, ...]:
    """What the Deployments of a place tell of its records."""
    here = [each for each in made if each.place == place]
    newest = max((each.number for each in here), default=0)
    return (*(each for one in here for each in one.knew), *(told_records(github, newest) if newest else ()))


def read_snapshot_at(reading: LedgerReading) -> Snapshot:
    """The same, where it is known which issues hold the records. Only the last of them is read, and what came late before it."""
    known = _read_once(reading)
    return _read_once(reading) if known.gaps else known  # somebody may have recorded between two answers


def _read_once(reading: LedgerReading) -> Snapshot:
    place = reading.place
    page = read_issue_records(reading, place.issue)
    if len(place.issues) == 1:
        return _as_snapshot(reading, page, NOTHING)
    opening = next((event for event in page.events if event.record.carried), None)
    if opening and opening.record.carried:
        before = read_issue_records(reading, place.issues[-2])
        floor = opening.record.seen
        both = IssueRecords(
            (*(each for each in before.events if each.number > floor), *page.events),
            (*(each for each in before.strangers if each.number > floor), *page.strangers),
            page.unauthorized | before.unauthorized,
            page.size,
            (*page.faults, *before.faults),
        )
        there = frozenset(record_hash(each.entry) for each in (*before.events, *before.strangers))
        return _as_snapshot(reading, both, opening.record.carried, floor, there)
    # Somebody began this issue and was cut off, or may not write any more.
    then = read_snapshot_at(reading._replace(place=LedgerIssues(place.issues[:-1])))
    known = _as_snapshot(reading, page, CompactedState(then.items, then.last_claim), then.seen, then.hashes)
    heads = known.heads if page.events else then.heads
    return known._replace(unopened=not page.events, heads=heads, gaps=tuple(dict.fromkeys((*then.gaps, *known.gaps))))


def read_all_entries(reading: LedgerReading) -> tuple[tuple[Record, ...], tuple[LedgerGap, ...]]:
    """Every entry that counts, of all issues, and what is missing of all of them."""
    pages = [read_issue_records(reading, issue) for issue in reading.place.issues]
    whole = IssueRecords(
        tuple(event for page in pages for event in page.events),
        tuple(event for page in pages for event in page.strangers),
        frozenset(),
        0,
    )
    proven, events = _prove(reading, whole, frozenset(), reading.witnesses)
    return tuple(event.entry for event in order_events(events).counted), proven.gaps


def read_issue_records(reading: LedgerReading, issue: int) -> IssueRecords:
    """The events of one issue, whether they count or not."""
    comments = sorted(read_record_comments(reading.github, issue))
    wanting = [comment for comment in comments if comment.wants]
    events: list[LedgerEvent] = []
    strangers: list[LedgerEvent] = []
    faults: list[tuple[str, UnreadableRecord]] = []
    for comment in wanting:
        may = reading.writers.may(comment)
        try:
            event = from_body(comment.number, comment.author, comment.body, comment.page)
            if event.entry.environment != reading.environment:
                what = f"A record on {issue_url(reading.github, issue)} belongs to {event.entry.environment}."
                raise UnreadableRecord(what, tip="It is a copy. Remove that comment.")
            (events if may else strangers).append(event)
        except UnreadableRecord as error:
            if may:
                faults.append((hashlib.sha256(comment.body.encode()).hexdigest(), error))
    unauthorized = frozenset(comment.author for comment in wanting if not reading.writers.may(comment))
    return IssueRecords(tuple(events), tuple(strangers), unauthorized, len(comments), tuple(faults))


def _prove(
    reading: LedgerReading, page: IssueRecords, there: frozenset[str], witnesses: Iterable[Witness]
) -> tuple[ProvenRecords, tuple[LedgerEvent, ...]]:
    """What is missing, and the events of writers, and of others for whose records somebody vouched."""
    carried = [each.entry for event in page.events if event.record.carried for each in event.record.carried.items]
    fine = {*there, *map(record_hash, carried), *reading.vouching}
    where = reading.github.repository
    unproven = {each.entry: f"GitHub does not say that @{each.author} may write to {where}" for each in page.strangers}
    proven = prove_records([event.entry for event in page.events], witnesses, unproven, fine)
    counted = set(proven.records)
    return proven, (*page.events, *(event for event in page.strangers if event.entry in counted))


def _as_snapshot(
    reading: LedgerReading,
    page: IssueRecords,
    carried: CompactedState,
    floor: int = 0,
    there: frozenset[str] = frozenset(),
) -> Snapshot:
    """What follows from the events of a page, and from what is known of the time up to the event `floor`.

    `there` are the hashes of records that are there before that.
    """
    what = f"read the boxes of issue {reading.place.issue}"
    answer = reading.github.read(what, f"/issues/{reading.place.issue}")
    body = str(answer.get("body") or "")
    try:
        changed = datetime.fromisoformat(str(answer["updated_at"]))
    except ValueError:
        raise Unsure(f"relbot could not {what}: GitHub's answer has no time.") from None
    proven, events = _prove(reading, page, there, (*newest_records(body), *reading.witnesses))
    found = order_events(events, carried.last_claim)
    by_hash = {record_hash(event.entry): event.entry for event in found.counted}
    vouched = reading.vouching | vouched_hashes(proven.records)
    known = Snapshot(
        place=reading.place,
        items=(*carried.items, *(event.item for event in found.counted)),
        rejected=found.rejected,
        seen=max(floor, last_number(events)),
        last_claim=found.last_claim,
        size=page.size,
        unauthorized=tuple(sorted(page.unauthorized)),
        changed=changed,
        body=body,
        heads=tuple(witness_of(by_hash[each]) for each in find_heads(by_hash.values())),
        hashes=there | {record_hash(event.entry) for event in events},
        gaps=proven.gaps,
        faults=tuple(each for each in page.faults if each[0] not in vouched),
    )
    keys = {event.record.key for event in events}
    return known._replace(toggled=tuple(read_toggles(body, reading.place.issue, known.recorded, keys)))
