"""On which hosts the steps of deploys that have ended were done, and on which those that they left are open still."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from relbot.deploy.log.hosts import hosts_named, hosts_tried
from relbot.deploy.log.record import DeedKind

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from relbot.deploy.log.record import Record
    from relbot.deploy.log.state import EnvironmentState

_T = TypeVar("_T")


def with_hosts_of_ended(
    now: EnvironmentState, deeds: Mapping[str, tuple[Record, ...]], left_on: Mapping[str, tuple[str, ...]]
) -> EnvironmentState:
    """With the hosts of the steps of a deploy that has ended, in place of what was known of them before.

    Where they were done or tried, and where those that it leaves are open.
    """
    tried = {step: hosts for step, of_step in deeds.items() if (hosts := hosts_tried(of_step, step))}
    open_on = {step: hosts for step, hosts in left_on.items() if hosts}
    return now._replace(
        done_on={**without_steps(now.done_on, *deeds), **tried}, open_on={**without_steps(now.open_on, *left_on), **open_on}
    )


def open_on_host(now: EnvironmentState, step: str, record: Record) -> EnvironmentState:
    """The state in which a step that is open again, since a deed says so, is it on the host of that deed alone."""
    deed, there = record.deed, now.open_on.get(step)
    if there is None and (step in now.deferred or step in now.not_done):
        return now  # it is open everywhere
    tried = now.done_on.get(step) or (_hosts_of(now, step, record) if deed.host else ())
    hosts = {*(there or ()), *([deed.host] if deed.host else tried)}
    if deed.kind is DeedKind.FAILED:
        everywhere = there is None and {*tried} - {deed.host}  # what was not left was done on all hosts that are known
        done = {*tried, deed.host} if deed.host and (step in now.done_on or everywhere) else now.done_on.get(step, ())
    else:
        done = {*tried} - hosts
    return now._replace(open_on=_with_hosts(now.open_on, step, hosts), done_on=_with_hosts(now.done_on, step, done))


def _with_hosts(known: Mapping[str, tuple[str, ...]], step: str, hosts: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """What is known of the hosts of steps, with those of one step; () where nothing tells them apart any more."""
    of_step = tuple(sorted(hosts))
    return {**without_steps(known, step), **({step: of_step} if of_step else {})}


def hosts_left(now: EnvironmentState, step: str, record: Record) -> tuple[str, ...]:
    """The hosts on which a step stays open after a deed that settles it on one of them; () where nothing stays open."""
    host = record.deed.host
    hosts = now.open_on.get(step) or _hosts_of(now, step, record) if host else ()
    return tuple(sorted(each for each in hosts if each != host))


def _hosts_of(now: EnvironmentState, step: str, record: Record) -> set[str]:
    """The hosts of a step, as far as a deed of it and those of the last deploy name them."""
    of_ended = now.ended.deeds.get(now.ended.name_of(step).removesuffix(":undo"), ()) if now.ended else ()
    return hosts_named((record, *of_ended))


def settle_on_host(now: EnvironmentState, step: str, record: Record, hosts: tuple[str, ...]) -> EnvironmentState:
    """The state after a deed that settles, on its host, a step that an earlier deploy left: it stays open on these `hosts`."""
    failed = (
        without_steps(now.failed, step) if step in now.failed and now.failed[step].deed.host == record.deed.host else now.failed
    )
    after = now._replace(open_on=_with_hosts(now.open_on, step, hosts), failed=failed)
    return after if record.deed.kind is DeedKind.SKIPPED else also_done_on(after, step, record)


def also_done_on(now: EnvironmentState, step: str, record: Record) -> EnvironmentState:
    """The state after a deed that does a step on one more host, or on all, where it was not done on all."""
    host = record.deed.host
    if step not in now.done_on and not (host and step in now.open_on):
        return now
    return now._replace(done_on=_with_hosts(now.done_on, step, {*now.done_on.get(step, ()), host} if host else ()))


def without_steps(of_steps: Mapping[str, _T], *steps: str) -> dict[str, _T]:
    """What is known of steps, without some of them."""
    return {step: record for step, record in of_steps.items() if step not in steps}
