"""What `relbot build` writes: components, formats and templates, corrected entries, and when there is nothing to write."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.cli.builds import ENTRY, MARKER, changelog
from tests.cli.fragments import ADDED, DAY, FIXED, fragment, tree

if TYPE_CHECKING:
    from tests.commandline import Run
    from tests.repository import Repo


ALONE = '[components.worker]\ntitle = "The worker"\nchangelog = "worker/CHANGELOG.md"\n\n[components.api]\ntitle = "The API"\n'


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
