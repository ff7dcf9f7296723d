"""A plan as JSON: its data, and the schema that is published for it."""

from __future__ import annotations

import types
from dataclasses import fields, is_dataclass
from enum import Enum
from typing import Annotated, Any, Union, get_args, get_origin, get_type_hints

from relbot.plan.model import VERSION, Plan


def as_data(plan: Plan) -> dict[str, Any]:
    """The plan as JSON-able values, with its `version`. Texts are as written: whoever shows them escapes them."""
    return {"version": VERSION, **_data(plan)}


def _data(value: Any) -> Any:
    if isinstance(value, tuple):
        return [_data(item) for item in value]
    if isinstance(value, Enum):
        return value.value
    if is_dataclass(value):
        return {field.name: _data(getattr(value, field.name)) for field in fields(value)}
    return value


def plan_schema() -> dict[str, Any]:
    """The JSON Schema (2020-12) of what `as_data` makes. Read off the types and texts of `relbot.plan.model`."""
    definitions: dict[str, Any] = {}
    root = _record(Plan, definitions)
    root["properties"] = {"version": {"const": VERSION, "description": "The version of this format."}} | root["properties"]
    root["required"] = ["version", *root["required"]]
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": "A plan of relbot", **root, "$defs": definitions}


def _record(of: type[Any], definitions: dict[str, Any]) -> dict[str, Any]:
    hints = get_type_hints(of, include_extras=True)
    properties = {field.name: _schema(hints[field.name], definitions) for field in fields(of)}
    about = (of.__doc__ or "").split("\n\n")[0]
    return {
        "type": "object",
        "description": " ".join(about.split()),
        "additionalProperties": False,
        "properties": properties,
        "required": [field.name for field in fields(of)],
    }


def _schema(hint: Any, definitions: dict[str, Any]) -> dict[str, Any]:
    origin, arguments = get_origin(hint), get_args(hint)
    if origin is Annotated:
        return {**_schema(arguments[0], definitions), "description": arguments[1]}
    if origin in (Union, types.UnionType):
        return {"anyOf": [_schema(argument, definitions) for argument in arguments]}
    if origin is tuple:
        return {"type": "array", "items": _schema(arguments[0], definitions)}
    if isinstance(hint, type) and issubclass(hint, Enum):
        return {"enum": [member.value for member in hint]}
    if isinstance(hint, type) and is_dataclass(hint):
        name = hint.__name__
        if name not in definitions:
            definitions[name] = {}
            definitions[name] = _record(hint, definitions)
        return {"$ref": f"#/$defs/{name}"}
    return {"type": {str: "string", int: "integer", bool: "boolean", type(None): "null"}[hint]}
