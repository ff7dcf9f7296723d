"""No format drops a deploy step, whatever it looks like."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from relbot.fragment.model import PHASES, Fragment, Step
from relbot.render.common.invisible_characters import make_visible
from relbot.render.common.units import format_duration
from relbot.render.notes import NOTES_FORMATS
from tests.render.example import COMMANDS, CONTEXT, FRAGMENTS, NOTES, notes_of
from tests.tiers import examples

TEMPLATE = (
    "{% for group in notes.groups %}{% for entry in group.entries %}{% for step in entry.steps %}"
    "{{ step.run or '' }}\n{{ step.do or '' }}\n{{ step.check or '' }}\n{{ step.undo or '' }}\n"
    "{% endfor %}{% endfor %}{% endfor %}"
)
RICH = CONTEXT._replace(template=TEMPLATE)


def shown(name: str, *fragments: Fragment) -> str:
    """The output as a reader sees it: JSON strings read, indentation and blank lines aside."""
    text = NOTES_FORMATS[name].render(notes_of(*fragments) if fragments else NOTES, RICH)
    if name == "json":
        texts: list[str] = []
        _collect(json.loads(text), texts)
        text = "\n".join(texts)
    return _bare(text)


def _collect(value: object, texts: list[str]) -> None:
    if isinstance(value, str):
        texts.append(value)
    elif isinstance(value, dict | list):
        for inner in value.values() if isinstance(value, dict) else value:
            _collect(inner, texts)


def _bare(text: str) -> str:
    return "\n".join(line.strip() for line in text.split("\n") if line.strip())


@pytest.mark.parametrize("name", NOTES_FORMATS)
def test_every_command_is_in_every_format(name: str) -> None:
    text = shown(name)
    assert len(COMMANDS) == 3
    for step in (step for fragment in FRAGMENTS for step in fragment.steps):
        for command in filter(None, (step.run, step.check, step.undo)):
            assert _bare(command) in text


@pytest.mark.parametrize("name", ["markdown", "rst", "debian", "rpm"])
def test_who_where_when_and_how_long(name: str) -> None:
    text = " ".join(shown(name).split())
    for phase in PHASES:
        assert phase.state in text
    for words in (
        "frontend",
        "worker",
        "apache2",
        "obsapidelayed",
        "Cannot be undone",
        "It drops the column",
        "1 min 30 s",
        "30 s of downtime",
    ):
        assert words in text


COMMAND = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cc", "Cf", "Cs", "Zl", "Zp", "Zs"], include_characters=" `~\n#-<>"),
    min_size=1,
)


@pytest.mark.parametrize("name", NOTES_FORMATS)
@settings(max_examples=examples(40, 600), deadline=None)
@given(
    command=COMMAND.filter(str.strip),
    body=st.sampled_from(["Words.", "```\nopen", "<!-- open", "- a", "| a |\n|---|", "    code", "<pre>"]),
)
def test_any_command_below_any_body(name: str, command: str, body: str) -> None:
    fragment = Fragment("a", "a.md", "fixed", body, steps=(Step(PHASES[0], run=command, undo=f"undo {command}"),))
    assert _bare(command if name == "json" else make_visible(command)) in shown(name, fragment)  # JSON escapes, shown() reads it


@pytest.mark.parametrize("name", NOTES_FORMATS)
def test_a_waiver_is_no_news(name: str) -> None:
    waived = Fragment("a", "a.md", "fixed", "A change.", waived=True, reason="Nobody has to act.")
    assert ("Nobody has to act." in shown(name, waived)) == (name == "json")


@pytest.mark.parametrize(("seconds", "words"), [(0, "0 s"), (90, "1 min 30 s"), (3600, "1 h"), (5400, "1 h 30 min")])
def test_duration(seconds: int, words: str) -> None:
    assert format_duration(seconds) == words
