"""reStructuredText as Markdown, for `relbot import`."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from relbot.adoption.notes.rst_to_markdown import convert_rst, markdown_text
from tests.tiers import examples


@pytest.mark.parametrize(
    ("rst", "markdown"),
    [
        ("Run ``a`` or `b`, not `c <https://x.org/(1)>`_.", "Run `a` or `b`, not [c](<https://x.org/(1)>)."),
        ("__file__ of a_b, *x*", "\\_\\_file\\_\\_ of a_b, *x*"),
        ("~~a~~ &copy; <b>", "\\~\\~a\\~\\~ &copy; \\<b\\>".replace("&", "\\&")),
        ("A::\n\n    code\n\n1. b\n2. c", "A:\n\n```\ncode\n```\n\n1. b\n2. c"),
        ("See :pr:`12`, :ref:`the page <x>`, :func:`~a.b`.", "See #12, the page, `a.b`."),
        (".. note::\n\n   Do it.", "> [!NOTE]\n> Do it."),
    ],
)
def test_restructuredtext_becomes_markdown(rst: str, markdown: str) -> None:
    assert convert_rst(rst) == (markdown, "")


@pytest.mark.parametrize("rst", ["**(a)**\\ b", "=  =\na  b\n=  =", ".. raw:: html\n\n   <b>", "|x| y"])
def test_what_markdown_cannot_say_stays_as_it_is(rst: str) -> None:
    """In the first, Markdown would show the asterisks: only the comparison of the words tells."""
    made = convert_rst(rst)
    assert made.markdown == f"```rst\n{rst}\n```"
    assert made.problem


WORDS = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Zl", "Zp")), max_size=30)
PIECES = st.one_of(
    WORDS,
    st.sampled_from(["``code``", "*a*", "**b**", "`t <https://x.org/a_b>`_", ":ref:`x`", "\n\n* one\n* two\n\n"]),
)


@given(st.lists(PIECES, max_size=6))
@settings(max_examples=examples(40))
def test_markdown_says_the_words_of_the_source_or_is_the_source(pieces: list[str]) -> None:
    text = " ".join(pieces)
    made = convert_rst(text)
    if made.problem:
        assert made.markdown.startswith("```")
        assert text.strip("\n").rstrip() in made.markdown
    else:
        shown, source = ("".join(re.findall(r"[^\W_]", each)) for each in (markdown_text(made.markdown), text))
        assert len(shown) <= len(source)
        assert not (source and not shown)
