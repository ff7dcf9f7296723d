"""What findings point at and say, through `relbot check` and `relbot new`."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from tests.cli.fragments import DAY, FIXED, fragment

if TYPE_CHECKING:
    from tests.commandline import Run
    from tests.repository import Repo


def findings(relbot: Run, *args: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(relbot("check", "--format", "json", *args).out)["findings"]
    return found


@pytest.mark.parametrize(
    ("other", "said"),
    [("changes/released/1.0.0/login.md", "has the same name"), ("changes/released/1.0.0/Login.md", "only in capital letters")],
)
def test_a_second_file_of_a_name_is_told_from_one_in_capitals(repo: Repo, relbot: Run, other: str, said: str) -> None:
    repo.write("changes/login.md", FIXED)
    repo.write(other, fragment("added", "Another change."))
    found = [each for each in findings(relbot) if each["rule"] == "duplicate-identity"]
    assert found
    assert all(said in each["message"] for each in found), found


def test_raw_html_is_shown_in_its_own_line(repo: Repo, relbot: Run) -> None:
    repo.write("changes/a.md", "---\ntype: fixed\n---\n\nOne.\n\nTwo <script>x</script>.\n")
    [found] = [each for each in findings(relbot) if "html" in each["rule"]]
    assert found["line"] == 7


def test_a_fragment_that_was_released_needs_no_earlier_deploy_of_what_comes_with_it(repo: Repo, relbot: Run) -> None:
    repo.write("changes/first.md", FIXED)
    repo.commit()
    repo.write("changes/second.md", fragment("fixed", "B.", "needs: [first]"))
    repo.commit()
    assert relbot("check", "--base", "HEAD~1").code == 0, "the first was there before"
    assert relbot("build", "1.0.0", *DAY).code == 0
    repo.commit()
    assert relbot("check", "--base", "HEAD~2").code == 0, "both are released"
    repo.write("changes/third.md", fragment("fixed", "C.", "needs: [fourth]"))
    repo.write("changes/fourth.md", FIXED)
    repo.commit()
    assert [each["rule"] for each in findings(relbot, "--base", "HEAD~1")] == ["needs-together"]


def test_a_change_set_is_compared_with_names_outside_of_folders(repo: Repo, relbot: Run) -> None:
    repo.write("changes/released/1.0.0/login.md", FIXED)
    repo.write("changes/other.md", FIXED)
    repo.commit()
    repo.write("changes/login.md", fragment("added", "Something else."))
    repo.commit()
    assert "duplicate-identity" in {each["rule"] for each in findings(relbot, "--base", "HEAD~1")}


def test_a_path_that_is_off_is_not_asked_about(repo: Repo, relbot: Run) -> None:
    repo.write("relbot.toml", '[rules.paths]\n"docs/**" = "off"\n"etc/**" = "ask"\n')
    repo.commit()
    repo.write("docs/a.txt", "A.\n")
    repo.write("etc/a.txt", "A.\n")
    repo.commit()
    told = [each["message"] for each in findings(relbot, "--base", "HEAD~1")]
    assert any("etc/**" in each for each in told), told
    assert not any("docs/**" in each for each in told)
