"""What holds back a deploy, and what reverts and their reverts make of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.git.histories import add, planned

if TYPE_CHECKING:
    from tests.repository import Repo


@pytest.mark.parametrize(
    ("message", "held"),
    [
        ("Merge pull request #5644 from jane/fix\n\nA fix", False),
        ("A fix (#5644)", False),
        ("Merge branch 'x' into 'main'\n\nA fix\n\nSee merge request obs/api!5644", False),
        ("Merge pull request 'A fix' (#5644) from jane/fix into main", False),
        ("Merged in jane/fix (pull request #5644)\n\nA fix", False),
        ("Merge pull request #5644 in OBS/api from jane/fix to main", False),
        ("Pull request #5644: A fix\n\nMerge in OBS/api from jane/fix to main", False),
        ("Merged PR 5644: A fix", False),
        ("Merged PR 56440: A fix", True),
        ("Do what #5644 should have done", True),
        ('Revert "A fix (#5644)" (#5650)', True),
        ("Merge pull request #56440 from jane/fix", True),
        ("A fix (#15644)", True),
    ],
)
def test_a_hold_waits_until_the_pull_request_is_merged(base: Repo, message: str, held: bool) -> None:
    add(base, "waiting", "hold: [5644]\n")
    base.commit(message)
    assert [(h.change, h.awaits) for h in planned(base, "a", "main").holds] == [("waiting", "5644")] * held


@pytest.mark.parametrize(
    ("message", "held"),
    [
        ("Prepare for (#99)", True),
        ("Prepare for (#99)\n\nSee https://github.com/obs/api/pull/98", True),
        ("A fix (#99)\n\nReviewed-on: https://codeberg.org/obs/api/pulls/99", False),
        ("Merge pull request #99 from jane/fix", False),
    ],
)
def test_a_title_that_somebody_typed_lifts_no_hold(base: Repo, message: str, held: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    add(base, "waiting", "hold: [99]\n")
    monkeypatch.setenv("GIT_COMMITTER_EMAIL", "jane@example.org")
    base.commit(message)
    assert bool(planned(base, "a", "main").holds) == held


def test_a_pull_request_that_was_reverted_is_not_there_until_that_is_reverted(base: Repo) -> None:
    add(base, "waiting", "hold: [5644]\n")
    base.write("code", "1")
    base.commit("A fix (#5644)")
    base.git("revert", "--no-edit", "HEAD")
    assert planned(base, "a", "main").holds
    assert not planned(base, "main~1", "main").holds
    base.git("revert", "--no-edit", "HEAD")
    assert not planned(base, "a", "main").holds


@pytest.mark.parametrize(
    "message",
    [
        "Reverts obs/api#5644",
        "Reverts #5644",
        "This reverts merge request !5644",
        "This reverts merge request obs/api!5644",
        "This reverts pull request #5644.",
        "This reverts commit {commit:.9} (A fix (#5644), 2018-08-15).",
    ],
)
def test_a_revert_counts_whatever_forge_wrote_it(base: Repo, message: str) -> None:
    add(base, "waiting", "hold: [5644]\n")
    fix = base.commit("A fix (#5644)")
    base.tag("fixed")
    base.commit('Revert "A fix" (#5650)\n\n' + message.format(commit=fix))
    assert planned(base, "a", "main").holds
    assert not planned(base, "a", "fixed").holds
    base.commit('Reapply "A fix" (#5651)\n\nReverts obs/api#5650')
    assert not planned(base, "a", "main").holds


@pytest.mark.parametrize("message", ["Reverts obs/api#56440", "It reverts #5644 in part", "Reverts the idea of #5644"])
def test_who_mentions_a_revert_reverts_nothing(base: Repo, message: str) -> None:
    add(base, "waiting", "hold: [5644]\n")
    base.commit("A fix (#5644)")
    base.commit(f"Another (#5650)\n\n{message}")
    assert not planned(base, "a", "main").holds


def test_a_revert_is_reverted_with_the_merge_that_brought_it(base: Repo) -> None:
    """As GitHub's button does it, of pull requests that are merged with a commit of their own."""
    add(base, "waiting", "hold: [5644]\n")
    for number, reverted in ((5644, ""), (5650, "main"), (5651, "main")):
        message = f"This reverts commit {base.git('rev-parse', reverted)}, reversing changes made to it." if reverted else "A fix"
        base.branch(f"pr/{number}")
        base.commit(message)
        base.switch("main")
        base.merge(f"pr/{number}", f"Merge pull request #{number} from jane/fix")
        assert bool(planned(base, "a", "main").holds) == (number == 5650)


def test_reverts_that_name_each_other_come_to_an_end(base: Repo) -> None:
    add(base, "waiting", "hold: [1]\n")
    base.commit("A fix (#1)")
    base.branch("side")
    base.commit("One (#2)\n\nReverts #1\nReverts #3")
    base.switch("main")
    base.commit("Other (#3)\n\nReverts #2")
    base.merge("side")
    assert planned(base, "a", "main").holds is not None


@pytest.mark.parametrize("more", ["issues: [5644]\n", "prs: [5644]\n"])
def test_a_hold_is_answered_by_a_fragment_that_nobody_touched(base: Repo, more: str) -> None:
    add(base, "bringing", more)
    base.tag("b")
    add(base, "waiting", "hold: [5644]\n")
    assert not planned(base, "b", "main").holds
    base.switch("a")
    base.branch("elsewhere")
    add(base, "waits", f"hold: [5644]\n{more}")
    assert len(planned(base, "a", "elsewhere").holds) == 1  # it cannot wait for itself
