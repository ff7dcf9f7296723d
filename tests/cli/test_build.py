"""`relbot build`: what becomes of the fragments, the changelog and the index."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.cli.builds import ENTRY, MARKER, changelog
from tests.cli.fragments import ADDED, DAY, FIXED, tree

if TYPE_CHECKING:
    from tests.commandline import Run
    from tests.repository import Repo


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param(None, f"# Changelog\n\n{MARKER}\n\n{ENTRY}", id="missing"),
        pytest.param("", f"# Changelog\n\n{MARKER}\n\n{ENTRY}", id="empty"),
        pytest.param(f"# News\n\n{MARKER}\n", f"# News\n\n{MARKER}\n\n{ENTRY}", id="marker"),
        pytest.param(
            f"# News\n\nAbove.\n{MARKER}\n\n## 0.9\n\n- Old.\n\n\n",
            f"# News\n\nAbove.\n{MARKER}\n\n{ENTRY}\n## 0.9\n\n- Old.\n\n\n",
            id="older release below the marker",
        ),
        pytest.param(f"# News\n{MARKER}", f"# News\n{MARKER}\n\n{ENTRY}", id="no final newline"),
        pytest.param("# News\n\n## 0.9\n\n- Old.", f"# News\n\n{ENTRY}\n## 0.9\n\n- Old.", id="no marker"),
        pytest.param("# News\n\nNothing yet.", f"# News\n\nNothing yet.\n\n{ENTRY}", id="no marker and no release"),
        pytest.param(
            "# News\n\n## [Unreleased]\n\n## [0.9] - 2018-01-01\n\n- Old.\n",
            f"# News\n\n## [Unreleased]\n\n{ENTRY}\n## [0.9] - 2018-01-01\n\n- Old.\n",
            id="keep a changelog",
        ),
        pytest.param("\ufeff# News\n\n## 0.9\n\n- Old.\n", f"\ufeff# News\n\n{ENTRY}\n## 0.9\n\n- Old.\n", id="byte order mark"),
        pytest.param(f"\ufeff{MARKER}\n", f"\ufeff{MARKER}\n\n{ENTRY}", id="byte order mark before the marker"),
        pytest.param(
            f"# News\r\n\r\n{MARKER}\r\n\r\n## 0.9\r\n\r\n- Old.\nmixed\r\n",
            f"# News\r\n\r\n{MARKER}\r\n\r\n" + ENTRY.replace("\n", "\r\n") + "\r\n## 0.9\r\n\r\n- Old.\nmixed\r\n",
            id="CR LF",
        ),
    ],
)
def test_the_entry_goes_where_it_belongs_and_the_rest_stays(repo: Repo, relbot: Run, before: str | None, after: str) -> None:
    repo.write("changes/login.md", FIXED)
    if before is not None:
        repo.write("CHANGELOG.md", before)
    repo.commit()
    assert relbot("build", "1.0", *DAY).code == 0
    assert changelog(repo) == after
    state = tree(repo)
    assert relbot("build", "1.0").code == 0
    assert tree(repo) == state


def test_an_entry_looks_like_those_that_people_wrote(fixed: Repo, relbot: Run) -> None:
    before = "News\n####\n\n1.0\n====\n\n- Old.\n"
    fixed.write("NEWS.rst", before)
    fixed.write("relbot.toml", 'changelog = "NEWS.rst"\n')
    fixed.commit()
    draft = relbot("build", "--draft", "1.1", *DAY).out
    assert relbot("build", "1.1", *DAY).code == 0
    assert changelog(fixed, "NEWS.rst") == before.replace("1.0\n", f"{draft}\n1.0\n")
    assert draft.startswith("1.1 (2018-08-15)\n================\n\nFixed\n-----\n")
    fixed.write("changes/released/1.1/login.md", FIXED.replace("login", "front"))
    assert relbot("build", "--refresh", "1.1").code == 0
    assert changelog(fixed, "NEWS.rst") == before.replace("1.0\n", f"{draft.replace('login', 'front')}\n1.0\n")


def test_bytes_that_are_not_utf_8_survive(fixed: Repo, relbot: Run) -> None:
    fixed.write("CHANGELOG.md", b"# News \xff\xfe\n\n## 0.9\n\n- Gr\xfc\xdfe.\n")
    assert relbot("build", "1.0", *DAY).code == 0
    assert (fixed.path / "CHANGELOG.md").read_bytes() == (
        b"# News \xff\xfe\n\n" + ENTRY.encode() + b"\n## 0.9\n\n- Gr\xfc\xdfe.\n"
    )


def test_a_marker_of_the_projects_own(fixed: Repo, relbot: Run) -> None:
    fixed.write("relbot.toml", 'marker = "<!-- here -->"\n')
    fixed.write("CHANGELOG.md", "# News\n\n<!-- here -->\n\n---\n")
    assert relbot("build", "1.0", *DAY).code == 0
    assert changelog(fixed) == f"# News\n\n<!-- here -->\n\n{ENTRY}\n---\n"


def test_the_fragments_move_and_all_is_staged(fixed: Repo, relbot: Run) -> None:
    done = relbot("build", "1.0", *DAY)
    assert (done.code, done.out, done.err) == (0, "1.0 (2018-08-15): 1 change in CHANGELOG.md.\n", "")
    assert fixed.git("status", "--porcelain").splitlines() == [
        "A  CHANGELOG.md",
        "R  changes/login.md -> changes/released/1.0/login.md",
        "A  changes/released/1.0/release.json",
    ]
    assert (fixed.path / "changes/released/1.0/login.md").read_text() == FIXED


def test_what_was_staged_can_be_committed(fixed: Repo, relbot: Run) -> None:
    relbot("build", "1.0", *DAY)
    fixed.git("commit", "--quiet", "--message=Release 1.0")
    assert fixed.git("status", "--porcelain") == ""
    assert relbot("check").code == 0


def test_a_fragment_that_git_does_not_know_yet_is_released_too(fixed: Repo, relbot: Run) -> None:
    fixed.write("changes/new.md", ADDED)
    relbot("build", "1.0", *DAY)
    assert "changes/released/1.0/new.md" in fixed.git("ls-files")


def test_other_changes_are_not_staged(fixed: Repo, relbot: Run) -> None:
    fixed.write("code.py", "1\n")
    fixed.commit()
    fixed.write("code.py", "2\n")
    relbot("build", "1.0", *DAY)
    assert " M code.py" in fixed.git("status", "--porcelain").splitlines()


def test_a_second_run_says_that_nothing_changed(fixed: Repo, relbot: Run) -> None:
    relbot("build", "1.0", *DAY)
    again = relbot("build", "1.0")
    assert (again.code, again.out) == (0, "1.0 is already built. Nothing changed.\n")


@pytest.mark.parametrize("options", [(), ("1.0",), ("--bump", "auto"), ("--format", "json"), ("--format", "rst")])
def test_a_draft_prints_and_changes_nothing(fixed: Repo, relbot: Run, options: tuple[str, ...]) -> None:
    fixed.tag("v0.9")
    before = tree(fixed)
    drafted = relbot("build", "--draft", *options, *DAY)
    assert drafted.code == 0
    assert "The login page remembers you." in drafted.out
    assert tree(fixed) == before


def test_a_draft_is_the_entry(fixed: Repo, relbot: Run) -> None:
    assert relbot("build", "--draft", "1.0", *DAY).out == ENTRY


def test_a_draft_without_a_version_is_of_what_is_unreleased(fixed: Repo, relbot: Run) -> None:
    assert relbot("build", "--draft", *DAY).out == ENTRY.replace("1.0", "Unreleased")


def test_a_draft_of_a_prereleases_final_has_its_changes(fixed: Repo, relbot: Run) -> None:
    relbot("build", "2.0rc1", *DAY)
    fixed.write("changes/dark.md", ADDED)
    drafted = relbot("build", "--draft", "2.0").out
    assert "dark theme" in drafted
    assert "remembers you" in drafted
