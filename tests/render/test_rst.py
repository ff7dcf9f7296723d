"""docutils finds no fault in the notes, and all words of a body arrive."""

from __future__ import annotations

import io
import re

import pytest
from docutils import nodes
from docutils.core import publish_doctree
from hypothesis import given, settings
from hypothesis import strategies as st

from relbot.fragment.model import Fragment
from relbot.render.notes import NOTES_FORMATS
from relbot.render.notes.markdown_tokens import TextRun, TextStyle
from relbot.render.notes.rst_text import rst_line, rst_paragraph
from tests.render.example import CONTEXT, NOTES, notes_of
from tests.render.test_markdown_bodies import BODIES, LINES
from tests.tiers import examples

FORMAT = NOTES_FORMATS["rst"]
INLINE = [
    "*a `b` c*",
    "**a *b* [c](https://example.org) d**",
    "a`b`c",
    "*a*b",
    "`` ` ``",
    "`a\\`",
    "`*`**b**",
    "foo_ and _bar and __init__ and `x`_",
    "|a| [1]_ :role:`x`",
    "ends with::",
    ":field: x",
    ".. note:: x",
    "a\\. x",
    "1986\\. A year",
    "-- dash",
    "\\*",
    "...",
    ">>> doctest",
    "[a_](https://example.org/a_) [<b>](https://example.org/%3Cb%3E 't')",
    "[](https://example.org) [a]() [x](#y)",
    "![alt](a.png) and ![](b.png) ~~gone~~",
    "![alone](a b.png)",
    "![alone](<a b.png>)",
    "[![badge](a.svg)](https://example.org)",
    "List<String> a<br>b <kbd>x</kbd>",
    "\"*a*\" '*b*' (`c`) <*d*>",
    "one\u2028two\x85three",
    "a  \n*b  \nc*",
    "日本`語`です",
    "A. B. Cee",
    "(a) b",
    "| line",
    "+--+--+",
    "==== ====",
    "--option  words",
    "a\n====",
    "```nolexer\nx\n```",
    "```python\ndef broken(:\n```",
    "```\n```",
    "> > quote\n\n-- me",
    "- > quote\n- ```\n  code\n  ```\n- | a |\n  |---|\n  | b |",
    "| a |\n|---|",
    "| a | b |\n|---|---|\n| | \\| |",
    "1. c\n1. c\n1.",
    "1. c\n2.\n\n   - 1.",
    "[](x)  \n\\- 1",
    "- [x] done\n- [ ] open\n-",
    "0. zero\n\n7) seven",
    "&amp; &lt; &copy; \\&amp;",
    "<!-- hidden -->\n\nshown",
    "# a\n\n###### *b* `c`::",
]


def faults(text: str) -> list[str]:
    """What docutils has to say from warnings upward."""
    tree = publish_doctree(text, settings_overrides={"warning_stream": io.StringIO(), "report_level": 1, "halt_level": 6})
    return [message.astext() for message in tree.findall(nodes.system_message) if message["level"] >= 2]


def rendered(body: str) -> str:
    fragment = Fragment("a", "a.md", "fixed", body, issues=("1",), migration_note=body)
    return FORMAT.preamble + "\n" + FORMAT.render(notes_of(fragment, Fragment("b", "b.md", "fixed", body)), CONTEXT)


def test_the_example() -> None:
    assert faults(FORMAT.preamble + "\n" + FORMAT.render(NOTES, CONTEXT)) == []


@pytest.mark.parametrize("body", [*BODIES.values(), *INLINE])
def test_no_faults(body: str) -> None:
    assert faults(rendered(body)) == []


@settings(max_examples=examples(60, 1500), deadline=None)
@given(st.lists(LINES | st.sampled_from(INLINE), min_size=1, max_size=7))
def test_no_faults_in_any_body(lines: list[str]) -> None:
    text = rendered("\n".join(lines))
    assert faults(text) == [], text


@settings(max_examples=examples(100, 2000), deadline=None)
@given(st.lists(st.text("ab*`_|\\:.-<>[]()\"' 1#é", min_size=1, max_size=8) | st.sampled_from(INLINE), min_size=1, max_size=4))
def test_no_faults_in_any_words(words: list[str]) -> None:
    text = rendered(" ".join(words))
    assert faults(text) == [], text


STYLES = st.sampled_from([TextStyle.PLAIN, TextStyle.EMPHASIS, TextStyle.STRONG, TextStyle.CODE])
RUNS = st.lists(st.builds(TextRun, st.text("ab*`_|\\:.-<>[]()\"' 1#é", min_size=1, max_size=6), STYLES), min_size=1, max_size=5)


@settings(max_examples=examples(100, 3000), deadline=None)
@given(RUNS)
def test_text_arrives(runs: list[TextRun]) -> None:
    """Whatever the runs, docutils reads the very words."""
    text = rst_paragraph(runs)
    tree = publish_doctree(text + "\n", settings_overrides={"warning_stream": io.StringIO(), "report_level": 2, "halt_level": 6})
    squeezed = re.sub(r"\s", "", "".join(run.text for run in runs))
    assert re.sub(r"\s", "", tree.astext()) == squeezed, text


def test_nested_markup_is_taken_apart() -> None:
    runs = [
        TextRun("a ", TextStyle.STRONG),
        TextRun("b", TextStyle.CODE),
        TextRun("c"),
        TextRun("d", TextStyle.LINK, "https://example.org/_"),
    ]
    assert rst_line(runs) == r"**a** ``b``\ c\ `d <https://example.org/\_>`__"


def test_what_begins_after_an_empty_line_is_a_beginning() -> None:
    assert rst_paragraph([TextRun("", TextStyle.BREAK), TextRun("- 1")]) == "\\- 1"
    assert rst_paragraph([TextRun(" "), TextRun("", TextStyle.BREAK)]) == ""
