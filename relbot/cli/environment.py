"""Reads the environment variables that decide what relbot does: all of them, here, once per command.

What the programs get that relbot starts is in `relbot.processes`. requests reads the variables of proxies itself.
"""

from __future__ import annotations

import os
from typing import NamedTuple

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
