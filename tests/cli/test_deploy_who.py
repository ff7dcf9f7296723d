"""Who did something: in CI the person who began the run, and the run."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.cli.stories import Story


def test_in_ci_who_is_the_actor_and_the_run(story: Story, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {
        "GITHUB_ACTIONS": "true",
        "GITHUB_ACTOR": "octocat",
        "GITHUB_SERVER_URL": "https://github.com",
        "GITHUB_REPOSITORY": "obs/api",
        "GITHUB_RUN_ID": "42",
    }.items():
        monkeypatch.setenv(name, value)
    story.deploy("adopt", "--at", "v1")
    story.deploy("begin", "--to", story.other("x"))
    for command in (("deploy", "status", "production"), ("deploy", "log", "production"), ("checklist", "production")):
        assert "octocat on GitHub Actions (https://github.com/obs/api/actions/runs/42)" in story(*command).out


@pytest.mark.parametrize(
    ("variables", "who"),
    [
        (
            {"GITLAB_CI": "true", "GITLAB_USER_LOGIN": "ada", "CI_JOB_URL": "https://gitlab.com/obs/api/-/jobs/42"},
            "ada on GitLab CI (https://gitlab.com/obs/api/-/jobs/42)",
        ),
        (
            {"JENKINS_URL": "https://ci.example.org/", "BUILD_URL": "https://ci.example.org/42/", "BUILD_USER_ID": "ada"},
            "ada on Jenkins (https://ci.example.org/42/)",
        ),
        (
            {"JENKINS_URL": "https://ci.example.org/", "BUILD_URL": "https://ci.example.org/42/"},
            "unknown person on Jenkins (https://ci.example.org/42/)",
        ),
    ],
)
def test_other_ci_services_tell_who_it_was(
    story: Story, monkeypatch: pytest.MonkeyPatch, variables: dict[str, str], who: str
) -> None:
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    story.deploy("adopt", "--at", "v1")
    assert who in story.deploy("log").out


def test_two_runs_of_unknown_people_are_not_one_person(story: Story, monkeypatch: pytest.MonkeyPatch) -> None:
    story.deploy("adopt", "--at", "v1")
    monkeypatch.setenv("JENKINS_URL", "https://ci.example.org/")
    monkeypatch.setenv("BUILD_URL", "https://ci.example.org/1/")
    assert story.deploy("lock", "--for", "1h", "--reason", "m").code == 0
    assert story.deploy("begin", "--to", "origin/main").code == 0
    monkeypatch.setenv("BUILD_URL", "https://ci.example.org/2/")
    assert story.deploy("begin", "--to", "origin/main").code == 1
