"""Values as JSON, and the schema that is published for them: both read off dataclasses and named tuples.

`Annotated` texts become descriptions, so what a program may rely on stands where the value is defined.
"""

from __future__ import annotations

import types
from dataclasses import fields, is_dataclass
from enum import Enum
from typing import Annotated, Any, Union, get_args, get_origin, get_type_hints

DIALECT = "https://json-schema.org/draft/2020-12/schema"


def to_json_value(value: Any) -> Any:
    """A record and all that is in it as JSON-able values. Texts are as written: whoever shows them escapes them."""
    if isinstance(value, tuple):
        names = getattr(value, "_fields", None)
        return dict(zip(names, map(to_json_value, value), strict=True)) if names else [to_json_value(item) for item in value]
    if isinstance(value, Enum):
        return value.value
    if is_dataclass(value):
        return {field.name: to_json_value(getattr(value, field.name)) for field in fields(value)}
    return value


def versioned_schema(of: type[Any], version: int, title: str) -> dict[str, Any]:
    """The JSON Schema (2020-12) of what `as_data` makes of such a value, with the `version` of its format before it."""
    definitions: dict[str, Any] = {}
    root = record_definition(of, definitions)
    root["properties"] = {"version": {"const": version, "description": "The version of this format."}} | root["properties"]
    root["required"] = ["version", *root["required"]]
    return {"$schema": DIALECT, "title": title, **root, "$defs": definitions}


def record_definition(of: type[Any], definitions: dict[str, Any]) -> dict[str, Any]:
    """The schema of a dataclass or named tuple as an object; those that it refers to are added to `definitions`."""
    hints = get_type_hints(of, include_extras=True)
    properties = {name: _hint_schema(hint, definitions) for name, hint in hints.items()}
    about = (of.__doc__ or "").split("\n\n")[0]
    return {
        "type": "object",
        "description": " ".join(about.split()),
        "additionalProperties": False,
        "properties": properties,
        "required": list(hints),
    }


def _hint_schema(hint: Any, definitions: dict[str, Any]) -> dict[str, Any]:
    origin, arguments = get_origin(hint), get_args(hint)
    if origin is Annotated:
        return {**_hint_schema(arguments[0], definitions), "description": arguments[1]}
    if origin in (Union, types.UnionType):
        return {"anyOf": [_hint_schema(argument, definitions) for argument in arguments]}
    if origin is tuple:
        return {"type": "array", "items": _hint_schema(arguments[0], definitions)}
    if isinstance(hint, type) and issubclass(hint, Enum):
        return {"enum": [member.value for member in hint]}
    if isinstance(hint, type) and (is_dataclass(hint) or hasattr(hint, "_fields")):
        name = hint.__name__
        if name not in definitions:
            definitions[name] = {}
            definitions[name] = record_definition(hint, definitions)
        return {"$ref": f"#/$defs/{name}"}
    return {"type": {str: "string", int: "integer", bool: "boolean", type(None): "null"}[hint]}
