"""A plan as JSON, for programs. Its schema is `relbot.deploy.plan.data.plan_schema`."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from relbot.deploy.plan.data import as_data

if TYPE_CHECKING:
    from relbot.deploy.plan.model import Plan


def render_json(plan: Plan) -> str:
    """The plan as JSON in ASCII, so that no character in it can hide or act on a terminal. Ends in a newline."""
    return json.dumps(as_data(plan), indent=2) + "\n"
