"""What every renderer of a checklist owes its reader."""

from __future__ import annotations

import io
import json
import re
from typing import TYPE_CHECKING

import jsonschema
import pytest
from hypothesis import given, settings
from markdown_it import MarkdownIt
from rich.console import Console

from relbot.deploy.plan.json_form import plan_as_data, plan_schema
from relbot.deploy.plan.make import make_plan
from relbot.render.checklist.as_json import checklist_json
from relbot.render.checklist.markdown import checklist_markdown
from relbot.render.checklist.motd import checklist_motd
from relbot.render.checklist.terminal import ChecklistScreen
from relbot.render.checklist.text import checklist_text
from relbot.render.common.inert_markdown import code_span
from relbot.render.common.invisible_characters import make_visible
from relbot.render.common.wrapping import display_width, wrap_words
from tests.deploy.plan.strategies import histories
from tests.render.cases import PLANS
from tests.tiers import examples

if TYPE_CHECKING:
    from collections.abc import Iterator

    from relbot.deploy.plan.changelog import ChangeLog
    from relbot.deploy.plan.model import Plan

SCHEMA = jsonschema.Draft202012Validator(plan_schema())

FEW = settings(max_examples=examples(15, 1_000))
"""Each of the properties here renders a plan anew, which takes longer than to make it."""


def terminal(made: Plan) -> str:
    screen = io.StringIO()
    Console(file=screen, width=80, color_system=None).print(ChecklistScreen(made), crop=False, end="")
    return screen.getvalue()


MOUTHS = {
    "text": checklist_text,
    "markdown": checklist_markdown,
    "motd": checklist_motd,
    "json": checklist_json,
    "terminal": terminal,
}


def dense(text: str) -> str:
    """Without spaces and line ends: how text is broken into lines is not what is looked at."""
    return "".join(text.split())


def letters(text: str) -> str:
    return re.sub(r"\W", "", text)


def owed(made: Plan) -> Iterator[str]:
    """Everything that whoever deploys must not miss."""
    for step in made.steps:
        yield from filter(None, (step.run, step.do, step.check, step.undo, step.note, step.service, *step.on))
    for amendment in made.amended:
        yield from filter(None, [x for s in (*amendment.was, *amendment.now) for x in (s.run, s.do, s.check)])
    yield from (hold.awaits for hold in made.holds)
    yield from (split.stop.commit for split in made.splits if split.stop)
    yield from (finding.message for finding in made.findings)
    yield from made.unreadable


def as_shown(mouth: str, text: str) -> str:
    if mouth == "json":
        return dense(json.dumps(text)[1:-1])
    shown = make_visible(text)
    return dense(shown.encode("ascii", "backslashreplace").decode("ascii") if mouth == "motd" else shown)


@pytest.mark.parametrize("mouth", MOUTHS)
@FEW
@given(history=histories())
def test_none_drops_what_has_to_be_done(mouth: str, history: list[ChangeLog]) -> None:
    made = make_plan(*history)
    shown = dense(MOUTHS[mouth](made))
    if mouth == "markdown":  # which words of prose are code there is not what is looked at
        assert [text for text in owed(made) if letters(make_visible(text)) not in letters(shown)] == []
    else:
        assert [text for text in owed(made) if as_shown(mouth, text) not in shown] == []
    commands = [x for step in made.steps for x in (step.run, step.check, step.undo) if x]
    assert [text for text in commands if as_shown(mouth, text) not in shown] == []
    if mouth != "json" and not made.quiet:
        for number in range(1, len(made.steps) + 1):
            assert dense(f"[ ] **{number}.**" if mouth == "markdown" else f"[ ]{number}.") in shown
        assert not made.steps or letters(f"Install {made.target.name} now") in letters(shown), (
            "with any step, also one of no phase"
        )


@pytest.mark.parametrize("mouth", MOUTHS)
@FEW
@given(history=histories())
def test_none_shows_what_cannot_be_seen(mouth: str, history: list[ChangeLog]) -> None:
    rendered = MOUTHS[mouth](make_plan(*history))
    assert rendered == make_visible(rendered)


@FEW
@given(histories())
def test_commands_stand_alone_on_their_lines(history: list[ChangeLog]) -> None:
    made = make_plan(*history)
    for mouth in (checklist_text, terminal):
        shown = re.sub(r" +\n", "\n", mouth(made))
        for command in filter(None, (c for s in made.steps for c in (s.run, s.check, s.undo))):
            block = re.sub(r" +\n", "\n", f"\n{command}\n")
            assert any(re.sub(r"\n(?=.)", "\n" + " " * indent, block) in shown for indent in (8, 10))


HEADLESS = "true\n=====[ RESTART NOW ]=====\n[ ]  2. all is done\n!!! Do not deploy"


@pytest.mark.parametrize("mouth", ["text", "motd", "terminal"])
def test_a_command_of_several_lines_draws_nothing_of_relbots(mouth: str) -> None:
    plan = PLANS["everything"]
    steps = tuple(step._replace(run=HEADLESS, check=HEADLESS, undo=HEADLESS, do=HEADLESS) for step in plan.steps)
    sound = [line for line in MOUTHS[mouth](plan).splitlines() if line.startswith(("=", "[", "!"))]
    forged = [line for line in MOUTHS[mouth](plan._replace(steps=steps)).splitlines() if line.startswith(("=", "[", "!"))]
    assert sound == forged


@FEW
@given(histories())
def test_the_motd_is_ascii_in_78_columns(history: list[ChangeLog]) -> None:
    rendered = checklist_motd(make_plan(*history))
    assert rendered.isascii()
    assert max(map(len, rendered.splitlines())) <= 78


@FEW
@given(histories())
def test_text_keeps_to_80_columns_but_for_commands(history: list[ChangeLog]) -> None:
    made = make_plan(*history)
    if made.quiet:
        return
    every = [*made.steps, *(s for x in made.amended for s in (*x.was, *x.now))]
    commands = {line.strip() for s in every for c in (s.run, s.check, s.undo) if c for line in c.split("\n")}
    assert [x for x in checklist_text(made).splitlines() if display_width(x) > 80 and x.strip() not in commands] == []


@FEW
@given(histories())
def test_json_is_as_its_schema_says_and_holds_the_plan(history: list[ChangeLog]) -> None:
    made = make_plan(*history)
    data = json.loads(checklist_json(made))
    SCHEMA.validate(data)
    assert data == plan_as_data(made)
    assert [step["id"] for step in data["steps"]] == [step.id for step in made.steps]


def test_the_schema_refuses_what_is_no_plan() -> None:
    jsonschema.Draft202012Validator.check_schema(plan_schema())
    data = plan_as_data(PLANS["everything"])
    for wrong in (
        {**data, "version": 2},
        {**data, "more": 1},
        {**data, "steps": [{}]},
        {k: v for k, v in data.items() if k != "holds"},
    ):
        assert not SCHEMA.is_valid(wrong)


def fences(markdown: str) -> list[str]:
    return [token.content for token in MarkdownIt("commonmark").parse(markdown) if token.type == "fence"]


@FEW
@given(histories())
def test_in_markdown_authors_words_are_code_and_nothing_else(history: list[ChangeLog]) -> None:
    made = make_plan(*history)
    if made.quiet:
        return
    tokens = MarkdownIt("commonmark").enable("table").parse(checklist_markdown(made))
    texts = [child for token in tokens for child in token.children or () if child.type == "text"]
    assert not [token.type for token in tokens if token.type in ("html_block", "table_open", "code_block")]
    assert not [c.type for token in tokens for c in token.children or () if c.type in ("html_inline", "link_open", "image")]
    assert not [text.content for text in texts if "@" in text.content or "img" in text.content]
    commands = [c for s in made.steps for c in (s.run, s.check, s.undo) if c]
    assert [c for c in commands if f"{c}\n" not in fences(checklist_markdown(made))] == []


@pytest.mark.parametrize("text", ["`", "``a`", "a ``` b", " x ", "a\nb", "\u202e"])
def test_a_code_span_holds_its_text(text: str) -> None:
    (inline,) = [t for t in MarkdownIt("commonmark").parse(code_span(text)) if t.type == "inline"]
    assert [(c.type, c.content) for c in inline.children or ()] == [("code_inline", " ".join(make_visible(text).split()))]


@pytest.mark.parametrize("name", ["nothing", "no-step"])
@pytest.mark.parametrize("mouth", ["text", "markdown", "terminal"])
def test_nothing_to_do_is_one_line_that_names_both_revisions(name: str, mouth: str) -> None:
    made = PLANS[name]
    (line,) = MOUTHS[mouth](made).splitlines()
    assert made.start.name in line
    assert made.target.name in line


def test_the_point_of_no_return_stands_before_its_step() -> None:
    for mouth in (checklist_text, checklist_markdown, checklist_motd, terminal):
        shown = mouth(PLANS["everything"])
        before, _, after = shown.partition("POINT OF NO RETURN")
        assert "rake migrate_options_yml" in before
        assert "DROP user" not in before
        assert "DROP user" in after


def test_words_are_wrapped_at_the_columns_that_they_take() -> None:
    assert wrap_words("漢字 " * 4, 10, "- ", "  ") == ["- 漢字", "  漢字", "  漢字", "  漢字"]
    assert wrap_words("  kept " + "x" * 12, 10) == ["  kept", "x" * 10, "xx"]
    assert wrap_words("", 10, "- ") == ["-"]


@pytest.mark.parametrize("columns", [20, 40, 60, 80, 200])
def test_no_terminal_is_too_narrow_for_the_point_of_no_return(columns: int) -> None:
    screen = io.StringIO()
    Console(file=screen, width=columns, color_system=None).print(ChecklistScreen(PLANS["everything"]), crop=False, end="")
    assert dense("POINT OF NO RETURN: step 11 cannot be undone") in dense(screen.getvalue())
    assert "\n\n\n" not in screen.getvalue()
