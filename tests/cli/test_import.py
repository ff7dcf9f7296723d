"""`relbot import`: nothing of another tool's notes is lost, nothing comes twice, and `relbot check` takes all of it."""

from __future__ import annotations

import json
import re
import tomllib
from typing import TYPE_CHECKING

import pytest

from relbot.adoption.notes.registry import IMPORTED_TOOLS
from tests.cli.fragments import FIXED, tree

if TYPE_CHECKING:
    from tests.commandline import Run
    from tests.repository import Repo

TOWNCRIER = {
    "pyproject.toml": '[tool.towncrier]\ndirectory = "news"\nfilename = "NEWS.rst"\n',
    "news/12.feature.rst": "A ``dark`` theme, see `the docs <https://example.org/a_b>`_.\n",
    "news/12.feature.1.rst": "A :class:`~w.Light` theme.\n\n* one\n* two_three\n",
    "news/13.removal.rst": "Python 2 is gone. Install Python 3 before you upgrade.\n",
    "news/+fast.bugfix.rst": "Faster.\n",
    "news/14.misc.rst": "",
    "news/15.bugfix.rst": "See\n\n.. versionadded:: 2\n\nhere.\n",
    "news/README.rst": "How to.\n",
    "news/notes.txt": "No fragment.\n",
    "NEWS.rst": (
        "Widgets\n=======\n\n.. towncrier release notes start\n\nWidgets 1.1.0 (2018-08-15)\n--------------------------\n\n"
        "Features\n^^^^^^^^\n\n- ``a`` is\n  new. (#10)\n- b\n\n  - c\n\nBugfixes\n^^^^^^^^\n\n- d (#9)\n\n\n"
        "Widgets 1.0.0 (2018-01-02)\n--------------------------\n\n- First.\n"
    ),
}
RENO = {
    "releasenotes/notes/mixed-0123456789abcdef.yaml": (
        "prelude: |\n    Big.\nfeatures:\n  - A ``theme``.\n  - Another.\n"
        "upgrade:\n  - |\n    Run the task.\n\n    It keeps a backup.\n"
        "odd:\n  - Something.\n"
    ),
    "releasenotes/notes/alone-0123456789abcdee.yaml": "fixes:\n  - Mended.\n",
    "releasenotes/notes/broken-0123456789abcded.yaml": "just text\n",
}
CHANGESETS = {
    ".changeset/config.json": "{}",
    ".changeset/README.md": "How to.\n",
    ".changeset/brave-lions.md": (
        '---\n"@acme/web": major\n"api": patch\n---\n\nThe old way is gone.\n\n# Really\n\nUse the new one.\n'
    ),
    ".changeset/calm-cats.md": '---\n"api": minor\n---\n\nA new route, for #7.\n',
    ".changeset/both.md": '---\n"api": minor\n"@acme/web": minor\n---\n\nIn both.\n',
    ".changeset/none.md": "---\n---\n",
    "package.json": '{"name": "acme", "private": true}',
    "packages/web/package.json": '{"name": "@acme/web", "version": "1.0.1"}',
    "packages/web/CHANGELOG.md": (
        "# @acme/web\n\n## 1.0.1\n\n### Patch Changes\n\n- abc: Mended.\n- Updated dependencies\n\n## 1.0.0\n\n- First.\n"
    ),
    "packages/api/package.json": '{"name": "api", "version": "2.0.0"}',
}
KEPT = {
    "CHANGELOG.md": (
        "# Changelog\n\n## [Unreleased]\n\n### Added\n\n- A theme, for #5.\n  It is dark.\n- A theme, for #5.\n  It is light.\n\n"
        "### Breaking Changes\n\n- Gone. Do this.\n\n## [1.1.0] - 2018-08-15\n\nWell done.\n\n### Bug fixes\n\n- C.\n\n"
        "### Thanks\n\n- You.\n\n## 1.0.0 - January 5, 2018\n\n- D.\n\n## Before that\n\n- E.\n\n[1.1.0]: https://example.org\n"
    )
}
MATERIAL = {"towncrier": TOWNCRIER, "reno": RENO, "changesets": CHANGESETS, "keep-a-changelog": KEPT}
COUNTS = {"towncrier": 10, "reno": 6, "changesets": 7, "keep-a-changelog": 7}


def begin(repo: Repo, tool: str) -> None:
    for path, text in MATERIAL[tool].items():
        repo.write(path, text)
    repo.commit("Begin")


def read(repo: Repo, name: str) -> str:
    return (repo.path / "changes" / f"{name}.md").read_text()


def test_each_tool_has_its_material() -> None:
    assert {tool.name for tool in IMPORTED_TOOLS} == set(MATERIAL)


@pytest.mark.parametrize("tool", MATERIAL)
def test_all_comes_over_once_and_what_was_there_stays(repo: Repo, relbot: Run, tool: str) -> None:
    begin(repo, tool)
    before = tree(repo)
    dry = relbot("import", tool, "--dry-run")
    assert (dry.code, dry.err) == (0, "")
    assert tree(repo) == before
    done = relbot("import", tool)
    assert (done.code, done.err) == (0, "")
    after = tree(repo)
    assert {path: text for path, text in after.items() if path in before and path != "CHANGELOG.md"} == {
        path: text for path, text in before.items() if path != "CHANGELOG.md"
    }
    fragments = [path for path in after if path.startswith("changes/") and path.endswith(".md")]
    assert len(fragments) == COUNTS[tool], done.out
    assert f"{COUNTS[tool]} became fragments" in done.out
    assert relbot("check").out == ""
    again = relbot("import", tool)
    assert again.code == 0
    assert "0 became fragments" in again.out
    assert tree(repo) == after


def test_towncrier(repo: Repo, relbot: Run) -> None:
    begin(repo, "towncrier")
    out = relbot("import", "towncrier").out
    assert read(repo, "12-feature") == (
        "---\ntype: feature\nissues:\n- 12\n---\n\nA `dark` theme, see [the docs](https://example.org/a_b).\n"
    )
    assert read(repo, "12-feature-1").endswith("\n\nA `w.Light` theme.\n\n- one\n- two_three\n")
    assert read(repo, "13-removal") == (
        "---\ntype: removal\nbreaking: true\nmigration: true\nissues:\n- 13\n---\n\nPython 2 is gone.\n\n## Migration\n\n"
        "Install Python 3 before you upgrade.\n"
    )
    assert read(repo, "fast-bugfix") == "---\ntype: bugfix\n---\n\nFaster.\n"
    assert "```rst\nSee\n\n.. versionadded:: 2\n\nhere.\n```" in read(repo, "15-bugfix")
    assert "news/15.bugfix.rst: kept as reStructuredText: docutils reports an error in it." in out
    assert "news/14.misc.rst: it has no text" in out
    assert "news/notes.txt: its name has no type of towncrier." in out
    assert "git rm -r news" in out
    assert read(repo, "released/1.1.0/1.1.0-1") == "---\ntype: feature\nissues:\n- 10\n---\n\n`a` is\nnew. (#10)\n"
    assert read(repo, "released/1.1.0/1.1.0-2").endswith("\n\nb\n\n- c\n")
    record = json.loads((repo.path / "changes/released/1.1.0/release.json").read_text())
    assert (record["version"], record["date"]) == ("1.1.0", "2018-08-15")
    config = tomllib.loads((repo.path / "relbot.toml").read_text())
    assert (config["changelog"], config["marker"]) == ("NEWS.rst", ".. towncrier release notes start")
    assert config["types"]["doc"] == {"title": "Improved Documentation", "bump": "patch"}
    notes = relbot("notes", "1.1.0", "--format", "markdown")
    assert (notes.code, "Bugfixes" in notes.out) == (0, True)
    # The next release takes its place above the old ones, which stay to the byte.
    before = (repo.path / "NEWS.rst").read_text()
    repo.commit("Import")
    assert relbot("build", "1.2.0", "--date", "2018-09-01").code == 0
    after = (repo.path / "NEWS.rst").read_text()
    assert re.fullmatch(r"(?s)(.*start\n\n)Widgets 1\.2\.0 \(2018-09-01\)\n.*?(\nWidgets 1\.1\.0.*)", after)
    assert after.startswith(before[: before.index("Widgets 1.1.0")])
    assert after.endswith(before[before.index("Widgets 1.1.0") :])
    assert relbot("check").out == ""


def test_sections_of_towncrier_are_components(repo: Repo, relbot: Run) -> None:
    sections = "".join(f'[[tool.towncrier.section]]\npath = "{name.lower()}"\nname = "{name}"\n' for name in ("", "Web"))
    repo.write("pyproject.toml", f'[tool.towncrier]\npackage = "w"\npackage_dir = "src"\n{sections}')
    repo.write("src/w/newsfragments/1.feature", "All.\n")
    repo.write("src/w/web/newsfragments/2.bugfix", "Web.\n")
    repo.write(
        "NEWS.rst", "W 1.0 (2018-08-15)\n==================\n\nWeb\n---\n\nFeatures\n~~~~~~~~\n\n- A.\n\nOdd\n~~~\n\n- B.\n"
    )
    repo.commit("Begin")
    out = relbot("import", "towncrier").out
    assert "git rm -r src/w/newsfragments src/w/web/newsfragments" in out
    assert "component" not in read(repo, "1-feature")
    assert "component: web" in read(repo, "2-bugfix")
    assert read(repo, "released/1.0/1.0-1") == "---\ntype: feature\ncomponent: web\n---\n\nA.\n"
    assert read(repo, "released/1.0/1.0-2").endswith("component: web\n---\n\n**Odd:** B.\n")
    assert relbot("check").out == ""


def test_reno(repo: Repo, relbot: Run) -> None:
    mixed, alone = "releasenotes/notes/mixed-0123456789abcdef.yaml", "releasenotes/notes/alone-0123456789abcdee.yaml"
    repo.write(alone, RENO[alone])
    repo.commit("Begin")
    repo.tag("1.0.0.0rc1")
    repo.tag("1.0.0")
    repo.git("mv", alone, alone.replace("alone", "renamed"))
    repo.write(mixed, RENO[mixed])
    repo.write("releasenotes/notes/broken-0123456789abcded.yaml", "just text\n")
    repo.commit("More")
    out = relbot("import", "reno").out
    assert read(repo, "released/1.0.0/renamed") == "---\ntype: fixes\n---\n\nMended.\n"
    assert json.loads((repo.path / "changes/released/1.0.0/release.json").read_text())["date"] == "2018-08-15"
    text = read(repo, "mixed-upgrade")
    assert text.startswith("---\ntype: upgrade\nmigration: true\n---\n\nRun the task.\n")
    assert text.endswith("## Migration\n\nIt keeps a backup.\n")
    for other in ("mixed-prelude", "mixed-features-1", "mixed-features-2", "mixed-odd"):
        assert other in text  # the parts of one file name each other
        assert "mixed-upgrade" in read(repo, other)
    assert "mixed-0123456789abcdef.yaml: reno has no section `odd`." in out
    assert "broken-0123456789abcded.yaml: this is not a note of reno" in out
    assert tomllib.loads((repo.path / "relbot.toml").read_text())["types"]["fixes"]["title"] == "Bug Fixes"
    assert relbot("check").out == ""


def test_changesets(repo: Repo, relbot: Run) -> None:
    begin(repo, "changesets")
    repo.tag("@acme/web@1.0.1")
    repo.git("branch", "-m", "trunk")
    out = relbot("import", "changesets").out
    web = read(repo, "brave-lions-major")
    assert web.startswith("---\ntype: major\nbreaking: true\nmigration: true\ncomponent: acme-web\n---\n\nThe old way is gone.\n")
    assert "### Really\n\nUse the new one." in web  # a heading of level one would begin a release
    assert "brave-lions-major" in read(repo, "brave-lions-patch")
    assert read(repo, "both").startswith("---\ntype: minor\ncomponent:\n- api\n- acme-web\n---\n\nIn both.\n")
    assert read(repo, "calm-cats") == "---\ntype: minor\ncomponent: api\nissues:\n- 7\n---\n\nA new route, for #7.\n"
    assert ".changeset/none.md: it names no package" in out
    config = tomllib.loads((repo.path / "relbot.toml").read_text())
    assert config["components"]["acme-web"] == {
        "title": "@acme/web",
        "changelog": "packages/web/CHANGELOG.md",
        "tag": "@acme/web@{version}",
    }
    released = repo.path / "changes/acme-web/released/1.0.1"
    assert sorted(path.name for path in released.iterdir()) == ["acme-web-1.0.1-1.md", "acme-web-1.0.1-2.md", "release.json"]
    assert relbot("check").out == ""


def test_examples_with_the_name_of_another_are_no_packages(repo: Repo, relbot: Run) -> None:
    begin(repo, "changesets")
    for folder in ("examples/one", "examples/two", "examples/web"):
        name = "@acme/web" if folder.endswith("web") else "with-pages"
        repo.write(f"{folder}/package.json", f'{{"name": "{name}", "version": "0.0.1"}}')
    repo.commit("Add examples")
    assert relbot("import", "changesets").code == 0
    config = tomllib.loads((repo.path / "relbot.toml").read_text())
    assert "with-pages" not in config["components"]
    assert config["components"]["acme-web"]["changelog"] == "packages/web/CHANGELOG.md"


def test_keep_a_changelog(repo: Repo, relbot: Run) -> None:
    begin(repo, "keep-a-changelog")
    before = (repo.path / "CHANGELOG.md").read_text()
    out = relbot("import", "keep-a-changelog").out
    assert read(repo, "a-theme-for-5") == "---\ntype: added\nissues:\n- 5\n---\n\nA theme, for #5.\nIt is dark.\n"
    assert "It is light." in read(repo, "a-theme-for-5-2")
    assert "## Migration\n\nDo this.\n" in read(repo, "gone.-do-this")
    assert read(repo, "released/1.1.0/1.1.0-1").endswith("\n\nWell done.\n")
    assert read(repo, "released/1.1.0/1.1.0-2") == "---\ntype: fixed\n---\n\nC.\n"
    assert read(repo, "released/1.1.0/1.1.0-3").endswith("\n\n**Thanks:** You.\n")
    assert "its heading `Thanks` is not a type" in out
    assert "CHANGELOG.md:32: the part `Before that` names no version." in out
    assert json.loads((repo.path / "changes/released/1.0.0/release.json").read_text())["date"] == "2018-01-05"
    after = (repo.path / "CHANGELOG.md").read_text()
    start, end = before.index("\n### Added"), before.index("## [1.1.0]")
    assert after == before[:start] + "\n" + before[end:]


@pytest.mark.parametrize(("name", "rule"), [("CHANGELOG.md", "---"), ("CHANGELOG.md", "* * *"), ("CHANGELOG.rst", "----")])
def test_rules_between_releases_are_no_notes(repo: Repo, relbot: Run, name: str, rule: str) -> None:
    titles = ("1.1.0\n=====", "1.0.0\n=====") if name.endswith("rst") else ("## 1.1.0", "## 1.0.0")
    quote = ">\n\n" if name.endswith("md") else ""
    repo.write(name, f"{titles[0]}\n\n- Faster.\n\n{quote}{rule}\n\n{titles[1]}\n\n- First.\n\n{rule}\n")
    repo.commit()
    assert "has 2 notes.\n2 became fragments" in relbot("import", "keep-a-changelog").out
    assert read(repo, "released/1.1.0/1.1.0-1").endswith("---\n\nFaster.\n")


def test_an_item_that_comes_later_with_the_same_words_is_not_lost(repo: Repo, relbot: Run) -> None:
    begin(repo, "keep-a-changelog")
    relbot("import", "keep-a-changelog")
    file = repo.path / "CHANGELOG.md"
    file.write_text(file.read_text().replace("## [Unreleased]\n", "## [Unreleased]\n\n### Fixed\n\n- A theme, for #5.\n"))
    assert relbot("import", "keep-a-changelog").code == 0
    assert read(repo, "a-theme-for-5-3") == "---\ntype: fixed\nissues:\n- 5\n---\n\nA theme, for #5.\n"


def test_what_was_edited_since_stays_and_is_told(repo: Repo, relbot: Run) -> None:
    begin(repo, "towncrier")
    relbot("import", "towncrier")
    repo.write("changes/fast-bugfix.md", "---\ntype: bugfix\n---\n\nMuch faster.\n")
    again = relbot("import", "towncrier")
    assert again.code == 1
    assert "changes/fast-bugfix.md" in again.out
    assert "Much faster." in read(repo, "fast-bugfix")


def test_a_configuration_that_is_there_gets_the_types_and_keeps_its_own(repo: Repo, relbot: Run) -> None:
    repo.write("changes/login.md", FIXED)
    begin(repo, "towncrier")
    repo.write("pyproject.toml", TOWNCRIER["pyproject.toml"] + '[tool.relbot]\nchangelog = "NEWS.rst"  # ours\n')
    assert relbot("import", "towncrier").code == 0
    text = (repo.path / "pyproject.toml").read_text()
    assert 'changelog = "NEWS.rst"  # ours\n' in text
    assert {"fixed", "feature"} <= set(tomllib.loads(text)["tool"]["relbot"]["types"])
    assert relbot("check").out == ""


@pytest.mark.parametrize("tool", MATERIAL)
def test_a_repository_without_the_tool_is_told(repo: Repo, relbot: Run, tool: str) -> None:
    repo.commit("Begin")
    refused = relbot("import", tool)
    assert refused.code == 2
    assert refused.err
    assert list(tree(repo)) == ["(index)"]
