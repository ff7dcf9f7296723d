"""On which of its hosts a step was done, and on which it is open still."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relbot.deploy.log.deeds import carried_out, effective_deed
from relbot.deploy.log.record import DeedKind
from relbot.schema.named_tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable

    from relbot.deploy.log.record import Record


class HostsOfStep(NamedTuple):
    """The hosts where a step was done or tried, and those where it is open or failed; both () where nobody told hosts apart."""

    tried: tuple[str, ...] = ()
    open: tuple[str, ...] = ()


def split_hosts(deeds: Iterable[Record], step: str) -> HostsOfStep:
    """The hosts of the step of that id, from the deeds of it and its inverse: those that it names, and those that were said."""
    told = tuple(deeds)
    tried: list[str] = []
    open_ones: list[str] = []
    for host in sorted(hosts_named(told)):
        holds = effective_deed((each for each in told if each.deed.host in ("", host)), step)
        own = holds is not None and carried_out(holds, step) == step
        failed = holds is not None and holds.deed.kind is DeedKind.FAILED
        if failed or (own and holds is not None and holds.deed.kind is not DeedKind.SKIPPED):
            tried.append(host)
        if failed or not own:
            open_ones.append(host)
    return HostsOfStep(tuple(tried), tuple(open_ones))


def hosts_tried(deeds: Iterable[Record], step: str) -> tuple[str, ...]:
    """The hosts where a step was done or tried, where it was not on others; () where nobody told hosts apart."""
    known = tuple(deeds)
    if not any(each.deed.host for each in known):
        return ()
    tried = split_hosts(known, step).tried
    return tried if not hosts_named(known) <= {*tried} else ()


def hosts_named(deeds: Iterable[Record]) -> set[str]:
    """The hosts that deeds name, and those that their step names."""
    return {host for each in deeds if each.deed.host for host in (*each.deed.on, each.deed.host)}
