"""Which version `relbot build` builds, of which day, and what joins it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from tests.cli.builds import changelog, released
from tests.cli.fragments import ADDED, BREAKING, DAY, FIXED, fragment, tree

if TYPE_CHECKING:
    from tests.commandline import Run
    from tests.repository import Repo


def test_what_came_later_joins_a_release_until_it_is_tagged(fixed: Repo, relbot: Run) -> None:
    relbot("build", "1.0", *DAY)
    fixed.commit("Release")
    fixed.write("changes/dark.md", ADDED)
    fixed.commit()
    assert relbot("build", "1.0").code == 0
    assert "dark theme" in changelog(fixed)
    assert changelog(fixed).count("## 1.0 (2018-08-15)") == 1
    assert released(fixed) == ["changes/released/1.0/dark.md", "changes/released/1.0/login.md"]
    fixed.commit("Release")
    fixed.tag("v1.0")
    fixed.write("changes/late.md", ADDED)
    before = tree(fixed)
    refused = relbot("build", "1.0")
    assert refused.code == 2
    assert "1.0 is already released." in refused.err
    assert tree(fixed) == before


def test_prereleases_are_collected_again_by_the_final(fixed: Repo, relbot: Run) -> None:
    relbot("build", "2.0.0rc1", *DAY)
    fixed.write("changes/dark.md", ADDED)
    relbot("build", "2.0.0rc2", *DAY)
    assert relbot("build", "2.0.0", *DAY).code == 0
    final = changelog(fixed).partition("## 2.0.0rc2")[0]
    assert "## 2.0.0 (2018-08-15)" in final
    assert "dark theme" in final
    assert "remembers you" in final
    assert released(fixed) == ["changes/released/2.0.0rc1/login.md", "changes/released/2.0.0rc2/dark.md"]
    before = tree(fixed)
    assert relbot("build", "2.0.0").code == 0
    assert tree(fixed) == before


@pytest.mark.parametrize(
    ("last", "options", "text", "expected"),
    [
        ("1.2.3", ("auto",), FIXED, "1.2.4"),
        ("1.2.3", ("auto",), ADDED, "1.3.0"),
        ("1.2.3", ("auto",), BREAKING, "2.0.0"),
        ("0.2.3", ("auto",), BREAKING, "0.3.0"),
        ("1.2.3", ("major",), FIXED, "2.0.0"),
        ("1.2.3", ("minor",), FIXED, "1.3.0"),
        ("1.2.3", ("patch",), BREAKING, "1.2.4"),
        ("1.2.3", ("auto", "--pre", "rc"), ADDED, "1.3.0-rc.1"),
        ("1.3.0-rc.1", ("auto", "--pre", "rc"), FIXED, "1.3.0-rc.2"),
        ("1.3.0-rc.2", ("auto",), FIXED, "1.3.0"),
        ("2.9", ("auto",), ADDED, "2.10"),
        ("2.9", ("auto", "--pre", "rc"), ADDED, "2.10rc1"),
        ("2.10rc1", ("auto", "--pre", "rc"), FIXED, "2.10rc2"),
        ("2.10rc2", ("auto",), FIXED, "2.10"),
        ("1!2.9", ("auto",), ADDED, "1!2.10"),
        ("1!2.10rc1", ("auto", "--pre", "rc"), FIXED, "1!2.10rc2"),
    ],
)
def test_the_version_is_raised_by_what_the_changes_ask_for(
    repo: Repo, relbot: Run, last: str, options: tuple[str, ...], text: str, expected: str
) -> None:
    repo.commit()
    repo.tag(f"v{last}")
    repo.write("changes/one.md", text)
    done = relbot("build", "--bump", *options, *DAY)
    assert (done.code, done.out) == (0, f"{expected} (2018-08-15): 1 change in CHANGELOG.md.\n")


def test_calendar_versions(fixed: Repo, relbot: Run) -> None:
    fixed.write("relbot.toml", '[versions]\nscheme = "calendar"\n')
    fixed.tag("v2018.07.4")
    names = []
    for number, options in enumerate([("--pre", "rc"), ("--pre", "rc"), (), ()]):
        fixed.write(f"changes/{number}.md", ADDED)
        done = relbot("build", "--bump", "auto", *options, *DAY)
        assert done.code == 0, done.err
        names.append(done.out.split()[0])
    assert names == ["2018.08.0rc1", "2018.08.0rc2", "2018.08.0", "2018.08.1"]


def test_a_calendar_that_runs_backwards_is_refused(fixed: Repo, relbot: Run) -> None:
    fixed.write("relbot.toml", '[versions]\nscheme = "calendar"\n')
    fixed.tag("v2018.09.0")
    refused = relbot("build", "--bump", "auto", *DAY)
    assert refused.code == 2
    assert "2018.08.0 would come before 2018.09.0." in refused.err


def test_without_an_earlier_version_there_is_none_to_raise(fixed: Repo, relbot: Run) -> None:
    refused = relbot("build", "--bump", "auto")
    assert refused.code == 2
    assert "There is no earlier version to raise." in refused.err


def test_what_raises_no_version_needs_a_name(repo: Repo, relbot: Run) -> None:
    repo.write("relbot.toml", '[types.internal]\ntitle = "Internal"\nbump = "none"\n')
    repo.write("changes/one.md", fragment("internal"))
    repo.commit()
    repo.tag("v1.0.0")
    refused = relbot("build", "--bump", "auto")
    assert refused.code == 2
    assert "No unreleased change raises the version." in refused.err


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ((), "Which version?"),
        (("1.0", "--bump", "auto"), "exclude each other"),
        (("1.0", "--pre", "rc"), "`--pre` goes with `--bump`"),
        (("1.0", "--format", "json"), "`--format` and `--audience` are allowed only with `--draft`"),
        (("--refresh", "1.0", "--draft"), "--refresh"),
        (("--refresh", "1.0"), "There is no release 1.0"),
        (("one",), "`one` is not a version"),
        (("../1.0",), "`../1.0` is not a version"),
        (("1.0", "--date", "yesterday"), "`yesterday` is not a day"),
        (("1.0", "--date", "2018-02-30"), "`2018-02-30` is not a day"),
        (("1.0", "--date", "2018-W33-3"), "`2018-W33-3` is not a day"),
        (("1.0", "--component", "api"), "`api` is not released separately"),
    ],
)
def test_wrong_usage_is_told_and_changes_nothing(fixed: Repo, relbot: Run, options: tuple[str, ...], said: str) -> None:
    before = tree(fixed)
    refused = relbot("build", *options)
    assert refused.code == 2
    assert said in refused.err
    assert tree(fixed) == before


def test_the_day_is_that_of_source_date_epoch(fixed: Repo, relbot: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1534291200")
    relbot("build", "1.0")
    assert "## 1.0 (2018-08-15)" in changelog(fixed)


@pytest.mark.parametrize("epoch", ["yesterday", "1e9", "99999999999999999999", "-99999999999999"])
def test_a_broken_source_date_epoch_is_told(fixed: Repo, relbot: Run, monkeypatch: pytest.MonkeyPatch, epoch: str) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", epoch)
    before = tree(fixed)
    refused = relbot("build", "1.0")
    assert refused.code == 2
    assert f"SOURCE_DATE_EPOCH is `{epoch}`" in refused.err
    assert tree(fixed) == before
    assert relbot("build", "1.0", *DAY).code == 0


def test_a_later_build_keeps_the_day_of_the_first(fixed: Repo, relbot: Run) -> None:
    relbot("build", "1.0", *DAY)
    fixed.write("changes/dark.md", ADDED)
    relbot("build", "1.0")
    assert changelog(fixed).count("## 1.0 (2018-08-15)") == 1
    assert json.loads((fixed.path / "changes/released/1.0/release.json").read_text())["date"] == "2018-08-15"


def test_a_component_without_a_changelog_is_not_offered_to_be_released(fixed: Repo, relbot: Run) -> None:
    fixed.write("relbot.toml", "[components.api]\n")
    assert "To release it separately, give it a `changelog`" in relbot("build", "1.0", "--component", "api").err
    fixed.write("relbot.toml", '[components.api]\nchangelog = "API.md"\n[components.apo]\n')
    assert "Did you mean `api`?" in relbot("build", "1.0", "--component", "apo").err
