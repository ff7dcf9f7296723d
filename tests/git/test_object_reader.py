"""One process of git answers every question about objects, as long as the command runs."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING

import pytest

from relbot.git.process import Git

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.commandline import Run
    from tests.repository import Repo

NOWHERE = "0" * 40


@pytest.fixture
def git(repo: Repo) -> Iterator[Git]:
    repo.write("a", "one\n")
    repo.commit("One")
    git = Git(repo.path)
    yield git
    git.close()


def running(git: Git) -> subprocess.Popen[bytes]:
    process = git.objects._process
    assert process is not None
    return process


def test_objects_come_in_the_order_of_their_names_and_missing_ones_are_none(git: Git, repo: Repo) -> None:
    blobs = [repo.git("hash-object", "-w", "--stdin", stdin=f"{number}\n" * number) for number in range(130)]
    asked = [name for blob in blobs for name in (blob, NOWHERE)]
    found = git.objects.read_all(asked)
    assert [each.content for each in found[::2] if each] == [b"%d\n" % number * number for number in range(130)]
    assert set(found[1::2]) == {None}
    assert git.objects.has_commit(repo.head)
    repo.git("tag", "--annotate", "--message", "One", "v1")
    assert not any(git.objects.has_commit(name) for name in (blobs[1], NOWHERE, repo.git("rev-parse", "v1")))
    assert len(git.objects.read_all([blobs[129]] * 3000)) == 3000, "more than a pipe takes at once, both ways"
    tree = git.objects.read_trees([f"{repo.head}^{{tree}}"])[0]
    assert tree is not None
    assert [(each.path, each.mode) for each in tree.values()] == [("a", "100644")]


def test_what_others_write_meanwhile_is_found(git: Git, repo: Repo) -> None:
    assert git.objects.read(repo.head) is not None
    process = running(git)
    repo.write("a", "two\n")
    assert git.objects.has_commit(repo.commit("Two"))
    assert running(git) is process


def test_a_process_that_was_ended_is_started_anew(git: Git, repo: Repo) -> None:
    assert git.objects.read(repo.head) is not None
    ended = running(git)
    ended.kill()
    ended.wait()
    assert git.objects.read(repo.head) is not None
    assert running(git) is not ended


def test_it_ends_with_its_repository(repo: Repo) -> None:
    repo.write("a", "one\n")
    git = Git(repo.path)
    assert git.objects.read(repo.commit("One")) is not None
    process = running(git)
    git.close()
    assert process.poll() is not None


def test_commands_of_a_deploy_start_few_processes(repo: Repo, relbot: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each costs as much as all that relbot computes. The count does not grow with the deeds."""
    repo.write("relbot.toml", '[environments.production]\ndeployed = "ledger"\n')
    repo.commit("Configure")
    assert relbot("deploy", "adopt", "production", "--at", "HEAD").code == 0
    steps = "".join(f"  - phase: after-restart\n    run: step {number}\n" for number in range(6))
    repo.write("changes/1-a.md", f"---\ntype: changed\nmigration: true\ndeploy:\n{steps}---\n\nA.\n")
    repo.commit("One")
    started: list[object] = []
    start = subprocess.Popen.__init__

    def counted(process: subprocess.Popen[bytes], command: object, **options: object) -> None:
        started.append(command)
        start(process, command, **options)  # type: ignore[call-overload]  # whatever relbot passes

    monkeypatch.setattr(subprocess.Popen, "__init__", counted)
    counts = []
    for number in range(1, 6):
        started.clear()
        assert relbot("deploy", "tick", "production", f"1-a#{number}", "--to", "HEAD").code == 0
        counts.append(len(started))
    assert max(counts[1:]) - min(counts[1:]) <= 1, counts
    assert max(counts) <= 25, counts
    started.clear()
    assert relbot("deploy", "status", "production").code == 1
    assert len(started) <= 15, len(started)
