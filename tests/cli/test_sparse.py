"""What git left out of the work tree is not nothing: in a sparse checkout relbot says what it lacks, and how to get it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.cli.fragments import FIXED, tree

if TYPE_CHECKING:
    from tests.commandline import Run
    from tests.repository import Repo

READING = [
    ("list",),
    ("check",),
    ("check", "--base", "HEAD"),
    ("show", "login"),
    ("build", "2.0"),
    ("build", "--draft"),
    ("build", "--refresh", "1.0"),
    ("notes", "1.0"),
    ("new", "old", "--type", "fixed", "--message", "Again."),
    ("release",),
]


@pytest.fixture
def released(repo: Repo, relbot: Run) -> Repo:
    repo.write("changes/old.md", FIXED)
    repo.write("src/code.py", "pass\n")
    assert relbot("build", "1.0").code == 0
    repo.write("changes/login.md", FIXED)
    repo.commit()
    return repo


@pytest.mark.parametrize("command", READING)
@pytest.mark.parametrize("patterns", [("--cone", "src"), ("--no-cone", "/*", "!/changes/released")])
def test_what_is_left_out_is_told(released: Repo, relbot: Run, patterns: tuple[str, ...], command: tuple[str, ...]) -> None:
    released.git("sparse-checkout", "set", *patterns)
    before = tree(released)
    said = relbot(*command)
    assert said.code == 3
    assert "This is a sparse checkout" in said.err
    assert "git sparse-checkout add changes" in said.err  # or a folder below it
    assert tree(released) == before


@pytest.mark.parametrize("patterns", [("--cone", "src"), ("--no-cone", "/*", "!/changes/released")])
def test_the_command_that_is_told_helps(released: Repo, relbot: Run, patterns: tuple[str, ...]) -> None:
    released.git("sparse-checkout", "set", *patterns)
    command = relbot("list").err.splitlines()[-1].split()
    released.git(*command[1:])
    assert relbot("list").out.startswith("login ")
    assert relbot("notes", "1.0").code == 0


def test_what_is_not_read_may_be_left_out(released: Repo, relbot: Run) -> None:
    released.git("sparse-checkout", "set", "--cone", "changes")
    assert not (released.path / "src").exists()
    assert relbot("list").code == 0
    assert relbot("build", "2.0").code == 0


def test_in_a_linked_work_tree_and_below_the_top(released: Repo, relbot: Run) -> None:
    released.write("api/relbot.toml", 'directory = "notes"\n')
    released.write("api/notes/a.md", FIXED)
    released.write("api/src/code.py", "pass\n")
    released.commit()
    other = released.path.parent / "other"
    released.git("worktree", "add", "--quiet", str(other))
    assert relbot("list", cwd=other / "api").out.startswith("a ")
    released.git("-C", str(other), "sparse-checkout", "set", "--cone", "api/src")
    said = relbot("list", cwd=other / "api")
    assert said.code == 3
    assert "at the top of the repository" in said.err
    assert "git sparse-checkout add api/notes" in said.err
    assert relbot("list").code == 0


def test_what_is_in_the_index_can_be_judged(released: Repo, relbot: Run) -> None:
    released.git("sparse-checkout", "set", "--cone", "src")
    assert relbot("check", "--staged").code == 0
