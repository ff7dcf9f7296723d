"""What people write into a changelog by hand: text below *Unreleased*, which a build takes into the release."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from tests.cli.builds import changelog
from tests.cli.fragments import DAY, FIXED, tree

if TYPE_CHECKING:
    from tests.commandline import Run
    from tests.repository import Repo

WEB = "https://git.example.org/o/r"
OLD = "## [1.1.0] - 2018-01-01\n\n- Old.\n"
ABOVE = "# Changelog\n\n## [Unreleased]\n\n"
TEXT = "### Added\n\n- A theme, see [the manual][docs].\n\n### Changed\n\n### Fixed\n\n- A crash.\n\n"
LINKS = f"[docs]: https://docs.example.org\n[Unreleased]: {WEB}/compare/v1.1.0...HEAD\n[1.1.0]: {WEB}/releases/tag/v1.1.0\n"
CONFIG = 'title = "[{version}] - {date}"\n[links]\nhistory = false\n'
TITLE = "## [1.2.0] - 2018-08-15"


@pytest.fixture
def kept(repo: Repo) -> Repo:
    repo.write("relbot.toml", CONFIG)
    repo.write("CHANGELOG.md", f"{ABOVE}{TEXT}{OLD}\n{LINKS}")
    repo.write("changes/login.md", FIXED)
    repo.commit()
    return repo


def test_the_text_moves_into_the_release_and_back(kept: Repo, relbot: Run) -> None:
    before = tree(kept)
    assert relbot("build", "1.2.0", *DAY).out == "1.2.0 - 2018-08-15: 1 change in CHANGELOG.md with its unreleased text.\n"
    added = "### Added\n\n- A theme, see [the manual](https://docs.example.org).\n"
    fixed = "### Fixed\n\n- A crash.\n- The login page remembers you.\n"
    entry = f"{TITLE}\n\n{added}\n{fixed}"
    links = LINKS.replace("v1.1.0...HEAD\n", f"v1.2.0...HEAD\n[1.2.0]: {WEB}/compare/v1.1.0...v1.2.0\n")
    assert changelog(kept) == f"{ABOVE}{entry}\n{OLD}\n{links}"
    assert relbot("check").out == ""
    assert relbot("build", "1.2.0").out == "1.2.0 is already built. Nothing changed.\n"
    assert relbot("build", "--refresh", "1.2.0").out.endswith("Nothing changed.\n")
    assert relbot("notes", "1.2.0").out == entry
    undone = relbot("build", "--undo", "1.2.0").out
    assert undone.endswith("What stood below Unreleased in CHANGELOG.md is there again.\n")
    assert tree(kept) == before


LAYOUTS = (
    "# Changelog\n\n## [Unreleased]\n- Tight.\n\n## 1.1.0\n- Old.\n",
    "# Changelog\n\n<!-- relbot: releases below -->\n\n## Unreleased\n\nSome prose.\n",
    "# Changelog\n\nUnreleased\n----------\n\n* A star.\n  More.\n\n1.1.0\n-----\n\n* Old.\n",
    "\ufeff# Unreleased\n\n<!-- add yours here -->\n\n### Fixed\n\n- One.\n\n# 1.1.0\n\n- Old.",
    f"# Changelog\n\n## [Unreleased]\n\n- First of all.\n\n[Unreleased]: {WEB}/commits/main\n",
    "# Changelog\n\n## 1.2.0 (unreleased)\n\n- By hand.\n\n## 1.1.0 (2018-01-01)\n\n- Old.\n",
    "# Changelog\n\n## [v1.2.0] - TBD\n\n- By hand.\n\n## [v1.1.0] - 2018-01-01\n\n- Old.\n",
    "# Changelog\n\n## 1.2.0.dev0\n\n- By hand.\n\n## 1.1.0\n\n- Old.\n",
    "# Changelog\n\n## 1.2.0 (unreleased)\n\n- Nothing changed yet.\n\n## 1.1.0 (2018-01-01)\n\n- Old.\n",
)


@pytest.mark.parametrize("number", range(len(LAYOUTS)))
def test_every_layout_comes_back_to_the_byte(repo: Repo, relbot: Run, number: int) -> None:
    text, end = LAYOUTS[number], ("\n", "\r\n")[number % 2]
    repo.write("relbot.toml", "[links]\nhistory = false\n")
    repo.write("CHANGELOG.md", text.replace("\n", end).encode())
    repo.write("changes/login.md", FIXED)
    repo.commit()
    before = tree(repo)
    assert relbot("build", "1.2.0", *DAY).code == 0
    built = (repo.path / "CHANGELOG.md").read_bytes().decode().replace("\r\n", "\n")
    said = [
        line for line in text.split("\n") if line.startswith(("- ", "* ", "Some")) and "Old" not in line and "yet" not in line
    ]
    first = built.index("1.2.0")
    assert all(first < built.index(line) for line in said)
    assert "yet" not in built
    assert built.count("1.2.0") == 1
    assert re.search(r"(?i)unreleased", built[:first]) or "1.2.0" in text
    assert relbot("check").out == ""
    assert relbot("build", "--undo", "1.2.0").code == 0
    assert tree(repo) == before


@pytest.mark.parametrize(
    "part",
    ["", "### Added\n\n### Fixed\n\n", "<!-- Write here. -->\n\n", "- Nothing yet.\n\n"],
)
def test_a_part_that_says_nothing_stays(repo: Repo, relbot: Run, part: str) -> None:
    text = f"{ABOVE}{part}{OLD}"
    repo.write("relbot.toml", CONFIG)
    repo.write("CHANGELOG.md", text)
    assert relbot("build", "--draft").code == 4
    repo.write("changes/login.md", FIXED)
    assert relbot("build", "1.2.0", *DAY).code == 0
    assert changelog(repo).startswith(f"{ABOVE}{part}{TITLE}")


def test_the_text_alone_is_a_release(kept: Repo, relbot: Run) -> None:
    (kept.path / "changes/login.md").unlink()
    assert relbot("build", "--draft", "--bump", "auto", *DAY).out.startswith(f"{TITLE}\n\n### Added\n\n- A theme")
    assert relbot("build", "--bump", "auto", *DAY).code == 0
    assert relbot("build", "--bump", "auto", *DAY).code == 4


@pytest.mark.parametrize(
    ("part", "version"),
    [("## Fixed\n\n- A.", "1.1.1"), ("## New features\n\n- A.", "1.2.0"), ("- A.", "1.1.1"), ("## Breaking\n\n- A.", "2.0.0")],
)
def test_its_headings_raise_the_version(repo: Repo, relbot: Run, part: str, version: str) -> None:
    repo.write("CHANGELOG.md", f"# Unreleased\n\n{part}\n\n```\na\n\n\n\nb\n```\n\n# 1.1.0\n")
    assert relbot("build", "--bump", "auto", *DAY).code == 0
    assert f"# {version} (2018-08-15)\n\n{part}\n\n```\na\n\n\n\nb\n```\n" in changelog(repo)


NAMED = "# Changelog\n\n## 1.3.0 (unreleased)\n\n- By hand.\n\n## 1.1.0\n\n- Old.\n"


@pytest.mark.parametrize("tag", ["", "v1.1.0"])
@pytest.mark.parametrize(
    "text", [NAMED, NAMED.replace("1.3.0 (unreleased)", "1.3.0\n\n*Unreleased*"), NAMED.replace("(unreleased)", "- TBD")]
)
def test_the_version_that_people_named_is_the_next(repo: Repo, relbot: Run, text: str, tag: str) -> None:
    repo.write("relbot.toml", "[links]\nhistory = false\n")
    repo.write("CHANGELOG.md", text)
    repo.commit()
    if tag:
        repo.tag(tag)
    assert relbot("build", "--draft", "--bump", "auto", *DAY).out == "## 1.3.0 (2018-08-15)\n\n- By hand.\n"
    repo.write("changes/login.md", FIXED)
    repo.git("add", "--all")
    patch = relbot("build", "--bump", "patch", *DAY)
    assert (patch.out.partition(" ")[0], patch.err) == ("1.1.1", "")
    assert relbot("build", "--undo", "1.1.1").code == 0
    higher = relbot("build", "2.0.0", *DAY)
    assert "What stands below 1.3.0 in CHANGELOG.md is not part of 2.0.0. Build 1.3.0, or move it by hand." in higher.err
    assert relbot("build", "--undo", "2.0.0").code == 0
    assert (
        relbot("build", "--bump", "auto", *DAY).out == "1.3.0 (2018-08-15): 1 change in CHANGELOG.md with its unreleased text.\n"
    )


HEADINGS = (
    "Unreleased",
    "[Unreleased](https://git.example.org/o/r/commits/main)",
    "main (unreleased)",
    "Next",
    "v.next",
    "HEAD",
    "trunk",
    "Upcoming release",
    "Development version",
    "Not released yet",
    "Pending",
    "1.2.0 (TBD)",
    "1.2.0-SNAPSHOT",
    "1.2.0 (to be released)",
    "1.2.0 (YYYY-MM-DD)",
    "1.2.0 (???)",
    "Version 1.2.0 - under development",
)


@pytest.mark.parametrize("heading", HEADINGS)
def test_what_is_not_released_is_headed_in_many_ways(repo: Repo, relbot: Run, heading: str) -> None:
    repo.write("CHANGELOG.md", f"# Changelog\n\n## {heading}\n\n- By hand.\n\n## 1.1.0\n\n- Old.\n")
    repo.write("changes/login.md", FIXED)
    assert "with its unreleased text" in relbot("build", "1.2.0", *DAY).out
    assert re.search(r"## 1\.2\.0 \(2018-08-15\)\n\n- By hand\.\n\n### Fixed", changelog(repo))
    assert changelog(repo).count("1.2.0") == 1


def test_an_edited_text_is_not_lost(kept: Repo, relbot: Run) -> None:
    kept.write("changes/_next.md", "Try it.\n")
    assert relbot("build", "1.2.0", *DAY).code == 0
    path = kept.path / "changes/released/1.2.0/release.md"
    assert path.read_text().startswith("Try it.\n\n### Added\n")
    path.write_text(path.read_text().replace("A crash", "Two crashes"))
    assert relbot("build", "--refresh", "1.2.0").code == 0
    assert "- Two crashes." in changelog(kept)
    kept.git("add", "--all")
    assert relbot("build", "--undo", "1.2.0").code == 0
    assert "- Two crashes." in (kept.path / "changes/_next.md").read_text()
    assert "crash" not in changelog(kept)


def test_a_final_release_has_the_texts_of_its_prereleases(kept: Repo, relbot: Run) -> None:
    assert relbot("build", "1.2.0-rc.1", *DAY).code == 0
    kept.write("CHANGELOG.md", changelog(kept).replace(ABOVE, f"{ABOVE}### Added\n\n- Late.\n\n"))
    assert relbot("build", "1.2.0-rc.2", *DAY).code == 0
    assert "A theme" not in relbot("notes", "1.2.0-rc.2").out
    assert relbot("build", "1.2.0", *DAY).code == 0
    notes = relbot("notes", "1.2.0").out
    assert [notes.count(text) for text in ("A theme", "A crash", "Late", "remembers you")] == [1, 1, 1, 1]
    kept.write("CHANGELOG.md", changelog(kept).replace(ABOVE, f"{ABOVE}- Last.\n\n"))
    assert relbot("build", "1.2.0", *DAY).code == 0
    notes = relbot("notes", "1.2.0").out
    assert [notes.count(text) for text in ("A theme", "A crash", "Late", "Last")] == [1, 1, 1, 1]
    assert relbot("check").out == ""


def test_late_text_joins_the_release(kept: Repo, relbot: Run) -> None:
    before = changelog(kept)
    assert relbot("build", "1.2.0", *DAY).code == 0
    kept.write("CHANGELOG.md", changelog(kept).replace(ABOVE, f"{ABOVE}- Late.\n\n"))
    assert relbot("build", "1.2.0", *DAY).code == 0
    assert changelog(kept).count("1.2.0") == 4
    assert changelog(kept).index(TITLE) < changelog(kept).index("- Late.")
    kept.git("add", "--all")
    assert relbot("build", "--undo", "1.2.0").code == 0
    assert changelog(kept) == before.replace("- A crash.\n\n", "- A crash.\n\n- Late.\n\n")


SIGNED = " -- Jane Doe <jane@example.org>  Wed, 15 Aug 2018 00:00:00 +0000\n"
PACKAGE = '[package]\nname = "obs-api"\nmaintainer = "Jane Doe <jane@example.org>"\n'


@pytest.mark.parametrize(
    ("top", "version", "head"),
    [
        ("2:1.1.0-3) bookworm;", "1.2.0", "2:1.2.0-1) bookworm;"),
        ("1.1.0) trixie;", "1.2.0", "1.2.0) trixie;"),
        ("1.1.0-1) UNRELEASED;", "1.2.0", "1.2.0-1) unstable;"),
        ("2:1.2.0-4) UNRELEASED;", "1.2.0", "2:1.2.0-4) unstable;"),
        ("1.2.0~rc1-1) experimental;", "1.2.0", "1.2.0-1) experimental;"),
    ],
)
def test_a_debian_entry_follows_the_one_before(repo: Repo, relbot: Run, top: str, version: str, head: str) -> None:
    old = (
        f"obs-api ({top} urgency=low\n\n  [ Jane Doe ]\n  * Fix a_b_c and <tag> (Closes: #1)\n    at last.\n    - So.\n\n{SIGNED}"
    )
    repo.write("relbot.toml", f'changelog = "debian/changelog"\n{PACKAGE}[links]\nhistory = false\n')
    repo.write("debian/changelog", old)
    repo.write("changes/login.md", FIXED)
    repo.commit()
    before = tree(repo)
    assert relbot("build", version, *DAY).code == 0
    made = changelog(repo, "debian/changelog")
    assert made.startswith(f"obs-api ({head} urgency=medium\n")
    assert "  * Fix a_b_c and <tag> (Closes: #1) at last.\n    - So.\n" in made or made.endswith(old)
    assert made.count(" -- ") == 2 - ("UNRELEASED" in top)
    assert "UNRELEASED" not in made
    assert relbot("build", "--refresh", version).out.endswith("Nothing changed.\n")
    assert relbot("build", "--undo", version).code == 0
    assert tree(repo) == before


def test_a_debian_package_as_configured(repo: Repo, relbot: Run) -> None:
    more = 'epoch = "3"\nrevision = "0ubuntu1"\ndistribution = "noble"\n'
    repo.write("relbot.toml", f'changelog = "debian/changelog"\n{PACKAGE}{more}')
    repo.write("debian/changelog", f"obs-api (1.1.0) unstable; urgency=low\n\n  * Old.\n\n{SIGNED}")
    repo.write("changes/login.md", FIXED)
    assert relbot("build", "1.2.0", *DAY).code == 0
    assert changelog(repo, "debian/changelog").startswith("obs-api (3:1.2.0-0ubuntu1) noble;")


def test_a_long_changelog_is_read_to_its_first_release_only(repo: Repo, relbot: Run) -> None:
    rest = "".join(f"## 1.0.{number}\n\n- Old.\n\n" for number in range(2_000, 0, -1))
    repo.write(
        "CHANGELOG.md", f"# Changelog\n\n## Unreleased\n\n- Soon, see [the manual].\n\n{rest}[the manual]: https://x.example\n"
    )
    assert relbot("build", "1.1.0", *DAY).code == 0
    entry = "## 1.1.0 (2018-08-15)\n\n- Soon, see [the manual](https://x.example).\n"
    assert changelog(repo).startswith(f"# Changelog\n\n## Unreleased\n\n{entry}\n## 1.0.2000\n")
