"""`relbot check` proves what stands in the changelog: nothing is lost, doubled, out of order or edited unseen."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from relbot.release.changelog import locate_entry, remember_entry
from tests.cli.builds import changelog
from tests.cli.fragments import ADDED, DAY, FIXED, fragment, tree

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.commandline import Run
    from tests.repository import Repo


@pytest.fixture
def built(repo: Repo, relbot: Run) -> Repo:
    """A repository with the releases 1.0 and 1.1, committed."""
    for version, text in (("1.0", FIXED), ("1.1", ADDED)):
        repo.write("changes/login.md" if version == "1.0" else "changes/dark.md", text)
        repo.commit()
        assert relbot("build", version, *DAY).code == 0
        repo.commit()
    assert relbot("check").code == 0
    return repo


def test_an_entry_lost_in_a_merge_is_missed_and_restored(built: Repo, relbot: Run) -> None:
    whole = changelog(built)
    for version in ("1.0", "1.1"):
        built.write("CHANGELOG.md", re.sub(rf"## {re.escape(version)} .*?(?=\n## |\Z)", "", whole, flags=re.DOTALL))
        missed = relbot("check")
        assert missed.code == 1
        assert "changelog-missing" in missed.err + missed.out
        assert f"relbot build --refresh {version}" in missed.err + missed.out
        assert relbot("build", "--refresh", version).code == 0
        assert changelog(built).split() == whole.split()
        assert relbot("check").code == 0


@pytest.mark.parametrize("heading", ["## v1.0", "## [1.0.0] - 2018-08-15", "# 1.0 (unreleased)", "Version 1.0\n-----------"])
def test_a_second_heading_of_a_version_in_any_spelling(built: Repo, relbot: Run, heading: str) -> None:
    built.write("CHANGELOG.md", f"{changelog(built)}\n{heading}\n\n- By hand.\n")
    said = relbot("check")
    assert said.code == 1
    assert "changelog-duplicate" in said.err + said.out


@pytest.mark.parametrize("heading", ["## v1.2", "## [1.2.0] - 2018-08-15"])
def test_a_version_that_stands_there_by_hand_is_not_built_above_it(built: Repo, relbot: Run, heading: str) -> None:
    built.write("CHANGELOG.md", changelog(built).replace("## 1.1 ", f"{heading}\n\n- By hand.\n\n## 1.1 ", 1))
    built.write("changes/more.md", FIXED)
    before = tree(built)
    refused = relbot("build", "1.2", *DAY)
    assert refused.code == 1
    assert heading in refused.err
    assert tree(built) == before


def test_a_conflict_in_the_changelog(built: Repo, relbot: Run) -> None:
    built.write("CHANGELOG.md", f"{changelog(built)}<<<<<<< HEAD\n=======\n>>>>>>> main\n")
    assert "merge-conflict" in relbot("check").out
    built.write("changes/more.md", FIXED)
    before = changelog(built)
    for args in (("build", "1.2", *DAY), ("build", "--refresh", "1.1")):
        refused = relbot(*args)
        assert (refused.code, changelog(built)) == (1, before), args
        assert "unresolved merge conflict" in refused.out + refused.err


def test_a_hand_edit_is_a_question_that_does_not_fail(built: Repo, relbot: Run) -> None:
    built.write("CHANGELOG.md", changelog(built).replace("remembers", "knows"))
    said = relbot("check")
    assert said.code == 0
    assert "changelog-edited" in said.out
    assert re.search(r"it says `The login page knows you.* where its fragments say `The login page remembers you", said.out)
    refused = relbot("build", "--refresh", "1.0")
    assert refused.code == 1
    assert "it says `The login page knows you." in refused.err
    assert "released/1.0" in refused.err


def test_a_formatter_is_no_edit(built: Repo, relbot: Run) -> None:
    formatted = changelog(built).replace("- The", "*  The").replace("remembers you", "remembers\n   you")
    built.write("CHANGELOG.md", formatted)
    assert (relbot("check").code, relbot("check").out) == (0, "")
    assert "Nothing changed" in relbot("build", "--refresh", "1.0").out
    assert changelog(built) == formatted
    built.write("changes/released/1.0/login.md", fragment("fixed", "Another text."))
    assert relbot("build", "--refresh", "1.0").code == 0
    assert "- Another text." in changelog(built)
    assert "remembers" not in changelog(built)


TABLE = "Sizes:\n\n| a | b |\n|---|---|\n| 1 | 2 |\n"


def _atx(text: str) -> str:
    return re.sub(r"^(\d.*)\n-+$", r"## \1", text, flags=re.MULTILINE)


def _padded(text: str) -> str:
    return text.replace("| a | b |", "| a   | b   |").replace("|---|---|", "| --- | --- |").replace("| 1 | 2 |", "| 1   | 2   |")


@pytest.mark.parametrize("formatted", [_atx, _padded, lambda text: _atx(_padded(text)).replace("- Sizes", "* Sizes")])
def test_headings_and_tables_that_a_formatter_lays_out_are_no_edit(
    repo: Repo, relbot: Run, formatted: Callable[[str], str]
) -> None:
    repo.write("CHANGELOG.md", "# Changes\n\n0.9\n---\n\n- Old.\n")
    repo.write("changes/sizes.md", fragment("fixed", TABLE))
    repo.commit()
    assert relbot("build", "1.0", *DAY).code == 0
    assert "1.0 (2018-08-15)\n----" in changelog(repo)
    text = formatted(changelog(repo))
    assert text != changelog(repo)
    repo.write("CHANGELOG.md", text)
    repo.commit()
    assert relbot("check").out == ""
    assert relbot("build", "1.0").code == 0
    assert changelog(repo) == text
    repo.write("changes/released/1.0/sizes.md", fragment("fixed", TABLE.replace("Sizes", "Lengths")))
    assert relbot("build", "--refresh", "1.0").code == 0
    assert (changelog(repo).count("1.0 ("), changelog(repo).count("Lengths:"), "Sizes" in changelog(repo)) == (1, 1, False)
    repo.git("add", "--all")
    assert relbot("build", "--undo", "1.0").code == 0
    assert "Lengths" not in changelog(repo)
    assert changelog(repo).endswith(("0.9\n---\n\n- Old.\n", "## 0.9\n\n- Old.\n"))


@pytest.mark.parametrize("heading", ["## v1.0 (2018-08-15)", "## [1.0] - 2018-08-15", "## 1.0 (2018-08-16)", "### 1.0.0"])
def test_an_edited_heading_is_an_edit_and_not_a_lost_entry(built: Repo, relbot: Run, heading: str) -> None:
    text = changelog(built).replace("## 1.0 (2018-08-15)", heading)
    built.write("CHANGELOG.md", text)
    said = relbot("check")
    assert (said.code, "changelog-missing" in said.out) == (0, False)
    assert f"it says `{heading.strip('# ')}` where its fragments say `1.0 (2018-08-15)`" in said.out
    for args in (("--refresh", "1.0"), ("--undo", "1.0")):
        built.write("CHANGELOG.md", text)
        assert relbot("build", *args).code == 1
        assert changelog(built) == text


def test_a_maintenance_release_takes_its_place_by_version(built: Repo, relbot: Run) -> None:
    built.write("changes/late.md", FIXED)
    assert relbot("build", "1.0.1", "--date", "2018-09-01").code == 0
    assert re.findall(r"^## (\S+)", changelog(built), re.MULTILINE) == ["1.1", "1.0.1", "1.0"]
    assert relbot("check").code == 0


def test_entries_in_the_wrong_order(built: Repo, relbot: Run) -> None:
    start, first, second = re.split(r"^(?=## )", changelog(built), flags=re.MULTILINE)
    built.write("CHANGELOG.md", start + second.rstrip("\n") + "\n\n" + first)
    said = relbot("check")
    assert said.code == 0
    assert "changelog-order" in said.out


WORDS = st.sampled_from(["one", "`two_a`", "*three*", "**four**", "a-b", "1.", "(#5)", "-", "x\\_y"])
ITEMS = st.lists(st.lists(WORDS, min_size=1, max_size=5), min_size=1, max_size=4)


@given(ITEMS, st.sampled_from(["-", "*", "+"]), st.sampled_from(["", "\n"]), st.text("# \nab-*", max_size=12))
def test_an_entry_is_found_again_after_a_formatter_and_never_another(
    items: list[list[str]], bullet: str, gap: str, around: str
) -> None:
    def shown(mark: str, between: str) -> str:
        return "## 1.0\n\n" + between.join(f"{mark} {' '.join(words)}\n" for words in items)

    written = remember_entry(shown("-", ""))
    text = f"{around}\n{shown(bullet, gap)}\n## 0.9\n"
    at = locate_entry(text, written)
    assert at is not None
    assert text[at[0] : at[1]].startswith("## 1.0")
    assert locate_entry(text.replace("## 1.0\n\n", "## 1.0\n\nMore.\n"), written) is None


@pytest.mark.parametrize(
    "formatted",
    [
        lambda text: text.replace("### Fixed", "### Fixed ###").replace("## 1.0 (2018-08-15)", "## 1.0 (2018-08-15)\n"),
        lambda text: text.replace("- The login", "1. x\n\n- The login").replace("1. x\n\n", "").replace("page", "page  "),
        lambda text: text.replace("- The login page remembers you.", "*   The login page\n    remembers\n    you."),
        lambda text: text.replace("- The login page remembers you.", "* The login page remembers&#32;you."),
    ],
)
def test_entries_are_compared_by_what_readers_see(built: Repo, relbot: Run, formatted: Callable[[str], str]) -> None:
    text = formatted(changelog(built))
    built.write("CHANGELOG.md", text)
    assert (relbot("check").code, relbot("check").out) == (0, "")
    assert relbot("build", "--refresh", "1.0").code == 0
    assert changelog(built) == text


def test_what_a_hand_added_or_removed_is_told(built: Repo, relbot: Run) -> None:
    whole = changelog(built)
    built.write("CHANGELOG.md", whole.replace("- The login", "- And more.\n- The login"))
    assert "its fragments do not say `And more.`" in relbot("check").out
    built.write("CHANGELOG.md", re.sub(r"- The login page remembers.*", "", whole))
    assert "it lacks `The login page remembers you." in relbot("check").out


@pytest.mark.parametrize("label", ['<a name="0.9.0"></a>', '<a id="v1.1"></a>', '<div id="v1-1"></div>', '<span id="1.1"/>'])
def test_an_anchor_that_names_another_section(built: Repo, relbot: Run, label: str) -> None:
    built.write("CHANGELOG.md", changelog(built).replace("## 1.0 ", f"{label}\n\n## 1.0 "))
    said = relbot("check")
    assert said.code == 1
    assert "changelog-anchor" in said.out
    built.write("CHANGELOG.md", changelog(built).replace(label, '<a name="1-0-0"></a>'))
    assert relbot("check").out == ""


def test_a_released_folder_that_no_build_wrote_needs_one_entry_too(built: Repo, relbot: Run) -> None:
    built.write("changes/released/0.9/old.md", FIXED)
    assert relbot("check").out == "", "the marker tells those since adoption"
    built.write("CHANGELOG.md", changelog(built).replace("<!-- relbot: releases below -->\n\n", ""))
    said = relbot("check")
    assert said.code == 1
    assert "changelog-missing" in said.out
    assert "`changes/released/0.9` has no entry" in said.out
    built.write("CHANGELOG.md", f"{changelog(built)}\n## v0.9.0 (2017-01-01)\n\n- Old.\n")
    assert relbot("check").out == ""
    built.write("CHANGELOG.md", f"{changelog(built)}\n## 0.9\n\n- Old.\n")
    assert "changelog-duplicate" in relbot("check").out
