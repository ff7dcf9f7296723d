"""What was done or tried without the knowledge of whoever ended its deploy."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relbot.deploy.log.after_end import failed_after_all
from relbot.deploy.log.deeds import carried_out, inverse_id
from relbot.deploy.log.record import DeedKind
from relbot.deploy.log.state import ATTEMPTS, SETTLING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from relbot.deploy.log.graph import Lineage
    from relbot.deploy.log.record import Record
    from relbot.deploy.log.state import Deploy, EnvironmentState


def find_late_deeds(record: Record, deploy: Deploy, lineage: Lineage) -> list[Record]:
    """What the writer of an ENDED did not know of, and did not allow for: it belongs to the deploy no more."""
    left = {*record.deed.deferred, *record.deed.not_done}
    late: list[Record] = []
    for step, deeds in deploy.deeds.items():
        live = [each for each in deeds if each.deed.kind in ATTEMPTS]
        known = {carried_out(each, step) for each in live if each.deed.kind in SETTLING and lineage.has_seen(record, each)}
        for each in live:
            own = carried_out(each, step)
            agrees = each.deed.kind in SETTLING and own in left | known and inverse_id(own) not in known
            if not (agrees or lineage.has_seen(record, each)):
                late.append(each)
    return late


def find_late_for_moot(now: EnvironmentState, record: Record, lineage: Lineage) -> list[Record]:
    """What was left, and done or tried, unknown to the writer of an ENDED who believed that to be moot."""
    deeds = now.ended.deeds.items() if now.ended else ()
    done = {each: carried_out(each, step) for step, of_step in deeds for each in of_step}
    # Also of deploys before the last one.
    done |= {each: step for of_step in (now.made_good, now.failed) for step, each in of_step.items()}
    moot = (each for each, step in done.items() if step in record.deed.moot and each.deed.kind in ATTEMPTS)
    return [each for each in moot if not lineage.has_seen(record, each)]


def find_late_restarts(record: Record, deploy: Deploy, late: Iterable[Record], lineage: Lineage) -> dict[str, Record]:
    """The restarts that an ENDED leaves since its writer did not know that a step was done or undone, each with that deed.

    But for those that were done in knowledge of it, and for the deeds that belong to the deploy no more.
    """
    apart = tuple(late)
    needed: dict[str, Record] = {}
    for each in (each for of_step in deploy.deeds.values() for each in of_step):
        if each.deed.kind in SETTLING and each.deed.deferred and each not in apart and not lineage.has_seen(record, each):
            since = (restart for restart in each.deed.deferred if not _is_restarted(deploy, restart, each, lineage))
            needed |= dict.fromkeys(since, each)
    return needed


def _is_restarted(deploy: Deploy, restart: str, since: Record, lineage: Lineage) -> bool:
    settled = deploy.ticks.get(restart)
    return settled is not None and lineage.has_seen(settled, since)


def with_late(now: EnvironmentState, late: Iterable[Record]) -> EnvironmentState:
    """With what its end did not know of a deploy: a step of its target that failed is left, anything else belongs nowhere."""
    assert now.running is not None
    for each in late:
        if each.deed.kind is DeedKind.FAILED and each.deed.target == now.running.deed.target:
            now = failed_after_all(now, each)
        else:
            now = now._replace(stray=(*now.stray, each))
    return now
