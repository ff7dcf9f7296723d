"""A change in several release lines: a fix that was cherry-picked to 1.9.x, released there, and merged back."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import pytest

from tests.cli.builds import changelog
from tests.cli.fragments import DAY, FIXED, fragment

if TYPE_CHECKING:
    from tests.commandline import Run
    from tests.repository import Repo

FIX = fragment("fixed", "Logging in works again.", "issues: [7]")


@pytest.fixture
def merged(repo: Repo, relbot: Run) -> Repo:
    """Main after the merge of 1.9.x, where the change `fix`, unreleased on main, was released as 1.9.1."""
    repo.write("relbot.toml", "[links]\nhistory = false\n")
    repo.write("changes/old.md", FIXED)
    repo.commit()
    assert relbot("build", "1.9.0", "--date", "2018-08-01").code == 0
    repo.commit()
    repo.git("tag", "v1.9.0")
    repo.branch("1.9.x")
    repo.write("changes/fix.md", FIX)
    repo.commit()
    assert relbot("build", "1.9.1", "--date", "2018-08-10").code == 0
    repo.commit()
    repo.git("tag", "v1.9.1")
    repo.git("checkout", "-q", "main")
    repo.write("changes/fix.md", FIX)
    repo.write("changes/new.md", fragment("added", "Dark mode."))
    repo.commit()
    repo.git("merge", "-q", "1.9.x", "-m", "Merge 1.9.x")
    return repo


def entry(repo: Repo, version: str) -> str:
    """The entry of a version in the changelog."""
    found = re.search(rf"^## {re.escape(version)} .*?(?=^## |\Z)", changelog(repo), re.DOTALL | re.MULTILINE)
    assert found
    return found[0]


def test_after_the_merge_of_a_release_branch_all_is_clean(merged: Repo, relbot: Run) -> None:
    checked = relbot("check")
    assert (checked.code, checked.out) == (0, "")
    assert relbot("check", "--base", "HEAD^1").code == 0
    assert relbot("list").code == 0


def test_the_newer_entry_does_not_repeat_what_the_older_line_brought(merged: Repo, relbot: Run) -> None:
    assert "Logging in" not in relbot("build", "--draft").out
    assert relbot("build", "2.0.0", *DAY).code == 0
    assert "Logging in" in entry(merged, "1.9.1")
    assert "Logging in" not in entry(merged, "2.0.0")
    assert (merged.path / "changes/released/2.0.0/fix.md").exists()
    before = changelog(merged)
    assert relbot("check").out == ""
    assert "Logging in" not in relbot("notes", "2.0.0").out
    assert relbot("build", "--refresh", "2.0.0").code == 0
    assert changelog(merged) == before


def test_the_newer_entry_repeats_it_where_that_is_configured(merged: Repo, relbot: Run) -> None:
    merged.write("relbot.toml", '[links]\nhistory = false\n[versions]\nbackports = "repeat"\n')
    assert relbot("build", "2.0.0", *DAY).code == 0
    assert "Logging in" in entry(merged, "1.9.1")
    assert "Logging in" in entry(merged, "2.0.0")


def test_a_merge_after_both_lines_were_released_changes_no_entry(merged: Repo, relbot: Run) -> None:
    merged.git("reset", "-q", "--hard", "HEAD^1")
    assert relbot("build", "2.0.0", *DAY).code == 0
    merged.commit()
    kept = changelog(merged)
    merged.git("merge", "-q", "-s", "ours", "1.9.x", "-m", "Merge 1.9.x")
    merged.git("checkout", "-q", "1.9.x", "--", "changes/released/1.9.1")
    merged.commit()
    assert [f["rule"] for f in json.loads(relbot("check", "--format", "json").out)["findings"]] == ["changelog-missing"]
    assert relbot("build", "--refresh", "1.9.1").code == 0
    assert (relbot("check").code, relbot("check").out) == (0, "")
    assert re.findall(r"^## (\S+)", changelog(merged), re.MULTILINE) == ["2.0.0", "1.9.1", "1.9.0"]
    assert "Logging in" in entry(merged, "2.0.0")
    assert changelog(merged).replace(entry(merged, "1.9.1"), "") == kept
    merged.commit()
    shown = relbot("show", "fix").out
    assert re.search(r"released: +1\.9\.1, 2\.0\.0", shown)


def test_another_change_with_a_name_that_was_used_is_a_finding(merged: Repo, relbot: Run) -> None:
    merged.write("changes/fix.md", fragment("added", "Something else."))
    assert "duplicate-identity" in relbot("check").out
    assert "duplicate-identity" in relbot("build", "2.0.0", *DAY).err
    merged.write("changes/fix.md", fragment("fixed", "The same in other words.", "issues: [7]"))
    assert relbot("check").out == ""


def test_a_plan_takes_both_lines_for_one_change(merged: Repo, relbot: Run) -> None:
    for end in ("HEAD", "v1.9.1"):
        planned = json.loads(relbot("checklist", "--from", "v1.9.0", "--to", end, "--format", "json").out)
        assert [change["identity"] for change in planned["do"]].count("fix") == 1
        assert planned["findings"] == []
    planned = json.loads(relbot("checklist", "--from", "v1.9.1", "--to", "HEAD", "--format", "json").out)
    assert [change["identity"] for change in planned["do"]] == ["new"]
    merged.write("changes/fix.md", fragment("added", "Something else."))
    merged.commit()
    planned = json.loads(relbot("checklist", "--from", "v1.9.1", "--to", "HEAD", "--format", "json").out)
    assert [finding["rule"] for finding in planned["findings"]] == ["duplicate-identity"]


def test_the_upgrade_guide_is_by_version_and_has_each_text_once(repo: Repo, relbot: Run) -> None:
    repo.write("relbot.toml", '[links]\nhistory = false\n[components.api]\ntitle = "The API"\n')
    repo.write("changes/old.md", FIXED)
    repo.commit()
    repo.tag("v1.0.0")
    repo.write(
        "changes/logs.md", fragment("changed", "Logs move. They rotate.\n\n## Migration\n\nMake the folder.", "migration: true")
    )
    repo.write(
        "changes/way.md",
        fragment("removed", "The old `a. B` way is gone.\n\n## Migration\n\nCall us.", "breaking: true", "component: api"),
    )
    repo.commit()
    assert relbot("build", "1.1.0", *DAY).code == 0
    repo.commit()
    repo.write("changes/ten.md", fragment("removed", "Ten is gone!\n\n## Migration\n\nUse nine.", "breaking: true"))
    repo.commit()
    assert relbot("build", "1.10.0", *DAY).code == 0
    repo.commit()
    for spelling in (("v1.0.0", "1.10.0"), ("1.0.0", "v1.10.0"), ("1.0", "1.10.0")):
        said = relbot("upgrade", *spelling).out
        headings = [line for line in said.split("## Deploy")[0].splitlines() if line.startswith("#")]
        assert headings == [
            "# Upgrade from `v1.0.0 (" + headings[0].split("(", 1)[1],
            "## What changes",
            "### 1.1.0",
            "#### The old `a. B` way is gone (The API, breaking)",
            "#### Logs move",
            "### 1.10.0",
            "#### Ten is gone! (breaking)",
        ]
        for text in ("Make the folder.", "Call us.", "Use nine."):
            assert said.count(text) == 1
    for form in ("text", "html"):
        said = relbot("upgrade", "1.0.0", "1.10.0", "--format", form).out
        places = [said.index(text) for text in ("1.1.0", "way is gone", "Logs move", "Ten is gone!")]
        assert places == sorted(places)
        assert all(said.count(text) == 1 for text in ("Make the folder.", "Call us.", "Use nine."))


def test_the_upgrade_guide_lists_a_back_port_once_with_the_version_of_its_line(merged: Repo, relbot: Run) -> None:
    merged.write("changes/fix.md", FIX.replace("type: fixed", "type: fixed\nbreaking: true") + "\n## Migration\n\nLog in.\n")
    merged.write("changes/released/1.9.1/fix.md", (merged.path / "changes/fix.md").read_bytes())
    assert relbot("build", "2.0.0", *DAY).code == 0
    merged.commit()
    said = relbot("upgrade", "1.9.0", "2.0.0").out
    assert "### 1.9.1\n\n#### Logging in works again (breaking)" in said
    assert "### 2.0.0" not in said
    assert said.count("#### Logging in works again") == 1
