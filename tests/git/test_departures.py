"""How a fragment left: with its change, or because somebody tidied up."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from relbot.config.model import Config
from relbot.deploy.plan.changelog import Departure
from relbot.deploy.plan.make import make_plan
from relbot.git.change_logs import read_change_logs
from relbot.git.process import Git

if TYPE_CHECKING:
    from collections.abc import Callable

    from relbot.deploy.plan.model import Plan
    from tests.repository import Repo

X = "changes/x.md"
FRAGMENT = "---\ntype: changed\ndeploy:\n  - {phase: before-restart, run: do x, undo: undo x}\n---\n\nChange x.\n"


@pytest.fixture
def base(repo: Repo) -> Repo:
    """`a` runs; its newest commit brought the fragment `x` together with code."""
    repo.write("code.py", "old\n")
    repo.write("CHANGELOG.md", "# Changes\n")
    repo.write("changes/README.md", "Notes.\n")
    repo.commit("Start")
    repo.tag("before")
    repo.write("code.py", "new\n")
    repo.write(X, FRAGMENT)
    repo.commit("Bring x (#7)")
    repo.tag("a")
    return repo


def made(repo: Repo, a: str = "a", b: str = "HEAD") -> Plan:
    return make_plan(*read_change_logs(Git(repo.path), a, b, (Config(), Config())))


def outcome(plan: Plan) -> Departure | None:
    """What the plan makes of `x`, None if it makes nothing of it."""
    if plan.vanished:
        return Departure.UNKNOWN
    return Departure.REVERTED if plan.undo else Departure.TIDIED if plan.tidied else None


def revert(repo: Repo) -> None:
    repo.git("revert", "--no-edit", "a")


def revert_by_hand(repo: Repo) -> None:
    repo.write("code.py", "old\n")
    repo.remove(X)
    repo.commit("Go back")


def revert_in_two(repo: Repo) -> None:
    repo.write("code.py", "old\n")
    repo.commit("Go back")
    repo.remove(X)
    repo.commit("Remove the note, too")


def remove_before_the_code(repo: Repo) -> None:
    repo.remove(X)
    repo.commit("Remove the note")
    repo.write("code.py", "old\n")
    repo.commit("Go back")


def merge_a_revert(repo: Repo) -> None:
    repo.branch("pr")
    repo.remove(X)
    repo.commit("Reverts #7")
    repo.switch("main")
    repo.merge("pr", "Merge pull request #8 from pr\n\nReverts #7")


def tidy(repo: Repo) -> None:
    repo.remove(X)
    repo.write("CHANGELOG.md", "# Changes\n\n- x\n")
    repo.write("relbot.toml", "")
    repo.commit("Write the changelog by hand")


def remove_with_other_code(repo: Repo) -> None:
    repo.remove(X)
    repo.write("code.py", "newer\n")
    repo.commit("Go on")


@pytest.mark.parametrize(
    ("leave", "how"),
    [
        (revert, Departure.REVERTED),
        (revert_by_hand, Departure.REVERTED),
        (revert_in_two, Departure.REVERTED),
        (remove_before_the_code, Departure.REVERTED),
        (merge_a_revert, Departure.REVERTED),
        (tidy, Departure.TIDIED),
        (remove_with_other_code, Departure.UNKNOWN),
    ],
)
def test_how_a_fragment_left_tells_what_becomes_of_its_change(base: Repo, leave: Callable[[Repo], None], how: Departure) -> None:
    leave(base)
    plan = made(base)
    assert outcome(plan) is how
    assert [step.id for step in plan.steps] == (["x#1:undo"] if how is Departure.REVERTED else [])
    assert plan.blocked == (how is Departure.UNKNOWN)


@pytest.mark.parametrize("trailer", ["Reverted", "Tidied"])
def test_a_later_commit_can_say_it(base: Repo, trailer: str) -> None:
    remove_with_other_code(base)
    base.git("commit", "-q", "--allow-empty", "-m", f"Tell how x left\n\nRelbot-{trailer}: x")
    assert outcome(made(base)) is Departure(trailer.lower())


def test_a_fragment_that_came_alone_is_reverted_by_a_message_only(base: Repo) -> None:
    base.write("changes/y.md", FRAGMENT.replace("x", "y"))
    base.commit("Tell of y")
    base.tag("c")
    base.git("revert", "--no-edit", "c")
    assert [change.identity for change in made(base, "c").undo] == ["y"]
    base.git("reset", "-q", "--hard", "c")
    base.remove("changes/y.md")
    base.commit("Remove y")
    assert made(base, "c").vanished == ("y",)


def test_a_rollback_undoes_whatever_the_message_says(base: Repo) -> None:
    assert outcome(made(base, "a", "before")) is Departure.REVERTED


def test_what_another_line_never_had_is_undone(base: Repo) -> None:
    base.git("checkout", "-q", "-b", "stable", "before")
    base.write("other.py", "1\n")
    base.commit("Go another way")
    assert outcome(made(base, "a", "stable")) is Departure.REVERTED


def test_a_release_moves_its_fragments_and_nothing_left(base: Repo) -> None:
    base.remove(X)
    base.write("changes/released/1.0.0/x.md", FRAGMENT)
    base.commit("Release 1.0.0")
    assert outcome(made(base)) is None
