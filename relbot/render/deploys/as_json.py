"""Where an environment stands, for programs. Texts are as written: whoever shows them escapes them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from relbot.deploy.log.line import format_line
from relbot.deploy.log.record_order import sort_records
from relbot.deploy.plan.json_form import plan_as_data, plan_schema
from relbot.render.deploys.json_shapes import (
    VERSION,
    ChecklistDeployShape,
    DeferredStepShape,
    GateShape,
    HostShape,
    LogShape,
    PersonShape,
    ProofShape,
    RecordedShape,
    StatusShape,
    StepShape,
    UnderWayShape,
)
from relbot.schema.values import record_definition, to_json_value, versioned_schema

if TYPE_CHECKING:
    from relbot.deploy.answers import Checklist, DeployStatus, GateAnswer, RecordedLog
    from relbot.deploy.log import progress
    from relbot.deploy.log.record import Record
    from relbot.deploy.log.state import Deploy

DEPLOY_SHAPES = {"status": StatusShape, "gate": GateShape, "log": LogShape, "verify": ProofShape}


def deploy_schema(name: str) -> dict[str, Any]:
    """The JSON Schema of what `relbot deploy NAME --format json` prints."""
    return versioned_schema(DEPLOY_SHAPES[name], VERSION, f"What relbot deploy {name} prints")


def status_json(status: DeployStatus) -> str:
    """Where an environment stands, as one JSON object."""
    now = status.state
    return write_deploy_json(
        StatusShape(
            environment=status.environment,
            running=_recorded_shape(now.running) if now.running else None,
            deploy=_under_way_shape(now.deploy, status, status.progress) if now.deploy and status.progress else None,
            lock=_recorded_shape(status.lock) if status.lock else None,
            later=tuple(map(_left_shape, status.left)),
            held=tuple(map(_recorded_shape, now.held.values())),
            notices=tuple(map(_recorded_shape, status.notices)),
            overruled=tuple(map(_recorded_shape, status.overruled)),
            stray=tuple(map(_recorded_shape, now.told_stray)),
            remarks=status.remarks,
            unclear=status.unclear,
            unpublished=status.unpublished,
        )
    )


def gate_json(gate: GateAnswer) -> str:
    """Whether the deploy may go on, and if not, why, as one JSON object."""
    return write_deploy_json(
        GateShape(
            environment=gate.environment,
            start=gate.start,
            target=gate.target,
            before=gate.before,
            may_go_on=gate.may_go_on,
            obstacles=gate.obstacles,
            lock=_recorded_shape(gate.lock) if gate.lock else None,
            steps=tuple(map(_step_shape, gate.unsettled)),
            orphaned_ticks=tuple(map(_recorded_shape, gate.orphaned_ticks)),
            later=tuple(map(_step_shape, gate.later)),
            left=tuple(map(_left_shape, gate.left)),
            notices=tuple(map(_recorded_shape, gate.notices)),
            overruled=tuple(map(_recorded_shape, gate.overruled)),
            remarks=gate.remarks,
            already=gate.already,
            looked=gate.looked,
            unverified=gate.unverified,
        )
    )


def checklist_answer_json(answer: Checklist) -> str:
    """The plan as one JSON object, with what its environment's ledger says of it under `deploy` where it has one."""
    deploy = to_json_value(_checklist_shape(answer, answer.progress)) if answer.progress else None
    return json.dumps({**plan_as_data(answer.plan), "deploy": deploy}, indent=2) + "\n"


def checklist_schema() -> dict[str, Any]:
    """The JSON Schema of what `relbot checklist --format json` prints: a plan, and `deploy`."""
    plan = plan_schema()
    deploy = versioned_schema(ChecklistDeployShape, VERSION, "")
    definitions = {**plan["$defs"], **deploy["$defs"], "ChecklistDeploy": record_definition(ChecklistDeployShape, {})}
    about = "What the ledger of the environment says; null, or not there, where no environment is meant."
    properties = {"deploy": {"anyOf": [{"$ref": "#/$defs/ChecklistDeploy"}, {"type": "null"}], "description": about}}
    return {**plan, "properties": {**plan["properties"], **properties}, "$defs": definitions}


def _checklist_shape(answer: Checklist, how_far: progress.Progress) -> ChecklistDeployShape:
    return ChecklistDeployShape(
        headline=answer.headline,
        remarks=answer.remarks,
        unclear=answer.unclear,
        lock=_recorded_shape(answer.lock) if answer.lock else None,
        obstacles=answer.obstacles,
        notices=tuple(map(_recorded_shape, answer.notices)),
        steps=tuple(map(_step_shape, how_far.statuses)),
        orphaned_ticks=tuple(map(_recorded_shape, how_far.orphaned_ticks)),
        later=tuple(map(_left_shape, answer.left)),
        stray=tuple(map(_recorded_shape, answer.stray)),
        overruled=tuple(map(_recorded_shape, answer.overruled)),
    )


def log_json(log: RecordedLog) -> str:
    """Renders all records, the earliest first, as one JSON object."""
    return write_deploy_json(LogShape(log.environment, tuple(map(_recorded_shape, sort_records(log.records)))))


def _under_way_shape(deploy: Deploy, status: DeployStatus, how_far: progress.Progress) -> UnderWayShape:
    return UnderWayShape(
        start=deploy.start,
        target=deploy.target,
        begun=_recorded_shape(deploy.begun),
        obstacles=status.obstacles,
        steps=tuple(map(_step_shape, how_far.statuses)),
        orphaned_ticks=tuple(map(_recorded_shape, how_far.orphaned_ticks)),
    )


def _step_shape(standing: progress.StepStatus) -> StepShape:
    step = standing.step
    entry = _recorded_shape(standing.entry) if standing.entry else None
    started = _recorded_shape(standing.started) if standing.started else None
    hosts = tuple(HostShape(each.host, each.mark) for each in standing.by_host)
    return StepShape(step.id, step.phase, step.kind, step.run, step.do, step.service, standing.mark, entry, started, hosts)


def _left_shape(left: progress.DeferredStep) -> DeferredStepShape:
    run, do = (left.step.run, left.step.do) if left.step else (None, None)
    failed = _recorded_shape(left.failed) if left.failed else None
    return DeferredStepShape(left.id, run, do, _recorded_shape(left.by), failed, left.hosts)


def _recorded_shape(entry: Record) -> RecordedShape:
    data = json.loads(format_line(entry))
    lists = {key: tuple(data[key]) for key in ("deferred", "not_done", "moot", "knew")}
    lists["on"] = entry.deed.on
    lists["renamed"] = tuple(tuple(pair) for pair in data["renamed"])
    return RecordedShape(**{**data, **lists, "who": PersonShape(**data["who"])})


def write_deploy_json(shape: StatusShape | GateShape | LogShape | ProofShape) -> str:
    """An answer about deploys as indented JSON with its version."""
    return json.dumps({"version": VERSION, **to_json_value(shape)}, indent=2) + "\n"
