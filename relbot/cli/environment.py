"""Reads the environment variables that decide what relbot does: all of them, here, once per command.

What the programs get that relbot starts is in `relbot.processes`. requests reads the variables of proxies itself.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from relbot.schema.named_tuples import NamedTuple

if TYPE_CHECKING:
    from relbot.deploy.log.record import Who
    from relbot.github.settings import GitHubSettings, RunnerSettings


class EnvironmentVariables(NamedTuple):
    """What the environment says. `source_date_epoch` is as it was written, "" if it is not set.

    `announce_url` is where announcements are posted; it is a secret.

    `is_ci` is whether nobody sits there to be asked (https://docs.github.com/en/actions/reference/workflows-and-actions/variables,
    `CI`; other services set it too).
    """

    github: GitHubSettings
    runner: RunnerSettings
    source_date_epoch: str
    is_ci: bool
    announce_url: str


def read_environment() -> EnvironmentVariables:
    """Reads the variables. Nothing is checked: whoever uses a value says what is wrong with it."""
    from relbot.github.settings import GitHubSettings, RunnerSettings  # what only prints needs none

    def value(name: str) -> str:
        return os.environ.get(name, "")

    github = GitHubSettings(
        value("GITHUB_API_URL"),
        value("GITHUB_SERVER_URL"),
        value("GITHUB_TOKEN") or value("GH_TOKEN"),
        value("GITHUB_REPOSITORY"),
    )
    runner = RunnerSettings(
        value("GITHUB_EVENT_PATH"),
        value("GITHUB_EVENT_NAME"),
        value("GITHUB_SERVER_URL"),
        value("GITHUB_REPOSITORY"),
        value("GITHUB_RUN_ID"),
        value("GITHUB_REF_TYPE"),
        value("GITHUB_REF_NAME"),
        value("GITHUB_STEP_SUMMARY"),
        value("GITHUB_OUTPUT"),
    )
    return EnvironmentVariables(github, runner, value("SOURCE_DATE_EPOCH"), bool(value("CI")), value("RELBOT_ANNOUNCE_URL"))


def read_ci_user() -> Who | None:
    """Who began the run of a CI service in which relbot works, with the address of the run as the machine; None elsewhere.

    GitHub Actions: https://docs.github.com/en/actions/reference/workflows-and-actions/variables; who runs a job again is its
    triggering actor. GitLab: https://docs.gitlab.com/ci/variables/predefined_variables/. Jenkins tells who it was only with its
    plugin "build user vars".
    """
    from relbot.deploy.log.record import UNKNOWN_PERSON, Who  # commands that record nothing do not need it

    def value(name: str) -> str:
        return os.environ.get(name, "")

    if value("GITHUB_ACTIONS") == "true":
        actor = value("GITHUB_TRIGGERING_ACTOR") or value("GITHUB_ACTOR") or UNKNOWN_PERSON
        address = f"{value('GITHUB_SERVER_URL')}/{value('GITHUB_REPOSITORY')}/actions/runs/{value('GITHUB_RUN_ID')}"
        return Who(actor, "", f"GitHub Actions ({address})")
    if value("GITLAB_CI") == "true":
        return Who(value("GITLAB_USER_LOGIN") or UNKNOWN_PERSON, value("GITLAB_USER_EMAIL"), f"GitLab CI ({value('CI_JOB_URL')})")
    if value("JENKINS_URL"):
        user = value("BUILD_USER_ID") or UNKNOWN_PERSON
        return Who(user, value("BUILD_USER_EMAIL"), f"Jenkins ({value('BUILD_URL') or value('JENKINS_URL')})")
    return None


class OutputVariables(NamedTuple):
    """What the environment says of the output: `in_actions` is whether a GitHub Actions runner reads it.

    `color` is whether there are to be colours, None where the stream decides (https://no-color.org, https://force-color.org,
    https://bixense.com/clicolors).
    """

    in_actions: bool
    color: bool | None


def read_output_variables() -> OutputVariables:
    """Reads the variables that decide how relbot prints."""
    return OutputVariables(os.environ.get("GITHUB_ACTIONS") == "true", _read_color())


def _read_color() -> bool | None:
    if os.environ.get("NO_COLOR"):
        return False
    if os.environ.get("FORCE_COLOR") or os.environ.get("CLICOLOR_FORCE", "0") != "0":
        return True
    if os.environ.get("CLICOLOR") == "0" or os.environ.get("TERM") == "dumb":
        return False
    return None
