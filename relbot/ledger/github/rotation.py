"""The Deployment of a deploy that begins, and the issue for its records: the one there is, or a further one once that is long."""

from __future__ import annotations

from contextlib import suppress
from secrets import token_hex
from typing import TYPE_CHECKING

from relbot.deploy.log.record import DeedKind, Direction
from relbot.deploy.log.record_order import record_key
from relbot.deploy.log.replay import replay_records
from relbot.github.errors import GitHubError
from relbot.ledger.github import deployments
from relbot.ledger.github.deployments import LedgerIssues, NewDeployment
from relbot.ledger.github.event import CompactedState, LedgerItem
from relbot.ledger.github.issue_api import close_issue, issue_url, open_issue
from relbot.ledger.github.issue_body import closed_issue_body, new_issue_body
from relbot.schema.named_tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from relbot.deploy.log.record import Record
    from relbot.deploy.log.state import Deploy, EnvironmentState
    from relbot.github.client import GitHubRepository
    from relbot.ledger.github.snapshot import Snapshot

LONG = 500
"""Comments after which a deploy begins a further issue. All of an issue are read each time, and GitHub takes 2,500."""
MOST_CARRIED = 50
"""Entries that go on from one issue to the next at the most; a record has to fit into a comment."""

_ENDS = (DeedKind.ENDED, DeedKind.ABORTED, DeedKind.ADOPTED)


class BegunDeployment(NamedTuple):
    """A Deployment and where its records are. It `stays` if nothing comes of the deploy, where it tells of a new issue."""

    number: int
    place: LedgerIssues | None
    stays: bool


def begin_deployment(github: GitHubRepository, environment: str, known: Snapshot, commit: str, about: str) -> BegunDeployment:
    """Makes the Deployment of a commit, and opens an issue where one is needed. GitHubError if it cannot be made."""
    new = NewDeployment(environment, commit, LedgerIssues(()), token_hex(16), False, known.heads, about)
    if known.place and not _needs_rotation(known):
        number = deployments.create_deployment(github, new._replace(place=known.place))
        return BegunDeployment(number, known.place, stays=False)
    before = known.place.issues if known.place else ()
    title, mark, body = new_issue_body(environment, len(before) + 1)
    mine = LedgerIssues((*before, open_issue(github, title, body, mark)))
    number = deployments.create_deployment(github, new._replace(place=mine, opens=True))
    # Others may have opened one at the same time. Of these the first counts, for everybody.
    place = deployments.choose_issues(deployments.list_deployments(github, environment)) or mine
    with suppress(GitHubError):
        if place != mine:
            close_issue(github, mine.issue)
        elif before:
            close_issue(github, before[-1], closed_issue_body(environment, len(before), issue_url(github, mine.issue)))
    return BegunDeployment(number, place, stays=True)


def state_to_carry(known: Snapshot, place: LedgerIssues) -> CompactedState | None:
    """What a record has to carry that is written there; None if who reads that issue knows it all."""
    if len(place.issues) == 1 or (place == known.place and not known.unopened):
        return None
    return CompactedState(carry_items(known.items), known.last_claim)


def _needs_rotation(known: Snapshot) -> bool:
    now = known.recorded
    # What belongs to no deploy cannot be carried on: somebody has to say first what becomes of it.
    return known.size >= LONG and not now.deploy and not now.stray and can_carry(known.items)


def can_carry(items: Iterable[LedgerItem]) -> bool:
    """Whether a further issue can begin with what `compact_items` keeps: few items, from which all follows that was left.

    What failed or was taken back after the end of its deploy, or was renamed since, may need more. Then the issue goes on.
    """
    known = tuple(items)
    kept = compact_items(known)
    now, then = (replay_records(item.entry for item in each) for each in (known, kept))
    same = all(is_left.keys() == was_left.keys() for is_left, was_left in zip(then.left, now.left, strict=True))
    details = (then.done_on, then.open_on, then.placed) == (now.done_on, now.open_on, now.placed)
    also = (then.held.keys(), then.made_good.keys(), _names(then)) == (now.held.keys(), now.made_good.keys(), _names(now))
    return len(kept) <= MOST_CARRIED and same and details and also


def _names(now: EnvironmentState) -> Mapping[str, str]:
    """The names that changes have in the deploy under way, or had in one that was given up."""
    return now.deploy.names if now.deploy else now.names


def carry_items(items: Iterable[LedgerItem]) -> tuple[LedgerItem, ...]:
    """The items that go on to a further issue. Of a deploy under way, all that was recorded since the end before it.

    An issue begins only where no deploy is under way. If its beginning was cut off, the next record carries what was before it,
    and another deploy may have begun by then. Its state does not tell all that its end will make of its steps. Where its records
    are too many for a comment, its state has to do.
    """
    known = tuple(items)
    now = replay_records(item.entry for item in known)
    if now.deploy is None:
        return compact_items(known)
    ended = (item.entry.order for item in known if item.entry.deed.kind in _ENDS and item.entry.order < now.deploy.begun.order)
    last = max(ended, default=0)
    before = compact_items(item for item in known if item.entry.order <= last)
    since = (item._replace(entry=item.entry._replace(knew=())) for item in known if item.entry.order > last)
    carried = tuple(sorted((*before, *since), key=lambda item: item.entry.order))
    return carried if len(carried) <= MOST_CARRIED else compact_items(known)


def compact_items(items: Iterable[LedgerItem]) -> tuple[LedgerItem, ...]:
    """The items from which the same state follows: what runs, the deploy under way, the lock, the steps left for later.

    A done names among the steps that it left only those that are still left, or were made good since, each once.
    """
    deployment = {item.entry: item.deployment for item in items}
    now = replay_records(deployment)
    kept = _entries_still_needed(now, dict(_ends_made_good(now, deployment)))
    found = {was: LedgerItem(still, deployment.get(was, 0)) for was, still in kept}
    # Of what is carried on only the order tells who knew what: what lay in between is not carried.
    plain = (item._replace(entry=item.entry._replace(knew=())) for item in found.values())
    return tuple(sorted(plain, key=lambda item: item.entry.order))


def _ends_made_good(now: EnvironmentState, records: Iterable[Record]) -> Iterator[tuple[str, Record]]:
    """The steps that were made good since a deploy left them, each with the end of that deploy: they may be opened again."""
    ends = sorted((each for each in records if each.deed.kind is DeedKind.ENDED), key=record_key)
    for step, record in now.made_good.items():
        for end in ends:
            if step in (*end.deed.deferred, *end.deed.not_done) and record.deed.target in (end.deed.start, end.deed.target):
                yield step, end


def _entries_still_needed(now: EnvironmentState, made_good: Mapping[str, Record]) -> Iterator[tuple[Record, Record]]:
    """The records that are still of interest, and what they still say. `made_good` as from `_ends_made_good`."""
    left_by = (*now.deferred.values(), *now.not_done.values(), *made_good.values())
    closing = dict.fromkeys(each for each in (now.running, now.aborted, *left_by, *now.held.values()) if each)
    for done in closing:
        yield done, _trim_end(done, now, [step for step, by in made_good.items() if by == done])
        yield from _failures_left(done, now)
    since = (now.made_good[step] for step in made_good)
    yield from ((each, each) for each in (*since, *([now.lock] if now.lock else []), *now.notices, *now.early))
    for deploy in (now.ended, now.deploy):
        if deploy:
            ends = (each.order for each in closing if each.order < deploy.begun.order)
            # What was done of a deploy after it had ended shows in what it still leaves.
            until = now.running.order if now.running and deploy is now.ended else None
            yield from _entries_of_deploy(deploy, max(ends, default=0), until)


def _failures_left(done: Record, now: EnvironmentState) -> Iterator[tuple[Record, Record]]:
    """What failed of the steps that the end of a deploy left, as still of interest."""
    left = dict.fromkeys(step for of in (now.deferred, now.not_done) for step, by in of.items() if by == done)
    return ((now.failed[step], _order_after(now.failed[step], done)) for step in left if step in now.failed)


def _trim_end(done: Record, now: EnvironmentState, made_good: Iterable[str]) -> Record:
    """The end of a deploy, with those of its steps that are still left, and those that were made good since."""
    deferred, not_done = ({s for s, by in of.items() if by == done} for of in (now.deferred, now.not_done))
    direction = done.deed.direction if done in now.held.values() else Direction.NONE
    deed = done.deed._replace(
        deferred=tuple(sorted(deferred.union(made_good))),
        not_done=tuple(sorted(not_done)),
        moot=(),
        renamed=(),
        direction=direction,
    )
    return done._replace(deed=deed)


def _entries_of_deploy(deploy: Deploy, after: int, until: int | None) -> Iterator[tuple[Record, Record]]:
    begun = deploy.begun
    deeds = [each for records in deploy.deeds.values() for each in records if until is None or each.order < until]
    yield from ((each, each) for each in (begun, *deeds, *deploy.overruled.values()))
    if (first := min((each.order for each in deeds if each.order > after), default=begun.order)) < begun.order:
        # They were made for the deploy whose place this one took, and count if one was under way.
        earlier = begun._replace(order=first - 1, deed=begun.deed._replace(target=""))
        yield earlier, earlier


def _order_after(tick: Record, done: Record) -> Record:
    """A failed tick as one of the step that `done` left: its own deploy, and the target this had then, are not carried on."""
    return tick._replace(order=max(tick.order, done.order + 1), deed=tick.deed._replace(target=done.deed.target))
