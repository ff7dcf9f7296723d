"""The JSON Schema of a fragment's front matter says what the parser says."""

import json

import pytest
from jsonschema import Draft202012Validator

from relbot.config.keys import CONFIG
from relbot.config.model import Config
from relbot.fragment.keys import fragment_keys
from relbot.schema.kinds import record_schema
from tests.fragment.parsing import parse

SCHEMA = record_schema(fragment_keys(Config().type_names, ()))
VALIDATOR = Draft202012Validator(SCHEMA)
STEP = {"phase": "later", "run": "make gc"}


def test_the_schemas_are_valid_and_plain_json() -> None:
    for schema in (SCHEMA, CONFIG.json_schema(), record_schema(fragment_keys(("a",), ("api", "web")))):
        Draft202012Validator.check_schema(schema)
        assert json.loads(json.dumps(schema)) == schema


@pytest.mark.parametrize(
    ("values", "valid"),
    [
        ({}, True),
        ({"type": "nonsense"}, False),
        ({"type": ["fixed"]}, False),
        ({"unknown": 1}, False),
        ({"breaking": True, "migration": False, "reason": "None."}, True),
        ({"breaking": "true"}, False),
        ({"breaking": 1}, False),
        ({"issues": [4075, "owner/repo#12"]}, True),
        ({"issues": 4075}, True),
        ({"issues": []}, True),
        ({"issues": [-1]}, False),
        ({"issues": [True]}, False),
        ({"issues": [[1]]}, False),
        ({"issues": ""}, False),
        ({"issues": None}, False),
        ({"authors": ["jane"]}, True),
        ({"authors": [1]}, False),
        ({"component": "api"}, True),
        ({"component": ["api"]}, True),
        ({"compat": "shim", "breaking": True, "migration": False, "reason": "None."}, True),
        ({"compat": "full"}, False),
        ({"deploy": [STEP]}, True),
        ({"deploy": STEP}, True),
        ({"deploy": "later"}, False),
        ({"deploy": [{"run": "x"}]}, False),
        ({"deploy": [STEP | {"phase": "soon"}]}, False),
        ({"deploy": [STEP | {"on": ["a", "b"], "check": "true x", "duration": "5m"}]}, True),
        ({"deploy": [STEP | {"restart": {"a": "b"}}]}, False),
        ({"deploy": [STEP | {"what": "x"}]}, False),
        ({"needs": ["4070-expand"], "hold": [5644]}, True),
    ],
    ids=lambda value: json.dumps(value)[:50],
)
def test_schema_and_parser_agree(values: dict[str, object], valid: bool) -> None:
    values = {"type": "fixed"} | values
    assert VALIDATOR.is_valid(values) is valid
    assert (not isinstance(parse(f"---\n{json.dumps(values)}\n---\ntext\n"), list)) is valid


def test_the_type_is_needed() -> None:
    assert not VALIDATOR.is_valid({})
