"""What a body means below a bullet is what it means alone. The oracle is markdown-it-py."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from relbot.config.model import Config
from relbot.fragment.body import closing_line, find_headings, shift_headings
from relbot.fragment.model import Fragment
from relbot.render.notes import NOTES_FORMATS, NotesContext
from relbot.render.notes.markdown_item import as_item
from tests.render.example import CONTEXT, notes_of
from tests.tiers import examples

PARSER = MarkdownIt("commonmark").enable(["table", "strikethrough"])
RENDER = NOTES_FORMATS["markdown"].render
PLAIN = NotesContext(Config().links)

BODIES = {
    "words": "One sentence.",
    "two paragraphs": "One.\n\nTwo.",
    "list": "- a\n  - b\n    1. c\n\n       d\n- e",
    "indented list": "  - a\n  - b\n\n    c",
    "table": "| a | b |\n|---|:-:|\n| 1 | `x` |",
    "table below words": "Words:\n\na | b\n--- | ---\n1 | 2",
    "fence with rule inside": "```yaml\n---\na: 1\n---\n```",
    "fence with tabs": "```make\nall:\n\tcc x.c\n\n\t\tindented\n```",
    "tabs in fence below words": "Run:\n\n```\n\tmake\n```",
    "indented fence": "  ```\n  a\n\tb\n  ```",
    "fence in a list": "- a\n\n  ```\n  x\n\n  \ty\n  ```\n- b",
    "open fence": "Run:\n\n````sh\nmake",
    "quote": "> a\n>\n> - b\n> c",
    "html": "<details>\n<summary>S</summary>\n\nText *here*.\n\n</details>",
    "open comment": "a\n\n<!-- b\n\n- c",
    "open comment below a list": "- a\n<!-- b\n\nc",
    "open pre": "<PRE class=x>\na\n\nb",
    "indented html": "  <div>\n  x\n  </div>",
    "code": "    indented\n\n    \tcode",
    "code with tab": "\tindented\n\n\t\tcode\n\nwords",
    "tabs in a list": "-\ta\n\n\tb\n\n\t\tcode\n\n\t\t\tmore",
    "tabs after numbers": "1.\ta\n\n\t- b\n\n\t\tc",
    "one line of code in a quote": ">\t\tcode",
    "tab in a quote": ">\tcode?\n>\n>\t\tcode",
    "hard breaks": "one  \ntwo\\\nthree",
    "rule": "---",
    "rule of list marks": "- - -\n\nwords",
    "stars": "* * *\n\nwords",
    "check box": "[ ] is no check box",
    "headings": "### A\n\nb\n\n#### C #\n\nd\n\nE\n===",
    "setext": "A\nb\n---\n\nc",
    "emoji": "🎉 :tada: 👩‍👩‍👧",
    "right to left": "שלום **עולם**\n\nمرحبا",
    "definition": "[a]\n\n[a]: https://example.org 'title'",
    "leading blank lines": "\n  \n words\n\nmore",
    "emphasis": "**bold** and *more*\n\n_x_",
    "number": "10. October\n\n1986\\. A year",
    "empty item": "-\n\n  a",
    "50 kB": "A long one.\n\n" + "- item with `code`\n\n  below\n\n" * 1600,
}


def tokens(text: str) -> list[tuple[Any, ...]]:
    """Kinds and contents, without what a list may change: places, levels, and paragraphs that a tight list hides."""
    found: list[tuple[Any, ...]] = []
    for token in PARSER.parse(text):
        if token.type in ("paragraph_open", "paragraph_close"):
            continue
        children = [(c.type, c.tag, " ".join(c.content.split()), str(c.attrs)) for c in token.children or ()]
        content = "" if token.type == "inline" else token.content.rstrip("\n")
        found.append((token.type, token.tag, content, token.info, str(token.attrs), children))
    return found


def below_bullet(found: list[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    """What stands inside the one item of the one list."""
    kinds = [token[0] for token in found]
    assert kinds[:2] == ["bullet_list_open", "list_item_open"]
    assert kinds[-2:] == ["list_item_close", "bullet_list_close"]
    return found[2:-2]


@pytest.mark.parametrize("body", BODIES.values(), ids=BODIES)
def test_below_a_bullet(body: str) -> None:
    assert below_bullet(tokens(as_item(body))) == tokens(body)


@pytest.mark.parametrize("body", BODIES.values(), ids=BODIES)
def test_in_notes(body: str) -> None:
    found = tokens(RENDER(notes_of(Fragment("a", "a.md", "fixed", body)), PLAIN))
    start = [token[0] for token in found].index("bullet_list_open")
    highest = min([3, *(heading.level for heading in find_headings(body))])
    assert below_bullet(found[start:]) == tokens(shift_headings(body, 4 - highest) + "\n" + closing_line(body))


@pytest.mark.parametrize("body", BODIES.values(), ids=BODIES)
def test_what_follows_stands_outside(body: str) -> None:
    """Links, sections and the next entry are not swallowed by code, HTML or a list."""
    first = Fragment("a", "a.md", "fixed", body, issues=("1",), migration_note="Act *now*.", compatibility_note=body)
    second = Fragment("b", "b.md", "fixed", "The next.", issues=("2",))
    text = RENDER(notes_of(first._replace(migration_note=body, compatibility_note="Act *now*."), second), CONTEXT)
    html = PARSER.render(text)
    assert '<a href="https://git.example.org/obs/build/issues/1">#1</a>' in html
    assert "<strong>Migration:</strong>" in html
    assert "<strong>Compatibility:</strong> Act <em>now</em>." in html
    assert html.rindex("<li>") < html.index("The next. ")
    parsed = PARSER.parse(text)
    assert sum(token.type == "list_item_open" and token.level == 1 for token in parsed) == 2


LINES = st.sampled_from(
    [
        "",
        "",
        "words",
        "- a",
        "* b",
        "1. c",
        "10) d",
        "> q",
        "    code",
        "\tcode",
        "\t\ttab",
        "  - in",
        "   two",
        "```",
        "~~~",
        "### H",
        "| a | b |",
        "|---|---|",
        "---",
        "===",
        "<div>",
        "</div>",
        "<!--",
        "-->",
        "-\tt",
        "  ```",
        "\t- x",
        "`` ` ``",
        "*em",
        "em*",
        "[l]: /u",
        "[l]",
        "-",
        "+",
        " x",
        "  ",
        "- - -",
        "<b>x</b>",
        "a | b",
        "[ ] t",
        "#",
        "- ```",
        "> - y",
        "> - ```",
        "- > ```",
        "> 1. ~~~",
        ">\tz",
        "x  ",
        "y\\",
        "<pre>",
        "</pre>",
        "1.",
        "    - deep",
        "```x`",
    ]
)


@settings(max_examples=examples(200, 5000), deadline=None)
@given(st.lists(LINES, min_size=1, max_size=9))
def test_any_body_below_a_bullet(lines: list[str]) -> None:
    body = "\n".join(lines)
    below = as_item(body).startswith("-\n")
    assume(body.strip() and not (below and "\t" in body.lstrip()))  # see markdown_item: there tabs become spaces
    body = f"{body}\n{closing_line(body)}"
    assert below_bullet(tokens(as_item(body))) == tokens(body)


@settings(max_examples=examples(150, 3000), deadline=None)
@given(st.lists(LINES, min_size=1, max_size=9), st.booleans())
@example(["  ```", "```", "-\tt", "  ```"], False)
def test_what_follows_any_body_stands_outside(lines: list[str], linked: bool) -> None:
    fragment = Fragment("a", "a.md", "fixed", "\n".join(lines), issues=("1",) if linked else (), compatibility_note="Act *now*.")
    html = PARSER.render(RENDER(notes_of(fragment), CONTEXT))
    assert "<strong>Compatibility:</strong> Act <em>now</em>." in html
    assert not linked or ">#1</a>" in html


@pytest.mark.parametrize("form", ["rst", "rpm"])
def test_footnotes_stand_below_their_text_in_formats_without_them(form: str) -> None:
    text = "One[^a], two[^b], none[^c], `[^a]`.\n\n[^a]: First *of* it.\n    More.\n\n[^b]: ```\n    code\n    ```\n"
    made = " ".join(
        NOTES_FORMATS[form].render(notes_of(Fragment("a", "changes/a.md", "fixed", text)), CONTEXT).replace("\\", "").split()
    )
    assert "One[1], two[2], none[^c], " in made
    assert made.index("two[2]") < made.index("[1] First") < made.index("[2]", made.index("[1] First")) < made.index(" code")
