"""The facts of the detector `graphql-schema`."""

from __future__ import annotations

from relbot.detect.engine.facts import ASK, INTERFACE, NOTE, Fact, Subject, Table

_SCHEMA = "type Query {\n  rooms(team: ID): [Room!]!\n}\n\ntype Room {\n  id: ID!\n  title: String\n}\n"


def _change(before: str, after: str) -> Table:
    return {"schema.graphql": (_SCHEMA, _SCHEMA.replace(before, after))}


FACTS = (
    Fact(
        "broken",
        "a schema loses a type, a field or a value, or requires an argument",
        ASK,
        Subject.ROUTE,
        "Clients that use it, or do not pass the argument, get an error.",
        INTERFACE,
        wrong=_change("team: ID)", "team: ID!)"),
        right=_change("  title: String\n", "  title: String\n  topic: String\n"),
    ),
    Fact(
        "default-changed",
        "an argument of a schema has another default",
        ASK,
        Subject.ROUTE,
        "Clients that do not pass the argument get another answer.",
        INTERFACE,
        wrong={
            "schema.graphql": (
                "type Query {\n  rooms(first: Int = 20): Int\n}\n",
                "type Query {\n  rooms(first: Int = 100): Int\n}\n",
            )
        },
        right=_change("  title: String\n", "  title: String\n  topic: String\n"),
    ),
    Fact(
        "risky",
        "a schema gains an enum value or a union member",
        NOTE,
        Subject.ROUTE,
        "Clients may get a value that they do not know.",
        INTERFACE,
    ),
)
