"""A plan as JSON, for programs. Its schema is `relbot.deploy.plan.json_form.plan_schema`."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from relbot.deploy.plan.json_form import plan_as_data

if TYPE_CHECKING:
    from relbot.deploy.plan.model import Plan


def checklist_json(plan: Plan) -> str:
    """The plan as JSON in ASCII, so that no character in it can hide or act on a terminal. Ends in a newline."""
    return json.dumps(plan_as_data(plan), indent=2) + "\n"
