"""The facts of the detector `protobuf`."""

from __future__ import annotations

from relbot.detect.engine.facts import ASK, INTERFACE, NOTE, REQUIRE, Fact, FactLevel, Subject, Table

_PROTO = "message Room {\n  string id = 1;\n  string title = 2;\n}\n\nservice Rooms {\n  rpc List (Room) returns (Room);\n}\n"


def _change(before: str, after: str) -> Table:
    return {"proto/chat.proto": (_PROTO, _PROTO.replace(before, after))}


_DECLARED: tuple[tuple[str, str, FactLevel, str, str, Table], ...] = (
    (
        "field-renumbered",
        "the number of a field changes",
        REQUIRE,
        "The code misreads messages with the old number.",
        "The number of a field changes: {names}",
        _change("title = 2", "title = 3"),
    ),
    (
        "type-changed",
        "the type of a field changes",
        REQUIRE,
        "The code misreads or refuses messages with the old type.",
        "The type of a field changes: {names}",
        _change("string title", "int32 title"),
    ),
    (
        "field-removed",
        "a field or a value is gone",
        ASK,
        "Clients that read it get nothing. Never use its number again.",
        "{names} is gone",
        _change("  string title = 2;\n", ""),
    ),
    (
        "package-renamed",
        "the package of messages and services changes",
        ASK,
        "Clients that call the services by the old name get an error.",
        "The package changes: {names}",
        {"proto/chat.proto": (f"package a.v1;\n{_PROTO}", f"package a.v2;\n{_PROTO}")},
    ),
    (
        "method-changed",
        "a method of a service takes or gives another message, or a stream",
        ASK,
        "Clients that call it in the old way get an error.",
        "The method {names} changes what it takes or gives",
        _change("returns (Room)", "returns (stream Room)"),
    ),
    (
        "method-removed",
        "a method of a service is gone",
        ASK,
        "Clients that call it get an error.",
        "The method {names} is gone",
        _change("  rpc List (Room) returns (Room);\n", ""),
    ),
    (
        "json-name-changed",
        "a field has another name in JSON",
        ASK,
        "Clients that read or write JSON use the old name.",
        "The name in JSON changes: {names}",
        _change("title = 2", 'title = 2 [json_name = "roomTitle"]'),
    ),
    (
        "field-renamed",
        "a field is renamed and keeps its number",
        NOTE,
        "Only JSON and generated code change.",
        "{names}: the number is the same",
        {},
    ),
    (
        "number-reserved",
        "the number of a field that is gone is reserved",
        NOTE,
        "The number cannot be used again by mistake.",
        "The number of {names} is reserved",
        {},
    ),
)
SENTENCES = {name: sentence for name, *_, sentence, _example in _DECLARED}
_RIGHT = _change("  string id = 1;\n  string title = 2;\n", "  string title = 2;\n  string id = 1;\n")
FACTS = tuple(
    Fact(name, summary, level, Subject.ROUTE, meaning, INTERFACE, wrong=example, right=_RIGHT if example else example)
    for name, summary, level, meaning, _, example in _DECLARED
)
