"""`relbot release VERSION`: the right release exactly once, or a sentence and exit code 3."""

from __future__ import annotations

from threading import Thread
from typing import TYPE_CHECKING

import pytest

from relbot.github.client import GitHubRepository, GitHubServers
from relbot.github.release import MOST_BODY, WantedRelease, is_unedited, publish_release, release_body
from tests.cli.fragments import DAY, fragment
from tests.github.fake import faults
from tests.tiers import note_points, sample

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.commandline import Run
    from tests.github.conftest import FakeGitHub
    from tests.github.fake.faults import Fault
    from tests.github.fake.objects import Release
    from tests.repository import Repo

pytestmark = pytest.mark.loopback

WRAPPED = "The login page remembers you,\nif you want it to.\n\n```\na\nb\n```"
FAULTS = (
    faults.RESET,
    faults.HANG,
    faults.LOST,
    faults.LATE,
    faults.SERVER_ERROR,
    faults.BAD_GATEWAY,
    faults.BAD_GATEWAY_DONE,
    faults.PRIMARY_LIMIT,
    faults.secondary_limit(),
    faults.NOT_FOUND,
    faults.NOT_JSON,
    faults.EMPTY,
    faults.CUT,
    faults.REFUSED,
    faults.BAD_TOKEN,
)


def named(fault: Fault) -> str:
    return fault.name


@pytest.fixture
def built(repo: Repo, relbot: Run) -> Repo:
    """1.0.0 is built and committed."""
    repo.write("relbot.toml", "[links]\nhistory = false\n")
    repo.write("changes/login.md", fragment("fixed", WRAPPED))
    repo.commit("Remember")
    assert relbot("build", "1.0.0", *DAY).code == 0
    repo.commit("Release 1.0.0")
    return repo


def the_release(github: FakeGitHub) -> Release:
    (release,) = github.state.releases.values()
    return release


def test_it_is_created_from_the_notes(github: FakeGitHub, built: Repo, relbot: Run) -> None:
    done = relbot("release", "1.0.0")
    assert (done.code, done.err) == (0, "")
    release = the_release(github)
    assert (release.tag, release.draft, release.prerelease) == ("v1.0.0", False, False)
    assert release.body is not None
    assert release.body.startswith(
        "### Fixed\n\n- The login page remembers you, if you want it to.\n\n  ```\n  a\n  b\n  ```\n\n<!-- relbot "
    )
    assert github.state.refs["refs/tags/v1.0.0"] == built.head
    assert github.state.latest == release.number
    assert done.out == "1.0.0 (2018-08-15): created. https://github.com/acme/widgets/releases/tag/v1.0.0\n"


def test_its_name_has_no_markup(github: FakeGitHub, repo: Repo, relbot: Run) -> None:
    links = '[links]\nhistory = false\nrepository = "https://x.example"\n'
    repo.write("relbot.toml", f'title = "[{{version}}]({{repository}}/{{version}}) - {{date}}"\n{links}')
    repo.write("changes/login.md", fragment())
    assert relbot("build", "1.0.0", *DAY).code == 0
    repo.commit("Release 1.0.0")
    assert relbot("release").code == 0
    assert "## [1.0.0](https://x.example/1.0.0) - 2018-08-15\n" in (repo.path / "CHANGELOG.md").read_text()
    assert the_release(github).name == "1.0.0 - 2018-08-15"


def test_a_second_run_changes_nothing(github: FakeGitHub, built: Repo, relbot: Run) -> None:
    relbot("release")
    writes = len(github.writes)
    done = relbot("release")
    assert done.code == 0
    assert "nothing to change" in done.out
    assert len(github.writes) == writes == 1


def test_corrected_fragments_change_it(github: FakeGitHub, built: Repo, relbot: Run) -> None:
    relbot("release", "1.0.0")
    built.write("changes/released/1.0.0/login.md", fragment("fixed", "The login page remembers you."))
    built.commit("Correct")
    assert ": changed." in relbot("release", "1.0.0").out
    assert "if you want" not in str(the_release(github).body)


def test_what_somebody_edited_stays(github: FakeGitHub, built: Repo, relbot: Run) -> None:
    relbot("release", "1.0.0")
    release = the_release(github)
    release.body = edited = str(release.body).replace("remembers", "forgets")
    done = relbot("release", "1.0.0")
    assert done.code == 1
    assert "was edited on GitHub" in done.err
    assert release.body == edited
    assert relbot("release", "1.0.0", "--overwrite").code == 0
    assert "remembers" in release.body


def test_a_draft_is_published_later_and_not_taken_back(github: FakeGitHub, built: Repo, relbot: Run) -> None:
    assert relbot("release", "1.0.0", "--draft").code == 0
    assert the_release(github).draft
    assert "refs/tags/v1.0.0" not in github.state.refs
    assert relbot("release", "1.0.0", "--draft").out.count("nothing to change") == 1
    assert ": published." in relbot("release", "1.0.0").out
    assert not the_release(github).draft
    assert relbot("release", "1.0.0", "--draft").code == 1
    assert not the_release(github).draft


def test_an_older_version_does_not_become_the_latest(github: FakeGitHub, built: Repo, relbot: Run) -> None:
    built.write("changes/later.md", fragment())
    built.commit("Later")
    relbot("build", "1.1.0", *DAY)
    built.commit("Release 1.1.0")
    assert relbot("release").code == 0
    assert relbot("release", "1.0.0").code == 0
    assert github.state.releases[github.state.latest or 0].tag == "v1.1.0"
    assert github.state.refs["refs/tags/v1.0.0"] == built.git("rev-parse", "HEAD~2")


def test_a_prerelease_is_one(github: FakeGitHub, built: Repo, relbot: Run) -> None:
    built.write("changes/later.md", fragment())
    built.commit("Later")
    relbot("build", "1.1.0-rc.1", *DAY)
    built.commit("Release 1.1.0-rc.1")
    assert relbot("release", "1.1.0-rc.1").code == 0
    assert the_release(github).prerelease
    assert github.state.latest is None


def test_what_is_not_committed_is_not_published(github: FakeGitHub, repo: Repo, relbot: Run) -> None:
    repo.write("changes/login.md", fragment())
    repo.commit("Remember")
    relbot("build", "1.0.0", *DAY)
    done = relbot("release", "1.0.0")
    assert done.code == 2
    assert "Commit it first" in done.err
    assert not github.requests


def test_without_a_build_nothing_is_published(github: FakeGitHub, repo: Repo, relbot: Run) -> None:
    repo.commit("Begin")
    assert relbot("release").code == 0
    assert relbot("release", "1.0.0").code == 2
    assert not github.requests


@pytest.mark.parametrize("draft", [(), ("--draft",)], ids=["published", "draft"])
@pytest.mark.parametrize("fault", FAULTS, ids=named)
def test_every_request_fails_once(
    github: FakeGitHub,
    built: Repo,
    relbot: Run,
    fault: Fault,
    draft: tuple[str, ...],
    record_property: Callable[[str, object], None],
) -> None:
    """Whichever request fails: the right release, once, or exit code 3 with a sentence; and then the next run mends it."""
    relbot("release", "1.0.0", *draft)
    right, usual = the_release(github), len(github.requests)
    for nth in sample(range(1, usual + 1), 1, FAULTS.index(fault)):
        github.state.releases.clear()
        github.state.refs.clear()
        github.plans.clear()
        github.fail(fault, nth=nth)
        done = relbot("release", "1.0.0", *draft)
        assert done.code in (0, 3), done.err
        if done.code == 3:
            assert done.err.startswith("relbot: relbot could not "), done.err
            assert github.token not in done.err
            assert len(github.state.releases) <= 1
            assert relbot("release", "1.0.0", *draft).code == 0
        release = the_release(github)
        assert (release.tag, release.body, release.draft) == (right.tag, right.body, right.draft)
    note_points(record_property, "release", requests=usual)


@pytest.mark.parametrize("draft", [False, True], ids=["published", "draft"])
def test_ten_at_once_make_one(github: FakeGitHub, draft: bool) -> None:
    wanted = WantedRelease("v1", "1", release_body("Notes", "more"), "a" * 40, draft)
    failed: list[Exception] = []

    def run() -> None:
        try:
            publish_release(GitHubRepository("acme/widgets", GitHubServers(github.url, ""), github.token), wanted)
        except Exception as error:  # noqa: BLE001  # whatever it is fails the test
            failed.append(error)

    threads = [Thread(target=run) for _ in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failed
    assert the_release(github).body == wanted.text


def test_a_token_that_only_reads_is_told_so(
    github: FakeGitHub, built: Repo, relbot: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GITHUB_TOKEN", github.add_token("ada"))
    done = relbot("release", "1.0.0")
    assert done.code == 3
    assert "could not create the release v1.0.0" in done.err
    assert "`permissions:` in the workflow" in done.err


def test_a_text_that_is_too_long_ends_at_a_block() -> None:
    body = release_body("\n\n".join(f"- {number:06d} {'x' * 90}" for number in range(2000)), "The rest is elsewhere.")
    assert MOST_BODY - 200 < len(body) <= MOST_BODY
    assert body.split("\n\n")[-2] == "The rest is elsewhere."
    assert is_unedited(body)


def test_line_ends_of_github_are_no_edit() -> None:
    assert is_unedited(release_body("Notes\n\nMore", "").replace("\n", "\r\n"))
    assert not is_unedited(release_body("Notes", "").replace("Notes", "Note"))
    assert is_unedited(None)


def test_the_wrong_words_are_refused_before_anything_is_asked(github: FakeGitHub, built: Repo, relbot: Run) -> None:
    for words in (("--bump", "minor"), ("--pr", "--draft"), ("--pr", "2.0.0", "--bump", "auto"), ("--repo", "nonsense")):
        assert relbot("release", *words).code == 2
    assert not github.requests
