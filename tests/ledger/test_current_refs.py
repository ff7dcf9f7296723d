"""What the names of revisions mean: on the remote, as it was fetched just now, or in a clone that has never fetched."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from relbot.errors import UsageError
from relbot.git.process import Git
from relbot.git.revisions import RevisionUnknown
from relbot.ledger.git_ref.current_refs import DEFAULT_BRANCH, fetch_refs, known_refs
from relbot.ledger.git_ref.remote import find_remote
from tests.ledger.clones import NOON

if TYPE_CHECKING:
    from tests.repository import Repo


def test_what_names_mean_on_the_remote_and_in_a_clone_that_never_fetched(clones: tuple[Repo, Repo]) -> None:
    ada, bob = clones
    first, second = ada.commit("one"), ada.commit("two")
    ada.git("tag", "v1", first)
    ada.git("push", "--quiet", "--tags", "origin", "HEAD:refs/heads/main", f"{first}:refs/heads/c0ffee")
    git = Git(bob.path)
    remote = find_remote(git, None)
    right = {
        "main": second, "origin/main": second, "refs/heads/main": second, "main~1": first, "v1": first, "refs/tags/v1": first,
        "c0ffee": first, second: second, f"{second}~1": first, f"v1-1-g{second[:12]}": second,
    }  # fmt: skip
    there = fetch_refs(git, remote, [DEFAULT_BRANCH, *right, "HEAD", "@", "a b", "-x", "gone"], NOON)
    assert {name: there.commit_of(name) for name in right} == right
    assert there.commit_of(DEFAULT_BRANCH) == there.commit_of("origin") == there.commit_of("origin/HEAD") == second
    assert known_refs(git, remote).fetched == NOON
    assert known_refs(git, remote).commit_of("main") == second
    bob.git("branch", "mine", second)
    for name in ("a b", "-x", "gone"):
        with pytest.raises(RevisionUnknown, match=rf"`origin` has no branch or tag `{name}`\.$"):
            there.commit_of(name)
    with pytest.raises(RevisionUnknown, match="It is only in this clone") as here:
        there.commit_of("mine")
    assert here.value.example == second
    for name in ("@{1}", ":/one", "main@{1}", "main:x"):
        with pytest.raises(UsageError):
            there.commit_of(name)
    git.place.fetched.unlink()
    bob.git("fetch", "--quiet", "--tags")
    bob.git("update-ref", "refs/remotes/origin/main", first)
    never = known_refs(git, remote)
    assert [never.commit_of(name) for name in ("main", "origin/main", "v1")] == [first] * 3, "the clone's own refs"
    with pytest.raises(RevisionUnknown, match="relbot has never fetched `gone`"):
        never.commit_of("gone")
