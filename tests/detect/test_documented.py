"""What the detector of documentation sees, line by line."""

from __future__ import annotations

import pytest

from relbot.detect.documented_settings.detector import DETECTOR
from relbot.detect.documented_settings.pages import is_page
from tests.detect.changes import evidence, facts

PAGE = "docs/configuration.md"
TABLE = "| Name | Default |\n|---|---|\n| `max_age` | {} |\n"

EDITS = [
    ("a flag goes", "- `--cache.size`: how much\n", "\n", {"removed"}),
    ("a variable comes", "It runs.\n", "It runs. `SHOP_HOST` says where.\n", {"added"}),
    ("a key is renamed", "Set `cache.max_size`.\n", "Set `cache.max_sizes`.\n", {"renamed"}),
    (
        "a default changes",
        "- `--keep.days` (default: 7)\n",
        "- `--keep.days` (default: 30)\n",
        {"default-changed", "default-reworded", "no-default"},
    ),
    (
        "a reference changes",
        "[keep_days: <int> | default = 7]\n",
        "[keep_days: <int> | default = 9]\n",
        {"default-changed", "default-reworded", "no-default"},
    ),
    (
        "only a version",
        "`SHOP_VERSION` (default: 1.2.3)\n",
        "`SHOP_VERSION` (default: 1.2.4)\n",
        {"version-changed", "no-default"},
    ),
    ("a cell of a table", TABLE.format("7"), TABLE.format("9"), {"cell-changed"}),
    ("a line on a default goes", "Cakes are sent by default.\n", "Cakes are sent.\n", {"no-default"}),
    ("something is deprecated", "Cakes.\n", "Cakes. This is deprecated.\n", {"deprecated"}),
    ("a section", "Cakes.\n", "Cakes.\n\n## Upgrading from 1\n", {"upgrade-section", "mentions-upgrade"}),
    ("what to do", "Cakes.\n", "Cakes. When upgrading, stop it.\n", {"upgrading", "mentions-upgrade"}),
    ("a demand", "Cakes.\n", "You must bake.\n", {"demands"}),
    ("what it runs on", "Needs Python 3.8.\n", "Needs Python 3.11.\n", {"version"}),
    ("a command", "    rake cakes bake\n", "    bin cakes bake\n", {"command-removed"}),
    ("other words", "The `--cache.size` is how much.\n", "How much: `--cache.size`.\n", set()),
    ("a file's name", "See `settings_main.py`.\n", "See the file.\n", set()),
]


@pytest.mark.parametrize(("before", "after", "expected"), [edit[1:] for edit in EDITS], ids=[edit[0] for edit in EDITS])
def test_edits(before: str, after: str, expected: set[str]) -> None:
    assert facts(DETECTOR, {PAGE: (before, after)}) == expected


def test_a_setting_that_moves_to_another_page_is_not_gone() -> None:
    assert facts(DETECTOR, {PAGE: ("`--cache.size`\n", "\n"), "docs/cache.md": ("Caches.\n", "`--cache.size`\n")}) == set()


def test_a_default_is_told_with_both_values() -> None:
    (found,) = [
        found
        for found in evidence(DETECTOR, {PAGE: ("`SHOP_DAYS` defaults to `7`.\n", "`SHOP_DAYS` defaults to `30`.\n")})
        if found.fact == "default-changed"
    ]
    assert found.message == "The documentation gives `SHOP_DAYS` the default `30` now, `7` before."
    assert found.subjects == ("SHOP_DAYS",)


@pytest.mark.parametrize(
    ("path", "page"),
    [
        ("docs/configuration.md", True),
        ("README.rst", True),
        ("man/shop.1", True),
        ("CHANGELOG.md", False),
        ("docs/release-notes/1.0.md", False),
        ("releasenotes/notes/a.rst", False),
        ("docs/upgrade.md", False),
        ("UPGRADING.rst", False),
        ("NEWS", False),
        ("docs/newsletter.md", True),
        ("requirements.txt", False),
        ("docs/conf.py", False),
        ("CONTRIBUTING.md", False),
        ("tests/README.md", False),
    ],
)
def test_notes_and_what_developers_read_are_no_evidence(path: str, page: bool) -> None:
    assert is_page(path) is page
