"""`relbot build`: what becomes of the fragments, the changelog and the index."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from tests.cli.fragments import ADDED, BREAKING, DAY, FAULTY, FIXED, fragment, tree

if TYPE_CHECKING:
    from tests.commandline import Run
    from tests.repository import Repo

ENTRY = "## 1.0 (2018-08-15)\n\n### Fixed\n\n- The login page remembers you. (by Ada Author)\n"
MARKER = "<!-- relbot: releases below -->"
ALONE = '[components.worker]\ntitle = "The worker"\nchangelog = "worker/CHANGELOG.md"\n\n[components.api]\ntitle = "The API"\n'


@pytest.fixture
def fixed(repo: Repo) -> Repo:
    """A repository with one fragment, committed."""
    repo.write("changes/login.md", FIXED)
    repo.commit()
    return repo


def changelog(repo: Repo, path: str = "CHANGELOG.md") -> str:
    return (repo.path / path).read_bytes().decode()


def released(repo: Repo) -> list[str]:
    return sorted(path.relative_to(repo.path).as_posix() for path in repo.path.glob("changes/released/*/*.md"))


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


def test_a_component_with_a_changelog_of_its_own(fixed: Repo, relbot: Run) -> None:
    fixed.write("relbot.toml", ALONE)
    fixed.write("changes/worker/queue.md", fragment("fixed", "The queue drains."))
    fixed.commit()
    done = relbot("build", "3.1", "--component", "worker", *DAY)
    assert (done.code, done.out) == (0, "3.1 (2018-08-15): 1 change in worker/CHANGELOG.md.\n")
    assert "The queue drains." in changelog(fixed, "worker/CHANGELOG.md")
    assert (fixed.path / "changes/worker/released/3.1/queue.md").is_file()
    assert (fixed.path / "changes/login.md").is_file()
    assert relbot("build", "1.0", *DAY).code == 0
    assert changelog(fixed).endswith(ENTRY)
    fixed.tag("worker-v3.1")
    fixed.write("changes/worker/late.md", FIXED)
    assert relbot("build", "3.1", "--component", "worker").code == 2


def test_components_without_one_have_headings(fixed: Repo, relbot: Run) -> None:
    fixed.write("relbot.toml", ALONE)
    fixed.write("changes/api.md", fragment("added", "A new call.", "component: api"))
    relbot("build", "1.0", *DAY)
    entry = changelog(fixed)
    assert entry.index("remembers you") < entry.index("The API") < entry.index("A new call.")


@pytest.mark.parametrize(
    ("path", "lines"),
    [
        ("NEWS.rst", ["1.0 (2018-08-15)", "----------------"]),
        ("debian/changelog", ["obs-api (1.0-1) unstable; urgency=medium"]),
        ("obs-api.changes", ["Wed Aug 15 00:00:00 UTC 2018 - Jane Doe <jane@example.org>", "- update to 1.0:"]),
    ],
)
def test_the_name_of_the_changelog_tells_the_format(fixed: Repo, relbot: Run, path: str, lines: list[str]) -> None:
    package = '[package]\nname = "obs-api"\nmaintainer = "Jane Doe <jane@example.org>"\n'
    fixed.write("relbot.toml", f'changelog = "{path}"\n{package}')
    assert relbot("build", "1.0", *DAY).code == 0
    written = changelog(fixed, path).splitlines()
    assert [line for line in lines if line in written] == lines
    fixed.write("changes/dark.md", ADDED)
    assert relbot("build", "1.1", *DAY).code == 0
    assert changelog(fixed, path).index("dark theme") < changelog(fixed, path).index("remembers you")
    before = tree(fixed)
    assert relbot("build", "1.1").code == 0
    assert relbot("build", "--refresh", "1.0").code == 0
    assert tree(fixed) == before


def test_a_template_of_the_projects_own(fixed: Repo, relbot: Run) -> None:
    fixed.write("relbot.toml", 'template = "notes.j2"\n')
    fixed.write("notes.j2", "## Version {{ notes.release.title }}\n")
    assert relbot("build", "1.0", *DAY).code == 0
    assert changelog(fixed).endswith(f"{MARKER}\n\n## Version 1.0 (2018-08-15)\n")


@pytest.mark.parametrize("content", [None, b"\xff", b"{% for %}", b"{{ nothing.there.at.all }}"])
def test_a_broken_template_is_told_and_changes_nothing(fixed: Repo, relbot: Run, content: bytes | None) -> None:
    fixed.write("relbot.toml", 'template = "notes.j2"\n')
    if content is not None:
        fixed.write("notes.j2", content)
    before = tree(fixed)
    refused = relbot("build", "1.0", *DAY)
    assert refused.code == 2
    assert "notes.j2" in refused.err
    assert tree(fixed) == before


@pytest.mark.parametrize("options", [("1.0",), ("--draft",), ("--draft", "1.0")])
def test_nothing_to_build_has_its_own_sentence_and_exit_code(repo: Repo, relbot: Run, options: tuple[str, ...]) -> None:
    repo.write("changes/README.md", "Fragments.\n")
    repo.commit()
    before = tree(repo)
    nothing = relbot("build", *options)
    assert nothing.code == 4
    assert "Nothing to build: changes/ holds no unreleased fragment." in nothing.err
    assert tree(repo) == before


@pytest.mark.parametrize("options", [("auto",), ("minor",), ("auto", "--pre", "rc"), ("auto", "--draft")])
@pytest.mark.parametrize("last", ["", "1.0", "2.0.0rc1"])
def test_without_changes_there_is_no_version_to_raise(fixed: Repo, relbot: Run, last: str, options: tuple[str, ...]) -> None:
    """But a prerelease has changes that wait for their final release."""
    if last:
        relbot("build", last, *DAY)
    else:
        fixed.remove("changes/login.md")
    fixed.commit()
    done = relbot("build", "--bump", *options, *DAY)
    if last == "2.0.0rc1" and "--pre" not in options:
        assert done.code == 0
        assert "2.0.0 (2018-08-15)" in done.out
    else:
        assert (done.code, done.out) == (4, "")
        assert "Nothing to build" in done.err


def test_there_is_nothing_to_build_after_a_release(fixed: Repo, relbot: Run) -> None:
    relbot("build", "1.0", *DAY)
    assert relbot("build", "1.1").code == 4


def test_a_corrected_fragment_changes_its_entry_at_the_next_build(fixed: Repo, relbot: Run) -> None:
    relbot("build", "1.0", *DAY)
    fixed.write("changes/released/1.0/login.md", fragment("fixed", "The login page forgets nobody."))
    fixed.write("changes/dark.md", ADDED)
    done = relbot("build", "1.1", *DAY)
    assert done.code == 0
    assert "The entry of 1.0 was corrected." in done.out
    assert "forgets nobody" in changelog(fixed)
    assert "remembers you" not in changelog(fixed)
    before = tree(fixed)
    relbot("build", "1.1")
    assert tree(fixed) == before


def test_a_corrected_fragment_changes_its_entry_with_refresh(fixed: Repo, relbot: Run) -> None:
    relbot("build", "1.0", *DAY)
    fixed.commit("Release")
    fixed.write("changes/released/1.0/login.md", fragment("fixed", "The login page forgets nobody."))
    assert relbot("build", "--refresh", "1.0").code == 0
    assert changelog(fixed).endswith(ENTRY.replace("remembers you", "forgets nobody"))
    again = relbot("build", "--refresh", "1.0")
    assert (again.code, again.out) == (0, "The entry of 1.0 matches its fragments. Nothing changed.\n")


def test_only_corrections_are_no_new_release(fixed: Repo, relbot: Run) -> None:
    relbot("build", "1.0", *DAY)
    fixed.write("changes/released/1.0/login.md", ADDED)
    before = tree(fixed)
    refused = relbot("build", "1.1")
    assert refused.code == 2
    assert "relbot build --refresh 1.0" in refused.err
    assert tree(fixed) == before


def test_an_entry_edited_by_hand_is_never_overwritten(fixed: Repo, relbot: Run) -> None:
    relbot("build", "1.0", *DAY)
    fixed.write("CHANGELOG.md", changelog(fixed).replace("remembers", "knows"))
    fixed.write("changes/dark.md", ADDED)
    before = tree(fixed)
    assert "edited by hand" in relbot("build", "--refresh", "1.0").err  # also where the fragments are as they were
    assert tree(fixed) == before
    fixed.write("changes/released/1.0/login.md", fragment("fixed", "Another text."))
    before = tree(fixed)
    for options in (("1.0",), ("1.1",), ("--refresh", "1.0")):
        refused = relbot("build", *options)
        assert refused.code == 1
        assert "CHANGELOG.md:5: error [changelog-edited]" in refused.err
        assert tree(fixed) == before


def test_a_refresh_restores_an_entry_that_was_lost(fixed: Repo, relbot: Run) -> None:
    relbot("build", "1.0", *DAY)
    built = changelog(fixed)
    fixed.write("CHANGELOG.md", f"# Changelog\n\n{MARKER}\n")
    assert relbot("build", "--refresh", "1.0").code == 0
    assert changelog(fixed) == built


def test_an_entry_that_relbot_did_not_write_is_not_doubled(fixed: Repo, relbot: Run) -> None:
    fixed.write("CHANGELOG.md", "# News\n\n## 1.0 (2018-08-15)\n\n- By hand.\n")
    before = tree(fixed)
    refused = relbot("build", "1.0", *DAY)
    assert refused.code == 1
    assert "CHANGELOG.md:3: error [changelog-edited]" in refused.err
    assert tree(fixed) == before


@pytest.mark.parametrize("options", [("1.0",), ("--draft",)])
def test_faulty_fragments_are_all_told_and_change_nothing(fixed: Repo, relbot: Run, options: tuple[str, ...]) -> None:
    fixed.write("changes/bad.md", FAULTY)
    fixed.write("changes/worse.md", "No front matter.\n")
    before = tree(fixed)
    refused = relbot("build", *options)
    assert refused.code == 1
    assert "changes/bad.md:2:7: error [unknown-value]" in refused.err
    assert "changes/worse.md:1:1: error [front-matter-missing]" in refused.err
    assert tree(fixed) == before


def test_a_merge_commit_tells_pull_request_and_author(repo: Repo, relbot: Run) -> None:
    repo.write("relbot.toml", '[links]\nrepository = "https://github.com/example/project"\n')
    repo.commit()
    repo.branch("topic")
    repo.write("changes/login.md", FIXED)
    repo.commit("Remember users", author="Jane <123+jane@users.noreply.github.com>")
    repo.switch("main")
    repo.merge("topic", "Merge pull request #5622 from jane/topic")
    relbot("build", "1.0", *DAY)
    link = "[#5622](https://github.com/example/project/pull/5622)"
    assert f"{link} by [@jane](https://github.com/jane)" in changelog(repo)


def test_a_squash_commit_tells_pull_request_and_author(repo: Repo, relbot: Run) -> None:
    repo.write("changes/login.md", FIXED)
    repo.commit("Remember users (#5622)", author="Jane Doe <jane@example.org>")
    relbot("build", "1.0", *DAY)
    assert "- The login page remembers you. (#5622 by Jane Doe)" in changelog(repo)
    fragment_again = (repo.path / "changes/released/1.0/login.md").read_text()
    assert fragment_again == FIXED
    repo.commit("Release (#5700)", author="Robot <robot@example.org>")
    repo.write("changes/released/1.0/login.md", fragment("fixed", "Corrected."))
    relbot("build", "--refresh", "1.0")
    assert "- Corrected. (#5622 by Jane Doe)" in changelog(repo)


def test_the_history_can_be_switched_off(fixed: Repo, relbot: Run) -> None:
    fixed.write("relbot.toml", "[links]\nhistory = false\n")
    relbot("build", "1.0", *DAY)
    assert changelog(fixed).endswith("- The login page remembers you.\n")


def test_a_shallow_clone_says_that_the_history_does_not_tell(fixed: Repo, relbot: Run) -> None:
    fixed.commit("More")
    clone = fixed.path.parent / "clone"
    fixed.git("clone", "--quiet", "--depth=1", fixed.path.as_uri(), str(clone))
    done = relbot("build", "1.0", *DAY, cwd=clone)
    assert done.code == 0
    assert "shallow" in done.err
    assert "git fetch --unshallow" in done.err
    assert (clone / "CHANGELOG.md").read_text().endswith("- The login page remembers you.\n")


def test_outside_of_git_it_builds_without_links(repo: Repo, relbot: Run) -> None:
    elsewhere = repo.path.parent / "elsewhere"
    (elsewhere / "changes").mkdir(parents=True)
    (elsewhere / "changes/login.md").write_text(FIXED)
    done = relbot("build", "1.0", *DAY, cwd=elsewhere)
    assert (done.code, done.err) == (0, "")
    assert (elsewhere / "CHANGELOG.md").read_text().endswith("- The login page remembers you.\n")
    assert (elsewhere / "changes/released/1.0/login.md").is_file()


def test_a_locked_index_changes_nothing(fixed: Repo, relbot: Run) -> None:
    lock = fixed.write(".git/index.lock")
    before = tree(fixed)
    refused = relbot("build", "1.0", *DAY)
    assert refused.code == 3
    assert "index.lock" in refused.err
    assert tree(fixed) == before
    lock.unlink()
    assert relbot("build", "1.0", *DAY).code == 0


def test_a_changelog_that_is_a_link_is_not_written(fixed: Repo, relbot: Run) -> None:
    target = fixed.write("NEWS.md", "# News\n")
    (fixed.path / "CHANGELOG.md").symlink_to(target)
    refused = relbot("build", "1.0", *DAY)
    assert refused.code == 3
    assert "CHANGELOG.md is not a regular file" in refused.err
    assert target.read_text() == "# News\n"


def test_from_a_folder_below_the_root(fixed: Repo, relbot: Run) -> None:
    fixed.write("src/deep/code.py")
    assert relbot("build", "1.0", *DAY, cwd=fixed.path / "src/deep").code == 0
    assert changelog(fixed).endswith(ENTRY)


def test_what_was_released_is_known_by_name(repo: Repo, relbot: Run) -> None:
    repo.write("changes/one.md", FIXED)
    assert relbot("build", "1.0", "--date", "2018-08-15").code == 0
    repo.write("changes/two.md", "---\ntype: fixed\nneeds: [one]\n---\n\nTwo.\n")
    assert relbot("list").code == 0
    assert relbot("build", "1.1", "--date", "2018-08-16").code == 0
    assert relbot("notes", "1.1").code == 0
    assert relbot("build", "--refresh", "1.1").code == 0


def test_the_name_of_a_released_fragment_is_taken(repo: Repo, relbot: Run) -> None:
    repo.write("changes/one.md", FIXED)
    assert relbot("build", "1.0", "--date", "2018-08-15").code == 0
    repo.write("changes/one.md", ADDED)
    built = relbot("build", "1.1", "--date", "2018-08-16")
    assert (built.code, "duplicate-identity" in built.err) == (1, True)
    assert not (repo.path / "changes/released/1.1").exists()
