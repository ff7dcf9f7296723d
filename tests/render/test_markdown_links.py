"""Fragments that were written apart use the same labels, and each link leads where its own author said."""

from __future__ import annotations

import re

import pytest

from relbot.config.model import Config
from relbot.fragment.model import Fragment
from relbot.render.notes import NOTES_FORMATS, NotesContext
from relbot.render.notes.markdown_links import self_contained
from tests.render.example import notes_of
from tests.render.test_markdown_bodies import PARSER, PLAIN

MARKDOWN = NOTES_FORMATS["markdown"].render
PACKAGE = Config().package._replace(name="obs-api", maintainer="Jane Doe <jane@example.org>")


def addresses(text: str) -> list[str]:
    return re.findall(r'(?:href|src)="([^"]*)"', PARSER.render(text))


def fragment(identity: str, text: str, note: str = "", compatibility: str = "") -> Fragment:
    return Fragment(identity, f"{identity}.md", "fixed", text, migration_note=note, compatibility_note=compatibility)


A = fragment("a", "See [the docs][1].\n\n[1]: https://example.org/a")
B = fragment("b", "See [the manual][1].\n\n[1]: https://example.org/b")


def test_each_link_leads_where_its_own_author_said() -> None:
    assert addresses(MARKDOWN(notes_of(A, B), PLAIN)) == ["https://example.org/a", "https://example.org/b"]


def test_an_entry_says_nothing_about_the_links_of_older_ones() -> None:
    """The newest entry stands on top, and in Markdown the first definition counts."""
    older = "[older][1]\n\n[1]: https://example.org/older"
    assert addresses(MARKDOWN(notes_of(A), PLAIN) + "\n" + older)[-1] == "https://example.org/older"


@pytest.mark.parametrize("form", ["markdown", "rst", "debian", "rpm"])
def test_the_last_section_may_define_the_links_of_all(form: str) -> None:
    text = fragment("a", "See [the docs][d].", "As in [the guide][g].", "[d]: https://example.org/d\n[g]: https://example.org/g")
    notes = NOTES_FORMATS[form].render(notes_of(text), NotesContext(package=PACKAGE))
    assert "https://example.org/d" in notes
    assert "https://example.org/g" in notes
    assert "[the docs]" not in notes.replace("[the docs](", "")


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("[a][] [A] ![b][a]\n\n[a]: /u", "[a](/u) [A](/u) ![b](/u)"),
        ("[![b][1]][2]\n\n[1]: /i\n[2]: /u", "[![b](/i)](/u)"),
        ('[a]\n\n[a]: </u v> "a \\" title"', '[a](/u%20v "a \\" title")'),
        ("[a]\n\n[a]: /u(v)", "[a](</u(v)>)"),
        ("[a]\n\n[a]: <>", "[a](<>)"),
        ("[a\nb]\n\n[a b]:\n  /u\n  'title'\n\nmore", '[a\nb](/u "title")\n\n\nmore'),
        ("[a] `[a]` \\[a] <https://example.org/[a]>\n\n[a]: /u", "[a](/u) `[a]` \\[a] <https://example.org/[a]>"),
        ("[a]\n\n```\n[a]: /code\n```\n\n    [a]\n\n[a]: /u\n[a]: /twice", "[a](/u)\n\n```\n[a]: /code\n```\n\n    [a]"),
        ("| a |\n|---|\n| [a] |\n\n[a]: /u|v", "| a |\n|---|\n| [a](/u%7Cv) |"),
        ("[a](/here) [b]\n\n[a]: /u", "[a](/here) [b]"),
        (
            "A note[^1], `[^1]`.\n\n[^1]: What it says.\n\n    More.",
            "A note[^x-1], `[^1]`.\n\n[^x-1]: What it says.\n\n    More.",
        ),
        ("no label", "no label"),
        ("`a[0]: b`", "`a[0]: b`"),
    ],
)
def test_what_a_label_means_takes_its_place(written: str, shown: str) -> None:
    assert self_contained((written,), "x") == (shown,)


@pytest.mark.parametrize("text", ["[a]\n\n> [a]: /u", "[a [b](/v)][c]\n\n[c]: /u", "[a](no link)\n\n[a]: /u"])
def test_what_cannot_be_said_otherwise_stays_as_it_was_written(text: str) -> None:
    assert self_contained((text,), "x") == (text,)


def test_footnotes_of_two_fragments_are_two() -> None:
    notes = MARKDOWN(notes_of(fragment("a", "One[^1].\n\n[^1]: Of a."), fragment("b", "Two[^1].\n\n[^1]: Of b.")), PLAIN)
    assert notes.count("[^a-1]") == notes.count("[^b-1]") == 2
