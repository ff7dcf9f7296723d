"""A GitHub to talk to."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING, Any

import pytest
import requests
from requests.adapters import HTTPAdapter

from relbot.github import retry
from relbot.github.client import GitHubRepository, GitHubServers
from tests.github.fake.server import VERSIONS, GitHub, running
from tests.github.site import Site

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from tests.commandline import Run
    from tests.repository import Repo


class FakeGitHub(GitHub):
    """With the seconds that the client wanted to wait.

    What this process asks is answered without a socket, which takes half as long; `over_http` is for tests of the connection.
    A request that a fault is planned for, and whatever another process asks, is sent over a socket.
    """

    naps: list[float]
    over_http = False

    def takes_from(self, send: Callable[..., Any]) -> Callable[..., Any]:
        """What stands in place of `send`, that of an adapter.

        Its time-out is short where a fault lets the client wait for it, and only there: machines are busy.
        """

        def sent(adapter: HTTPAdapter, request: requests.PreparedRequest, **options: Any) -> Any:
            if not (self.plans or self.over_http) and str(request.url).startswith(self.url):
                return self._answered(request)
            if any(plan.fault.breaks == "hang" for plan in self.plans):
                options["timeout"] = 0.3
            return send(adapter, request, **options)

        return sent

    def _answered(self, request: requests.PreparedRequest) -> requests.Response:
        body = request.body.encode() if isinstance(request.body, str) else request.body or b""
        assert isinstance(body, bytes)
        headers = request.headers
        answer, _ = self.take(
            str(request.method),
            str(request.url).removeprefix(self.url),
            body,
            str(headers.get("Authorization") or ""),
            str(headers.get("X-GitHub-Api-Version") or VERSIONS[0]),
        )
        response = requests.Response()
        response.status_code = answer.status
        response.headers.update({"Content-Type": "application/json; charset=utf-8"} | dict(answer.headers))
        response.raw = BytesIO(answer.content)
        return response


@pytest.fixture
def github(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeGitHub]:
    """A fake GitHub; the environment names it, as in a workflow. tests/github/fake/__init__.py says how to use it.

    A test that is marked with `meets(43)` fails unless this GitHub behaved as fact 43 of docs/github.md says, and it mattered.
    """
    with running(FakeGitHub) as server:
        server.naps = []
        monkeypatch.setattr(retry, "wait", server.naps.append)
        monkeypatch.setattr(HTTPAdapter, "send", server.takes_from(HTTPAdapter.send))
        monkeypatch.setenv("GITHUB_API_URL", server.url)
        monkeypatch.setenv("GITHUB_TOKEN", server.token)
        monkeypatch.setenv("GITHUB_REPOSITORY", server.state.repository)
        yield server
        wanted = {fact for mark in request.node.iter_markers("meets") for fact in mark.args}
        assert wanted <= server.state.met, f"facts of docs/github.md that made no difference: {wanted - server.state.met}"


@pytest.fixture(autouse=True)
def meets_facts(request: pytest.FixtureRequest) -> None:
    """A mark `meets` without a fake GitHub would say nothing."""
    assert "github" in request.fixturenames or request.node.get_closest_marker("meets") is None


@pytest.fixture
def hub(github: FakeGitHub) -> GitHubRepository:
    """The client, with the token of a workflow."""
    return GitHubRepository(github.state.repository, GitHubServers(github.url, "https://github.com"), github.token)


_BEGUN: list[Repo] = []


@pytest.fixture
def begun(home: Path, tmp_path_factory: pytest.TempPathFactory) -> Repo:
    """The repository with which each project begins, made once."""
    if not _BEGUN:
        _BEGUN.append(Site.begin(tmp_path_factory.mktemp("begun") / "upstream"))
    return _BEGUN[0]


@pytest.fixture
def site(github: FakeGitHub, relbot: Run, tmp_path: Path, begun: Repo, monkeypatch: pytest.MonkeyPatch) -> Site:
    """A project with pull requests on it."""
    return Site(github, relbot, tmp_path, monkeypatch, begun)
