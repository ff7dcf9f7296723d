"""Lists of fragments, and one fragment in full."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from relbot.fragment.body import SECTIONS
from relbot.fragment.model import NotesAudience
from relbot.render.common.invisible_characters import make_visible, one_line
from relbot.render.common.units import format_commit, list_names
from relbot.render.formats import FormatRegistry, text_and_json
from relbot.render.notes.step_sentences import describe_step

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.table import Table

    from relbot.fragment.model import Fragment, Step
    from relbot.release.availability import ArrivedIn, DeployedIn
    from relbot.release.results import FragmentReport, Listing

VERSION = 1
"""The version of the JSON. Raised when a reader of the old one would go wrong."""


def fragment_marks(fragment: Fragment) -> str:
    """What a reader must not miss about a change, in a word each."""
    found = (
        "breaking" if fragment.breaking else "",
        "migration" if fragment.migration else "",
        f"held by {', '.join(fragment.hold)}" if fragment.hold else "",
        "waived" if fragment.waived else "",
    )
    return ", ".join(mark for mark in found if mark)


def list_text(listing: Listing) -> str:
    """Renders a line a fragment: identity, type, component, marks, since when if that is known, first paragraph, in columns."""
    times = listing.arrivals
    rows = [
        [
            one_line(cell, 100)
            for cell in (
                f.identity,
                f.type,
                ", ".join(f.components),
                fragment_marks(f),
                arrival_text(times.get(f.identity)),
                f.summary,
            )
        ]
        for f in listing.fragments
    ]
    widths = [max((len(row[column]) for row in rows), default=0) for column in range(5)]
    shown = [index for index in range(5) if widths[index]]
    lines = ["  ".join([*(f"{row[i]:{widths[i]}}" for i in shown), row[5]]).rstrip() for row in rows]
    return "".join(f"{line}\n" for line in lines)


def list_table(listing: Listing) -> Table:
    """The same for a terminal; texts of fragments are shown as they are, never as markup."""
    from rich import box  # 46 ms, for terminals alone
    from rich.table import Table
    from rich.text import Text

    times = listing.arrivals
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for title in ("Change", "Type", "To do", *(["Since when"] if times else []), "What changes"):
        table.add_column(title, overflow="fold")
    for fragment in listing.fragments:
        kind = ": ".join(filter(None, (", ".join(fragment.components), fragment.type)))
        style = "bold red" if fragment.breaking else "yellow" if fragment.migration else ""
        when = [Text(arrival_text(times[fragment.identity]))] if times else []
        todo = Text(fragment_marks(fragment), style=style)
        table.add_row(Text(fragment.identity), Text(one_line(kind)), todo, *when, Text(one_line(fragment.summary)))
    return table


def fragment_data(fragment: Fragment) -> dict[str, Any]:
    """A fragment as JSON has it: all its fields, a step's `line` left out."""
    steps = [{key: value for key, value in step._asdict().items() if key != "line"} for step in fragment.steps]
    return fragment._asdict() | {"steps": steps}


def list_json(listing: Listing) -> str:
    """Renders one JSON object with all fragments, each with its `since` if that was asked for."""
    times = listing.arrivals
    told = [fragment_data(f) | ({"since": times[f.identity]._asdict()} if times else {}) for f in listing.fragments]
    return _write_json({"fragments": told})


def fragment_json(details: FragmentReport) -> str:
    """Renders one JSON object with the fragment and the environments."""
    environments = [each._asdict() for each in details.deployments]
    return _write_json(
        {"fragments": [fragment_data(details.fragment)], "releases": details.releases, "environments": environments}
    )


def _write_json(content: dict[str, Any]) -> str:
    return json.dumps({"version": VERSION, **content}, indent=2) + "\n"


def list_schema() -> dict[str, Any]:
    """Builds the JSON Schema of what `list_json` and `fragment_json` make, from the types of their values."""
    from relbot.fragment.model import Fragment, Step  # for the schema alone
    from relbot.release.availability import ArrivedIn, DeployedIn
    from relbot.schema.values import DIALECT, record_definition

    definitions: dict[str, Any] = {}
    fragment, since, runs = (record_definition(of, definitions) for of in (Fragment, ArrivedIn, DeployedIn))
    definitions["Step"] = step = record_definition(Step, definitions)
    del step["properties"]["line"]
    step["required"].remove("line")
    fragment["properties"]["since"] = since | {"description": "With `list --contracts`: since when it is there."}
    about = {"description": "Of `show`: whether it runs in each environment of the configuration.", "type": "array"}
    released = {"description": "Of `show`: the releases that have the change, the lowest first.", "type": "array"}
    properties = {
        "version": {"const": VERSION, "description": "The version of this format."},
        "fragments": {"type": "array", "items": fragment},
        "releases": {**released, "items": {"type": "string"}},
        "environments": {**about, "items": runs},
    }
    shape = {"type": "object", "properties": properties, "required": ["version", "fragments"], "additionalProperties": False}
    return {"$schema": DIALECT, "title": "Fragments as relbot lists them", **shape, "$defs": definitions}


def arrival_text(arrived: ArrivedIn | None) -> str:
    """Since when a change is there, on one line; "" where it is not asked."""
    if arrived is None:
        return ""
    when = f"arrived {arrived.day} with {format_commit(arrived.commit)}" if arrived.commit else "not committed"
    if arrived.hidden:
        when = "arrived before the oldest commit of this shallow clone"
    return f"since {arrived.release}, {when}" if arrived.release else when


def deployment_text(where: DeployedIn) -> str:
    """Whether a change runs in an environment, on one line."""
    if where.problem:
        return f"not known: {where.problem}"
    if where.component:
        return f"not concerned: only {where.component} is deployed there"
    runs = f"{format_commit(where.revision)} runs there"
    return f"yes, {runs}" if where.deployed else f"not yet, {runs}"


def fragment_text(details: FragmentReport) -> str:
    """Renders one fragment for people. What its author wrote is indented: it cannot be taken for relbot's words."""
    fragment = details.fragment
    kind = f"{fragment.type}, {fragment_marks(fragment)}" if fragment_marks(fragment) else fragment.type
    facts = {
        "type": kind,
        "component": ", ".join(fragment.components),
        "issues": ", ".join(fragment.issues),
        "pull requests": ", ".join(fragment.prs),
        "authors": ", ".join(fragment.authors),
        "compat": fragment.compat or "",
        "audience": "" if fragment.audience is NotesAudience.PUBLIC else fragment.audience,
        "needs": ", ".join(fragment.needs),
        "reason": fragment.reason or "",
        "released": ", ".join(details.releases) or "not yet",
        **{f"in {each.environment}": deployment_text(each) for each in details.deployments},
    }
    head = [f"{one_line(fragment.identity)}  ({one_line(fragment.path)})"]
    head += [f"  {one_line(name) + ':':15}{one_line(value)}" for name, value in facts.items() if value]
    parts = ["\n".join(head), _indent_text(fragment.text, "  ")]
    parts += ["\n".join(_step_lines(step)) for step in fragment.steps]
    notes = (fragment.migration_note, fragment.compatibility_note, fragment.operators_note)
    for title, note in zip(SECTIONS, notes, strict=True):
        if note:
            parts.append(f"{title}:\n\n{_indent_text(note, '  ')}")
    return "\n\n".join(parts) + "\n"


def _step_lines(step: Step) -> Iterator[str]:
    sentences = describe_step(step)
    on = f", on {one_line(list_names(sentences.on))}" if sentences.on else ""
    yield f"  {sentences.when} ({sentences.state}){on}:"
    for part in sentences.parts:
        if part.names:
            yield f"    {part.label}: {one_line(list_names(part.names))}"
            continue
        if part.label:
            yield f"    {part.label}:"
        yield _indent_text(part.command or part.words, "      " if part.command else "    ")


def _indent_text(text: str, indent: str) -> str:
    return "\n".join(f"{indent}{line}".rstrip() for line in make_visible(text).strip("\n").split("\n"))


LIST_FORMATS: FormatRegistry[Listing] = text_and_json(
    "A list of fragments", "list", "list", list_text, list_json, "for people: a line each, on a terminal a table"
)
SHOW_FORMATS: FormatRegistry[FragmentReport] = text_and_json("One fragment", "show", "list", fragment_text, fragment_json)
