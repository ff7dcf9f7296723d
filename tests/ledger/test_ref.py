from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING

import pytest

from relbot.deploy.log.line import UnreadableRecord
from relbot.errors import Unknown, UsageError
from relbot.git.process import Git
from relbot.ledger.git_ref.objects import compare_and_swap
from relbot.ledger.git_ref.remote import Remote, Unreachable, find_remote
from relbot.ledger.git_ref.store import GitRefLedger
from relbot.ledger.store import Unpublished
from tests.ledger.clones import BOB, ledger_in, steps, tick

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from relbot.deploy.log.record import Deed, Record
    from tests.repository import Repo

REF = "refs/relbot/production"


def test_what_one_records_the_other_sees(clones: tuple[Repo, Repo]) -> None:
    ada, bob = clones
    ledger_in(ada).record(tick("x#1"))
    assert steps(ledger_in(bob, BOB).history()) == ["x#1"]
    (entry,) = ledger_in(bob, BOB).synced()
    assert (entry.order, entry.who.name, entry.environment, entry.deed) == (1, "Ada", "production", tick("x#1"))


def test_whoever_saw_something_comes_after_it_with_a_slow_clock_too(clones: tuple[Repo, Repo]) -> None:
    ada, bob = clones
    ledger_in(ada).record(tick("x#1"))
    late = ledger_in(bob, BOB, start=ledger_in(ada).entries()[0].time.replace(year=2001))
    late.synced()
    late.record(tick("x#2"))
    assert {entry.deed.step: entry.order for entry in late.entries()} == {"x#1": 1, "x#2": 2}


def test_two_that_did_not_know_of_each_other_lose_nothing(clones: tuple[Repo, Repo]) -> None:
    ada, bob = clones
    ledger_in(ada).record(tick("ada"))
    ledger_in(bob, BOB).record(tick("bob"))
    assert steps(ledger_in(ada).synced()) == steps(ledger_in(bob).synced()) == ["ada", "bob"]


def test_the_work_tree_the_index_and_the_branches_are_left_alone(clones: tuple[Repo, Repo]) -> None:
    ada, _ = clones
    ada.write("x", "1")
    ada.git("add", "x")
    ledger_in(ada).record(tick("x#1"))
    assert ada.git("status", "--porcelain") == "A  x"
    assert ada.git("for-each-ref", "--format=%(refname)").split() == ["refs/relbot-remote/seen/production", REF]


def test_without_a_remote_the_ledger_is_the_clones_own(repo: Repo) -> None:
    ledger_in(repo).record(tick("x#1"))
    ledger_in(repo).claim(lambda known: tick("x#2") if len(known) == 1 else None)
    assert steps(ledger_in(repo).synced()) == ["x#1", "x#2"]


def test_an_unreachable_remote_is_unknown_and_the_fact_is_kept(clones: tuple[Repo, Repo], bare: Path) -> None:
    ada, bob = clones
    bare.rename(bare.with_name("gone"))
    with pytest.raises(Unreachable, match="could not fetch"):
        ledger_in(ada).synced()
    with pytest.raises(Unpublished, match="recorded it in this clone"):
        ledger_in(ada).record(tick("x#1"))
    with pytest.raises(Unreachable):
        ledger_in(ada).claim(lambda known: tick("never"))
    bare.with_name("gone").rename(bare)
    later = ledger_in(ada)
    assert steps(later.synced()) == ["x#1"]
    assert later.unpublished()
    later.record(tick("x#2"))
    assert not later.unpublished()
    assert steps(ledger_in(bob).synced()) == ["x#1", "x#2"]


@pytest.mark.parametrize("do", ["record", "claim"])
def test_a_remote_that_refuses_is_unknown_and_not_asked_forever(clones: tuple[Repo, Repo], bare: Path, do: str) -> None:
    ada, _ = clones
    hook = bare / "hooks" / "pre-receive"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text("#!/bin/sh\necho asked >> asked\necho 'not you' >&2\nexit 1\n")
    hook.chmod(0o755)
    ledger = ledger_in(ada)
    with pytest.raises(Unknown, match="not you"):
        ledger.record(tick("x#1")) if do == "record" else ledger.claim(lambda known: tick("x#1"))
    assert len((bare / "asked").read_text().splitlines()) <= 4
    assert len(ledger.entries()) == (do == "record")


def test_a_claim_is_decided_again_when_somebody_was_faster(clones: tuple[Repo, Repo]) -> None:
    ada, bob = clones
    seen: list[list[str]] = []

    def decide(known: tuple[Record, ...]) -> Deed:
        seen.append(steps(known))
        if len(seen) == 1:
            ledger_in(bob, BOB).record(tick("bob"))
        return tick("ada")

    ledger_in(ada).claim(decide)
    assert seen == [[], ["bob"]]
    assert [e.deed.step for e in sorted(ledger_in(bob).synced(), key=lambda e: e.order)] == ["bob", "ada"]


def test_a_second_process_of_the_clone_is_noticed(repo: Repo, monkeypatch: pytest.MonkeyPatch) -> None:
    """Somebody writes between the look at the ref and its change."""
    real = compare_and_swap
    raced: list[str] = []

    def late(git: Git, ref: str, new: str, old: str) -> bool:
        if not raced:
            raced.append(new)
            monkeypatch.setattr("relbot.ledger.git_ref.store.compare_and_swap", real)
            ledger_in(repo, BOB).record(tick("bob"))
        return real(git, ref, new, old)

    monkeypatch.setattr("relbot.ledger.git_ref.store.compare_and_swap", late)
    ledger_in(repo).record(tick("ada"))
    assert steps(ledger_in(repo).entries()) == ["ada", "bob"]


def test_a_second_process_is_noticed_while_two_sides_are_united(
    clones: tuple[Repo, Repo], monkeypatch: pytest.MonkeyPatch
) -> None:
    ada, bob = clones
    real, raced = compare_and_swap, list[str]()
    ledger_in(bob, BOB).record(tick("bob"))
    with monkeypatch.context() as offline:
        offline.setattr("relbot.ledger.git_ref.remote.Remote.push", lambda *_: "not now")
        with pytest.raises(Unpublished):
            ledger_in(ada).record(tick("ada"))
    ledger_in(bob, BOB).record(tick("bob again"))

    def late(git: Git, ref: str, new: str, old: str) -> bool:
        raced.append(new)
        monkeypatch.setattr("relbot.ledger.git_ref.store.compare_and_swap", real)
        ledger_in(ada).record(tick("third"))
        return real(git, ref, new, old)

    monkeypatch.setattr("relbot.ledger.git_ref.store.compare_and_swap", late)
    assert steps(ledger_in(ada).synced()) == ["ada", "bob", "bob again", "third"]
    assert len(raced) == 1


def test_a_deleted_ref_on_the_remote_comes_back_whole(clones: tuple[Repo, Repo], bare: Path) -> None:
    ada, bob = clones
    ledger_in(ada).record(tick("x#1"))
    subprocess.run(["git", "-C", str(bare), "update-ref", "-d", REF], check=True)
    ledger_in(ada).record(tick("x#2"))
    assert steps(ledger_in(bob).synced()) == ["x#1", "x#2"]


def test_a_mirroring_clone_keeps_what_it_has_not_published(clones: tuple[Repo, Repo], bare: Path) -> None:
    """`+refs/*:refs/*` would let a fetch overwrite the ref."""
    ada, bob = clones
    ledger_in(bob, BOB).record(tick("bob"))
    ada.git("config", "remote.origin.fetch", "+refs/*:refs/*")
    ada.git("remote", "set-url", "--push", "origin", str(bare.with_name("nowhere")))
    with pytest.raises(Unpublished):
        ledger_in(ada).record(tick("ada"))
    ledger_in(bob, BOB).record(tick("bob again"))
    assert steps(ledger_in(ada).synced()) == ["ada", "bob", "bob again"]


def test_a_hook_of_the_clone_does_not_run_at_every_tick(clones: tuple[Repo, Repo]) -> None:
    ada, _ = clones
    hook = ada.path / ".git" / "hooks" / "pre-push"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text("#!/bin/sh\nexit 1\n")
    hook.chmod(0o755)
    ledger_in(ada).record(tick("x#1"))


def spoil_name(repo: Repo, line: str, blob: str) -> str:
    return f"100644 blob {blob}\tREADME"


def spoil_content(repo: Repo, line: str, blob: str) -> str:
    changed = repo.git("hash-object", "-w", "--stdin", stdin=repo.git("cat-file", "blob", blob).replace("x#1", "x#2") + "\n")
    return line.replace(blob, changed)


@pytest.mark.parametrize("spoil", [spoil_name, spoil_content])
def test_what_cannot_be_read_is_unknown_and_not_taken_in(
    clones: tuple[Repo, Repo], spoil: Callable[[Repo, str, str], str]
) -> None:
    ada, bob = clones
    ledger_in(ada).record(tick("x#1"))
    folder, entry = ada.git("ls-tree", REF), ada.git("ls-tree", REF, "000000/")
    inner = ada.git("mktree", stdin=spoil(ada, entry.replace("000000/", ""), entry.split()[2]) + "\n")
    tree = ada.git("mktree", stdin=folder.replace(folder.split()[2], inner) + "\n")
    commit = ada.git("commit-tree", tree, "-m", "spoilt", "-p", REF)
    ada.git("push", "--quiet", "origin", f"{commit}:{REF}")
    with pytest.raises(UnreadableRecord):
        ledger_in(bob).synced()
    assert ledger_in(bob).entries() == ()


@pytest.mark.parametrize("name", ["", "-x", "a/b", "a..b", "a.lock", "a.", "a b", "a:b", "ä", "a\n"])
def test_a_name_that_git_does_not_take_is_refused(repo: Repo, name: str) -> None:
    from tests.ledger.clones import around

    with pytest.raises(UsageError):
        GitRefLedger(Git(repo.path), name, None, around())


def test_one_of_several_remotes_has_to_be_named(repo: Repo) -> None:
    git = Git(repo.path)
    assert find_remote(git, None) is None
    repo.git("remote", "add", "one", "x")
    assert find_remote(git, None) == Remote(git, "one")
    repo.git("remote", "add", "two", "x")
    with pytest.raises(UsageError):
        find_remote(git, None)
    with pytest.raises(UsageError):
        find_remote(git, "three")
    repo.git("remote", "add", "origin", "x")
    assert find_remote(git, None) == Remote(git, "origin")
    repo.git("config", "relbot.remote", "two")
    assert find_remote(git, None) == Remote(git, "two"), "origin may be a fork"
    assert find_remote(git, "one") == Remote(git, "one")
    repo.git("config", "relbot.remote", "gone")
    with pytest.raises(UsageError):
        find_remote(git, None)


def test_a_remote_that_hangs_is_unreachable(clones: tuple[Repo, Repo], monkeypatch: pytest.MonkeyPatch) -> None:
    ada, _ = clones
    monkeypatch.setattr("relbot.ledger.git_ref.remote.PATIENCE", 0.2)
    ada.git("config", "remote.origin.uploadpack", "sleep 1; git-upload-pack")
    with pytest.raises(Unreachable, match="did not answer"):
        ledger_in(ada).synced()
