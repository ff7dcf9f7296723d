"""What runs, by the tag on it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relbot.config.model import Config, Versions

if TYPE_CHECKING:
    from tests.deployed.conftest import Ask
    from tests.repository import Repo


def test_a_tag_that_is_moved(repo: Repo, ask: Ask, commit: str) -> None:
    repo.tag("production", commit)
    repo.tag("production-2", "main")
    assert ask("tag", tag="production") == commit


def test_the_last_name_counts_after_a_rollback_too(repo: Repo, ask: Ask, commit: str) -> None:
    """The tag of the rollback is newer by name, though its commit is older."""
    repo.git("tag", "deployed/2018-08-9", "main")
    repo.git("tag", "deployed/2018-08-10", commit)
    assert ask("tag", tag="deployed/*") == commit


def test_the_tag_that_was_made_last(repo: Repo, ask: Ask, commit: str) -> None:
    repo.tag("deployed/zeta", "main")
    repo.tag("deployed/alpha", commit)
    assert ask("tag", tag="deployed/*", newest="date") == commit


def test_a_tag_without_a_date_could_be_the_newest(repo: Repo, refused: Ask, commit: str) -> None:
    repo.tag("deployed/zeta", "main")
    repo.git("tag", "deployed/alpha", commit)
    said = refused("tag", tag="deployed/*", newest="date")
    assert "“deployed/alpha” among others, and a tag without annotation has no date" in said
    assert "git tag --annotate" in said


def test_the_highest_version_counts_and_its_prereleases_do_not(repo: Repo, ask: Ask, commit: str) -> None:
    for name, at in (("v2.9", "main"), ("v2.10rc1", "main"), ("v2.10", commit), ("vx", "main")):
        repo.git("tag", name, at)
    assert ask("tag", tag="v{version}") == commit
    assert ask("tag", tag="v{version}", config=Config(versions=Versions("pep440"))) == commit


def test_two_tags_at_the_same_second(repo: Repo, refused: Ask, commit: str) -> None:
    for name, at in (("a", commit), ("b", "main")):
        repo.git("tag", "--annotate", "--message=x", name, at)
    assert "several tags, and none is newer than the others: “a”, “b”" in refused("tag", tag="?", newest="date")


def test_no_tag(repo: Repo, refused: Ask, commit: str) -> None:
    said = refused("tag", tag="deployed/*")
    assert "the tag `deployed/*` answered with nothing: no tag in this clone fits" in said
    assert "git fetch --tags" in said


def test_a_tag_of_a_file_is_no_revision(repo: Repo, refused: Ask, commit: str) -> None:
    repo.write("a", "x")
    repo.commit()
    repo.git("tag", "production", "main:a")
    assert "the tag `production` answered with “production”, which is not on a commit" in refused("tag", tag="production")
