"""A build only inserts: small changelogs in the manner of those that projects and tools write, to the byte."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from tests.cli.fragments import DAY, FIXED

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.commandline import Run

MARKDOWN = {
    "keep a changelog": "# Changelog\n\nAll of it.\n\n## [Unreleased]\n\n<<>>## [1.1.0] - 2025-01-01\n\n### Added\n\n- A.\n",
    "no title": "<<>>### [1.1.0] 2025-01-01\n\n  * Fixed a\n  * Fixed b\n\n### [1.0.0] 2024-01-01\n",
    "template in a comment": (
        "# Change log\n\n<!--\n## 1.2.0 (date)\n### New\n-->\n\n## master (unreleased)\n\n<<>>## 1.1.0 (2025-01-01)\n"
    ),
    "level one": "# unreleased\n\n## Features\n\n## Bugfixes\n\n<<>># v1.1.0\n\n## Features\n\n- A, see #1 (@ada)\n",
    "underlined": (
        "<<>>1.1.0 / 2025-01-01\n==================\n\n  * deps: a@1\n    - b\n\n1.0.0 / 2024-01-01\n==================\n"
    ),
    "highlights": "# Vx.x.x (Pre-release)\n\n## Changes since v1.1.0\n\n<<>># V1.1.0\n\n## Release Highlights\n\n- A\n",
    "packages": (
        "# @acme/web\n\n<<>>## 1.1.0\n\n### Minor Changes\n\n- 1a2b3c4: A.\n\n### Patch Changes\n\n- Updated dependencies\n"
    ),
    "commits": (
        "<<>># [1.1.0](https://x.example/compare/v1.0.0...v1.1.0) (2025-01-01)\n\n\n### Features\n\n"
        "* a ([1a2b](https://x.example))\n"
    ),
    "releases of a bot": (
        "# Changelog\n\n<<>>## [1.1.0](https://x.example) (2025-01-01)\n\n\n### Features\n\n* a\n\n## 1.0.0 (2024-01-01)\n"
    ),
    "a footer": "# Changelog\n\n<<>>## [1.1.0] - 2025-01-01\n\n### Features\n\n- *(api)* A\n\n<!-- generated -->\n",
    "anchors": '# Changes\n\n<<>><a name="1.1.0"></a>\n## 1.1.0\n\nA.\n\n<a name="1.0.0"></a>\n## 1.0.0\n',
    "written days": "# Changes\n\n<<>>## v1.1.0 - January 5, 2025\n\n- A\n\n## v1.0.0 - March 2, 2024\n",
    "tables and HTML": (
        "<h1>Changes</h1>\n\n<<>>## 1.1.0\n\n| a | b |\n|---|---|\n| c | d |\n\n<details>\n\n- A\n\n</details>\n"
    ),
    "tabs and spaces": "# Changes  \n\n\n<<>>## 1.1.0  \n\n*\tA\n\t*\tB  \n\n\n\n## 1.0.0",
    "names of the project": "# Changes\n\n<<>>## Acme Web 1.1.0 (2025-01-01)\n\n- A\n\n## Acme Web 1.0.0 (2024-01-01)\n",
}
RST = {
    "fragments of a tool": (
        ".. note::\n\n   Do not edit.\n\n.. towncrier release notes start\n\n"
        "<<>>1.1.0 (2025-01-01)\n==================\n\nBugs\n----\n\n- A. (`#1 <https://x.example>`_)\n"
    ),
    "released in a sentence": (
        "Changes\n=======\n\n<<>>Version 1.1.0\n-------------\n\nReleased 2025-01-01\n\n-   A. :issue:`1`\n-   B\n    and more.\n"
    ),
    "labels": (
        "Changes\n=======\n\n<<>>.. _v1-1-0:\n\n"
        "Release 1.1.0 (released Jan 05, 2025)\n-------------------------------------\n\n* A.\n"
    ),
    "lines above": (
        "=======\nChanges\n=======\n\n.. contents:: Topics\n\n<<>>======\nv1.1.0\n======\n\n"
        "Minor Changes\n-------------\n\n- a - B.\n\n======\nv1.0.0\n======\n"
    ),
}


def numbered(texts: dict[str, str]) -> Iterator[tuple[str, str, int]]:
    """Names and texts; every second one has the line ends of Windows."""
    return ((name, text, number % 2) for number, (name, text) in enumerate(texts.items()))


CASES = [
    *(pytest.param("CHANGELOG.md", text, "\r\n" if odd else "\n", id=name) for name, text, odd in numbered(MARKDOWN)),
    *(pytest.param("NEWS.rst", text, "\r\n" if odd else "\n", id=name) for name, text, odd in numbered(RST)),
]


@pytest.mark.parametrize(("path", "text", "end"), CASES)
def test_the_entry_is_inserted_and_the_rest_stays(tmp_path: Path, relbot: Run, path: str, text: str, end: str) -> None:
    marker = '\nmarker = ".. towncrier release notes start"' if "towncrier" in text else ""
    (tmp_path / "relbot.toml").write_text(f'changelog = "{path}"{marker}\n')
    (tmp_path / "changes").mkdir()
    (tmp_path / "changes/login.md").write_text(FIXED)
    above, below = (part.replace("\n", end).encode() for part in text.split("<<>>"))
    file = tmp_path / path
    file.write_bytes(above + below)
    assert relbot("build", "1.2.0", *DAY, cwd=tmp_path).code == 0
    built = file.read_bytes()
    assert built.startswith(above)
    assert built.endswith(below)
    entry = built[len(above) : len(built) - len(below)].decode()
    assert re.search(rf"1\.2\.0 \(2018-08-15\).*The login page remembers you\.{end}{end}\Z", entry, re.DOTALL)
    assert ("\r\n" in entry) == (end == "\r\n")
    assert relbot("check", cwd=tmp_path).out == ""
    assert relbot("build", "--undo", "1.2.0", cwd=tmp_path).code == 0
    assert file.read_bytes() == above + below


def test_what_a_formatter_changes_in_restructuredtext_is_no_edit(tmp_path: Path, relbot: Run) -> None:
    (tmp_path / "relbot.toml").write_text('changelog = "NEWS.rst"\n')
    (tmp_path / "changes").mkdir()
    (tmp_path / "changes/login.md").write_text(FIXED.replace("you.", "you.\n\n- For a day.\n- Or two."))
    file = tmp_path / "NEWS.rst"
    file.write_text(RST["lines above"].replace("<<>>", ""))
    assert relbot("build", "1.2.0", *DAY, cwd=tmp_path).code == 0
    built = file.read_text()
    assert re.search(r"^=+\n1\.2\.0 \(2018-08-15\)\n=+\n", built, re.MULTILINE)
    file.write_text(built.replace("- The login page remembers", "*  The login\n   page remembers", 1).replace("   you", "  you"))
    assert relbot("check", cwd=tmp_path).out == ""
    file.write_text(built.replace("The login page remembers", "The login page forgets"))
    said = relbot("check", cwd=tmp_path)
    line = built.splitlines().index("1.2.0 (2018-08-15)")
    assert f"NEWS.rst:{line}: warning [changelog-edited] The entry of 1.2.0 was edited by hand: it says" in said.out
    assert "`The login page forgets you." in said.out
    refused = relbot("build", "--refresh", "1.2.0", cwd=tmp_path)
    assert refused.code == 1
    file.write_text(RST["lines above"].replace("<<>>", ""))
    lost = relbot("check", cwd=tmp_path)
    assert "[changelog-missing] The entry of 1.2.0 is missing: `1.2.0 (2018-08-15)`." in lost.out
    assert relbot("build", "--refresh", "1.2.0", cwd=tmp_path).code == 0
    assert file.read_text() == built


def test_unreleased_text_stays_and_is_told_where_a_template_makes_the_notes(tmp_path: Path, relbot: Run) -> None:
    (tmp_path / "relbot.toml").write_text('changelog = "NEWS.rst"\ntemplate = "notes.j2"\n')
    (tmp_path / "notes.j2").write_text("{{ notes.release.version }}\n---\n\n- C.\n")
    (tmp_path / "changes").mkdir()
    (tmp_path / "changes/login.md").write_text(FIXED)
    file = tmp_path / "NEWS.rst"
    file.write_text("News\n====\n\nUnreleased\n----------\n\n- B.\n\n1.9\n---\n\n- A.\n")
    built = relbot("build", "2.0", *DAY, cwd=tmp_path)
    assert built.code == 0
    assert "What stands below `Unreleased` in NEWS.rst is not part of the release" in built.err
    text = file.read_text()
    assert text.index("- B.") < text.index("2.0\n---") < text.index("1.9")
    file.write_text(text.replace("- B.\n", ""))
    (tmp_path / "changes/more.md").write_text(FIXED)
    assert relbot("build", "2.1", *DAY, cwd=tmp_path).err == ""


def test_a_maintenance_release_takes_its_place_in_restructuredtext(tmp_path: Path, relbot: Run) -> None:
    (tmp_path / "relbot.toml").write_text('changelog = "NEWS.rst"\n')
    (tmp_path / "changes").mkdir()
    (tmp_path / "changes/login.md").write_text(FIXED)
    file = tmp_path / "NEWS.rst"
    file.write_text("News\n====\n\n2.0\n---\n\n- B.\n\n.. _one:\n\n1.9\n---\n\n- A.\n")
    assert relbot("build", "1.9.1", *DAY, cwd=tmp_path).code == 0
    assert re.findall(r"^(?:\d\S*|\.\. _one:)", file.read_text(), re.MULTILINE) == ["2.0", "1.9.1", ".. _one:", "1.9"]
    file.write_text(file.read_text().replace("- The", "-   The"))
    assert relbot("check", cwd=tmp_path).out == ""


def test_types_are_underlined_where_others_are(tmp_path: Path, relbot: Run) -> None:
    (tmp_path / "CHANGELOG.md").write_text("1.1.0\n=====\n\nAdded\n-----\n\n- A.\n")
    (tmp_path / "changes").mkdir()
    (tmp_path / "changes/login.md").write_text(FIXED)
    assert relbot("build", "1.2.0", *DAY, cwd=tmp_path).code == 0
    written = (tmp_path / "CHANGELOG.md").read_text()
    assert written.startswith("1.2.0 (2018-08-15)\n==================\n\nFixed\n-----\n\n- The login page remembers you.")


def test_a_text_that_is_only_a_list_becomes_entries(tmp_path: Path, relbot: Run) -> None:
    (tmp_path / "changes").mkdir()
    (tmp_path / "changes/several.md").write_text("---\ntype: fixed\nissues: [10]\n---\n\n- One.\n- Two.\n")
    (tmp_path / "changes/uneven.md").write_text("---\ntype: fixed\n---\n\n- One.\n  More.\n- Two.\n")
    assert relbot("build", "--draft", cwd=tmp_path).out.endswith("- One. (#10)\n- Two. (#10)\n- - One.\n    More.\n  - Two.\n")
