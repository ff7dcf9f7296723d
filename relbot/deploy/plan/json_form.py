"""A plan as JSON: its data, and the schema that is published for it."""

from __future__ import annotations

from typing import Any

from relbot.deploy.plan.model import VERSION, Plan
from relbot.schema import values


def plan_as_data(plan: Plan) -> dict[str, Any]:
    """The plan as JSON-able values, with its `version`. Texts are as written: whoever shows them escapes them."""
    return {"version": VERSION, **values.to_json_value(plan)}


def plan_schema() -> dict[str, Any]:
    """The JSON Schema (2020-12) of what `as_data` makes. Read off the types and texts of `relbot.deploy.plan.model`."""
    return values.versioned_schema(Plan, VERSION, "A plan of relbot")
