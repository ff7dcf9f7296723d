"""`relbot build --undo`: the way back from a build that is not tagged."""

from __future__ import annotations

import errno
import shutil
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from relbot.release import changelog
from tests.cli.fragments import ADDED, DAY, FIXED, fragment, tree
from tests.files.mishaps import events, in_child, killing, refusing, watch
from tests.repository import Repo
from tests.tiers import examples, sample

if TYPE_CHECKING:
    from pathlib import Path

    from tests.commandline import Run


@pytest.fixture
def built(repo: Repo, relbot: Run) -> Repo:
    """A repository whose release 1.0 is built and committed; its former state is the commit before."""
    repo.write("CHANGELOG.md", "# News\n\n## 0.9\n\n- Old.\n")
    repo.write("changes/login.md", FIXED)
    repo.write("changes/themes.md", ADDED)
    repo.commit()
    assert relbot("build", "1.0", *DAY).code == 0
    repo.git("commit", "--quiet", "--message=Release 1.0")
    return repo


def test_all_is_as_it_was_and_staged(built: Repo, relbot: Run) -> None:
    done = relbot("build", "--undo", "v1.0")
    said = "The build of 1.0 is taken back: 2 changes are unreleased again, and CHANGELOG.md no longer has its entry.\n"
    assert (done.code, done.out, done.err) == (0, said, "")
    assert built.git("diff", "--cached", "--name-only", "HEAD~") == ""
    assert built.git("diff", "--name-only") == ""
    assert not (built.path / "changes/released").exists()
    assert relbot("build", "1.0", *DAY).code == 0
    assert built.git("diff", "--cached", "--name-only", "HEAD") == ""


@pytest.mark.parametrize(
    "before", [None, "", "# News", "# News\r\n\r\n## 0.9\r\n\r\n- Old.", "\ufeff# News\n\n<!-- relbot: releases below -->"]
)
def test_the_changelog_is_the_old_one_to_the_byte(repo: Repo, relbot: Run, before: str | None) -> None:
    repo.write("changes/login.md", FIXED)
    if before is not None:
        repo.write("CHANGELOG.md", before)
    repo.commit()
    state = tree(repo)
    assert relbot("build", "1.0", *DAY).code == 0
    repo.write("changes/late.md", ADDED)
    assert relbot("build", "1.0", *DAY).code == 0
    assert relbot("build", "--undo", "1.0").code == 0
    repo.git("rm", "--quiet", "--force", "changes/late.md")
    assert tree(repo) == state or before == ""  # an empty changelog keeps its title


@settings(deadline=None, max_examples=examples(40))
@given(st.text("a\n#- ", max_size=20), st.booleans(), st.integers(0, 20))
def test_what_is_inserted_can_be_removed(text: str, windows: bool, place: int) -> None:
    text = "# a\n" + text
    lines = text.splitlines(keepends=True)
    at = len("".join(lines[: place % (len(lines) + 1)]))
    end = "\r\n" if windows else "\n"
    at += text.count("\n", 0, at) * (len(end) - 1)
    text = text.replace("\n", end)
    entry = "## 1.0\n\n- B.\n"
    form = changelog.ChangelogFormat("", lambda _: at)
    made, added = changelog.insert_entry(text, entry, form)
    begin = made.index("## 1.0")
    assert changelog.remove_entry(made, (begin, begin + len(entry.replace("\n", end))), added) == text


def test_folders_of_components_get_theirs_back(repo: Repo, relbot: Run) -> None:
    repo.write("relbot.toml", '[components.api]\n[components.worker]\nchangelog = "worker.md"\n')
    repo.write("changes/api/call.md", fragment("added", "A call."))
    repo.write("changes/queue.md", fragment("added", "A queue.", "component: worker"))
    repo.commit()
    assert relbot("build", "1.0", *DAY).code == 0
    assert relbot("build", "2.0", *DAY, "--component", "worker").code == 0
    assert (repo.path / "CHANGELOG.md").read_text().endswith("### api\n\n#### Added\n\n- A call. (by Ada Author)\n")
    assert "### api" in relbot("notes", "1.0").out
    assert relbot("build", "--refresh", "1.0").out == "The entry of 1.0 matches its fragments. Nothing changed.\n"
    assert relbot("check").out == ""
    assert relbot("build", "--undo", "1.0").code == 0
    assert relbot("build", "--undo", "2.0", "--component", "worker").code == 0
    assert repo.git("status", "--porcelain") == ""


@pytest.mark.parametrize("tag", ["v1.0", "1.0.0", "release-1.0"])
def test_what_is_tagged_stays(built: Repo, relbot: Run, tag: str) -> None:
    built.git("tag", tag)
    state = tree(built)
    refused = relbot("build", "--undo", "1.0")
    assert (refused.code, refused.out) == (1, "")
    assert f"1.0 is out: it is tagged {tag}." in refused.err
    assert "relbot build --refresh 1.0" in refused.err
    assert tree(built) == state


def test_an_edited_entry_stays(built: Repo, relbot: Run) -> None:
    built.write("CHANGELOG.md", (built.path / "CHANGELOG.md").read_text().replace("remembers", "forgets"))
    built.commit()
    refused = relbot("build", "--undo", "1.0")
    assert refused.code == 1
    assert "The entry of 1.0 in CHANGELOG.md was edited by hand" in refused.err
    assert built.git("status", "--porcelain") == ""


@pytest.mark.parametrize("path", ["CHANGELOG.md", "changes/released/1.0/login.md", "changes/released/1.0/new.md"])
def test_changes_that_are_not_staged_stay(built: Repo, relbot: Run, path: str) -> None:
    built.write(path, ((built.path / path).read_text() if path != "changes/released/1.0/new.md" else FIXED) + "\nMore.\n")
    state = tree(built)
    refused = relbot("build", "--undo", "1.0")
    assert refused.code == 1
    assert f"`{path}` has changes that are not staged." in refused.err
    assert tree(built) == state


def test_a_prerelease_stays_while_its_final_has_its_changes(built: Repo, relbot: Run) -> None:
    built.write("changes/late.md", ADDED)
    assert relbot("build", "2.0rc1", *DAY).code == 0
    assert relbot("build", "2.0", *DAY).code == 0
    refused = relbot("build", "--undo", "2.0rc1")
    assert refused.code == 1
    assert "relbot build --undo 2.0" in refused.err
    assert relbot("build", "--undo", "2.0").code == 0
    assert relbot("build", "--undo", "2.0rc1").code == 0
    assert (built.path / "changes/late.md").exists()
    assert built.git("diff", "--name-only", "HEAD", "--", "CHANGELOG.md") == ""


def test_a_lost_entry_is_no_obstacle(built: Repo, relbot: Run) -> None:
    built.write("CHANGELOG.md", "# News\n")
    built.commit()
    assert relbot("build", "--undo", "1.0").code == 0
    assert (built.path / "changes/login.md").exists()


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--undo", "3.0"), "There is no release 3.0."),
        (("--undo", "1.0", "--draft"), "`--undo` and `--draft` exclude each other."),
        (("1.0", "--undo", "1.0"), "exclude each other."),
    ],
)
def test_wrong_usage(built: Repo, relbot: Run, options: tuple[str, ...], said: str) -> None:
    refused = relbot("build", *options)
    assert refused.code == 2
    assert said in refused.err
    assert built.git("status", "--porcelain") == ""


@pytest.mark.long
def test_killed_or_refused_at_any_event(built: Repo, relbot: Run, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    def copy(name: str) -> Repo:
        shutil.copytree(built.path, tmp_path / name)
        return Repo(tmp_path / name)

    def undo(repo: Repo) -> int:
        return relbot("build", "--undo", "1.0", cwd=repo.path).code

    counted = copy("counted")
    total = events(lambda: undo(counted))
    before, after = tree(built), tree(counted)
    assert before != after
    for at in sample(range(1, total + 1), 6):
        repo = copy(f"killed-{at}")

        def killed(repo: Repo = repo, at: int = at) -> int:
            watch(killing(at))
            return undo(repo)

        in_child(killed)
        relbot("build", "--undo", "1.0", cwd=repo.path)  # finishes it, or finds nothing left to take back
        assert tree(repo) == after, at
        assert repo.git("diff", "--cached", "--name-only", "HEAD~") == ""
    for at in sample(range(1, total + 1), 6, 1):
        repo = copy(f"refused-{at}")

        def refused(repo: Repo = repo, at: int = at) -> int:
            watch(refusing(errno.ENOSPC, at))
            return undo(repo)

        code = in_child(refused).value
        assert tree(repo) == (after if code == 0 else before), at
    capfd.readouterr()
