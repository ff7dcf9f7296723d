"""What the detectors of schemas see: GraphQL and protocol buffers; and of structs in Rust that read configuration."""

from __future__ import annotations

import pytest

from relbot.detect.engine.registry import load_detector
from tests.detect.changes import facts

GRAPHQL = "type Query {{\n  rooms{}: [Room]\n}}\n\ntype Room {{\n  id: ID!\n  {}\n}}\n"
PROTO = 'syntax = "proto3";\n\nmessage Room {{\n  string id = 1;\n  {}\n}}\n'
RUST = "#[derive(Deserialize)]\npub struct Config {{\n    pub listen: String,\n    {}\n}}\n"
CLAP = "#[derive(Parser)]\nstruct Args {{\n    #[arg(long)]\n    listen: Option<String>,\n    {}\n}}\n"

CASES = [
    ("graphql-schema", "a.graphql", GRAPHQL.format("(a: ID)", ""), GRAPHQL.format("(a: ID!)", ""), {"broken"}),
    ("graphql-schema", "a.graphql", GRAPHQL.format("", "name: String"), GRAPHQL.format("", ""), {"broken"}),
    ("graphql-schema", "a.graphql", GRAPHQL.format("", ""), GRAPHQL.format("", "name: Unknown"), set()),
    ("graphql-schema", "a.graphql", "query A { rooms { id } }\n", "query A { rooms { name } }\n", set()),
    ("graphql-schema", "a.graphql", "type {{{\n", "type A { a: ID }\n", set()),
    ("protobuf", "a.proto", PROTO.format("string a = 2;"), PROTO.format("string a = 3; // new"), {"field-renumbered"}),
    ("protobuf", "a.proto", PROTO.format("string a = 2;"), PROTO.format("string b = 2;"), {"field-renamed"}),
    ("protobuf", "a.proto", PROTO.format("string a = 2;"), PROTO.format("bytes a = 2;"), {"type-changed"}),
    ("protobuf", "a.proto", PROTO.format("string a = 2;"), PROTO.format("reserved 2;"), {"field-removed", "number-reserved"}),
    ("protobuf", "a.proto", PROTO.format("string a_b = 2;"), PROTO.format('string a_b = 2 [json_name = "aB"];'), set()),
    (
        "protobuf",
        "a.proto",
        PROTO.format('string a = 2 [(x) = 1, json_name = "b"];'),
        PROTO.format("string a = 2;"),
        {"json-name-changed"},
    ),
    ("protobuf", "a.proto", PROTO.format(""), PROTO.format("map<string, int32> a = 2;"), set()),
    (
        "settings-read",
        "src/config.rs",
        RUST.format("#[serde(default)]\n    pub a: bool,"),
        RUST.format("pub a: bool,"),
        {"newly-required"},
    ),
    ("settings-read", "src/config.rs", RUST.format("pub a: Option<u8>,"), RUST.format(""), {"removed"}),
    ("settings-read", "src/main.rs", CLAP.format("#[arg(long)]\n    old: bool,"), CLAP.format(""), {"flag-removed"}),
    ("settings-read", "src/main.rs", CLAP.format(""), CLAP.format("#[arg(long)]\n    new: bool,"), {"added"}),
]


@pytest.mark.parametrize(("detector", "path", "before", "after", "expected"), CASES)
def test_facts(detector: str, path: str, before: str, after: str, expected: set[str]) -> None:
    assert facts(load_detector(detector), {path: (before, after)}) == expected
