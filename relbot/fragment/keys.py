"""The keys of a fragment's front matter: the one table from which they are read, checked and documented."""

from __future__ import annotations

from typing import Any

from relbot.fragment.model import Compat, NotesAudience
from relbot.fragment.steps import STEP
from relbot.schema.kinds import Choice, Flag, Key, Many, Text
from relbot.schema.references import IssueReference


def fragment_keys(types: tuple[str, ...], components: tuple[str, ...]) -> tuple[Key, ...]:
    """The keys of a fragment in a project with these types and components. Without components any name is allowed."""
    component: Any = Choice(components) if components else Text("the name of a component")
    return (
        Key("type", Choice(types), "What kind of change this is.", f"type: {types[0]}", required=True),
        Key("breaking", Flag(), "True if something that worked stops working.", "breaking: true", False),
        Key(
            "migration",
            Flag(),
            "True if operators or users have to act; false, with a reason, if they do not.",
            "migration: true",
        ),
        Key("reason", Text("a sentence", multiline=True), "Why no action is needed.", "reason: The file is not deployed."),
        Key("issues", Many(IssueReference()), "The issues that this change resolves.", "issues: [4075]", ()),
        Key("prs", Many(IssueReference()), "The pull requests, where the history does not tell.", "prs: [5622]", ()),
        Key("authors", Many(Text("a name or login")), "Who made it, where the history does not tell.", "authors: [jane]", ()),
        Key("component", Many(component), "The part of the project that changes, or several.", "component: [api, worker]", ()),
        Key(
            "audience",
            Choice(tuple(NotesAudience)),
            "Who reads of the change; the notes for the others leave it out.",
            "audience: operators",
            NotesAudience.PUBLIC,
        ),
        Key("compat", Choice(tuple(Compat)), "Whether the old way still works.", "compat: shim"),
        Key("deploy", Many(STEP), "The steps that a deploy of this change needs.", "deploy: [{phase: later, run: make gc}]", ()),
        Key(
            "needs",
            Many(IssueReference("the name of a fragment")),
            "Fragments that an earlier deploy must contain.",
            "needs: [4070-expand]",
            (),
        ),
        Key(
            "hold",
            Many(IssueReference()),
            "Fragments, issues or pull requests without which this must not be deployed.",
            "hold: [5644]",
            (),
        ),
        Key("was", IssueReference("the name of a fragment"), "The former name, if this file was renamed.", "was: 4070-expand"),
    )
