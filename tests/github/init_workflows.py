"""The workflows that `relbot init` writes, in both ways to get relbot."""

from __future__ import annotations

from relbot.adoption.relbot_source import FromAction, FromRequirement
from relbot.adoption.workflows import WorkflowSettings, make_workflows

ACTION = FromAction("someone/relbot", "5" * 40, "v0.1.0")
HASHED = FromRequirement("relbot==0.1.0", (f"sha256:{'a' * 64}",))
BY_ACTION = make_workflows(WorkflowSettings(ACTION, "main", "relbot: waived"))
BY_HASH = make_workflows(WorkflowSettings(HASHED, "main", "relbot: waived"))
