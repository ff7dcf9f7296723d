"""The reader of headings against a full parser of CommonMark, sections and shifting as properties."""

import itertools
import re
from typing import Never

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from relbot.fragment import body
from relbot.fragment.body import BodyHeading, find_headings, shift_headings, split_sections
from tests.tiers import examples

PARSER = MarkdownIt("commonmark")
PLAIN = [
    "", "", "", "text", "more text", "# One", "## Migration", "### Three ##", "##", "## ##", "#hash",
    "####### seven", "---", "===", "--", "=", "-", "***", "* * *", "- - -", "- item", "* item", "1. one", "2. two",
    "3) three", "```", "````", "~~~", "``` sh", "``` a`b", "`` ``", "- # inner", "- ```", "  more of the item",
    "  # in the item", "    ## deep in the item", "   three", "[name]: /address", "[name] text", "\\# no",
    "**bold**", "#\ttab", "## a #b", "## c \\#", "a #", "b\\", "c  ", "`d\\", "=== ", "---\t", "_ _ _", "+ plus",
]  # fmt: skip
TRICKY = [
    " # indented", "   ## by three", "    # code", "\t# tab", "  ---", "   ===", "    ---", "> quote",
    "> # in a quote", ">", "> - a", "<div>", "</div>", "<!-- # x", "# y -->", "-->", "<pre>", "</pre>", "<?php",
    "?>", "<b>inline</b>", "<a href='x'>", "<![CDATA[", "]]>", "<!A", "1.", "*", "- ", "-     code", "-\ttab",
    "10. ten", "   ```", "  ~~~", "    ```", " - indented item", "  - nested", "\u00a0", "\x0c", "text  ",
    "\u2028# x", "- - nested", "1. - # deep", "## x\u00a0", "lazy\u00a0", "`````", "~~~~ x ~", "٣. digit",
]  # fmt: skip


def oracle(text: str) -> list[BodyHeading]:
    tokens = PARSER.parse(text)
    return [
        BodyHeading(
            first,
            int(opening.tag[1]),
            " ".join(line.strip() for line in inline.content.split("\n")),
            after - first,
        )
        for opening, inline in itertools.pairwise(tokens)
        if opening.type == "heading_open" and opening.level == 0
        for first, after in [opening.map or (0, 0)]
    ]


def documents(*lines: str) -> st.SearchStrategy[str]:
    """Texts of these lines, and of lines made of them with an indentation or a container in front."""
    line = st.sampled_from(lines) | st.builds(
        str.__add__, st.sampled_from(["  ", "    ", "- ", "> ", "1. "]), st.sampled_from(lines)
    )
    return st.lists(st.sampled_from(lines) | line if "> quote" in lines else st.sampled_from(lines), max_size=12).map("\n".join)


@settings(max_examples=examples(150, 3000), deadline=None)
@given(documents(*PLAIN))
@example("- a\n```\n# x\n```\n# y")
@example("1. a\n\n2. b\n\n   c\n\ntitle\n---")
def test_plain_documents_have_the_headings_of_commonmark(text: str) -> None:
    assert find_headings(text) == oracle(text)


@settings(max_examples=examples(150, 3000), deadline=None)
@given(documents(*PLAIN, *TRICKY))
def test_tricky_documents_have_the_headings_of_commonmark(text: str) -> None:
    assert find_headings(text) == oracle(text)


@settings(max_examples=examples(100, 3000), deadline=None)
@given(st.text(alphabet="#=-`~ \t\n>*1.[]:<a!", max_size=60))
def test_any_few_characters_have_the_headings_of_commonmark(text: str) -> None:
    assert find_headings(text) == oracle(text)


USUAL = """`config/options.yml` now groups its keys.

- one
- two
  with more

## Migration

Run it:

```sh
# no heading
rake migrate
---
```

1. first
2. second

Setext
------

## Compatibility

None.
"""


def test_a_usual_text_is_read_without_the_full_parser(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(text: str) -> Never:
        raise AssertionError("the full parser was asked")

    monkeypatch.setattr(body, "_read_by_markdown_it", refuse)
    assert [(h.line, h.level, h.text) for h in find_headings(USUAL)] == [
        (6, 2, "Migration"),
        (19, 2, "Setext"),
        (22, 2, "Compatibility"),
    ]


@settings(max_examples=examples(100, 3000), deadline=None)
@given(documents(*PLAIN, *TRICKY))
def test_sections_lose_nothing(text: str) -> None:
    found = find_headings(text)
    parts = split_sections(text, found)
    lines = text.split("\n")
    cuts = [heading for heading in found if heading.level == 2]
    assert [part.title for part in parts] == ["", *(cut.text for cut in cuts)]
    titles = {number for cut in cuts for number in range(cut.line, cut.line + cut.lines)}
    kept = [line for part in parts for line in part.text.split("\n") if line]
    assert kept == [line for number, line in enumerate(lines) if line and number not in titles]


@settings(max_examples=examples(100, 3000), deadline=None)
@given(documents(*PLAIN, *TRICKY), st.integers(min_value=0, max_value=6))
@example("b\\\n\xa0\n---", 1)
@example("\xa0\nb\\\n\x85\n===", 2)
def test_a_shifted_text_differs_only_in_the_levels_of_its_headings(text: str, by: int) -> None:
    levels = [heading.level for heading in find_headings(text)]
    after = shift_headings(text, by)
    assert [heading.level for heading in find_headings(after)] == [min(level + by, 6) for level in levels]
    assert html(after) == html(text)


def html(text: str) -> str:
    """The text as HTML, without the levels of headings and the line breaks inside them."""
    without_levels = re.sub(r"(</?h)[1-6]>", r"\1>", PARSER.render(text))
    return re.sub(r"<h>.*?</h>", lambda heading: on_one_line(heading.group()), without_levels, flags=re.DOTALL)


def on_one_line(heading: str) -> str:
    """With as many spaces as a browser shows: none where code that was on lines of its own begins and ends."""
    line = " ".join(re.split(r"[ \t\n]+", heading.replace("<br />", " ")))
    return re.sub(r"(?<=<code>) | (?=</code>)", "", line)
