"""The JSON is what its schema says, and holds every field there is."""

from __future__ import annotations

import json

from jsonschema import Draft202012Validator, FormatChecker

from relbot.fragment.model import Fragment, Step
from relbot.render.notes import NOTES_FORMATS
from relbot.render.notes.json_schema import SCHEMA
from tests.render.example import CONTEXT, NOTES, notes_of

DATA = json.loads(NOTES_FORMATS["json"].render(NOTES, CONTEXT))
VALIDATOR = Draft202012Validator(SCHEMA, format_checker=FormatChecker())


def test_schema() -> None:
    Draft202012Validator.check_schema(SCHEMA)
    VALIDATOR.validate(DATA)
    VALIDATOR.validate(json.loads(NOTES_FORMATS["json"].render(notes_of(), CONTEXT)))


def test_the_schema_is_closed() -> None:
    assert not VALIDATOR.is_valid({**DATA, "more": 1})
    assert not VALIDATOR.is_valid({**DATA, "release": {"version": "1"}})


def test_every_field_is_there() -> None:
    entry = next(e for group in DATA["groups"] for e in group["entries"] if e["identity"] == "5622-options")
    assert set(entry) >= set(Fragment._fields)
    assert set(entry["steps"][0]) >= set(Step._fields)
    assert entry["steps"][0]["duration"] == 90
    assert entry["issues"][0] == {"id": "4075", "text": "#4075", "url": "https://git.example.org/obs/build/issues/4075"}
    assert (entry["needs"], entry["hold"], entry["compat"]) == (["5600-expand"], ["5644"], "none")


def test_bodies_and_reasons_are_as_written() -> None:
    entries = {e["identity"]: e for group in DATA["groups"] for e in group["entries"]}
    for entry in NOTES.entries:
        assert entries[entry.fragment.identity]["text"] == entry.fragment.text
    assert entries["5647-waived"]["reason"] == "Nothing deployed uses it."
