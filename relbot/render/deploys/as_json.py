"""Where an environment stands, for programs. Texts are as written: whoever shows them escapes them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from relbot.record.entry import to_line
from relbot.record.progress import obstacles
from relbot.record.state import in_order

if TYPE_CHECKING:
    from collections.abc import Iterable

    from relbot.record.entry import Entry
    from relbot.record.progress import Left, Progress, Standing
    from relbot.record.state import Deploy
    from relbot.render.deploys.standing import Gate, Status

VERSION = 1


def status_json(status: Status) -> str:
    """One JSON object: `running`, `deploy`, `lock`, `later`."""
    now = status.state
    return _written(
        {
            "environment": status.environment,
            "running": _entry(now.running),
            "deploy": _deploy(now.deploy, status.progress) if now.deploy and status.progress else None,
            "lock": _entry(status.lock),
            "later": [_left(each) for each in status.left],
            "unpublished": status.unpublished,
        }
    )


def _deploy(deploy: Deploy, progress: Progress) -> dict[str, Any]:
    return {
        "start": deploy.start,
        "target": deploy.target,
        "begun": _entry(deploy.begun),
        "obstacles": list(obstacles(progress.plan)),
        "steps": [_standing(each) for each in progress.standings],
        "astray": [_entry(entry) for entry in progress.astray],
    }


def gate_json(gate: Gate) -> str:
    """One JSON object: whether the deploy `may_go_on`, and if not, why."""
    return _written(
        {
            "environment": gate.environment,
            "start": gate.start,
            "target": gate.target,
            "before": gate.before,
            "may_go_on": gate.may_go_on,
            "obstacles": list(gate.obstacles),
            "lock": _entry(gate.lock),
            "steps": [_standing(each) for each in gate.unsettled],
            "astray": [_entry(entry) for entry in gate.astray],
        }
    )


def log_json(environment: str, entries: Iterable[Entry]) -> str:
    """One JSON object with all `entries`, the earliest first."""
    return _written({"environment": environment, "entries": [_entry(entry) for entry in in_order(entries)]})


def _standing(standing: Standing) -> dict[str, Any]:
    step = standing.step
    told = {"id": step.id, "phase": step.phase.value, "kind": step.kind.value, "run": step.run, "do": step.do}
    return {**told, "service": step.service, "mark": standing.mark.value, "entry": _entry(standing.entry)}


def _left(left: Left) -> dict[str, Any]:
    told = {"run": left.step.run, "do": left.step.do} if left.step else {"run": None, "do": None}
    return {"step": left.id, **told, "left_by": _entry(left.by)}


def _entry(entry: Entry | None) -> dict[str, Any] | None:
    data: dict[str, Any] | None = json.loads(to_line(entry)) if entry else None
    return data


def _written(data: dict[str, Any]) -> str:
    return json.dumps({"version": VERSION, **data}, indent=2) + "\n"
