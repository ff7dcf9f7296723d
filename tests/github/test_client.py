"""What becomes of a request to GitHub that goes wrong."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from relbot.cli.environment import read_environment
from relbot.errors import UsageError
from relbot.github.client import GitHubRepository, GitHubServers, require_servers, require_token
from relbot.github.errors import GitHubError, NotAllowed, NotThere, Rejected, TokenRefused, TooMany, Unsure
from tests.github.fake import faults

if TYPE_CHECKING:
    from pathlib import Path

    from tests.github.conftest import FakeGitHub
    from tests.github.fake.faults import Fault

pytestmark = pytest.mark.loopback

PASSING = (
    faults.RESET,
    faults.HANG,
    faults.SERVER_ERROR,
    faults.BAD_GATEWAY,
    faults.UNAVAILABLE,
    faults.secondary_limit(),
)


@pytest.fixture
def hub(github: FakeGitHub, hub: GitHubRepository) -> GitHubRepository:
    github.over_http = True
    return hub


def named(fault: Fault) -> str:
    return fault.name


@pytest.mark.parametrize("fault", PASSING, ids=named)
def test_reading_gets_over_what_passes(github: FakeGitHub, hub: GitHubRepository, fault: Fault) -> None:
    github.fail(fault)
    assert hub.read("read the repository", "")["full_name"] == "acme/widgets"
    assert len(github.requests) == 2


def test_it_waits_as_long_as_github_asks_for(github: FakeGitHub, hub: GitHubRepository) -> None:
    github.fail(faults.secondary_limit(42))
    hub.read("read the repository", "")
    assert github.naps == [42.0]


def test_it_does_not_wait_for_an_hour(github: FakeGitHub, hub: GitHubRepository) -> None:
    github.left = 0
    with pytest.raises(TooMany, match=r"could not read the repository: GitHub answered 403 “API rate limit exceeded"):
        hub.read("read the repository", "")
    assert github.naps == []
    assert len(github.requests) == 1


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        (faults.BAD_TOKEN, TokenRefused),
        (faults.REFUSED, NotAllowed),
        (faults.NOT_FOUND, NotThere),
        (faults.status(422), Rejected),
        (faults.NOT_JSON, Unsure),
    ],
    ids=lambda value: value.name if hasattr(value, "name") else value.__name__,
)
def test_what_does_not_pass_is_told_at_once(
    github: FakeGitHub, hub: GitHubRepository, fault: Fault, error: type[GitHubError]
) -> None:
    github.fail(fault)
    with pytest.raises(error) as caught:
        hub.read("read the repository", "")
    assert caught.value.what.startswith("relbot could not read the repository: ")
    assert github.token not in f"{caught.value.what}{caught.value.tip}"
    assert len(github.requests) == 1


@pytest.mark.parametrize("fault", [faults.SERVER_ERROR, faults.RESET, faults.HANG], ids=named)
def test_reading_gives_up(github: FakeGitHub, hub: GitHubRepository, fault: Fault) -> None:
    github.fail(fault, times=99)
    with pytest.raises(Unsure):
        hub.read("read the repository", "")
    assert len(github.requests) == 4
    assert sum(github.naps) < 10


@pytest.mark.parametrize("fault", [faults.LOST, faults.LATE, faults.BAD_GATEWAY_DONE], ids=named)
def test_a_post_whose_answer_was_lost_is_not_repeated(github: FakeGitHub, hub: GitHubRepository, fault: Fault) -> None:
    issue = github.state.add_issue("One")
    github.fail(fault, "POST")
    with pytest.raises(Unsure):
        hub.write("comment", "POST", f"/issues/{issue.number}/comments", {"body": "once"})
    assert len(github.state.comments) == 1


def test_a_post_that_was_turned_away_is_repeated(github: FakeGitHub, hub: GitHubRepository) -> None:
    issue = github.state.add_issue("One")
    github.fail(faults.secondary_limit(), "POST")
    hub.write("comment", "POST", f"/issues/{issue.number}/comments", {"body": "once"})
    assert len(github.state.comments) == 1


@pytest.mark.parametrize("fault", [faults.LOST, faults.LATE, faults.BAD_GATEWAY_DONE], ids=named)
def test_a_patch_is_repeated(github: FakeGitHub, hub: GitHubRepository, fault: Fault) -> None:
    comment = github.state.add_comment(github.state.add_issue("One").number, "before", github.tokens[github.token][0])
    github.fail(fault, "PATCH")
    hub.write("change the comment", "PATCH", f"/issues/comments/{comment.number}", {"body": "after"})
    assert comment.body == "after"


def test_a_token_that_only_reads(github: FakeGitHub) -> None:
    hub = GitHubRepository("acme/widgets", GitHubServers(github.url, ""), github.add_token("ada"))
    github.state.add_issue("One")
    with pytest.raises(NotAllowed, match="Resource not accessible by integration"):
        hub.write("comment", "POST", "/issues/1/comments", {"body": "a"})


@pytest.mark.meets(62, 63)
def test_a_body_that_is_too_long(github: FakeGitHub, hub: GitHubRepository) -> None:
    github.state.add_issue("One")
    with pytest.raises(Rejected, match="Body is too long") as caught:
        hub.write("comment", "POST", "/issues/1/comments", {"body": "a" * 262_145})
    assert caught.value.status == 422


def test_github_enterprise(github: FakeGitHub) -> None:
    hub = GitHubRepository("acme/widgets", GitHubServers(f"{github.url}/api/v3", "https://github.example.com"), github.token)
    assert hub.read("read the repository", "")["full_name"] == "acme/widgets"
    assert hub.web == "https://github.example.com/acme/widgets"


def test_a_half_list_is_no_list(github: FakeGitHub, hub: GitHubRepository) -> None:
    issue = github.state.add_issue("Long")
    for number in range(150):
        github.state.add_comment(issue.number, str(number))
    github.fail(faults.NOT_FOUND, nth=2)
    with pytest.raises(NotThere):
        list(hub.pages("read the comments", f"/issues/{issue.number}/comments"))


def test_a_list_without_end_is_no_list(github: FakeGitHub, hub: GitHubRepository, monkeypatch: pytest.MonkeyPatch) -> None:
    pull = github.state.add_pull()
    for number in range(30):
        github.state.add_comment(pull.number, f"Comment {number}")
    monkeypatch.setattr("relbot.github.client.PER_PAGE", 10)
    monkeypatch.setattr("relbot.github.client.MOST_PAGES", 3)
    assert len(list(hub.pages("read the comments", f"/issues/{pull.number}/comments"))) == 30
    github.state.add_comment(pull.number, "One more")
    with pytest.raises(Unsure, match="more than 30"):
        list(hub.pages("read the comments", f"/issues/{pull.number}/comments"))


@pytest.mark.parametrize("address", ["http://github.example.com", "ftp://127.0.0.1", "https://me:secret@github.com", "https://["])
def test_the_token_goes_nowhere_unencrypted(monkeypatch: pytest.MonkeyPatch, address: str) -> None:
    monkeypatch.setenv("GITHUB_API_URL", address)
    with pytest.raises(UsageError) as caught:
        require_servers(read_environment().github)
    assert "secret" not in f"{caught.value.what}{caught.value.tip}{caught.value.example}"


@pytest.mark.parametrize("value", ["ghp_secret\n", "ghp secret", "ghp_sécret"])
def test_a_token_that_is_none_is_not_shown(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setenv("GITHUB_TOKEN", value)
    with pytest.raises(UsageError) as caught:
        require_token(read_environment().github)
    assert "cret" not in f"{caught.value.what}{caught.value.tip}{caught.value.example}"


def test_without_a_token() -> None:
    with pytest.raises(UsageError, match="There is no token"):
        require_token(read_environment().github)


@pytest.mark.parametrize("there", ["https://evil.example/repos/acme/widgets/issues?page=2", "http://127.0.0.1:1/x", "http://["])
def test_a_next_page_elsewhere_is_not_asked(github: FakeGitHub, hub: GitHubRepository, there: str) -> None:
    """The token would go there."""
    github.fail(faults.Fault("a link elsewhere", 200, headers=(("link", f'<{there}>; rel="next"'),), content=b"[]"))
    with pytest.raises(Unsure, match="and relbot sends its token only to"):
        list(hub.pages("read the comments", "/issues/1/comments"))
    assert len(github.requests) == 1


@pytest.mark.parametrize(("status", "method"), [(301, "GET"), (307, "GET"), (307, "POST"), (308, "PATCH")])
def test_a_renamed_repository_is_followed_whole(github: FakeGitHub, hub: GitHubRepository, status: int, method: str) -> None:
    """GitHub facts 86, 87: the address of the redirect holds the query; a write is sent again as it is."""
    github.state.add_issue("One")
    path = "/issues" if method == "POST" else "/issues/1" if method == "PATCH" else "/issues/1/comments"
    query = "?per_page=100&page=1" if method == "GET" else ""
    where = f"{github.url}/repos/acme/widgets{path}{query}"
    github.fail(faults.Fault("moved", status, "Moved Permanently", (("location", where),)))
    if method == "GET":
        assert list(hub.pages("read the comments", path, since="2018-08-15T00:00:00Z")) == []
    else:
        assert hub.write("write", method, path, {"title": "Two"})["title"] == "Two"
    [_, again] = github.requests
    assert (again.method, again.path, again.query) == (method, f"/repos/acme/widgets{path}", query.removeprefix("?"))


@pytest.mark.parametrize("status", [301, 302, 303, 304])
def test_a_write_that_is_sent_elsewhere_was_not_done(github: FakeGitHub, hub: GitHubRepository, status: int) -> None:
    """GitHub fact 86: anything but 2xx is an error."""
    github.state.add_issue("One")
    where = f"{github.url}/repos/acme/widgets/issues"
    github.fail(faults.Fault("moved", status, "Moved", (("location", where),)))
    with pytest.raises(GitHubError, match=f"GitHub answered {status}"):
        hub.write("write", "POST", "/issues", {"title": "Two"})
    assert len(github.state.issues) == 1


def test_a_secondary_limit_without_a_time_is_waited_for(github: FakeGitHub, hub: GitHubRepository) -> None:
    """GitHub fact 82: neither `retry-after` nor an empty budget; GitHub asks for a minute at least."""
    message = "You have exceeded a secondary rate limit. Please wait a few minutes before you try again."
    github.fail(faults.Fault("secondary", 403, message, (("x-ratelimit-remaining", "4000"),)))
    assert hub.read("read the repository", "")["full_name"] == "acme/widgets"
    assert github.naps == [60.0]


@pytest.mark.parametrize(
    "there", ["https://evil.example/repos/acme/widgets", "http://127.0.0.1:1/x", "http://[", "//evil.example/x"]
)
@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_a_redirect_elsewhere_is_not_followed(github: FakeGitHub, hub: GitHubRepository, status: int, there: str) -> None:
    """The token would go there."""
    github.fail(faults.Fault("moved", status, "Moved", (("location", there),)))
    with pytest.raises(Unsure, match="and relbot sends its token only to"):
        hub.read("read the repository", "")
    assert len(github.requests) == 1


@pytest.mark.parametrize(
    "headers", [(), (("x-ratelimit-remaining", "many"), ("x-ratelimit-limit", "5000")), (("x-ratelimit-reset", "soon"),)]
)
@pytest.mark.parametrize("status", [200, 202])
def test_pygithub_acts_on_no_answer(
    github: FakeGitHub, hub: GitHubRepository, status: int, headers: tuple[tuple[str, str], ...]
) -> None:
    """PyGithub would wait and ask again at 202, and fail on a rate limit that is no number."""
    github.fail(faults.Fault("accepted", status, headers=headers, content=b'{"full_name": "acme/widgets"}'))
    assert hub.read("read the repository", "") == {"full_name": "acme/widgets"}
    assert len(github.requests) == 1


def test_a_netrc_file_does_not_replace_the_token(
    github: FakeGitHub, hub: GitHubRepository, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "netrc").write_text("machine 127.0.0.1 login eve password secret\n")
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    assert hub.read("read the repository", "")["full_name"] == "acme/widgets"
    assert hub.write("write", "POST", "/issues", {"title": "Two"})["title"] == "Two"


def test_an_answer_that_is_too_large_is_not_read(
    github: FakeGitHub, hub: GitHubRepository, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("relbot.github.connection.LARGEST_ANSWER", 100)
    with pytest.raises(Unsure, match="could not read the repository"):
        hub.read("read the repository", "")
