"""Where an environment stands, for programs. Texts are as written: whoever shows them escapes them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from relbot.deploy.log.progress import list_obstacles
from relbot.deploy.log.record import format_line
from relbot.deploy.log.state import sort_records
from relbot.render.deploys.shapes import VERSION, GateShape, Left, LogShape, Person, Recorded, StatusShape, Step, UnderWay
from relbot.schema.values import to_json_value, versioned_schema

if TYPE_CHECKING:
    from collections.abc import Iterable

    from relbot.deploy.log import progress
    from relbot.deploy.log.record import Record
    from relbot.deploy.log.state import Deploy
    from relbot.render.deploys.standing import Gate, Status

SCHEMAS = {"status": StatusShape, "gate": GateShape, "log": LogShape}


def schema(name: str) -> dict[str, Any]:
    """The JSON Schema of what `relbot deploy NAME --format json` prints."""
    return versioned_schema(SCHEMAS[name], VERSION, f"What relbot deploy {name} prints")


def status_json(status: Status) -> str:
    """Where an environment stands, as one JSON object."""
    now = status.state
    return _written(
        StatusShape(
            environment=status.environment,
            running=_recorded(now.running) if now.running else None,
            deploy=_under_way(now.deploy, status.progress) if now.deploy and status.progress else None,
            lock=_recorded(status.lock) if status.lock else None,
            later=tuple(map(_left, status.left)),
            unpublished=status.unpublished,
        )
    )


def gate_json(gate: Gate) -> str:
    """Whether the deploy may go on, and if not, why, as one JSON object."""
    return _written(
        GateShape(
            environment=gate.environment,
            start=gate.start,
            target=gate.target,
            before=gate.before,
            may_go_on=gate.may_go_on,
            obstacles=gate.obstacles,
            lock=_recorded(gate.lock) if gate.lock else None,
            steps=tuple(map(_step, gate.unsettled)),
            orphaned_ticks=tuple(map(_recorded, gate.orphaned_ticks)),
        )
    )


def log_json(environment: str, entries: Iterable[Record]) -> str:
    """All entries, the earliest first, as one JSON object."""
    return _written(LogShape(environment, tuple(map(_recorded, sort_records(entries)))))


def _under_way(deploy: Deploy, how_far: progress.Progress) -> UnderWay:
    return UnderWay(
        start=deploy.start,
        target=deploy.target,
        begun=_recorded(deploy.begun),
        obstacles=tuple(list_obstacles(how_far.plan)),
        steps=tuple(map(_step, how_far.statuses)),
        orphaned_ticks=tuple(map(_recorded, how_far.orphaned_ticks)),
    )


def _step(standing: progress.StepStatus) -> Step:
    step = standing.step
    entry = _recorded(standing.entry) if standing.entry else None
    return Step(step.id, step.phase, step.kind, step.run, step.do, step.service, standing.mark, entry)


def _left(left: progress.DeferredStep) -> Left:
    run, do = (left.step.run, left.step.do) if left.step else (None, None)
    return Left(left.id, run, do, _recorded(left.by))


def _recorded(entry: Record) -> Recorded:
    data = json.loads(format_line(entry))
    lists = {key: tuple(data[key]) for key in ("left", "moot")}
    return Recorded(**{**data, **lists, "who": Person(**data["who"])})


def _written(shape: StatusShape | GateShape | LogShape) -> str:
    return json.dumps({"version": VERSION, **to_json_value(shape)}, indent=2) + "\n"
