"""`relbot pr --doctor`: what a token can see of the set-up, and what to change."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import jsonschema
import pytest

from tests.github.init_workflows import BY_HASH
from tests.github.test_events import CAREFUL, CHECK, FILES

if TYPE_CHECKING:
    from tests.commandline import Run
    from tests.github.site import Site

LACKS = "Add `pull-requests: write` below its `permissions:`."

pytestmark = pytest.mark.loopback


@pytest.fixture
def upstream(site: Site) -> Site:
    """A repository with the workflows of `relbot init`."""
    for path in FILES:
        site.upstream.write(path, BY_HASH[path])
    site.configure("")
    return site


def asked(site: Site, relbot: Run, code: int, *options: str) -> dict[str, Any]:
    """The answer as JSON; nothing was written."""
    ran = relbot("pr", "--doctor", "--format", "json", *options, cwd=site.empty)
    assert (ran.code, ran.err) == (code, "")
    assert site.github.writes == []
    found: dict[str, Any] = json.loads(ran.out)
    schema = json.loads(relbot("schema", "bot-setup", cwd=site.empty).out)
    jsonschema.Draft202012Validator(schema).validate(found)
    assert not jsonschema.Draft202012Validator(schema).is_valid({**found, "version": 2})
    return found


def told(answer: dict[str, Any], state: str) -> list[tuple[str, str]]:
    """What has this state: the topic and what to change."""
    return [(check["topic"], check["change"] or check["what"]) for check in answer["checks"] if check["state"] == state]


@pytest.mark.meets(97)
def test_a_workflow_token_sees_all_but_the_settings(upstream: Site, relbot: Run) -> None:
    """GitHub facts 11, 37, 42, 97: a ruleset requires the status; an administrator alone sees the settings."""
    upstream.configure('[pr]\nstatus = "relbot"\n')
    upstream.state.ruled = [("relbot", None)]
    comment = BY_HASH[FILES[1]].replace("pull-requests: write", "pull-requests: write\n      statuses: write")
    upstream.upstream.write(FILES[1], comment)
    upstream.configure("")
    answer = asked(upstream, relbot, 3)
    assert told(answer, "wrong") == []
    assert [topic for topic, _ in told(answer, "unknown")] == ["settings"]
    [settings] = [check for check in answer["checks"] if check["topic"] == "settings"]
    assert settings["page"] == "https://github.com/acme/widgets/settings/actions"
    [required] = [check for check in answer["checks"] if check["topic"] == "required check"]
    assert "People with write access can set it" in required["what"]


def test_an_administrator_sees_the_settings(upstream: Site, relbot: Run) -> None:
    upstream.use_token(upstream.github.add_token("octocat"))
    upstream.state.required = [(CHECK, 15368)]
    answer = asked(upstream, relbot, 1)
    assert told(answer, "unknown") == []
    topics = [topic for topic, _ in told(answer, "wrong")]
    assert topics == ["required check", "settings"]
    assert "require that status instead" in told(answer, "wrong")[0][1]


@pytest.mark.parametrize(
    ("top", "as_admin", "state"),
    [
        ("", False, "unknown"),
        ("", True, "wrong"),
        ("permissions: write-all\n", False, None),
        ("permissions: {}\n", False, "wrong"),
    ],
)
def test_permissions_come_from_the_job_the_file_or_the_settings(
    upstream: Site, relbot: Run, top: str, as_admin: bool, state: str | None
) -> None:
    """GitHub facts 43, 45: what neither the job nor the file lists is a setting that only an administrator's token can read."""
    text = BY_HASH[FILES[1]]
    assert "\n    permissions:\n" in text
    assert "\npermissions:" in text
    text = (
        text.replace("\n    permissions:\n", "\n    env:\n")
        .replace("\npermissions:", "\nenv:")
        .replace("\njobs:", f"\n{top}jobs:")
    )
    upstream.upstream.write(FILES[1], text)
    upstream.configure("")
    if as_admin:
        upstream.use_token(upstream.github.add_token("octocat"))
    answer = asked(upstream, relbot, 1)
    found = {check["state"] for check in answer["checks"] if check["topic"] == "permissions" and "The job" in check["what"]}
    assert found == ({state} if state else set())


def test_without_workflows_and_without_a_rule(site: Site, relbot: Run) -> None:
    site.state.required = [("somebody else's", None)]
    ran = relbot("pr", "--doctor", cwd=site.empty)
    assert ran.code == 1
    assert "  1. Run `relbot init`, and commit what it writes.\n" in ran.out
    assert "Add a workflow that runs relbot first." in ran.out
    assert "https://github.com/acme/widgets/settings/branches" in ran.out
    assert "2 things to change, 1 unknown." in ran.out


@pytest.mark.parametrize(
    ("file", "old", "new", "change"),
    [
        (0, ", edited,", ",", "Add edited to its `types`."),
        (0, "  merge_group:\n", "", "Add `merge_group:` to the events of the checking job."),
        (0, "  pull_request:\n", "  pull_request:\n    paths: [app]\n", "Remove `paths`."),
        (0, "    runs-on", "    if: github.actor != 'x'\n    runs-on", "Remove the `if`."),
        (0, CAREFUL, "github.ref", "Cancel at `synchronize` only"),
        (0, "  merge_group:", "  merge_group:\n  pull_request_target:", "Write one file for each of the two events."),
        (1, "      pull-requests: write", "      pull-requests: read", LACKS),
        (1, "    permissions:\n", "    permissions: read-all\n    env:\n", LACKS),
        (1, "    permissions:\n", "    env:\n", LACKS),
        (1, "    steps:\n", "    steps:\n      - uses: x\n        with: {ref: head_ref}\n", "Check out the base, or nothing."),
        (0, "jobs:", "jobs: [", "Correct its YAML."),
    ],
)  # fmt: skip
def test_each_slip_in_a_workflow_is_named(upstream: Site, relbot: Run, file: int, old: str, new: str, change: str) -> None:
    """GitHub facts 1 to 6, 13, 24, 27, 37, 45."""
    assert old in BY_HASH[FILES[file]]
    upstream.upstream.write(FILES[file], BY_HASH[FILES[file]].replace(old, new))
    upstream.configure("")
    answer = asked(upstream, relbot, 1)
    assert any(each.startswith(change) for state in ("wrong", "unknown") for _, each in told(answer, state))


def test_what_cannot_be_read_is_unknown(upstream: Site, relbot: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_CONFIG_KEY_0", f"url.{(upstream.empty / 'nowhere').as_uri()}.insteadOf")
    monkeypatch.setenv("GITHUB_EVENT_NAME", "pull_request")
    answer = asked(upstream, relbot, 3)
    assert ("workflows", "Give the job `contents: read`.") in told(answer, "unknown")
    assert any("for forks and Dependabot its token only reads" in text for _, text in told(answer, "fine"))


def test_an_archived_repository_and_a_format_without_the_doctor(upstream: Site, relbot: Run) -> None:
    upstream.state.archived = True
    assert ("repository", "Unarchive it.") in told(asked(upstream, relbot, 1), "wrong")
    ran = relbot("pr", "--format", "json", cwd=upstream.empty)
    assert (ran.code, "`--format` belongs to `--doctor`" in ran.err) == (2, True)


def test_a_status_that_is_named_like_a_job(upstream: Site, relbot: Run) -> None:
    """GitHub fact 10."""
    upstream.configure(f'[pr]\nstatus = "{CHECK}"\n')
    upstream.state.required = [(CHECK, None)]
    wrong = told(asked(upstream, relbot, 1), "wrong")
    assert ("required check", "Give `status` below `[pr]` another name.") in wrong
    assert ("permissions", "Add `pull-requests: write`, `statuses: write` below its `permissions:`.") in wrong


def test_an_enterprise_server_is_told(upstream: Site, relbot: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """GitHub facts 19, 115, 116."""
    upstream.state.enterprise = "3.19.2"
    upstream.know_as("acme/widgets", "https://github.example.com")
    monkeypatch.setenv("GITHUB_SERVER_URL", "https://github.example.com")
    answer = asked(upstream, relbot, 1)
    assert any("Before 3.20" in text for _, text in told(answer, "fine"))
    assert "https://github.example.com/acme/widgets/settings/branches" in [check["page"] for check in answer["checks"]]
