"""Lists of fragments, and one fragment in full."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from relbot.render.common.invisible_characters import make_visible, one_line
from relbot.render.common.units import format_commit

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from rich.table import Table

    from relbot.fragment.model import Fragment, Step
    from relbot.release.availability import ArrivedIn, DeployedIn
    from relbot.release.results import FragmentReport

LIST_FORMATS = ("text", "json")
VERSION = 1
NO_ARRIVALS: Mapping[str, ArrivedIn] = {}
"""Since when is not asked for."""


def fragment_marks(fragment: Fragment) -> str:
    """What a reader must not miss about a change, in a word each."""
    found = (
        "breaking" if fragment.breaking else "",
        "migration" if fragment.migration else "",
        f"held by {', '.join(fragment.hold)}" if fragment.hold else "",
        "waived" if fragment.waived else "",
    )
    return ", ".join(mark for mark in found if mark)


def list_text(fragments: Sequence[Fragment], times: Mapping[str, ArrivedIn] = NO_ARRIVALS) -> str:
    """A line a fragment: identity, type, component, marks, since when if `times` tells, and the first paragraph, in columns."""
    rows = [
        (f.identity, f.type, f.component or "", fragment_marks(f), arrival_text(times.get(f.identity)), one_line(f.summary, 100))
        for f in fragments
    ]
    widths = [max(len(row[column]) for row in rows) for column in range(5)]
    shown = [index for index in range(5) if widths[index]]
    lines = ["  ".join([*(f"{row[i]:{widths[i]}}" for i in shown), row[5]]).rstrip() for row in rows]
    return "".join(f"{line}\n" for line in lines)


def list_table(fragments: Sequence[Fragment], times: Mapping[str, ArrivedIn] = NO_ARRIVALS) -> Table:
    """The same for a terminal; texts of fragments are shown as they are, never as markup."""
    from rich import box
    from rich.table import Table
    from rich.text import Text

    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for title in ("Change", "Type", "To do", *(["Since when"] if times else []), "What changes"):
        table.add_column(title, overflow="fold")
    for fragment in fragments:
        kind = f"{fragment.component}: {fragment.type}" if fragment.component else fragment.type
        style = "bold red" if fragment.breaking else "yellow" if fragment.migration else ""
        when = [Text(arrival_text(times[fragment.identity]))] if times else []
        todo = Text(fragment_marks(fragment), style=style)
        table.add_row(Text(fragment.identity), Text(one_line(kind)), todo, *when, Text(one_line(fragment.summary)))
    return table


def fragment_data(fragment: Fragment) -> dict[str, Any]:
    """A fragment as JSON has it: all its fields, a step's `line` left out."""
    steps = [{key: value for key, value in step._asdict().items() if key != "line"} for step in fragment.steps]
    return fragment._asdict() | {"steps": steps}


def list_json(
    fragments: Sequence[Fragment], times: Mapping[str, ArrivedIn] = NO_ARRIVALS, runs: Iterable[DeployedIn] | None = None
) -> str:
    """One JSON object with all fragments, each with its `since` if `times` tells; and where they run, if that is given."""
    told = [fragment_data(f) | ({"since": times[f.identity]._asdict()} if times else {}) for f in fragments]
    where = {} if runs is None else {"environments": [each._asdict() for each in runs]}
    return json.dumps({"version": VERSION, "fragments": told, **where}, indent=2) + "\n"


def list_schema() -> dict[str, Any]:
    """The JSON Schema of what `as_json` makes. Read off the types of `Fragment`, `Since` and `Runs`."""
    from relbot.fragment.model import Fragment, Step
    from relbot.release.availability import ArrivedIn, DeployedIn
    from relbot.schema.values import DIALECT, record_definition

    definitions: dict[str, Any] = {}
    fragment, since, runs = (record_definition(of, definitions) for of in (Fragment, ArrivedIn, DeployedIn))
    definitions["Step"] = step = record_definition(Step, definitions)
    del step["properties"]["line"]
    step["required"].remove("line")
    fragment["properties"]["since"] = since | {"description": "With `list --contracts`: since when it is there."}
    about = {"description": "Of `show`: whether it runs in each environment of the configuration.", "type": "array"}
    properties = {
        "version": {"const": VERSION, "description": "The version of this format."},
        "fragments": {"type": "array", "items": fragment},
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
        when = "arrived before what this shallow clone has"
    return f"since {arrived.release}, {when}" if arrived.release else when


def deployment_text(where: DeployedIn) -> str:
    """Whether a change runs in an environment, on one line."""
    if where.problem:
        return f"not known: {where.problem}"
    if where.component:
        return f"does not concern it: only {where.component} is deployed there"
    runs = f"{format_commit(where.revision)} runs there"
    return f"yes, {runs}" if where.deployed else f"not yet, {runs}"


def report_text(report: FragmentReport) -> str:
    """One fragment for people: what it says, which release has it, and where it runs."""
    facts = [("released", report.fragment.version or "not yet")]
    facts += [(f"in {each.environment}", deployment_text(each)) for each in report.deployments]
    return fragment_text(report.fragment, [f"{name + ':':15}{one_line(text)}" for name, text in facts])


def fragment_text(fragment: Fragment, lines: Sequence[str]) -> str:
    """One fragment for people: what it is, `lines` on where it is, its text, its steps."""
    head = [f"{fragment.identity}  ({fragment.path})"]
    kind = f"{fragment.type}, {fragment_marks(fragment)}" if fragment_marks(fragment) else fragment.type
    facts = {
        "type": kind,
        "component": fragment.component or "",
        "issues": ", ".join(fragment.issues),
        "pull requests": ", ".join(fragment.prs),
        "authors": ", ".join(fragment.authors),
        "compat": fragment.compat or "",
        "needs": ", ".join(fragment.needs),
        "reason": fragment.reason or "",
    }
    head += [f"  {name + ':':15}{one_line(value)}" for name, value in facts.items() if value]
    parts = ["\n".join([*head, *(f"  {line}" for line in lines)]), make_visible(fragment.text)]
    parts += [f"  {_step_line(step)}" for step in fragment.steps]
    for title, note in (("Migration", fragment.migration_note), ("Compatibility", fragment.compatibility_note)):
        if note:
            parts.append(f"## {title}\n\n{make_visible(note)}")
    return "\n\n".join(parts) + "\n"


def _step_line(step: Step) -> str:
    on = f" on {one_line(', '.join(step.on))}" if step.on else ""
    return f"{step.phase}{on}: {make_visible(step.run or step.do or 'restart ' + ', '.join(step.restart))}"
