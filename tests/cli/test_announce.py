"""`relbot announce`: what goes or went live, for its readers; posted once."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, cast

import pytest
import requests
import responses

from relbot.deploy.announcement import Announcement, Audience, Stage
from relbot.render.announcement.slack import LONGEST_HEADER, LONGEST_SECTION, MOST_BLOCKS, slack_payload
from tests.deployed.server import endless, page, raw, redirect, running
from tests.render.cases import PLANS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.cli.deployed import Deploy, Site
    from tests.commandline import Result, Run
    from tests.deployed.server import Answer
    from tests.repository import Repo

HIDDEN = "T000/B000/XXXX-secret"
ADDRESS = f"https://hooks.slack.example/services/{HIDDEN}"


@pytest.fixture
def slack(monkeypatch: pytest.MonkeyPatch) -> Iterator[responses.RequestsMock]:
    """The webhook. What it gets is held to the limits that Slack documents for blocks."""
    monkeypatch.setenv("RELBOT_ANNOUNCE_URL", ADDRESS)
    with responses.RequestsMock(assert_all_requests_are_fired=False) as mock:
        yield mock


@pytest.fixture
def announce(site: Site, deploy: Deploy, relbot: Run) -> Run:
    """`relbot announce production`; `old` runs, `new` is to come."""
    site.environment('deployed = "ledger"')

    def run(*args: str, **_: Any) -> Result:
        return relbot("announce", "production", "--to", "new", *args, cwd=site.ada.path)

    return run


def require_block_kit(payload: dict[str, Any]) -> None:
    """https://docs.slack.dev/reference/block-kit/blocks: kinds of blocks, their texts, and how long each may be."""
    assert set(payload) == {"text", "blocks", "unfurl_links", "unfurl_media"}
    assert 1 <= len(payload["text"]) <= 40_000
    assert 1 <= len(payload["blocks"]) <= MOST_BLOCKS == 50
    for block in payload["blocks"]:
        match block:
            case {"type": "header", "text": {"type": "plain_text", "text": str(text)}}:
                assert 1 <= len(text) <= LONGEST_HEADER == 150
            case {"type": "section", "text": {"type": "mrkdwn", "text": str(text), "verbatim": True}}:
                assert 1 <= len(text) <= LONGEST_SECTION == 3000
                assert "<" not in text
            case {"type": "context", "elements": [{"type": "mrkdwn", "text": str(text)}]}:
                assert 1 <= len(text) <= 3000
            case _:
                raise AssertionError(f"Slack knows no block like {block}")


def test_readers_get_a_line_per_change_and_operators_the_steps_too(announce: Run) -> None:
    public = announce("--when", "Thursday, 10:00 UTC")
    assert (public.code, public.err) == (0, "")
    for part in (
        "Planned: production gets new (",
        "Thursday, 10:00 UTC",
        "1 breaking change",
        "Options are grouped per environment. (breaking)",
    ):
        assert part in public.out
    assert "rake" not in public.out
    operators = announce("--for", "operators").out
    assert "before restart: rake migrate_options_yml" in operators
    assert "Rollback: " in operators


def test_after_a_deploy_it_tells_of_the_deploy_that_brought_what_runs(site: Site, deploy: Deploy, announce: Run) -> None:
    assert deploy("begin", "--to", "new").code == 0
    assert "Under way: production gets" in announce().out
    for step in json.loads(deploy("status", "--format", "json").out)["deploy"]["steps"]:
        assert deploy("tick", step["id"]).code == 0
    assert deploy("done").code == 0
    live = announce("--for", "operators").out
    assert "Live: production runs new (" in live
    assert "2018-08-15" in live
    assert "What to do" not in live


def test_a_release_is_compared_with_the_one_before_it(repo: Repo, relbot: Run) -> None:
    repo.write("changes/.gitkeep")
    repo.commit("Begin")
    repo.tag("v1.0.0")
    repo.write("changes/7.md", "---\ntype: fixed\n---\n\nA <b>fix</b> @everyone.\n")
    repo.commit("Fix")
    repo.tag("v1.1.0")
    when = "When\n  - 2018-08-15 08:04 UTC\n\n"
    assert relbot("announce", "1.1.0").out == f"Released: 1.1.0\n\n{when}Changes\n  - A <b>fix</b> @everyone.\n"
    unknown = relbot("announce", "2.0.0")
    assert (unknown.code, "Newest releases with a tag like `v{version}`: 1.0.0, 1.1.0." in unknown.err) == (2, True)
    assert relbot("announce", "1.1.0", "--to", "HEAD").code == 2


def test_a_release_of_a_component_is_compared_with_the_one_before_it(repo: Repo, relbot: Run) -> None:
    repo.write("relbot.toml", '[components.api]\ntag = "{component}-v{version}"\n[components.web]\n')
    repo.write("changes/.gitkeep")
    repo.commit("Begin")
    repo.tag("v1.0.0")
    repo.tag("api-v2.0.0")
    repo.write("changes/7.md", "---\ntype: fixed\ncomponent: api\n---\n\nA fix.\n")
    repo.write("changes/8.md", "---\ntype: fixed\ncomponent: web\n---\n\nAnother.\n")
    repo.commit("Fix")
    repo.tag("v1.1.0")
    repo.tag("api-v2.1.0")
    api = ("--component", "api")
    assert relbot("announce", "2.1.0", *api).out.endswith("Changes\n  - A fix.\n")
    assert relbot("announce", "1.1.0").out.endswith("Changes\n  - A fix.\n  - Another.\n")
    assert "Newest releases with a tag like `api-v{version}`: 2.0.0, 2.1.0." in relbot("announce", "1.1.0", *api).err
    assert "Newest releases with a tag like `v{version}`: 1.0.0, 1.1.0." in relbot("announce", "2.1.0").err
    assert "No release is older than 1.0.0" in relbot("announce", "1.0.0").err


def test_a_release_is_posted_once_by_all_clones(site: Site, relbot: Run, slack: responses.RequestsMock) -> None:
    """The ledger of releases is on the remote, beside those of the environments, and is none of them."""
    slack.post(ADDRESS, status=502)
    ada, bob = site.ada, site.bob
    ada.tag("v1.0.0", "old")
    ada.tag("v1.1.0", "new")
    ada.git("push", "--quiet", "--tags")
    bob.git("fetch", "--quiet", "--tags")
    post = "announce", "1.1.0", "--for", "operators", "--post"
    assert relbot(*post, cwd=ada.path).code == 3
    unknown = relbot(*post, cwd=bob.path)
    assert (unknown.code, len(slack.calls)) == (3, 1)
    again = "relbot announce 1.1.0 --for operators --post --again"
    assert again in unknown.err
    slack.replace("POST", ADDRESS, body="ok")
    assert relbot(*again.split()[1:], cwd=bob.path).out == "Posted.\n"
    require_block_kit(json.loads(cast("str", slack.calls[-1].request.body)))
    told = relbot(*post, cwd=ada.path).out
    assert told.startswith("Already posted at ")
    assert " by Cora Committer on " in told
    assert len(slack.calls) == 2
    assert relbot("announce", "1.1.0", "--post", cwd=ada.path).out == "Posted.\n", "to other readers"
    assert relbot(*post, "--offline", cwd=ada.path).code == 2
    site.environment('deployed = "ledger"')
    assert "No environment has a ledger yet." in relbot("deploy", "status", "production", cwd=ada.path).err
    assert relbot("deploy", "status", "_releases", cwd=ada.path).code == 2


def test_it_is_posted_once_and_the_ledger_says_so(announce: Run, deploy: Deploy, slack: responses.RequestsMock) -> None:
    slack.post(ADDRESS, body="ok")
    assert announce("--post").out == "Posted.\n"
    assert announce("--post").out.startswith("Already posted at 2018-08-15 ")
    assert len(slack.calls) == 1
    require_block_kit(json.loads(cast("str", slack.calls[0].request.body)))
    log = deploy("log").out
    assert log.index("(intent)") < log.index("(posted)")
    assert announce("--post", "--for", "team").out == "Posted.\n"
    assert announce("--post", "--again").out == "Posted.\n"
    assert len(slack.calls) == 3


@pytest.mark.parametrize("failure", [requests.Timeout(ADDRESS), requests.ConnectionError(ADDRESS), 502])
def test_an_intent_without_an_outcome_is_told_and_not_posted_again(
    announce: Run, slack: responses.RequestsMock, failure: Exception | int
) -> None:
    answer = {"status": failure} if isinstance(failure, int) else {"body": failure}
    slack.post(ADDRESS, **answer)
    first, second = announce("--post"), announce("--post")
    assert (first.code, second.code) == (3, 3)
    assert "does not know whether" in first.err
    assert "relbot announce production --for public --to new --post --again" in second.err
    assert len(slack.calls) == 1
    assert HIDDEN not in first.out + first.err + second.out + second.err


def test_what_the_address_refused_may_be_posted_again(announce: Run, slack: responses.RequestsMock) -> None:
    slack.post(ADDRESS, status=404, body="no_service")
    refused = announce("--post")
    assert refused.code == 1
    assert "https://hooks.slack.example answered with the status 404 (no_service)." in refused.err
    assert "Correct the address in RELBOT_ANNOUNCE_URL" in refused.err
    assert HIDDEN not in refused.err
    slack.replace("POST", ADDRESS, body="ok")
    assert announce("--post").out == "Posted.\n"


ANSWERS: dict[str, tuple[Answer, int, str]] = {
    "a body that is cut off": (raw(b"HTTP/1.1 200 OK\r\nContent-Length: 999\r\n\r\no"), 0, "Posted."),
    "a body without an end": (endless, 0, "Posted."),
    "a body that is no gzip": (page("ok", Content_Encoding="gzip"), 0, "Posted."),
    "no body": (page("", 204), 0, "Posted."),
    "a page for people": (page("<!DOCTYPE html><html>Log in</html>", 403), 1, "the status 403."),
    "a reason that is cut off": (raw(b"HTTP/1.1 400 Bad\r\nContent-Length: 999\r\n\r\nno_tex"), 1, "the status 400"),
    "chunks that are none": (raw(b"HTTP/1.1 400 Bad\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n"), 1, "the status 400."),
    "a redirect": (redirect("/other"), 1, "the status 302."),
    "no answer": (raw(b""), 3, "does not know whether"),
    "a status line that is cut off": (raw(b"HTTP/1.1 2"), 3, "does not know whether"),
    "no HTTP": (raw(b"SSH-2.0-OpenSSH_9.2\r\n"), 3, "does not know whether"),
}
"""What an address answers, how the command ends then, and what it says."""


@pytest.mark.loopback
def test_the_status_alone_says_whether_it_arrived(announce: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    with running() as server:
        for number, (name, (answer, code, said)) in enumerate(ANSWERS.items()):
            server.pages[f"/{number}"] = answer
            monkeypatch.setenv("RELBOT_ANNOUNCE_URL", f"http://{server.address}/{number}")
            done = announce("--post")
            assert (name, done.code, said in done.out + done.err) == (name, code, True), done
        assert len(server.seen) == len(ANSWERS)


@pytest.mark.parametrize("address", ["", f"https://[{HIDDEN}", f"http://hooks.slack.example/{HIDDEN}", f"hooks/{HIDDEN}"])
def test_an_address_that_is_none_is_refused_and_not_shown(
    announce: Run, deploy: Deploy, monkeypatch: pytest.MonkeyPatch, address: str
) -> None:
    monkeypatch.setenv("RELBOT_ANNOUNCE_URL", address)
    result = announce("--post")
    assert result.code == 2
    assert HIDDEN not in result.err
    assert "announced" not in deploy("log").out


def test_a_deploy_that_is_held_is_not_posted(site: Site, announce: Run, relbot: Run, slack: responses.RequestsMock) -> None:
    held = relbot("announce", "production", "--to", "held", cwd=site.ada.path)
    assert (held.code, "Do not deploy yet" in held.out) == (1, True)
    assert relbot("announce", "production", "--to", "held", "--post", cwd=site.ada.path).code == 1
    assert len(slack.calls) == 0


@pytest.mark.parametrize("audience", [*Audience])
@pytest.mark.parametrize("name", PLANS)
def test_every_plan_fits_into_the_blocks_of_slack(name: str, audience: Audience) -> None:
    require_block_kit(slack_payload(Announcement("production", Stage.PLANNED, PLANS[name], audience, "now")))


def test_operators_read_the_prose_of_a_step_that_has_no_command() -> None:
    said = slack_payload(Announcement("production", Stage.PLANNED, PLANS["everything"], Audience.OPERATORS))
    assert "Do what the fragment says: Open port 25 from the front ends" in json.dumps(said)


def test_a_huge_deploy_fits_too_and_says_what_is_missing() -> None:
    plan = PLANS["everything"]
    changes = tuple(plan.do[0]._replace(identity=f"c{n}", summary="<!channel> & " * 40) for n in range(500))
    payload = slack_payload(Announcement("production" * 100, Stage.PLANNED, plan._replace(do=changes), Audience.PUBLIC))
    require_block_kit(payload)
    assert "more parts" in json.dumps(payload)


@pytest.mark.long
@pytest.mark.loopback
@pytest.mark.usefixtures("on_github")
def test_a_ledger_on_github_records_a_post_too(site: Site, deploy: Deploy, relbot: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RELBOT_ANNOUNCE_URL", ADDRESS)
    posted: list[object] = []
    monkeypatch.setattr("relbot.app.deploys.post_announcement.http_post_json", lambda *message: posted.append(message))
    post = "announce", "production", "--to", "new", "--post"
    assert relbot(*post, cwd=site.ada.path).out == "Posted.\n"
    assert relbot(*post, cwd=site.bob.path).out.startswith("Already posted at ")
    assert len(posted) == 1
    assert deploy("log").out.count("announced ") == 2, "the intent, and that it was posted"
