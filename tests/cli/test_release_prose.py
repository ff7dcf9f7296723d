"""What a release says above its changes: `changes/_next.md`, then `release.md` beside its fragments."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from tests.cli.fragments import ADDED, DAY, FIXED, tree

if TYPE_CHECKING:
    from tests.commandline import Run
    from tests.repository import Repo

PROSE = "# A big one\n\nTry the *new* editor.\n"
ENTRY = "## 1.0 (2018-08-15)\n\n### A big one\n\nTry the *new* editor.\n\n### Fixed\n\n- The login page remembers you.\n"


@pytest.fixture
def begun(repo: Repo) -> Repo:
    repo.write("relbot.toml", "[links]\nhistory = false\n")
    repo.write("changes/login.md", FIXED)
    repo.write("changes/_next.md", PROSE)
    repo.commit()
    return repo


def test_it_stands_above_the_changes_and_survives_a_refresh(begun: Repo, relbot: Run) -> None:
    before = tree(begun)
    assert relbot("check").code == 0
    assert relbot("build", "--draft", "1.0", *DAY).out == ENTRY
    assert relbot("build", "1.0", *DAY).out == "1.0 (2018-08-15): 1 change in CHANGELOG.md.\n"
    assert (begun.path / "CHANGELOG.md").read_text().endswith(ENTRY)
    assert (begun.path / "changes/released/1.0/release.md").read_text() == PROSE
    assert relbot("check").code == 0
    assert relbot("build", "1.0").out == "1.0 is already built. Nothing changed.\n"
    assert relbot("build", "--refresh", "1.0").out.endswith("Nothing changed.\n")
    assert relbot("notes", "1.0").out == ENTRY
    assert json.loads(relbot("notes", "1.0", "--format", "json").out)["release"]["prose"] == PROSE.strip()
    assert "A big one" in relbot("notes", "1.0", "--format", "rst").out
    assert relbot("build", "--undo", "1.0").code == 0
    assert tree(begun) == before


def test_it_can_be_corrected_and_added_to(begun: Repo, relbot: Run) -> None:
    relbot("build", "1.0", *DAY)
    begun.write("changes/released/1.0/release.md", "Try it.\n")
    assert relbot("build", "--refresh", "1.0").code == 0
    assert relbot("notes", "1.0").out == ENTRY.replace("### A big one\n\nTry the *new* editor.", "Try it.")
    begun.write("changes/_next.md", "And that.\n")
    begun.write("changes/themes.md", ADDED)
    assert relbot("build", "1.0", *DAY).code == 0
    assert (begun.path / "changes/released/1.0/release.md").read_text() == "Try it.\n\nAnd that.\n"
    assert not (begun.path / "changes/_next.md").exists()
    assert "Try it.\n\nAnd that.\n\n### Added" in (begun.path / "CHANGELOG.md").read_text()
    assert relbot("build", "1.0", *DAY).out == "1.0 is already built. Nothing changed.\n"


@pytest.mark.parametrize(("form", "line"), [("debian", "  * Try the new editor."), ("rpm", "  * Try the new editor.")])
def test_packages_have_it_too(begun: Repo, relbot: Run, form: str, line: str) -> None:
    begun.write("relbot.toml", '[package]\nname = "obs-api"\nmaintainer = "Jane Doe <jane@example.org>"\n')
    begun.write("changes/_next.md", "Try the *new* editor.\n")
    assert line in relbot("build", "--draft", "1.0", "--format", form).out.split("\n")


@pytest.mark.parametrize(
    ("text", "line", "rule"),
    [
        ("Fine.\n\nA `<Select />`, and <Select />.\n", 3, "hidden-html"),
        ("<!-- Not yet.\n", 1, "html-left-open"),
        ("A\x07.\n", 1, "control-character"),
        ("<<<<<<< HEAD\nA.\n=======\nB.\n>>>>>>> main\n", 1, "merge-conflict"),
        (b"A.\n\xff\n", 2, "file-encoding"),
    ],
)
def test_it_is_checked_before_it_is_built(begun: Repo, relbot: Run, text: str | bytes, line: int, rule: str) -> None:
    begun.write("changes/_next.md", text)
    said = relbot("check")
    assert said.code == 1
    assert f"changes/_next.md:{line}:" in said.out
    assert f"[{rule}]" in said.out
    refused = relbot("build", "1.0", *DAY)
    assert refused.code == 1
    assert not (begun.path / "changes/released").exists()


def test_no_fragment_has_its_name(begun: Repo, relbot: Run) -> None:
    begun.write("changes/release.md", FIXED)
    refused = relbot("check")
    assert refused.code == 1
    assert "`release` cannot name a change" in refused.out
