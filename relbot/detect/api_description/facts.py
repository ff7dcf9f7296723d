"""The facts of the detector `api-description`."""

from __future__ import annotations

from relbot.detect.engine.facts import ASK, INTERFACE, REQUIRE, Fact, FactLevel, Subject, Table

_API = """\
openapi: 3.0.0
paths:
  /cars:
    get:
      parameters:
        - name: colour
          in: query
          required: false
          schema: {type: string}
    post: {}
components:
  schemas:
    Car:
      properties:
        wheels: {type: integer}
        doors: {type: integer}
"""
_RECORD = '{"type": "record", "name": "Car", "fields": [{"name": "id", "type": "string"}]}\n'
_RIGHT: Table = {"api/openapi.yaml": (_API, f"# Cars.\n{_API}")}


def _change(before: str, after: str) -> Table:
    return {"api/openapi.yaml": (_API, _API.replace(before, after))}


_DECLARED: tuple[tuple[str, str, FactLevel, str, str, Table], ...] = (
    (
        "operation-removed",
        "an operation of an API is no longer described",
        ASK,
        "Clients that call it fail.",
        "The operation {names} is gone",
        _change("    post: {}\n", ""),
    ),
    (
        "parameter-removed",
        "an operation no longer takes a parameter",
        ASK,
        "The API ignores the parameter that clients pass, or refuses the request.",
        "The parameter {names} is gone",
        _change("name: colour", "name: color"),
    ),
    (
        "parameter-required",
        "an operation requires a new parameter",
        ASK,
        "Clients that do not pass it fail.",
        "The parameter {names} is now required",
        _change("required: false", "required: true"),
    ),
    (
        "unknown-refused",
        "a data format no longer takes fields that it does not name",
        ASK,
        "Requests, files and messages with other fields are refused.",
        "Fields that are not named are refused: {names}",
        _change("    Car:\n", "    Car:\n      additionalProperties: false\n"),
    ),
    (
        "response-removed",
        "an operation no longer has a response of success",
        ASK,
        "Clients that expect the status or its content take the answer for an error.",
        "The response {names} is gone",
        {
            "api/openapi.yaml": (
                _API.replace("post: {}", 'post: {responses: {"201": {}}}'),
                _API.replace("post: {}", 'post: {responses: {"202": {}}}'),
            )
        },
    ),
    (
        "field-removed",
        "a data format loses a field",
        ASK,
        "Clients that read the field get nothing. Requests that send it may be refused.",
        "The field {names} is gone",
        _change("        doors: {type: integer}\n", ""),
    ),
    (
        "field-changed",
        "a field of a data format changes its type",
        ASK,
        "Clients misread the field, or the API refuses what they send.",
        "The type of a field changes: {names}",
        _change("wheels: {type: integer}", "wheels: {type: string}"),
    ),
    (
        "field-required",
        "a data format requires a field",
        ASK,
        "The API refuses requests without the field.",
        "The field {names} is now required",
        _change("      properties:", "      required: [wheels]\n      properties:"),
    ),
    (
        "values-narrowed",
        "a field or a parameter takes fewer values",
        ASK,
        "The API refuses the value that clients send.",
        "A value is no longer allowed: {names}",
        {
            "api/openapi.yaml": (
                _API.replace("wheels: {type: integer}", "wheels: {type: string, enum: [three, four]}"),
                _API.replace("wheels: {type: integer}", "wheels: {type: string, enum: [four]}"),
            )
        },
    ),
    (
        "server-changed",
        "the address of an API changes",
        ASK,
        "Clients that were made from the description call the old address.",
        "The address {names} is gone",
        {
            "api/openapi.yaml": (
                f"{_API}servers:\n  - url: https://shop.example.org/v1\n",
                f"{_API}servers:\n  - url: https://shop.example.org/v2\n",
            )
        },
    ),
    (
        "record-incompatible",
        "an Avro record has a new field without a default, or a field with a new type",
        REQUIRE,
        "The new code cannot read messages that are stored or queued.",
        "Old messages do not match the schema: {names}",
        {"schemas/car.avsc": (_RECORD, _RECORD.replace("}]", '}, {"name": "n", "type": "int"}]'))},
    ),
)
SENTENCES = {name: sentence for name, *_, sentence, _example in _DECLARED}
FACTS = tuple(
    Fact(name, summary, level, Subject.ROUTE, meaning, INTERFACE, wrong=example, right=_RIGHT)
    for name, summary, level, meaning, _, example in _DECLARED
)
