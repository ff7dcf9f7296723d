"""`relbot release --pr`: one pull request, with what a build would change, and nobody's work overwritten."""

from __future__ import annotations

import shutil
import subprocess
from typing import TYPE_CHECKING

import pytest

from tests.cli.fragments import DAY, fragment
from tests.github.test_release import FAULTS, named
from tests.tiers import note_points, sample

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.commandline import Result, Run
    from tests.github.conftest import FakeGitHub
    from tests.github.fake.faults import Fault
    from tests.repository import Repo

pytestmark = pytest.mark.loopback

BRANCH = "relbot/release-main"


class Site:
    """A clone with 1.0.0 built and something unreleased, and GitHub, to which it was pushed."""

    def __init__(self, github: FakeGitHub, repo: Repo, relbot: Run) -> None:
        self.github, self.repo, self._relbot = github, repo, relbot
        self.bare = repo.path.parent / "github.git"
        repo.write("relbot.toml", "[links]\nhistory = false\n")
        repo.write("changes/login.md", fragment())
        repo.commit("Remember")
        assert relbot("build", "1.0.0", *DAY).code == 0
        repo.write("changes/theme.md", fragment("added", "There is a\ndark theme."))
        repo.commit("Theme")
        subprocess.run(["git", "init", "--quiet", "--bare", str(self.bare)], check=True)
        github.state.git = self.bare
        github.state.actions_open_pulls = True
        self.push()

    def push(self) -> None:
        self.repo.git("push", "--quiet", "--force", str(self.bare), "main")

    def propose(self, *words: str) -> Result:
        return self._relbot("release", "--pr", *DAY, *words)

    def build(self, version: str) -> str:
        """The tree that a build of the version makes."""
        assert self._relbot("build", version, *DAY).code == 0
        tree = self.repo.git("write-tree")
        self.repo.git("reset", "--quiet", "--hard")
        return tree

    def tree(self) -> str:
        """The tree of the release branch on GitHub."""
        return subprocess.run(
            ["git", "-C", str(self.bare), "rev-parse", f"{BRANCH}^{{tree}}"], check=True, capture_output=True, text=True
        ).stdout.strip()

    def forget(self) -> None:
        """GitHub as it was before anything was proposed."""
        state = self.github.state
        state.look()
        if f"refs/heads/{BRANCH}" in state.refs:
            state.set_ref(f"refs/heads/{BRANCH}", None)
        state.pulls.clear()
        state.issues.clear()
        self.github.plans.clear()


@pytest.fixture
def site(github: FakeGitHub, repo: Repo, relbot: Run) -> Site:
    return Site(github, repo, relbot)


def test_it_holds_what_a_build_makes(site: Site) -> None:
    before = site.repo.git("status", "--porcelain"), site.repo.head
    done = site.propose()
    assert (done.code, done.err) == (0, "")
    (pull,) = site.github.state.pulls.values()
    issue = site.github.state.issues[pull.number]
    assert (issue.title, pull.head, pull.base) == ("Release 1.1.0", BRANCH, "main")
    assert issue.body is not None
    assert "- There is a dark theme." in issue.body
    assert (site.repo.git("status", "--porcelain"), site.repo.head) == before
    assert site.tree() == site.build("1.1.0")


def test_it_holds_all_that_a_build_takes_along(site: Site) -> None:
    text = (site.repo.path / "CHANGELOG.md").read_text()
    site.repo.write(
        "CHANGELOG.md",
        text.replace("## 1.0.0", "## Unreleased\n\n- By hand.\n\n## 1.0.0", 1) + "\n[1.0.0]: https://x.example/1.0.0\n",
    )
    site.repo.write("relbot.toml", '[links]\nhistory = false\n[versions]\nmanifests = ["package.json"]\n')
    site.repo.write("package.json", '{"version": "1.0.0"}\n')
    site.repo.write("changes/_next.md", "A big one.\n")
    site.repo.commit("More")
    site.push()
    assert site.propose().code == 0
    assert site.tree() == site.build("1.1.0")
    (pull,) = site.github.state.pulls.values()
    assert "- By hand." in str(site.github.state.issues[pull.number].body)


def test_a_second_run_changes_nothing(site: Site) -> None:
    site.propose()
    writes = len(site.github.writes)
    assert "nothing to change" in site.propose().out
    assert len(site.github.writes) == writes


def test_it_follows_the_base(site: Site) -> None:
    site.propose()
    site.repo.write("changes/gone.md", fragment("removed", "No more IE.\n\n## Migration\n\nTake another.", "breaking: true"))
    site.repo.commit("Break")
    site.push()
    assert site.propose().code == 0
    (pull,) = site.github.state.pulls.values()
    assert site.github.state.issues[pull.number].title == "Release 2.0.0"
    assert site.tree() == site.build("2.0.0")


def test_merged_it_leaves_the_release_to_be_published(site: Site, relbot: Run) -> None:
    site.propose()
    site.repo.git("fetch", "--quiet", str(site.bare), BRANCH)
    site.repo.merge("FETCH_HEAD", "Merge the release")
    site.push()
    assert relbot("release").code == 0
    (release,) = site.github.state.releases.values()
    assert release.tag == "v1.1.0"
    site.github.state.look()
    assert site.github.state.refs["refs/tags/v1.1.0"] == site.repo.head
    for issue in site.github.state.issues.values():
        issue.state = "closed"
    assert "There is no unreleased change" in site.propose().out


def test_where_nothing_is_left_it_is_closed(site: Site) -> None:
    site.propose()
    site.repo.remove("changes/theme.md")
    site.repo.commit("Not after all")
    site.push()
    assert "Closed https://" in site.propose().out
    assert [issue.state for issue in site.github.state.issues.values()] == ["closed"]


def test_what_somebody_pushed_to_the_branch_stays(site: Site) -> None:
    site.propose()
    site.repo.git("fetch", "--quiet", str(site.bare), BRANCH)
    site.repo.branch("theirs", "FETCH_HEAD")
    site.repo.write("CHANGELOG.md", "Mine")
    site.repo.git("add", "CHANGELOG.md")
    site.repo.git("commit", "--quiet", "--amend", "--no-edit")
    site.repo.git("push", "--quiet", "--force", str(site.bare), f"theirs:{BRANCH}")
    theirs = site.tree()
    site.repo.switch("main")
    done = site.propose("--bump", "major")
    assert done.code == 1
    assert "relbot/release-main has a commit that is not relbot's" in done.err
    assert site.tree() == theirs


def test_an_old_checkout_does_nothing(site: Site) -> None:
    site.repo.commit("Later")
    site.push()
    site.repo.git("reset", "--quiet", "--hard", "HEAD~1")
    done = site.propose()
    assert done.code == 1
    assert "GitHub is ahead" in done.err
    assert not site.github.writes


def test_what_is_not_committed_is_not_proposed(site: Site) -> None:
    site.repo.write("changes/more.md", fragment())
    done = site.propose()
    assert done.code == 2
    assert "changes/more.md" in done.err
    assert not site.github.requests


def test_bytes_that_are_no_text_survive(site: Site) -> None:
    text = (site.repo.path / "CHANGELOG.md").read_bytes()
    site.repo.write("CHANGELOG.md", text + b"\n\xff\n")
    site.repo.commit("Latin")
    site.push()
    assert site.propose().code == 0
    assert site.tree() == site.build("1.1.0")


def test_a_project_in_a_folder(site: Site, relbot: Run) -> None:
    inner = site.repo.path / "inner"
    inner.mkdir()
    for name in ("changes", "relbot.toml", "CHANGELOG.md"):
        shutil.move(site.repo.path / name, inner / name)
    site.repo.commit("Move")
    site.push()
    assert relbot("release", "--pr", *DAY, cwd=inner).code == 0
    proposed = site.tree()
    assert relbot("build", "1.1.0", *DAY, cwd=inner).code == 0
    assert site.repo.git("write-tree") == proposed


@pytest.mark.parametrize("fault", FAULTS, ids=named)
def test_every_request_fails_once(site: Site, fault: Fault, record_property: Callable[[str, object], None]) -> None:
    assert site.propose().code == 0
    usual, right = len(site.github.requests), site.tree()
    for nth in sample(range(1, usual + 1), 1, FAULTS.index(fault)):
        site.forget()
        site.github.fail(fault, nth=nth)
        done = site.propose()
        assert done.code in (0, 3), f"{nth}: {done.err}"
        assert len(site.github.state.pulls) <= 1
        if done.code == 3:
            assert done.err.startswith("relbot: "), done.err
            assert site.propose().code == 0
        assert len(site.github.state.pulls) == 1
        assert site.tree() == right
    note_points(record_property, "release --pr", requests=usual)


@pytest.mark.meets(42)
def test_a_new_repository_lets_no_workflow_open_a_pull_request(site: Site) -> None:
    """GitHub fact 42: whatever `permissions` says, until a setting allows it; the message names the setting."""
    site.github.state.actions_open_pulls = False
    refused = site.propose()
    assert refused.code == 3, refused
    assert "GitHub Actions is not permitted to create or approve pull requests." in refused.err
    assert "https://github.com/acme/widgets/settings/actions" in refused.err
    assert "permissions:" not in refused.err
    site.github.state.actions_open_pulls = True
    assert site.propose().code == 0
    assert len(site.github.state.pulls) == 1
