"""`relbot init`: sets up, overwrites nothing, and what it writes is valid."""

from __future__ import annotations

import shlex
import tomllib
from typing import TYPE_CHECKING

import pytest
import yaml

from relbot.config.read import read_config
from tests.cli.fragments import FIXED, tree

if TYPE_CHECKING:
    from pathlib import Path

    from tests.commandline import Run
    from tests.repository import Repo

THREE = {"tag": "{version}", "changelog": "HISTORY.md", "rules": {"preset": ["go-service"]}}
FILES = [
    "relbot.toml",
    "changes/README.md",
    ".github/workflows/relbot.yml",
    ".github/workflows/relbot-fragments.yml",
    ".github/workflows/relbot-comment.yml",
]


def test_it_writes_its_files_and_stages_none(repo: Repo, relbot: Run) -> None:
    done = relbot("init")
    assert (done.code, done.err) == (0, "")
    assert done.out.splitlines()[: len(FILES)] == [f"written  {path}" for path in FILES]
    assert sorted(repo.git("ls-files", "--others").splitlines()) == sorted(FILES)
    assert repo.git("ls-files") == ""


def test_what_it_wrote_is_valid(repo: Repo, relbot: Run) -> None:
    relbot("init")
    assert relbot("check").code == 0
    assert relbot("build", "--draft").code == 4
    assert read_config("relbot.toml", (repo.path / "relbot.toml").read_text()) is not None
    workflows = [yaml.safe_load((repo.path / path).read_text()) for path in FILES[2:]]
    jobs = {name: job for workflow in workflows for name, job in workflow["jobs"].items()}
    assert all(workflow["permissions"] == {} for workflow in workflows)
    assert jobs["check"]["permissions"] == {"contents": "read", "pull-requests": "read"}
    assert jobs["comment"]["permissions"] == {"contents": "read", "pull-requests": "write"}
    assert jobs["record"]["permissions"] == {"contents": "write", "pull-requests": "write"}
    assert "github.event.pull_request.merged" in jobs["record"]["if"]
    assert [job["steps"][-1]["run"] for job in jobs.values()] == [
        "relbot pr --no-comment",
        "relbot check",
        "relbot pr",
        "relbot pr",
    ]
    assert jobs["fragments"]["permissions"] == {"contents": "read"}
    reading = [name for name, job in jobs.items() if any("checkout" in step.get("uses", "") for step in job["steps"])]
    assert reading == ["fragments"]  # which runs what was merged, and no pull request


def test_every_line_that_is_commented_out_is_valid(repo: Repo, relbot: Run) -> None:
    relbot("init")
    config = repo.path / "relbot.toml"
    lines = config.read_text().splitlines()
    used = [line.removeprefix("# ") for line in lines if line.startswith("# ") and ("=" in line or line.startswith("# ["))]
    config.write_text("\n".join(used) + "\n")
    assert set(tomllib.loads(config.read_text())) >= {"directory", "changelog", "types", "components", "links", "rules"}
    assert relbot("check").code == 0


def test_the_examples_in_the_readme_are_fragments(repo: Repo, relbot: Run) -> None:
    relbot("init")
    text = (repo.path / "changes/README.md").read_text()
    code = "\n".join(line[4:] for line in text.splitlines() if line.startswith("    ") or not line)
    first, second = (f"---\ntype: {example}" for example in code.split("---\ntype: ")[1:])
    repo.write("changes/one.md", first)
    repo.write("changes/two.md", second)
    checked = relbot("check")
    assert (checked.code, checked.out) == (0, "")


def test_it_overwrites_nothing(repo: Repo, relbot: Run) -> None:
    for path in FILES:
        repo.write(path, "# mine\n")
    before = tree(repo)
    done = relbot("init")
    assert done.code == 0
    assert [line.split()[0] for line in done.out.splitlines()[:2]] == ["kept", "kept"]
    assert tree(repo) == before


@pytest.mark.parametrize("path", FILES)
def test_it_writes_what_is_missing_and_keeps_the_rest(repo: Repo, relbot: Run, path: str) -> None:
    repo.write(path, "# mine\n")
    assert relbot("init").code == 0
    assert (repo.path / path).read_text() == "# mine\n"
    assert all((repo.path / other).is_file() for other in FILES)


def test_a_second_run_changes_nothing(repo: Repo, relbot: Run) -> None:
    relbot("init")
    before = tree(repo)
    assert relbot("init").code == 0
    assert tree(repo) == before


def test_a_configuration_in_pyproject_is_enough(repo: Repo, relbot: Run) -> None:
    repo.write("pyproject.toml", '[tool.relbot]\ndirectory = "news"\n')
    done = relbot("init")
    assert done.code == 0
    assert not (repo.path / "relbot.toml").exists()
    assert (repo.path / "news/README.md").is_file()
    assert not (repo.path / "changes").exists()


def test_a_link_is_not_followed(repo: Repo, relbot: Run) -> None:
    outside = repo.path.parent / "outside"
    (repo.path / "changes").mkdir()
    (repo.path / "changes/README.md").symlink_to(outside)
    assert relbot("init").code == 0
    assert not outside.exists()


def test_a_folder_that_is_a_file_is_told_and_nothing_is_changed(repo: Repo, relbot: Run) -> None:
    repo.write(".github", "a file\n")
    before = tree(repo)
    refused = relbot("init")
    assert refused.code == 3
    assert ".github" in refused.err
    assert tree(repo) == before


def test_fragments_that_are_there_stay(repo: Repo, relbot: Run) -> None:
    repo.write("changes/login.md", FIXED)
    assert relbot("init").code == 0
    assert (repo.path / "changes/login.md").read_text() == FIXED


def test_outside_of_git_it_writes_nothing(tmp_path: Path, relbot: Run) -> None:
    folder = tmp_path / "alone"
    folder.mkdir()
    refused = relbot("init", cwd=folder)
    assert refused.code == 2
    assert "git init" in refused.err
    assert not list(folder.iterdir())


def test_the_command_that_it_names_next_works_on_main(repo: Repo, relbot: Run) -> None:
    repo.commit("Begin")
    command = relbot("init").out.rpartition("Next: relbot ")[2]
    assert relbot(*shlex.split(command)).code == 0
    assert relbot("check").code == 0


@pytest.mark.parametrize(
    ("files", "tags", "keys"),
    [
        ((), ("1.0.0", "1.1.0", "nightly"), {"tag": "{version}"}),
        ((), ("release-1.0", "release-1.1", "v0.1"), {"tag": "release-{version}"}),
        ((), ("v1.0.0", "v1.1.0"), {}),
        (("CHANGES.rst",), (), {"changelog": "CHANGES.rst"}),
        (("CHANGELOG.md", "NEWS.md"), (), {}),
        (("debian/changelog",), (), {"changelog": "debian/changelog"}),
        (("manage.py", "package.json"), (), {"rules": {"preset": ["django"]}}),
        (("HISTORY.md", "go.mod"), ("2.0",), THREE),
    ],
)  # fmt: skip
def test_the_configuration_has_what_differs_from_the_defaults(
    repo: Repo, relbot: Run, files: tuple[str, ...], tags: tuple[str, ...], keys: dict[str, object]
) -> None:
    for path in files:
        repo.write(path, "Old.\n")
    repo.commit("Begin")
    for tag in tags:
        repo.tag(tag)
    assert relbot("init").code == 0
    assert tomllib.loads((repo.path / "relbot.toml").read_text()) == keys
    assert relbot("check").code == 0


def test_it_says_what_it_found(repo: Repo, relbot: Run) -> None:
    for path in ("CHANGES.rst", "newsfragments/1.fixed", "manage.py"):
        repo.write(path, "Old.\n")
    repo.commit("Begin")
    for tag in ("1.9.0", "1.10.0", "nightly"):
        repo.tag(tag)
    said = relbot("init").out
    assert "2 of 3 tags are named like `{version}`; the highest is 1.10.0." in said
    assert "The changelog is CHANGES.rst." in said
    assert "newsfragments/ has notes of towncrier." in said
    assert "the preset `django` fits" in said
