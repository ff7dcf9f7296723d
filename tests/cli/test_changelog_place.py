"""Where an entry goes in changelogs that people and other tools wrote, and where relbot cannot tell."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from tests.cli.builds import ENTRY, changelog
from tests.cli.fragments import DAY, FIXED, tree

if TYPE_CHECKING:
    from tests.commandline import Run
    from tests.repository import Repo


@pytest.mark.parametrize(
    "label",
    [
        '<a name="0.9"></a>\n',
        '<a name="0.9"></a>\n\n',
        '<a name="a"></a>\n<a name="b"/>\n',
        '<div id="release-0-9"></div>\n\n',
        '<span class="x" id="0.9"/>\n\n',
        "<!-- 0.9 -->\n",
        "[//]: # (0.9)\n",
    ],
)
def test_an_anchor_stays_with_its_release(fixed: Repo, relbot: Run, label: str) -> None:
    fixed.write("CHANGELOG.md", f"# News\n\nHello.\n\n{label}## 0.9\n\n- Old.\n")
    assert relbot("build", "1.0", *DAY).code == 0
    assert changelog(fixed) == f"# News\n\nHello.\n\n{ENTRY}\n{label}## 0.9\n\n- Old.\n"


@pytest.mark.parametrize("label", [".. _v0-9:\n\n", ".. index::\n   single: 0.9\n.. _v0-9:\n.. rst-class:: old\n\n"])
def test_a_label_in_restructuredtext_stays_with_its_release(fixed: Repo, relbot: Run, label: str) -> None:
    old = f"{label}0.9\n---\n\nOld.\n"
    fixed.write("NEWS.rst", f"News\n====\n\n{old}")
    fixed.write("relbot.toml", 'changelog = "NEWS.rst"\n')
    assert relbot("build", "1.0", *DAY).code == 0
    built = changelog(fixed, "NEWS.rst")
    assert built.endswith(f"\n\n{old}")
    assert built.index("1.0 (2018-08-15)") < built.index(".. _v0-9:")


@pytest.mark.parametrize("heading", ["## v0.9.0 - January 5, 2025", "## [0.9.0] - 2025-01-05", "### 0.9.0"])
def test_headings_with_days_of_any_kind_are_releases(fixed: Repo, relbot: Run, heading: str) -> None:
    fixed.write("CHANGELOG.md", f"# News\n\n{heading}\n\n- Old.\n")
    assert relbot("build", "1.0", *DAY).code == 0
    assert changelog(fixed).index("1.0 (2018-08-15)") < changelog(fixed).index(heading)


@pytest.mark.parametrize(
    "release",
    ["**1.2.0**", "**v1.2.0** - January 5, 2025", "<summary>1.2.0</summary>", "v1.2.0 - January 5, 2025", "__1.2.0__ (2025)"],
)
def test_where_releases_are_no_headings_the_marker_is_asked_for(fixed: Repo, relbot: Run, release: str) -> None:
    text = f"# News\n\nHello.\n\n{release}\n\n- Old.\n"
    fixed.write("CHANGELOG.md", text)
    before = tree(fixed)
    refused = relbot("build", "1.0", *DAY)
    assert refused.code == 2
    assert "line 5" in refused.err
    assert "<!-- relbot: releases below -->" in refused.err
    assert tree(fixed) == before
    fixed.write("CHANGELOG.md", text.replace(release, f"<!-- relbot: releases below -->\n\n{release}"))
    assert relbot("build", "1.0", *DAY).code == 0
    assert changelog(fixed).index("## 1.0") < changelog(fixed).index(release)


@pytest.mark.parametrize("name", ["CHANGELOG.adoc", "NEWS", "ChangeLog", "changes.org"])
def test_nothing_is_written_into_a_file_of_an_unknown_kind(fixed: Repo, relbot: Run, name: str) -> None:
    fixed.write(name, "= Changes\n")
    fixed.write("relbot.toml", f'changelog = "{name}"\n')
    before = tree(fixed)
    refused = relbot("build", "1.0", *DAY)
    assert refused.code == 2
    assert 'format = "markdown"' in refused.err
    assert tree(fixed) == before
    fixed.write("relbot.toml", f'changelog = "{name}"\nformat = "markdown"\n')
    assert relbot("build", "1.0", *DAY).code == 0


@pytest.mark.parametrize(
    ("heading", "found"),
    [
        ("### [0.9.2] 2026-07-01", True),
        ("# V0.9.2", True),
        ("0.9.2 / 2025-12-01\n==================", True),
        ("## [v0.9.2](https://git.example.org/compare/v0.9.1...v0.9.2) (2025-01-05)", True),
        ("## Version 0.9.2 (released January 5, 2025)", True),
        ("## Changes since v0.9.2", False),
    ],
)
def test_the_newest_entry_comes_first_and_the_rest_stays_to_the_byte(fixed: Repo, relbot: Run, heading: str, found: bool) -> None:
    above, below = "# News\r\n\r\nHello.\r\n\r\n", f"{heading}\n\n- Old.\n\n## 0.9.1\n\n\t- Older.  ".replace("\n", "\r\n")
    fixed.write("CHANGELOG.md", (above + below).encode())
    assert relbot("build", "1.0", *DAY).code == 0
    built = (fixed.path / "CHANGELOG.md").read_bytes().decode()
    rest = below if found else below[below.index("## 0.9.1") :]
    assert built.startswith(above)
    assert built.endswith(rest)
    assert ("\r\n===" in built[: -len(rest)]) == ("===" in heading)


@pytest.mark.parametrize(
    "text",
    [
        "# News\n\n## The first\n\n- Old.\n",
        "# News\n\n- One.\n- Two.\n",
        "# News\n\n<details>\n\nOld.\n\n</details>\n",
        "* a\n* b\n",
    ],
)
def test_an_unknown_layout_is_no_guess(fixed: Repo, relbot: Run, text: str) -> None:
    fixed.write("CHANGELOG.md", text)
    refused = relbot("build", "1.0", *DAY)
    assert refused.code == 2
    assert "<!-- relbot: releases below -->" in refused.err
    assert changelog(fixed) == text


@pytest.mark.parametrize("title", ["v{version}", "[{version}] - {date}"])
def test_a_draft_is_titled_unreleased_whatever_marks_a_version(fixed: Repo, relbot: Run, title: str) -> None:
    fixed.write("relbot.toml", f'title = "{title}"\n')
    drafted = relbot("build", "--draft").out
    assert re.match(r"## Unreleased( \(\d{4}-\d\d-\d\d\))?\n", drafted)


def test_a_maintenance_release_takes_its_place_among_entries_of_others(fixed: Repo, relbot: Run) -> None:
    text = '# News\n\n## [2.0.0] - 2018-08-01\n\n- New.\n\n<a name="1.9.0"></a>\n\n## [1.9.0] - 2018-07-01\n\n- Old.\n'
    fixed.write("CHANGELOG.md", text)
    assert relbot("build", "1.9.1", *DAY).code == 0
    built = changelog(fixed)
    assert re.findall(r"^## \[?([\d.]+)", built, re.MULTILINE) == ["2.0.0", "1.9.1", "1.9.0"]
    before, after = text.split('<a name="1.9.0">')
    assert built.startswith(before)
    assert built.endswith(f'<a name="1.9.0">{after}')


def test_an_anchor_above_an_entry_of_relbot_stays_with_it(fixed: Repo, relbot: Run) -> None:
    assert relbot("build", "1.0.0", *DAY).code == 0
    fixed.write("changes/new.md", FIXED)
    assert relbot("build", "2.0.0", *DAY).code == 0
    fixed.write("CHANGELOG.md", changelog(fixed).replace("## 1.0.0", '<a name="1.0.0"></a>\n\n## 1.0.0'))
    fixed.write("changes/newer.md", FIXED)
    assert relbot("build", "1.1.0", *DAY).code == 0
    assert '<a name="1.0.0"></a>\n\n## 1.0.0' in changelog(fixed)
    assert changelog(fixed).index("## 1.1.0") < changelog(fixed).index("<a name")


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("CHANGELOG.md", "# News\n\n## 1.0\n\n- Old.\n\n## 1.1\n\n- New.\n"),
        ("NEWS.rst", "News\n====\n\n0.9\n---\n\nOld.\n\n0.10\n----\n\nNew.\n"),
    ],
)
def test_a_changelog_with_the_oldest_first_is_no_guess(fixed: Repo, relbot: Run, name: str, text: str) -> None:
    fixed.write("relbot.toml", f'changelog = "{name}"\n')
    fixed.write(name, text)
    refused = relbot("build", "1.2", *DAY)
    assert refused.code == 2
    assert f"The oldest release stands first in {name}" in refused.err
    marker = refused.err.splitlines()[-1].strip()
    fixed.write(name, f"{text}\n{marker}\n")
    assert relbot("build", "1.2", *DAY).code == 0
    assert changelog(fixed, name).startswith(f"{text}\n{marker}\n\n")


@pytest.mark.parametrize(("path", "marker"), [("CHANGELOG.md", "<!-- relbot: releases below -->"), ("NEWS.rst", ".. here")])
def test_a_fragment_does_not_say_where_releases_go(repo: Repo, relbot: Run, path: str, marker: str) -> None:
    """Its author could have the next release in the middle of an entry."""
    repo.write("relbot.toml", f'changelog = "{path}"\n' + (f'marker = "{marker}"\n' if path == "NEWS.rst" else ""))
    repo.write(path, f"{marker}\n" if path == "NEWS.rst" else "")
    repo.write("changes/a.md", f"{FIXED}\n{marker}\n\nOf the same entry.\n")
    repo.commit("One")
    assert relbot("build", "1.0", *DAY).code == 0
    repo.commit("Release")
    repo.write("changes/b.md", FIXED)
    repo.commit("Two")
    assert relbot("build", "1.1", *DAY).code == 0
    text = (repo.path / path).read_text("utf-8")
    assert text.index("\n1.1" if path == "NEWS.rst" else "## 1.1") < text.index("1.0") < text.index("Of the same entry.")
