"""The links of a changelog that compare releases: each build adds one, wherever a project has them."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import pytest

from tests.cli.builds import changelog
from tests.cli.fragments import DAY, FIXED, tree
from tests.cli.test_changelog_unreleased import CONFIG, OLD, WEB

if TYPE_CHECKING:
    from tests.commandline import Run
    from tests.repository import Repo

LINKS = f"[Unreleased]: {WEB}/compare/v1.1.0...HEAD\n[1.1.0]: {WEB}/releases/tag/v1.1.0\n"
ADDED = f"[1.2.0]: {WEB}/compare/v1.1.0...v1.2.0\n"


@pytest.mark.parametrize(
    ("foot", "version", "after"),
    [
        (f"[1.1.0]: {WEB}/compare/v1.0.0...v1.1.0", "1.2.0", f"[1.2.0]: {WEB}/compare/v1.1.0...v1.2.0\n"),
        (f"[1.1.0]: <{WEB}/compare/x@1.0.0..x@1.1.0>\n\n<!-- end -->", "1.2.0", f"[1.2.0]: {WEB}/compare/x@1.1.0..x@1.2.0\n"),
        (f"[v1.1.0]: {WEB}/-/tags/v1.1.0", "1.2.0", f"[1.2.0]: {WEB}/-/tags/v1.2.0\n"),
        (f"[Unreleased]: {WEB}/compare/1.1.0...main\n[1.1.0]: x", "2.0.0", f"[2.0.0]: {WEB}/compare/1.1.0...2.0.0\n"),
        (f"[1.0.0]: {WEB}/t/1.0.0\n[1.1.0]: {WEB}/t/1.1.0\n", "1.2.0", f"[1.2.0]: {WEB}/t/1.2.0\n"),
        ("[docs]: https://docs.example.org", "1.2.0", ""),
        ("", "1.2.0", ""),
    ],
)
def test_the_link_is_like_those_that_are_there(repo: Repo, relbot: Run, foot: str, version: str, after: str) -> None:
    repo.write("relbot.toml", CONFIG)
    repo.write("CHANGELOG.md", f"# Changelog\n\n{OLD}\n{foot}")
    repo.write("changes/login.md", FIXED)
    repo.commit()
    before = tree(repo)
    assert relbot("build", version, *DAY).code == 0
    made = changelog(repo).partition("- Old.\n\n")[2]
    assert after in made
    assert made.count(f"[{version}]:") == bool(after)
    assert relbot("build", "--undo", version).code == 0
    assert tree(repo) == before


def test_links_and_headings_by_the_configuration(repo: Repo, relbot: Run) -> None:
    compare = 'compare = "{repository}/compare/v{previous}...v{version}"\nrepository = "https://git.example.org/o/r"\n'
    repo.write("relbot.toml", f"{CONFIG}{compare}")
    for version in ("1.0.0-rc.1", "1.0.0", "1.2.0", "1.1.1"):
        repo.write(f"changes/c{version}.md", FIXED)
        assert relbot("build", version, *DAY).code == 0
    assert re.findall(r"^\[(.*)\]: .*/o/r/(.*)$", changelog(repo), re.MULTILINE) == [
        ("1.2.0", "compare/v1.0.0...v1.2.0"),
        ("1.1.1", "compare/v1.0.0...v1.1.1"),
        ("1.0.0", "compare/v1.0.0-rc.1...v1.0.0"),
        ("1.0.0-rc.1", "releases/tag/v1.0.0-rc.1"),
    ]
    repo.write(
        "relbot.toml",
        'title = "[{version}]({repository}/compare/v{previous}...v{version}) ({date})"\n'
        + compare.replace("compare =", "[links]\nhistory = false\ncompare =", 1),
    )
    repo.write("changes/new.md", FIXED)
    assert relbot("build", "1.3.0", *DAY).code == 0
    assert f"## [1.3.0]({WEB}/compare/v1.2.0...v1.3.0) (2018-08-15)\n" in changelog(repo)
    assert json.loads((repo.path / "changes/released/1.3.0/release.json").read_text())["previous"] == "1.2.0"


def test_a_maintenance_release_leaves_what_is_of_a_later_one(repo: Repo, relbot: Run) -> None:
    repo.write("relbot.toml", CONFIG)
    text = f"# Changelog\n\n## [1.2.0] - Unreleased\n\n- Soon.\n\n{OLD}\n## [1.0.0] - 2017-01-01\n\n"
    links = f"[Unreleased]: {WEB}/compare/v1.1.0...HEAD\n[1.1.0]: {WEB}/compare/v1.0.0...v1.1.0\n[1.0.0]: {WEB}/t/v1.0.0\n"
    repo.write("CHANGELOG.md", f"{text}{links}")
    repo.write("changes/login.md", FIXED)
    assert relbot("build", "1.0.1", *DAY).out == "1.0.1 - 2018-08-15: 1 change in CHANGELOG.md.\n"
    made = changelog(repo)
    assert "## [1.2.0] - Unreleased\n\n- Soon.\n\n" in made
    assert f"[Unreleased]: {WEB}/compare/v1.1.0...HEAD\n" in made
    assert f"v1.1.0\n[1.0.1]: {WEB}/compare/v1.0.0...v1.0.1\n[1.0.0]" in made


CODE = f"```md\n[1.1.0]: {WEB}/in/v1.1.0\n```\n\n"
PLACES = (
    f"# Changelog\n\n{CODE}{LINKS}\n## [Unreleased]\n\n{OLD}",
    f"{LINKS}\n# Changelog\n\n## [Unreleased]\n\n- By hand.\n\n{OLD}",
    f"# Changelog\n\n## [Unreleased]\n\n- By hand, see [1.1.0].\n\n{LINKS}\n{OLD}",
    f"# Changelog\n\n## [Unreleased]\n\n{LINKS}\n<!-- relbot: releases below -->\n\n{OLD}",
    f"# Changelog\n\n{OLD}\n{LINKS}\n## 1.0.0\n\n- First.\n\n[1.0.0]: {WEB}/releases/tag/v1.0.0\n",
)


@pytest.mark.parametrize("text", PLACES)
def test_links_are_kept_up_wherever_they_stand(repo: Repo, relbot: Run, text: str) -> None:
    repo.write("relbot.toml", CONFIG)
    repo.write("CHANGELOG.md", text)
    repo.write("changes/login.md", FIXED)
    repo.commit()
    before = tree(repo)
    assert relbot("build", "1.2.0", *DAY).code == 0
    made = changelog(repo)
    assert LINKS.replace("v1.1.0...HEAD\n", f"v1.2.0...HEAD\n{ADDED}") in made
    assert made.count(ADDED) == made.count(LINKS.splitlines()[1]) == 1
    assert (CODE in made) == (CODE in text)
    assert relbot("check").out == ""
    assert relbot("build", "--refresh", "1.2.0").out.endswith("Nothing changed.\n")
    assert relbot("build", "--undo", "1.2.0").code == 0
    assert tree(repo) == before


@pytest.mark.parametrize("lost", [r"\[1\.2\.0\]: .*\n", r"\[[\w.]+\]: .*\n"])
def test_a_lost_link_is_told_and_comes_back(repo: Repo, relbot: Run, lost: str) -> None:
    repo.write("relbot.toml", CONFIG)
    repo.write("CHANGELOG.md", f"# Changelog\n\n## [Unreleased]\n\n{OLD}\n{LINKS}")
    repo.write("changes/login.md", FIXED)
    repo.commit()
    before = tree(repo)
    assert relbot("build", "1.2.0", *DAY).code == 0
    built = changelog(repo)
    repo.write("CHANGELOG.md", re.sub(lost, "", built))
    said = relbot("check")
    assert said.code == 1
    assert "[changelog-link] The link of 1.2.0 is missing: `[1.2.0]: https://" in said.out.replace("\n", " ")
    assert relbot("build", "--refresh", "1.2.0").code == 0
    assert relbot("check").code == 0
    assert ADDED in changelog(repo)
    if "w" not in lost:
        assert changelog(repo) == built
        repo.git("add", "--all")
        assert relbot("build", "--undo", "1.2.0").code == 0
        assert tree(repo) == before
