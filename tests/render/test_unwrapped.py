"""Paragraphs on one line mean the same where line ends break lines as they meant wrapped where they do not."""

from __future__ import annotations

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from relbot.render.notes.line_joining import cut_to_blocks, join_paragraph_lines


@pytest.mark.parametrize(
    ("wrapped", "joined"),
    [
        ("a\nb", "a b"),
        ("a\nb\n\nc\nd", "a b\n\nc d"),
        ("- a\n  b\n- c\nd", "- a b\n- c d"),
        ("1. a\n   b\n\n   c\n   d", "1. a b\n\n   c d"),
        ("a  \nb", "a  \nb"),
        ("a\\\nb", "a\\\nb"),
        ("a\\\\\nb", "a\\\\ b"),
        ("```\na\nb\n```", "```\na\nb\n```"),
        ("    a\n    b", "    a\n    b"),
        ("| a | b |\n|---|---|\n| 1 | 2 |", "| a | b |\n|---|---|\n| 1 | 2 |"),
        ("> a\n> b", "> a\n> b"),
        ("<p>\na\n</p>", "<p>\na\n</p>"),
        ("a\n# b\nc\nd", "a\n# b\nc d"),
        ("a\nb\n---", "a\nb\n---"),
        ("[a]: http://a\n[b]: http://b", "[a]: http://a\n[b]: http://b"),
    ],
)
def test_only_paragraphs_are_joined(wrapped: str, joined: str) -> None:
    assert join_paragraph_lines(wrapped) == joined


LINES = st.sampled_from(
    [
        "a",
        "b *c*",
        "`d`",
        "`e",
        "f  ",
        "g\\",
        "",
        "- h",
        "  i",
        "1. j",
        "    k",
        "```",
        "| l | m |",
        "|---|---|",
        "# n",
        "***",
        "-  ",
        "~~~",
        "2. o",
        "\tp",
        "+ q",
        "===",
    ]
)


@given(st.lists(LINES, max_size=12))
@example(["`e", "`d`", "  i", "`d`"])
def test_it_looks_as_it_was_meant(lines: list[str]) -> None:
    text = "\n".join(lines)
    assert _shown(join_paragraph_lines(text), breaks=True) == _shown(text, breaks=False)
    assert join_paragraph_lines(join_paragraph_lines(text)) == join_paragraph_lines(text)


def _shown(text: str, *, breaks: bool) -> str:
    html = MarkdownIt("commonmark", {"breaks": breaks}).enable("table").render(text)
    # underlined headings of several lines stay as they are: GitHub breaks them
    html = re.sub(r"<h[12]>.*?</h[12]>", lambda found: found[0].replace("<br />", ""), html, flags=re.DOTALL)
    # markdown-it keeps the blanks before a line of a paragraph where it begins in code; CommonMark (4.8) does not
    html = re.sub(r"(?<!<pre>)<code>\s+", "<code>", html)
    return re.sub(r"\s+", " ", html)


def test_it_is_cut_where_a_block_begins() -> None:
    text = "one\n\n```\ncode\n\nmore code\n```\n\n- item\n- other"
    assert cut_to_blocks(text, 20, "rest") == "one\n\nrest"
    assert cut_to_blocks(text, len(text), "rest") == text
    assert cut_to_blocks(text, len(text) - 1, "rest") == "one\n\n```\ncode\n\nmore code\n```\n\n- item\n\nrest"
