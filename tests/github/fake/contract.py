"""GitHub's own OpenAPI document, and whether a request and an answer keep to it.

The document lies trimmed in `tests/github/contract/`. Request bodies are closed: a key that GitHub does not know is a
breach, where GitHub itself would silently leave it aside.
"""

from __future__ import annotations

import functools
import gzip
import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import parse_qsl, unquote

from jsonschema import Draft202012Validator
from jsonschema.exceptions import best_match

if TYPE_CHECKING:
    from collections.abc import Mapping

_DOCUMENT = Path(__file__).parent.parent / "contract" / "api.github.com.json.gz"
_JSON = "application/json"
_WHOLE_REST = frozenset({"{ref}", "{path}", "{branch}", "{tag}", "{name}"})
"""Parameters of a path that may hold a slash."""
_EVERYWHERE = frozenset({401, 403, 404, 409, 422, 429, 500, 502, 503})
"""What GitHub may answer to any request, whether its document says so for the operation or not."""


class Operation(NamedTuple):
    """One of GitHub's operations: its method, its path with names in braces, and what the document says of it."""

    method: str
    path: str
    about: Mapping[str, Any]


@functools.cache
def document() -> dict[str, Any]:
    """The trimmed document, its schemas as JSON schemas."""
    found: dict[str, Any] = json.loads(gzip.decompress(_DOCUMENT.read_bytes()))
    nullable = found["components"]["schemas"]
    # GitHub answers null for a fork that was deleted. The document forgets it in lists.
    ends = nullable["pull-request-simple"]["properties"]
    ends["head"]["properties"]["repo"] = {"nullable": True, "allOf": [ends["head"]["properties"]["repo"]]}
    for name in ("pull-request", "pull-request-simple"):  # of an account that was deleted
        nullable[name]["properties"]["user"] = {"nullable": True, "allOf": [nullable[name]["properties"]["user"]]}
    # An error that fits one of these fits both: neither demands a key.
    conflict = found["paths"]["/repos/{owner}/{repo}/contents/{path}"]["put"]["responses"]["409"]["content"][_JSON]["schema"]
    conflict["anyOf"] = conflict.pop("oneOf")
    found["components"]["schemas"] = {name: _json_schema(schema) for name, schema in nullable.items()}
    return found


@functools.cache
def _operations() -> list[tuple[re.Pattern[str], Operation]]:
    found = []
    for path, methods in document()["paths"].items():
        parts = [re.escape(part) if part[0] != "{" else _part(part) for part in path[1:].split("/")]
        pattern = re.compile("/" + "/".join(parts))
        found += [(pattern, Operation(method.upper(), path, about)) for method, about in methods.items()]
    # `/releases/latest` before `/releases/{release_id}`
    return sorted(found, key=lambda each: (each[1].path.count("{"), -len(each[1].path)))


def _part(name: str) -> str:
    return f"(?P<{name[1:-1]}>{'.+' if name in _WHOLE_REST else '[^/]+'})"


def operation(method: str, path: str) -> tuple[Operation, dict[str, str]] | None:
    """The operation that a request means, and the values in its path. None if the document does not have it."""
    for pattern, one in _operations():
        if one.method == method and (match := pattern.fullmatch(path)):
            return one, {name: unquote(value) for name, value in match.groupdict().items()}
    return None


def request_faults(one: Operation, query: str, body: bytes) -> list[str]:
    """What in a request breaks the contract."""
    return [*_query_faults(one, query), *_body_faults(one, body)]


def answer_faults(one: Operation, status: int, content: bytes) -> list[str]:
    """What in an answer breaks the contract: then the fake is wrong, and not what is tested."""
    stated = one.about["responses"].get(str(status))
    if stated is None:
        return [] if status in _EVERYWHERE else [f"the document knows no answer {status}"]
    stated = _resolved(stated)
    if "content" not in stated:
        return ["an answer without content has some"] if content and status == 204 else []
    if _JSON not in stated["content"]:
        return []
    try:
        value = json.loads(content)
    except ValueError:
        return ["the content is not JSON"]
    alike = (one.path, one.method, status, _shape(value))
    if alike in _SOUND:
        return []
    faults = _faults(_answer_validator(one.path, one.method, str(status)), value)
    if not faults:
        _SOUND.add(alike)
    return faults


_SOUND: set[object] = set()
"""Answers of a shape that was held to the document already: to do so takes ten times as long as all else of an answer."""
_WORD = re.compile(r"[A-Za-z_]{1,24}")


def _shape(value: Any) -> object:
    """What a schema looks at: keys, kinds of values, and words, which may be one of a list. No format of a text is checked."""
    if isinstance(value, dict):
        return tuple((key, _shape(value[key])) for key in sorted(value))
    if isinstance(value, list):
        return "list", frozenset(map(_shape, value))
    if isinstance(value, str):
        return value if _WORD.fullmatch(value) else "a text"
    return (value, bool) if value is None or isinstance(value, bool) else type(value)


def example(method: str, path: str, status: int = 200) -> Any:
    """A copy of the document's example of an answer; the first of them where the answer is a list."""
    return json.loads(_example_text(method, path, status))  # five times as fast as a deep copy


@functools.cache
def _example_text(method: str, path: str, status: int) -> str:
    content = document()["paths"][path][method.lower()]["responses"][str(status)]["content"][_JSON]
    first = next(iter(content["examples"].values()))
    while "$ref" in first or "$ref" in first.get("value", {}):
        first = _resolved(first if "$ref" in first else first["value"])
    value = first["value"]
    return json.dumps(value[0] if isinstance(value, list) else value)


def _query_faults(one: Operation, query: str) -> list[str]:
    known = {
        about["name"]: about["schema"] for about in map(_resolved, one.about.get("parameters", ())) if about["in"] == "query"
    }
    faults = []
    for name, value in parse_qsl(query, keep_blank_values=True):
        if name not in known:
            faults.append(f"there is no parameter {name!r}; there are {', '.join(known) or 'none'}")
            continue
        schema = _json_schema(known[name])
        read = int(value) if schema.get("type") == "integer" and value.isdecimal() else value
        faults += [f"parameter {name}: {fault}" for fault in _faults(Draft202012Validator(schema), read)]
    return faults


def _body_faults(one: Operation, body: bytes) -> list[str]:
    stated = one.about.get("requestBody")
    if stated is None:
        return [f"there is a body, and {one.method} {one.path} takes none"] if body.strip() not in (b"", b"{}") else []
    if not body:
        return ["there is no body"] if stated.get("required") else []
    try:
        value = json.loads(body)
    except ValueError:
        return ["the body is not JSON"]
    return _faults(_body_validator(one.path, one.method), value)


@functools.cache
def _body_validator(path: str, method: str) -> Draft202012Validator:
    schema = document()["paths"][path][method.lower()]["requestBody"]["content"][_JSON]["schema"]
    return _validator(_closed(_json_schema(schema)))


@functools.cache
def _answer_validator(path: str, method: str, status: str) -> Draft202012Validator:
    stated = _resolved(document()["paths"][path][method.lower()]["responses"][status])
    return _validator(_json_schema(stated["content"][_JSON]["schema"]))


def _validator(schema: Any) -> Draft202012Validator:
    return Draft202012Validator({**schema, "components": {"schemas": document()["components"]["schemas"]}})


def _faults(validator: Draft202012Validator, value: Any) -> list[str]:
    # jsonschema's own class is not typed as far as its errors
    error: Any = best_match(validator.iter_errors(value))
    if error is None:
        return []
    place = "/".join(str(part) for part in error.absolute_path)
    return [f"{place or 'the body'}: {error.message[:300]}"]


def _json_schema(schema: Any) -> Any:
    """A schema of OpenAPI 3.0 as a JSON schema: its `nullable` is a type there."""
    if isinstance(schema, list):
        return [_json_schema(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    made = {key: _json_schema(each) for key, each in schema.items() if not (key == "nullable" and each is True)}
    return {"anyOf": [{"type": "null"}, made]} if schema.get("nullable") is True else made


def _closed(schema: Any) -> Any:
    """The schema, taking no keys but those it names."""
    if isinstance(schema, list):
        return [_closed(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    made = {key: _closed(each) for key, each in schema.items()}
    return {"additionalProperties": False, **made} if isinstance(schema.get("properties"), dict) else made


def _resolved(value: Any) -> Any:
    if "$ref" not in value:
        return value
    kind, name = value["$ref"].removeprefix("#/components/").split("/")
    return document()["components"][kind][name]
