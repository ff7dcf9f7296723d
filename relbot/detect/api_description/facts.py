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
        "What clients pass is ignored, or refused.",
        "The parameter {names} is gone",
        _change("name: colour", "name: color"),
    ),
    (
        "parameter-required",
        "an operation demands a parameter",
        ASK,
        "Clients that do not pass it fail.",
        "The parameter {names} is demanded",
        _change("required: false", "required: true"),
    ),
    (
        "field-removed",
        "data that is exchanged has a field less",
        ASK,
        "Clients that read it find nothing, or what they send is refused.",
        "The field {names} is gone",
        _change("        doors: {type: integer}\n", ""),
    ),
    (
        "field-changed",
        "a field of data that is exchanged has another type",
        ASK,
        "Clients misread it, or what they send is refused.",
        "A field has another type: {names}",
        _change("wheels: {type: integer}", "wheels: {type: string}"),
    ),
    (
        "field-required",
        "data that is exchanged demands a field",
        ASK,
        "What clients send without it is refused.",
        "The field {names} is demanded",
        _change("      properties:", "      required: [wheels]\n      properties:"),
    ),
    (
        "record-incompatible",
        "a record of Avro has a new field without a default, or one of another type",
        REQUIRE,
        "Messages that are stored or under way cannot be read.",
        "Old messages do not fit: {names}",
        {"schemas/car.avsc": (_RECORD, _RECORD.replace("}]", '}, {"name": "n", "type": "int"}]'))},
    ),
)
SENTENCES = {name: sentence for name, *_, sentence, _example in _DECLARED}
FACTS = tuple(
    Fact(name, summary, level, Subject.ROUTE, meaning, INTERFACE, wrong=example, right=_RIGHT)
    for name, summary, level, meaning, _, example in _DECLARED
)
