"""What GitHub has of an environment's ledger at one moment: which issue, which events, which of them count."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, NamedTuple

from relbot.deploy.log.record import UnreadableRecord
from relbot.deploy.log.state import replay_records
from relbot.github.errors import Unsure
from relbot.ledger.github.deployments import Place, listed, place_in
from relbot.ledger.github.event import Carried, from_body, last
from relbot.ledger.github.issue_api import page_of, read_comments
from relbot.ledger.github.issue_body import as_items, toggles
from relbot.ledger.github.ordering import complete, judged

if TYPE_CHECKING:
    from collections.abc import Sequence

    from relbot.deploy.log.record import Record
    from relbot.deploy.log.state import EnvironmentState
    from relbot.github.client import Hub
    from relbot.ledger.github.event import Event, Item
    from relbot.ledger.github.issue_body import Toggle
    from relbot.ledger.github.permissions import Writers

NOTHING = Carried((), 0)


class Known(NamedTuple):
    """What was read. `place` is None where nothing was ever recorded; `size` is how many comments its last issue has.

    `seen` is the number of the newest event, `turned` that of the newest which claims have to know, `void` are the numbers of
    those that came too late, `strangers` the logins of those whose comments want to be records and do not count. `toggled` is
    what people did to boxes and nobody has recorded, at the time `changed`; `body` is that of the issue, "" where it was of no
    interest. `unopened`: whoever began the issue was cut off, so that it holds no record yet.
    """

    place: Place | None = None
    items: tuple[Item, ...] = ()
    void: tuple[int, ...] = ()
    seen: int = 0
    turned: int = 0
    size: int = 0
    strangers: tuple[str, ...] = ()
    toggled: tuple[Toggle, ...] = ()
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
        return tuple(item.entry for item in as_items(self.toggled, environment, self.seen, self.changed))

    def deployment_of(self, entry: Record) -> int:
        """The number of the Deployment that an entry is about, 0 if it is about none."""
        return next((item.deployment for item in self.items if item.entry == entry), 0)

    def followed_by(self, item: Item) -> Known:
        """The same with an item more."""
        return self._replace(items=(*self.items, item), seen=item.entry.order)


def read(hub: Hub, environment: str, writers: Writers) -> Known:
    """What everybody knows. GitHubError if it cannot be had, Unreadable if it is there and cannot be read."""
    made = listed(hub, environment)
    writers.prove(made)
    place = place_in(made)
    return read_place(hub, environment, writers, place) if place else Known()


def read_place(hub: Hub, environment: str, writers: Writers, place: Place) -> Known:
    """The same, where it is known which issues hold the records. Only the last of them is read, and what came late before it."""
    page = read_issue(hub, environment, writers, place.issue)
    if len(place.issues) == 1:
        return _known(hub, place, page, page.events, NOTHING, 0)
    for event in page.events:
        if event.record.carried:
            before = read_issue(hub, environment, writers, place.issues[-2])
            floor = event.record.seen
            late = [each for each in before.events if each.number > floor]
            both = page._replace(numbers=page.numbers | before.numbers, strangers=page.strangers | before.strangers)
            return _known(hub, place, both, [*late, *page.events], event.record.carried, floor)
    # Whoever began this issue was cut off, or may not write any more.
    then = read_place(hub, environment, writers, Place(place.issues[:-1]))
    known = _known(hub, place, page, page.events, Carried(then.items, then.turned), then.seen)
    return known._replace(unopened=not page.events)


def read_all(hub: Hub, environment: str, writers: Writers, place: Place) -> tuple[Record, ...]:
    """Every entry that counts, of all issues."""
    events = [event for issue in place.issues for event in read_issue(hub, environment, writers, issue).events]
    return tuple(event.entry for event in judged(events).counted)


class Page(NamedTuple):
    """What one issue holds."""

    events: tuple[Event, ...]
    numbers: frozenset[int]
    strangers: frozenset[str]
    size: int


def read_issue(hub: Hub, environment: str, writers: Writers, issue: int) -> Page:
    """The events of one issue, whether they count or not, without those of strangers."""
    comments = sorted(read_comments(hub, issue))
    wanting = [comment for comment in comments if comment.wants]
    by_writers = [comment for comment in wanting if writers.may(comment)]
    strangers = frozenset(comment.author for comment in wanting if comment not in by_writers)
    events = [from_body(comment.number, comment.author, comment.body, comment.page) for comment in by_writers]
    for event in events:
        if event.entry.environment != environment:
            what = f"A record on {page_of(hub, issue)} belongs to {event.entry.environment}."
            raise UnreadableRecord(what, tip="Somebody copied it there. Remove that comment.")
    return Page(tuple(events), frozenset(comment.number for comment in comments), strangers, len(comments))


def _known(hub: Hub, place: Place, page: Page, events: Sequence[Event], carried: Carried, floor: int) -> Known:
    """What follows from events, and from what is known of the time up to the event `floor`."""
    complete(events, page.numbers, page_of(hub, place.issue), floor)
    found = judged(events, carried.turned)
    items = (*carried.items, *(event.item for event in found.counted))
    seen = max(floor, last(events))
    known = Known(place, items, found.void, seen, found.turned, page.size, tuple(sorted(page.strangers)))
    return _with_boxes(hub, known, place, {event.record.key for event in events})


def _with_boxes(hub: Hub, known: Known, place: Place, keys: set[str]) -> Known:
    now = known.recorded
    if now.deploy is None:
        return known
    what = f"read the boxes of issue {place.issue}"
    answer = hub.read(what, f"/issues/{place.issue}")
    body = str(answer.get("body") or "")
    try:
        changed = datetime.fromisoformat(str(answer["updated_at"]))
    except ValueError:
        raise Unsure(f"relbot could not {what}: GitHub's answer has no time.") from None
    return known._replace(toggled=tuple(toggles(body, place.issue, now, keys)), changed=changed, body=body)
