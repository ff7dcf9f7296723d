"""An entry takes its place among those that people wrote, and looks like them."""

from __future__ import annotations

import pytest

from relbot.fragment.model import Fragment
from relbot.render.notes import NOTES_FORMATS, NotesContext
from relbot.render.notes.changelog_layout import UNDERLINES, markdown_layout, rst_layout
from tests.render.example import notes_of
from tests.render.test_rst import faults

HERE = "<<here>>"
MARKER = "<!-- relbot: releases below -->"
RST_MARKER = ".. relbot: releases below"


@pytest.mark.parametrize(
    ("text", "level"),
    [
        ("", 2),
        ("# News\n\nNothing yet.\n<<here>>", 2),
        ("# News\n\n<<here>>## 1.0\n\n- Old.\n", 2),
        ("\ufeff<<here>># 1.1\n\n- b\n\n# 1.0\n\n- a\n", 1),
        ("<<here>># [2.0.0](https://example.org/compare) (2018-01-01)\n\n## [1.9.0](https://example.org)\n", 1),
        ("# News\n\n## 2018\n\n<<here>>### 1.1 - 2018-02-01\n", 3),
        ("News\n====\n\n<<here>>1.0 (2018-01-01)\n----------------\n\n- Old.\n", 2),
        ("# News\r\n\r\n<<here>>## v1.0\r\n", 2),
        ("# News\n\n## About\n\nUpgrade to Django 4.2\n\n<<here>>## Version 1.0: The first\n", 2),
        ("# News\n\n## [Unreleased]\n\n- Soon.\n\n<<here>>## 2018-01-01\n", 2),
        ("# News\n\n## Unreleased\n\n<<here>>## The second\n\n## The first\n", 2),
        ("# News\n\n```\n## 9.9\n```\n\n<!--\n## 9.8\n-->\n\n> ## 9.7\n\n<<here>>## 1.0\n", 2),
        (f"# News\n\n{MARKER}\n<<here>>\n## 1.0\n", 2),
        (f"# 3.0\n\n{MARKER}\n<<here>>\n### 1.0\n", 3),
        (f"Put this line in:\n\n```\n{MARKER}\n```\n\n{MARKER}\n<<here>>", 2),
        (f"Put this line in:\n\n```\n{MARKER}\n```\n\n<<here>>## 1.0\n", 2),
        (f"<!--\n{MARKER.removeprefix('<!-- ').removesuffix(' -->')}\n-->\n\n<<here>>## 1.0\n", 2),
        ("# News\n\n" + "words\n\n" * 10_000 + "<<here>>## 1.0\n", 2),
    ],
)
def test_in_markdown(text: str, level: int) -> None:
    laid_out = markdown_layout(text.replace(HERE, ""), MARKER)
    assert laid_out.place == max(text.find(HERE), 0)
    assert laid_out.level == level


RST = {
    "nothing": "",
    "a title": "News\n####\n\nWords.\n<<here>>",
    "as a new one": "News\n====\n\n<<here>>1.0\n---\n\nFixed\n~~~~~\n\n- x\n",
    "another mark below": "News\n====\n\n<<here>>1.0\n----\n\nFixed\n^^^^^\n\n- x\n",
    "the marks turned round": "News\n----\n\n<<here>>1.0\n====\n\nFixed\n~~~~~\n\nMore\n''''\n\n- x\n",
    "lines above": "====\nNews\n====\n\n<<here>>==========\n1.0 (2018)\n==========\n\nFixed\n-----\n\n- x\n",
    "a line above the first": "====\nNews\n====\n\n<<here>>1.0 (2018)\n==========\n\nFixed\n-----\n\n- x\n",
    "no title": "<<here>>1.0\n====\n\nFixed\n-----\n\n- x\n",
    "code": "News\n====\n\n::\n\n  9.9\n  ---\n\n<<here>>1.0\n---\n\n- x\n",
    "unreleased": "News\n====\n\nUnreleased\n----------\n\n- soon\n\n<<here>>1.0\n---\n\n- x\n",
    "a marker": f"News\n####\n\n{RST_MARKER}\n<<here>>\n1.0\n***\n\nFixed\n+++++\n\n- x\n",
    "a marker in code": f"News\n====\n\n::\n\n  {RST_MARKER}\n\n{RST_MARKER}\n<<here>>\n1.0\n---\n\n- x\n",
}


@pytest.mark.parametrize("text", RST.values(), ids=RST)
def test_in_restructuredtext(text: str) -> None:
    """docutils finds nothing wrong with the levels of what it makes of both, and sees the entry as a sister of the others."""
    before = text.replace(HERE, "")
    laid_out = rst_layout(before, RST_MARKER)
    assert laid_out.place == max(text.find(HERE), 0)
    entry = NOTES_FORMATS["rst"].render(
        notes_of(Fragment("a", "a.md", "fixed", "New.")), NotesContext(underlines=laid_out.underlines)
    )
    after = f"{before[: laid_out.place]}\n{entry}\n{before[laid_out.place :]}"
    assert faults(before) == faults(after) == []
    assert rst_layout(after, RST_MARKER).underlines[:2] == laid_out.underlines[:2], "The next entry looks like this one."


def test_there_are_marks_enough() -> None:
    every = "".join(f"title {mark}\n{mark * 10}\n\n" for mark in UNDERLINES[:6])
    assert len(rst_layout(f"{every}1.0\n{UNDERLINES[5] * 10}\n", RST_MARKER).underlines) >= 3
