"""What the configuration says of the services that a plan restarts: how, where, and how one sees that they work."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relbot.deploy.plan.model import PlannedStep, StepKind
from relbot.deploy.plan.step_order import renumber_steps
from relbot.fragment.model import Phase

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from relbot.config.model import Service
    from relbot.deploy.plan.model import Plan

CHECK_ID = "check:"
"""How the id of a step begins that checks a service."""


def with_services(plan: Plan, services: Iterable[Service]) -> Plan:
    """The plan with what is configured of the services that it restarts.

    A restart gets the service's command, check and hosts. A service that stops with one that is restarted, and is not restarted
    itself, gets a step that checks it. The result is the same if the plan has been through this before.
    """
    known = {service.name: service for service in services}
    restarts = [step for step in plan.steps if step.kind is StepKind.RESTART]
    if not known or not restarts:
        return plan
    steps = [_declared(step, known) for step in plan.steps if step.kind is not StepKind.CHECK]
    return renumber_steps(plan, [*steps, *_check_steps(restarts, known)])


def _declared(step: PlannedStep, known: dict[str, Service]) -> PlannedStep:
    service = known.get(step.service or "") if step.kind is StepKind.RESTART else None
    if service is None:
        return step
    checks = (step.check or "").split("\n") if step.check else []
    own = [service.check] if service.check else []
    check = "\n".join(dict.fromkeys((*own, *checks))) or None
    return step._replace(run=service.restart or step.run, check=check, on=tuple(sorted({*service.on, *step.on})))


def _check_steps(restarts: list[PlannedStep], known: dict[str, Service]) -> Iterator[PlannedStep]:
    restarted = {step.service for step in restarts}
    for service in known.values():
        stops_with = _stops_with(service, known)
        causes = [step for step in restarts if step.service in stops_with]
        if service.name in restarted or not causes:
            continue
        names = ", ".join(step.service or "" for step in causes)
        yield PlannedStep(
            number=0,
            id=f"{CHECK_ID}{service.name}",
            kind=StepKind.CHECK,
            phase=Phase.AFTER_RESTART,
            changes=tuple(dict.fromkeys(identity for step in causes for identity in step.changes)),
            do=f"Check whether {service.name} works: it stops with {names}."
            + (f" If it does not: {service.restart}" if service.restart else ""),
            on=service.on,
            check=service.check or None,
            service=service.name,
            after=tuple(step.id for step in causes),
        )


def _stops_with(service: Service, known: dict[str, Service]) -> dict[str, None]:
    """The services with which one stops, also by way of another: the clock stops with the worker, which stops with the web."""
    found = dict.fromkeys(service.dies_with)
    waiting = list(found)
    for name in waiting:
        further = [each for each in (known[name].dies_with if name in known else ()) if each not in found]
        found |= dict.fromkeys(further)
        waiting += further
    return found
