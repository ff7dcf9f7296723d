"""Versions by tag and by folder, in any spelling: what is out stays out, and the next one is counted from what is there."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from relbot.config.model import Versions
from relbot.release.tag_names import find_tagged, same_version, strip_spelling
from tests.cli.builds import changelog, released
from tests.cli.fragments import ADDED, DAY, tree

if TYPE_CHECKING:
    from tests.commandline import Run
    from tests.repository import Repo


SPELLINGS = (
    "v1.0.0",
    "1.0.0",
    "V1.0.0",
    "release-1.0.0",
    "rel/1.0.0",
    "version_1.0.0",
    "r1.0.0",
    "v1.0",
    "REL_1_0_0",
    "v1_0_0",
    "release-1-0-0",
    "app@1.0.0",
)


@pytest.mark.parametrize("tag", SPELLINGS)
def test_what_is_tagged_in_any_spelling_is_out(fixed: Repo, relbot: Run, tag: str) -> None:
    assert relbot("build", "1.0.0", *DAY).code == 0
    fixed.commit("Release")
    fixed.tag(tag)
    fixed.write("changes/dark.md", ADDED)
    before = tree(fixed)
    refused = relbot("build", "1.0.0")
    assert refused.code == 2
    assert "1.0.0 is already released." in refused.err
    assert tag in refused.err
    assert tree(fixed) == before


def test_a_version_that_was_tagged_before_relbot_came_is_out(fixed: Repo, relbot: Run) -> None:
    fixed.tag("2.5.3")
    assert "2.5.3 is already released." in relbot("build", "2.5.3").err


@pytest.mark.parametrize("spelling", ["v1.2.3", "1.2.3", "release-1.2.3"])
def test_a_version_is_the_same_however_it_is_given(fixed: Repo, relbot: Run, spelling: str) -> None:
    assert relbot("build", spelling, *DAY).code == 0
    assert released(fixed) == ["changes/released/1.2.3/login.md"]
    assert "## 1.2.3 (2018-08-15)" in changelog(fixed)
    assert "remembers you" in relbot("notes", spelling).out
    assert "Nothing changed" in relbot("build", "--refresh", spelling).out
    assert relbot("build", spelling).code == 0
    assert changelog(fixed).count("## 1.2.3") == 1


def test_a_shorter_name_of_a_release_is_that_release(fixed: Repo, relbot: Run) -> None:
    relbot("build", "1.2.0", *DAY)
    assert "already built" in relbot("build", "1.2").out
    assert released(fixed) == ["changes/released/1.2.0/login.md"]


@pytest.mark.parametrize("spelling", ["{}", "release-{}", "v{}", "app@{}", "the-app-v{}"])
def test_the_next_version_is_counted_from_tags(fixed: Repo, relbot: Run, spelling: str) -> None:
    for version in ("2.4.0", "2.5.3", "2.5.2"):
        fixed.tag(spelling.format(version))
    fixed.tag("nightly-20300101")
    assert relbot("build", "--bump", "auto", *DAY).code == 0
    assert released(fixed) == ["changes/released/2.5.4/login.md"]


def test_a_tag_above_the_last_release_counts(fixed: Repo, relbot: Run) -> None:
    relbot("build", "1.0.0", *DAY)
    fixed.commit("Release")
    fixed.tag("v1.1.0")
    fixed.tag("7.0.0")  # in another spelling than that of the configuration
    fixed.write("changes/dark.md", ADDED)
    assert relbot("build", "--bump", "minor", *DAY).code == 0
    assert "changes/released/1.2.0/dark.md" in released(fixed)


def test_tags_of_a_component_are_its_own() -> None:
    tags = ["api-1.0.0", "api@1.1.0", "api/v1.2.0", "1.3.0", "web-1.4.0", "api-v1.5.0"]
    found = [each.version for each in find_tagged(tags, "api-v{version}", "api")]
    assert found == ["1.5.0", "1.0.0", "1.1.0", "1.2.0"]
    assert [each.version for each in find_tagged(tags, "v{version}", None)] == ["1.3.0"]


@pytest.mark.parametrize(
    ("tags", "versions"),
    [
        (["app@1.2.0", "app@1.3.0", "nightly-20300101"], ["1.2.0", "1.3.0"]),
        (["v1.2.0", "chart-1.3.0"], ["1.2.0"]),
        (["api@1.2.0", "web@1.3.0"], []),
        (["worker-1.2.0"], []),
        (["REL_1_2_0", "REL_1_3_0"], ["1.2.0", "1.3.0"]),
    ],
)
def test_tags_that_begin_with_one_name_are_those_of_the_project(tags: list[str], versions: list[str]) -> None:
    assert [each.version for each in find_tagged(tags, "v{version}", None, ["worker"])] == versions


def test_what_is_no_spelling_stays_as_it_is() -> None:
    assert strip_spelling("next", "v{version}") == "next"
    assert strip_spelling("app@1.2.0", "app@{version}") == "1.2.0"
    assert not same_version("1.0.0+a", "1.0.0+b", Versions())
    assert not same_version("1.0.0", "next", Versions())


def test_a_changelog_tells_the_last_version_where_no_tag_does(fixed: Repo, relbot: Run) -> None:
    fixed.write("CHANGELOG.md", "# News\n\n## 2.5.3\n\n- Old.\n\n## 2.5.2\n")
    assert relbot("build", "--bump", "auto", *DAY).code == 0
    assert released(fixed) == ["changes/released/2.5.4/login.md"]


def test_an_upgrade_to_a_build_that_is_not_committed_says_so(fixed: Repo, relbot: Run) -> None:
    fixed.tag("v0.9.0")
    assert relbot("build", "1.0.0", *DAY).code == 0
    unknown = relbot("upgrade", "0.9.0", "1.0.0")
    assert unknown.code == 3
    assert "Release 1.0.0 is built and not committed" in unknown.err
    assert 'git commit -m "Release 1.0.0"' in unknown.err
    fixed.git("commit", "--quiet", "--message=Release 1.0.0")
    assert relbot("upgrade", "0.9.0", "1.0.0").code == 0


@pytest.mark.parametrize("tag", ["v1.0.0", "1.0.0", "REL_1_0_0", ""])
@pytest.mark.parametrize("given", ["1.0.0", "v1.0.0", "1.0"])
def test_a_checklist_and_an_upgrade_know_a_release_by_its_version(fixed: Repo, relbot: Run, tag: str, given: str) -> None:
    fixed.tag("v0.9.0")
    assert relbot("build", "1.0.0", *DAY).code == 0
    fixed.commit("Release")
    if tag:
        fixed.tag(tag)
    for args in (("upgrade", "0.9.0", given), ("checklist", "--from", "0.9.0", "--to", given)):
        shown = relbot(*args)
        assert (shown.code, shown.err) == (0, ""), args
        assert (tag or "1.0.0") in shown.out
    assert relbot("checklist", "--from", "0.9.0", "--to", "2.0.0").code == 3


@pytest.mark.parametrize("tag", ["1.0.0", "v1.0.0"])
def test_an_announcement_knows_a_release_by_its_version(fixed: Repo, relbot: Run, tag: str) -> None:
    fixed.tag("0.9.0")
    assert relbot("build", "1.0.0", *DAY).code == 0
    fixed.commit("Release")
    untagged = relbot("announce", "1.0.0")
    assert untagged.code == 2
    assert "Release 1.0.0 has no tag yet." in untagged.err
    fixed.tag(tag)
    assert relbot("announce", "1.0").out == relbot("announce", "1.0.0").out
    assert relbot("announce", "v1.0.0").out.startswith("Released: 1.0.0\n")
