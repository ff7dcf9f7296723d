"""What `relbot init` reads in a repository, asks, and proposes."""

from __future__ import annotations

import tomllib
from typing import TYPE_CHECKING

import pytest

from relbot.adoption.tag_spellings import find_spellings
from relbot.config.model import Versions
from tests.cli.fragments import tree
from tests.cli.init_files import ACTION, HUB, written
from tests.cli.test_new_on_a_terminal import on_terminal

if TYPE_CHECKING:
    from tests.commandline import Run
    from tests.repository import Repo


def config(repo: Repo) -> dict[str, object]:
    return tomllib.loads((repo.path / "relbot.toml").read_text())


def test_what_it_writes_asks_for_nothing_but_what_the_diff_shows(repo: Repo, relbot: Run) -> None:
    """First hour F3: a typo in the docs, and the pull request that adds relbot itself."""
    repo.write("README.md", "A tpyo.\n")
    base = repo.commit("Begin")
    relbot("init", *ACTION, "--yes")
    repo.commit("Adopt relbot")
    assert relbot("check", "--base", base).out == ""
    repo.write("README.md", "A typo.\n")
    repo.commit("Mend a typo")
    assert relbot("check", "--base", "HEAD~1").out == ""


THREE = {"tag": "{version}", "changelog": "HISTORY.md", "rules": {"preset": ["go-service"]}}
KEPT = "# Changes\n\n## [Unreleased]\n\n- A.\n- B.\n\n## [1.1.0] - 2018-08-15\n\n- C.\n"
TOWN = "Widgets\n=======\n\n.. towncrier release notes start\n\nWidgets 1.1 (2018-08-15)\n------------------------\n\n- C.\n"
SERVICES = {"services": {"w": {"restart": "systemctl restart w"}, "db": {"restart": "docker compose restart db"}}}
PACKAGES = {
    "packages/api/CHANGELOG.md": "",
    "packages/w/CHANGELOG.md": "",
    "packages/w/package.json": '{"name": "@acme/web", "version": "1.1.0"}',
}
PARTS = {
    "components": {
        "api": {"changelog": "packages/api/CHANGELOG.md", "tag": "{component}@{version}"},
        "acme-web": {
            "changelog": "packages/w/CHANGELOG.md",
            "tag": "@acme/web@{version}",
            "manifests": ["packages/w/package.json"],
        },
    },
    "tag": "{version}",
}


@pytest.mark.parametrize(
    ("files", "tags", "keys"),
    [
        ({}, ("1.0.0", "1.1.0", "nightly"), {"tag": "{version}"}),
        ({}, ("release-1.0", "release-1.1", "v0.1"), {"tag": "release-{version}"}),
        ({}, ("app@1.0.0", "app@1.1.0"), {"tag": "app@{version}"}),
        ({}, ("v1.0.0", "v1.1.0", "20180815", "build-7"), {}),
        (PACKAGES, ("@acme/web@1.0.0", "api@1.0.0", "@acme/web@1.1.0", "cli@2.0.0", "1.0.0"), PARTS),
        ({"CHANGES.rst": ""}, (), {"changelog": "CHANGES.rst"}),
        ({"CHANGELOG.md": KEPT}, (), {"title": "[{version}] - {date}"}),
        ({"CHANGES.rst": TOWN}, (), {"changelog": "CHANGES.rst", "title": "Widgets {version} ({date})",
                                     "marker": ".. towncrier release notes start"}),
        ({"CHANGELOG.md": "", "NEWS.md": ""}, (), {}),
        ({"CHANGELOG.adoc": ""}, (), {}),
        ({"debian/changelog": ""}, (), {"changelog": "debian/changelog"}),
        ({"manage.py": "", "package.json": ""}, (), {"rules": {"preset": ["django"]}}),
        ({"debian/w.service": "[Service]\n", "compose.yaml": "services:\n  db: {}\n", "Procfile": "web: x\n"}, (), SERVICES),
        ({"HISTORY.md": "", "go.mod": ""}, ("2.0",), THREE),
    ],
)  # fmt: skip
def test_the_configuration_has_what_differs_from_the_defaults(
    repo: Repo, relbot: Run, files: dict[str, str], tags: tuple[str, ...], keys: dict[str, object]
) -> None:
    for path, text in files.items():
        repo.write(path, text or "Old.\n")
    repo.commit("Begin")
    for tag in tags:
        repo.git("tag", tag)
    assert relbot("init").code == 0
    assert config(repo) == keys
    assert relbot("check").code == 0


def test_a_spelling_of_tags_that_was_given_up_does_not_count() -> None:
    tags = [*(f"v3.{minor}" for minor in reversed(range(31))), *(f"1.{minor}" for minor in reversed(range(40)))]
    assert [each.pattern for each in find_spellings(tags, Versions())] == ["v{version}"]
    assert find_spellings(tags, Versions())[0].last == "3.30"


def test_it_says_what_it_found(repo: Repo, relbot: Run) -> None:
    files = {
        "CHANGES.md": KEPT,
        "newsfragments/1.fixed": "A.",
        "pyproject.toml": '[project]\nname = "w"\nversion = "1.10.0"\n[tool.towncrier]\n',
        ".changeset/config.json": "{}",
        "releasenotes/notes/a.yaml": "fixes: [A]",
        "manage.py": "",
        "Procfile": "web: x\nrelease: y\n",
        "debian/w.service": "[Service]\n",
    }
    for path, text in files.items():
        repo.write(path, text)
    repo.commit("Begin")
    for tag in ("1.9.0", "1.10.0", "nightly"):
        repo.tag(tag)
    repo.git("remote", "add", "origin", HUB)
    said = relbot("init").out
    for sentence in (
        "2 of 3 tags are named like `{version}`; the highest is 1.10.0.",
        "The changelog is CHANGES.md, with headings like `[{version}] - {date}`.",
        "CHANGES.md has 2 items without a release. The next build takes",
        "newsfragments/ has 1 note of towncrier. `relbot import towncrier` takes",
        "`relbot import changesets`",
        "releasenotes/notes/ has 1 note of reno.",
        "pyproject.toml has version 1.10.0 of w.",
        "is on GitHub",
        "The default branch is main.",
        "the preset `django` fits",
        "Procfile declares web, w.",
    ):
        assert sentence in said


def test_authors_are_told_where_they_look_and_only_once(repo: Repo, relbot: Run) -> None:
    files = {"docs/CONTRIBUTING.rst": "Help\n====\n\nCode\n^^^^\n\nText.\n", ".github/PULL_REQUEST_TEMPLATE.md": "What?\r\n"}
    for path, text in files.items():
        repo.write(path, text)
    repo.commit("Begin")
    done = relbot("init", "--yes")
    assert [line.split()[1] for line in done.out.splitlines() if line.startswith("changed ")] == [
        ".github/PULL_REQUEST_TEMPLATE.md",
        "docs/CONTRIBUTING.rst",
    ]
    assert "AGENTS.md" in written(done.out)
    page = (repo.path / "docs/CONTRIBUTING.rst").read_text()
    assert page.startswith(files["docs/CONTRIBUTING.rst"])
    assert "Change notes\n^^^^^^^^^^^^\n" in page
    for text in (page, (repo.path / "AGENTS.md").read_text()):
        assert "relbot check --base main" in text
        assert "phase: before-restart" in text
    assert b"\r\n<!-- Will users or operators" in (repo.path / ".github/PULL_REQUEST_TEMPLATE.md").read_bytes()
    before = tree(repo)
    repo.write("AGENTS.md", before["AGENTS.md"].replace(b"need none", b"need no note") + b"\nMine.\n")
    assert relbot("init", "--yes").code == 0
    assert relbot("init", "--tell", "agents").code == 0
    assert tree(repo) == before | {"AGENTS.md": before["AGENTS.md"] + b"\nMine.\n"}


def test_the_examples_for_authors_are_fragments(repo: Repo, relbot: Run) -> None:
    relbot("init", "--tell", "agents")
    blocks = (repo.path / "AGENTS.md").read_text().split("```markdown\n")[1:]
    for number, block in enumerate(blocks):
        repo.write(f"changes/{number}.md", block.split("```")[0])
    assert len(blocks) == 2
    assert relbot("check").out == ""


def test_on_a_terminal_it_asks_what_it_cannot_know(repo: Repo) -> None:
    code, _, dialogue = on_terminal(repo, ["init", *ACTION], ["github", "ask", "n", "n", "y"])
    assert code == 0, dialogue
    assert config(repo) == {"rules": {"every-change": "ask"}}
    assert (repo.path / "AGENTS.md").exists()
    assert not (repo.path / "CONTRIBUTING.md").exists()
    code, _, dialogue = on_terminal(repo, ["init", *ACTION], ["github", "n", "n"])
    assert code == 0, dialogue
    assert "each change" not in dialogue  # the configuration says it


def test_the_options_answer_the_questions(repo: Repo, relbot: Run) -> None:
    assert relbot("init", "--every-change", "require", "--forge", "github", "--tell", "contributing", *ACTION).code == 0
    assert config(repo) == {"rules": {"every-change": "require"}}
    assert (repo.path / "CONTRIBUTING.md").exists()
    assert not (repo.path / "AGENTS.md").exists()


@pytest.mark.parametrize(
    ("heading", "title"),
    [
        ("[1.2.0](https://w.example/o/r/tree/1.2.0) - 2018-08-15", "[{version}](https://w.example/o/r/tree/{version}) - {date}"),
        (
            "[1.2.0](https://w.example/o/r/compare/v1.1.9...v1.2.0) (2018-08-15)",
            "[{version}](https://w.example/o/r/compare/v{previous}...v{version}) ({date})",
        ),
        ("[1.2.0](https://w.example/o/r/1.1.0)", None),
        ("1.2.0 [notes](https://w.example/1.2.0)", None),
    ],
)
def test_headings_that_are_links_are_followed(repo: Repo, relbot: Run, heading: str, title: str | None) -> None:
    repo.write("CHANGELOG.md", f"# Changes\n\n## {heading}\n\n- A.\n")
    repo.commit()
    assert relbot("init", "--yes").code == 0
    assert config(repo).get("title") == title
    if title:
        repo.write("changes/a.md", "---\ntype: fixed\n---\n\nB.\n")
        repo.tag("v1.2.0")
        assert relbot("build", "1.2.1", "--date", "2018-08-15").code == 0
        made = title.format(version="1.2.1", previous="1.2.0", date="2018-08-15")
        assert f"## {made}\n" in (repo.path / "CHANGELOG.md").read_text()
        assert relbot("check").out == ""


def test_packages_in_any_folder_are_found_and_examples_are_none(repo: Repo, relbot: Run) -> None:
    for folder in ("exchanges/cache", "packages/core", "examples/cache"):
        name = folder.rpartition("/")[2]
        repo.write(f"{folder}/package.json", f'{{"name": "@acme/{name}", "version": "1.1.0"}}')
        repo.write(f"{folder}/CHANGELOG.md", "")
    repo.write("examples/systemd/w.service", "[Service]\n")
    repo.commit()
    for tag in ("@acme/core@1.1.0", "@acme/cache@1.1.0"):
        repo.tag(tag)
    out = relbot("init", "--yes").out
    assert "examples/" not in out
    components = tomllib.loads((repo.path / "relbot.toml").read_text())["components"]
    assert components["acme-cache"]["changelog"] == "exchanges/cache/CHANGELOG.md"


def test_a_key_with_another_value_is_not_called_missing(repo: Repo, relbot: Run) -> None:
    repo.write("CHANGELOG.md", KEPT)
    repo.write("relbot.toml", 'title = "Release {version}"\n')
    repo.commit()
    out = relbot("init", "--yes").out
    assert "the configuration has none or another value. Change it if they are right:\n    title = " in out
