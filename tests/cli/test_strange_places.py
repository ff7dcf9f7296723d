"""What lies where relbot looks and is not what belongs there is named, and nothing is followed or passed over."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.cli.fragments import FIXED, fragment, tree

if TYPE_CHECKING:
    from tests.commandline import Run
    from tests.repository import Repo

LOOKING = (("list",), ("build", "1.0"), ("check",))


@pytest.mark.parametrize(
    "command", [("build", "1.0"), ("build", "--draft", "1.0"), ("build", "--bump", "auto"), ("notes", "1.0")]
)
def test_a_folder_of_releases_that_is_none_is_named(repo: Repo, relbot: Run, command: tuple[str, ...]) -> None:
    repo.write("changes/a.md", FIXED)
    repo.write("changes/released/0.9/b.md", FIXED)
    repo.write("changes/released/old-stuff/c.md", FIXED)
    repo.commit()
    before = tree(repo)
    refused = relbot(*command)
    assert refused.code == 2
    assert "`changes/released/old-stuff` is not the folder of a release" in refused.err
    assert "git mv changes/released/old-stuff changes/released/2.10" in refused.err
    assert tree(repo) == before
    repo.write("changes/released/older-stuff/d.md", FIXED)
    assert "`changes/released/older-stuff` are not folders of releases" in relbot(*command).err


def test_check_tells_of_it_once(repo: Repo, relbot: Run) -> None:
    for path in ("0.9/b", "1.0.0-rc.1/c", "2026.11.0/d", "old-stuff/e", "old-stuff/f"):
        repo.write(f"changes/released/{path}.md", FIXED)
    said = relbot("check")
    assert said.code == 1
    assert said.out.count("[misplaced-fragment]") == 1
    assert (
        "changes/released/old-stuff/e.md: error [misplaced-fragment] `changes/released/old-stuff` is not the folder of a"
        in said.out
    )


@pytest.mark.parametrize(
    ("command", "path"),
    [
        (("new", "b", "-t", "fixed", "-m", "B."), "changes"),
        *((command, path) for path in ("changes", "changes/released") for command in LOOKING),
    ],
)
def test_a_link_to_a_folder_is_not_followed(repo: Repo, relbot: Run, command: tuple[str, ...], path: str) -> None:
    elsewhere = repo.path.parent / "elsewhere"
    (elsewhere / "1.0").mkdir(parents=True)
    (elsewhere / "1.0/secret.md").write_text(FIXED)
    repo.write("changes/a.md" if path != "changes" else "a.md", FIXED)
    (repo.path / path).symlink_to(elsewhere)
    said = relbot(*command)
    assert said.code in (1, 3)
    assert "secret" not in said.out + said.err
    assert f"{path}` is a symbolic link" in said.err or f"{path}: error" in said.out
    assert sorted(each.name for each in elsewhere.iterdir()) == ["1.0"]


@pytest.mark.parametrize("name", ["relbot.toml", "pyproject.toml"])
def test_a_folder_where_the_configuration_should_be(repo: Repo, relbot: Run, name: str) -> None:
    (repo.path / name).mkdir()
    for options in ((), ("--config", name)):
        said = relbot("list", *options)
        assert said.code == 2
        assert f"{name}: error [file-kind] This is not a regular file." in said.err


def test_a_table_that_is_none(repo: Repo, relbot: Run) -> None:
    repo.write("pyproject.toml", "[tool]\nrelbot = 1\n")
    said = relbot("list")
    assert said.code == 2
    assert "pyproject.toml:2:1: error [wrong-type] `tool.relbot` is " in said.err
    repo.write("pyproject.toml", "tool = 1\n")
    assert relbot("list").code == 0, "that is not relbot's to judge"


def test_another_git_process_is_said_to_be_one(repo: Repo, relbot: Run) -> None:
    repo.write("changes/a.md", FIXED)
    repo.commit()
    (repo.path / ".git/index.lock").touch()
    before = tree(repo)
    said = relbot("build", "1.0")
    assert said.code == 3
    lock = repo.path / ".git/index.lock"
    assert f"relbot: Another git process works here, or one was killed: `{lock}` is there.\n" in said.err
    assert f"    rm '{lock}'\n" in said.err
    assert tree(repo) == before


@pytest.mark.parametrize("flag", ["--issue", "--hold"])
@pytest.mark.parametrize("reference", ["##", "#", "", " "])
def test_a_reference_to_nothing_is_refused(repo: Repo, relbot: Run, flag: str, reference: str) -> None:
    said = relbot("new", flag, reference, "-t", "fixed", "-m", "A.")
    assert (said.code, said.out) == (2, "")
    assert f"`{reference}` is not an issue or a pull request." in said.err
    assert not (repo.path / "changes").exists()


def test_the_name_of_a_new_fragment_is_that_of_its_issue(repo: Repo, relbot: Run) -> None:
    assert relbot("new", "--issue", "#4075", "-t", "fixed", "-m", "A.").out == "changes/4075.md\n"


def configured(repo: Repo, name: str) -> None:
    """On `main` a file of that name knows the type `base` and names a path; on `topic` it names none and knows `topic` alone."""
    repo.write(name, '[types.base]\ntitle = "Base"\n[rules.paths]\n"splash" = "require"\n')
    repo.write("changes/old.md", fragment("base"))
    repo.commit()
    repo.branch("topic")
    repo.write(name, '[types.topic]\ntitle = "Topic"\n')
    repo.write("changes/new.md", fragment("topic"))
    repo.write("splash", "Hello.\n")
    repo.git("add", "--all")


@pytest.mark.parametrize("question", [("--base", "main"), ("--staged",)])
def test_a_named_configuration_judges_as_it_was(repo: Repo, relbot: Run, question: tuple[str, ...]) -> None:
    configured(repo, "ci/relbot.toml")
    (repo.path / "sub").mkdir()
    for options in (("--config", "ci/relbot.toml"), ("--dir", "sub", "--config", "../ci/relbot.toml")):
        said = relbot("check", *question, *options)
        assert said.code == 1, said.err
        assert "changes/old.md:2:7: error [unknown-value] `type` is `base`" in said.out
        assert "splash: error [paths]" in said.out


@pytest.mark.parametrize("question", [("--base", "main"), ("--staged",)])
def test_what_is_staged_is_judged_by_what_was_committed(repo: Repo, relbot: Run, question: tuple[str, ...]) -> None:
    configured(repo, "relbot.toml")
    said = relbot("check", *question)
    assert said.code == 1
    assert "changes/old.md:2:7: error [unknown-value] `type` is `base`" in said.out
    assert "splash: error [paths]" in said.out


@pytest.mark.parametrize("question", [("--base", "main"), ("--staged",)])
def test_a_named_configuration_that_the_base_lacks_judges_nothing(repo: Repo, relbot: Run, question: tuple[str, ...]) -> None:
    configured(repo, "relbot.toml")
    repo.write("mine.toml", '[types.topic]\ntitle = "Topic"\n')
    said = relbot("check", *question, "--config", "mine.toml")
    assert (said.code, said.out) == (2, "")
    assert "`mine.toml` is not in " in said.err
    assert "Remove `--config`" in said.err


def test_a_configuration_outside_of_the_repository_is_no_part_of_a_change_set(repo: Repo, relbot: Run) -> None:
    configured(repo, "relbot.toml")
    outside = repo.path.parent / "policy.toml"
    outside.write_text('[types.topic]\ntitle = "Topic"\n[types.base]\ntitle = "Base"\n')
    assert relbot("check", "--staged", "--config", str(outside)).code == 0


def test_the_first_configuration_judges_what_brings_it(repo: Repo, relbot: Run) -> None:
    repo.write("README.md", "x\n")
    repo.commit()
    repo.write("ci/relbot.toml", '[types.topic]\ntitle = "Topic"\n')
    repo.write("changes/new.md", fragment("topic"))
    repo.git("add", "--all")
    assert relbot("check", "--staged", "--config", "ci/relbot.toml").code == 0


def test_a_file_where_the_folder_of_fragments_should_be(repo: Repo, relbot: Run) -> None:
    repo.write("changes", "A list of changes.\n")
    refused = relbot("init")
    assert refused.code == 3
    assert "Where a folder is needed lies a file." in refused.err
    assert (repo.path / "changes").read_text() == "A list of changes.\n"
    assert not (repo.path / "relbot.toml").exists()
