"""What goes on from one issue of a ledger to the next, so that nobody has to read all that there ever was. Pure."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from relbot.deploy.log.state import replay_records
from relbot.ledger.github.event import Item

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from relbot.deploy.log.record import Record
    from relbot.deploy.log.state import EnvironmentState


def carried(items: Iterable[Item]) -> tuple[Item, ...]:
    """The items from which the same state follows: what runs, the deploy under way, the lock, the steps left for later.

    A done names among the steps that it left only those that are still left, each once.
    """
    known = tuple(items)
    deployment = {item.entry: item.deployment for item in known}
    found = {was: Item(now, deployment.get(was, 0)) for was, now in _kept(replay_records(deployment))}
    return tuple(sorted(found.values(), key=lambda item: item.entry.order))


def _kept(now: EnvironmentState) -> Iterator[tuple[Record, Record]]:
    """The entries that are still of interest, and what they still say."""
    for done in {*now.later.values(), *([now.running] if now.running else [])}:
        left = tuple(step for step, by in now.later.items() if by == done)
        yield done, replace(done, deed=replace(done.deed, left=left, moot=()))
        yield from ((now.failed[step], _told_after(now.failed[step], done)) for step in left if step in now.failed)
    if now.lock:
        yield now.lock, now.lock
    if now.deploy:
        begun, ticks = now.deploy.begun, now.deploy.ticks.values()
        yield begun, begun
        yield from ((tick, tick) for tick in ticks)
        if (first := min((tick.order for tick in ticks), default=begun.order)) < begun.order:
            # They were made for the deploy whose place this one took, and count if one was under way.
            earlier = replace(begun, order=first - 1)
            yield earlier, earlier


def _told_after(tick: Record, done: Record) -> Record:
    """A failed tick as one of the step that `done` left: its own deploy, and the target this had then, are not carried on."""
    return replace(tick, order=max(tick.order, done.order + 1), deed=replace(tick.deed, target=done.deed.target))
