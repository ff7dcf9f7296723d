"""Where `relbot build` cannot build, or not everything: faults, the history of git, locks and links."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.cli.builds import ENTRY, changelog
from tests.cli.fragments import ADDED, DAY, FAULTY, FIXED, fragment, tree

if TYPE_CHECKING:
    from tests.commandline import Run
    from tests.repository import Repo


@pytest.mark.parametrize("options", [("1.0",), ("--draft",)])
def test_faulty_fragments_are_all_told_and_change_nothing(fixed: Repo, relbot: Run, options: tuple[str, ...]) -> None:
    fixed.write("changes/bad.md", FAULTY)
    fixed.write("changes/worse.md", "No front matter.\n")
    before = tree(fixed)
    refused = relbot("build", *options)
    assert refused.code == 1
    assert "changes/bad.md:2:7: error [unknown-value]" in refused.err
    assert "changes/worse.md:1:1: error [front-matter-missing]" in refused.err
    assert tree(fixed) == before


def test_a_merge_commit_tells_pull_request_and_author(repo: Repo, relbot: Run) -> None:
    repo.write("relbot.toml", '[links]\nrepository = "https://github.com/example/project"\n')
    repo.commit()
    repo.branch("topic")
    repo.write("changes/login.md", FIXED)
    repo.commit("Remember users", author="Jane <123+jane@users.noreply.github.com>")
    repo.switch("main")
    repo.merge("topic", "Merge pull request #5622 from jane/topic")
    relbot("build", "1.0", *DAY)
    link = "[#5622](https://github.com/example/project/pull/5622)"
    assert f"{link} by [@jane](https://github.com/jane)" in changelog(repo)


def test_a_squash_commit_tells_pull_request_and_author(repo: Repo, relbot: Run) -> None:
    repo.write("changes/login.md", FIXED)
    repo.commit("Remember users (#5622)", author="Jane Doe <jane@example.org>")
    relbot("build", "1.0", *DAY)
    assert "- The login page remembers you. (#5622 by Jane Doe)" in changelog(repo)
    fragment_again = (repo.path / "changes/released/1.0/login.md").read_text()
    assert fragment_again == FIXED
    repo.commit("Release (#5700)", author="Robot <robot@example.org>")
    repo.write("changes/released/1.0/login.md", fragment("fixed", "Corrected."))
    relbot("build", "--refresh", "1.0")
    assert "- Corrected. (#5622 by Jane Doe)" in changelog(repo)


def test_the_history_can_be_switched_off(fixed: Repo, relbot: Run) -> None:
    fixed.write("relbot.toml", "[links]\nhistory = false\n")
    relbot("build", "1.0", *DAY)
    assert changelog(fixed).endswith("- The login page remembers you.\n")


def test_a_shallow_clone_says_that_the_history_does_not_tell(fixed: Repo, relbot: Run) -> None:
    fixed.commit("More")
    clone = fixed.path.parent / "clone"
    fixed.git("clone", "--quiet", "--depth=1", fixed.path.as_uri(), str(clone))
    done = relbot("build", "1.0", *DAY, cwd=clone)
    assert done.code == 0
    assert "shallow" in done.err
    assert "git fetch --unshallow" in done.err
    assert (clone / "CHANGELOG.md").read_text().endswith("- The login page remembers you.\n")


def test_outside_of_git_it_builds_without_links(repo: Repo, relbot: Run) -> None:
    elsewhere = repo.path.parent / "elsewhere"
    (elsewhere / "changes").mkdir(parents=True)
    (elsewhere / "changes/login.md").write_text(FIXED)
    done = relbot("build", "1.0", *DAY, cwd=elsewhere)
    assert (done.code, done.err) == (0, "")
    assert (elsewhere / "CHANGELOG.md").read_text().endswith("- The login page remembers you.\n")
    assert (elsewhere / "changes/released/1.0/login.md").is_file()


def test_a_locked_index_changes_nothing(fixed: Repo, relbot: Run) -> None:
    lock = fixed.write(".git/index.lock")
    before = tree(fixed)
    refused = relbot("build", "1.0", *DAY)
    assert refused.code == 3
    assert "index.lock" in refused.err
    assert tree(fixed) == before
    lock.unlink()
    assert relbot("build", "1.0", *DAY).code == 0


def test_a_changelog_that_is_a_link_is_not_written(fixed: Repo, relbot: Run) -> None:
    target = fixed.write("NEWS.md", "# News\n")
    (fixed.path / "CHANGELOG.md").symlink_to(target)
    refused = relbot("build", "1.0", *DAY)
    assert refused.code == 3
    assert "CHANGELOG.md is not a regular file" in refused.err
    assert target.read_text() == "# News\n"


def test_from_a_folder_below_the_root(fixed: Repo, relbot: Run) -> None:
    fixed.write("src/deep/code.py")
    assert relbot("build", "1.0", *DAY, cwd=fixed.path / "src/deep").code == 0
    assert changelog(fixed).endswith(ENTRY)


def test_what_was_released_is_known_by_name(repo: Repo, relbot: Run) -> None:
    repo.write("changes/one.md", FIXED)
    assert relbot("build", "1.0", "--date", "2018-08-15").code == 0
    repo.write("changes/two.md", "---\ntype: fixed\nneeds: [one]\n---\n\nTwo.\n")
    assert relbot("list").code == 0
    assert relbot("build", "1.1", "--date", "2018-08-16").code == 0
    assert relbot("notes", "1.1").code == 0
    assert relbot("build", "--refresh", "1.1").code == 0


def test_the_name_of_a_released_fragment_is_taken(repo: Repo, relbot: Run) -> None:
    repo.write("changes/one.md", FIXED)
    assert relbot("build", "1.0", "--date", "2018-08-15").code == 0
    repo.write("changes/one.md", ADDED)
    built = relbot("build", "1.1", "--date", "2018-08-16")
    assert (built.code, "duplicate-identity" in built.err) == (1, True)
    assert not (repo.path / "changes/released/1.1").exists()
