"""What readers would not see of a fragment: HTML outside of code, and texts that show nothing."""

from __future__ import annotations

import pytest

from relbot.config.model import Config
from relbot.fragment.file import FragmentFile
from relbot.review.check import check_fragments


def told(body: str, path: str = "changes/a.md") -> list[tuple[str, int | None, str]]:
    source = FragmentFile(path, f"---\ntype: fixed\n---\n\n{body}\n".encode())
    return [(f.rule, f.place.line, f.level.value) for f in check_fragments([source], Config()).findings]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("Open <Select /> now.", [("hidden-html", 5, "error")]),
        ("A fix.\n\nIt gives\na `Vec` or\nVec<String>.", [("hidden-html", 9, "error")]),
        ("A fix.\n\n<MyPanel>\ntext\n</MyPanel>", [("hidden-html", 7, "error")]),
        ("A fix.\n\n- for <script>alert(1)</script>", [("hidden-html", 7, "error")]),
        ("Press <kbd>F1</kbd>.", [("raw-html", 5, "warning")]),
        ("A fix <!-- for now", [("html-left-open", 5, "error")]),
        ("A fix.\n\n<!-- for now\n\nMore.", [("html-left-open", 7, "error")]),
        ("A fix.\n\n## Migration\n\nSet <NAME>.", [("hidden-html", 9, "error")]),
        ("A fix.\n\n## Migration\n\n<!-- to do -->", [("empty-section", 7, "error")]),
        ("<Select />", [("empty-body", 5, "error")]),
        ("[](https://example.org)", [("empty-body", 5, "error")]),
        ("&nbsp; &#8203;", [("empty-body", 5, "error")]),
        ("[text]: https://example.org", [("empty-body", 3, "error")]),
    ],
)
def test_what_github_hides_is_a_finding(body: str, expected: list[tuple[str, int, str]]) -> None:
    assert told(body) == expected


@pytest.mark.parametrize(
    "body",
    [
        "Open `<Select />` now.",
        "A fix.\n\n```jsx\n<Select />\n```",
        "A fix.\n\n    <Select />",
        "See <https://example.org> or write to <me@example.org>.",
        "If a < b and c > d, or x<5.",
        "A fix. <!-- Nobody needs to know more. -->",
        r"Open \<Select /> now.",
        "Code ``over `<a>` two`` ticks, and `one\n<b>` over lines.",
        "[link](https://example.org) ![](picture.png)",
    ],
)
def test_what_is_shown_is_fine(body: str) -> None:
    assert told(body) == []


def test_what_was_released_is_not_judged_again() -> None:
    assert told("Open <Select /> now.", "changes/released/1.0/a.md") == []
