"""The entrance: an environment to the full id of the commit that runs there."""

from __future__ import annotations

import os
import shlex
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from relbot.errors import quoted
from relbot.http import HttpFailed
from relbot.processes import CommandFailed
from relbot.sources.commit import find_commit, find_commit_in_version
from relbot.sources.extract import extract_text
from relbot.sources.response import RunningRevisionUnknown, SourceUnavailable

if TYPE_CHECKING:
    from pathlib import Path

    from relbot.config.model import Config, Environment
    from relbot.git.process import Git
    from relbot.github.settings import GitHubSettings

Ledger = Callable[[str], str]
"""Answers the name of an environment with the full id of the commit that was deployed there last; "" if none was ever."""


@dataclass(frozen=True, slots=True)
class SourceContext:
    """What is asked: git for tags and commits, and the ledger where there is one."""

    git: Git
    config: Config
    github: GitHubSettings
    ledger: Ledger | None = None


def resolve_running_revision(environment: Environment, sources: SourceContext) -> str:
    """The full id of the commit that runs in the environment. RunningRevisionUnknown if that cannot be learned, whyever."""
    try:
        return _resolve_commit(environment, sources)
    except (SourceUnavailable, CommandFailed, HttpFailed) as error:
        what = f"It is not known what runs in `{environment.name}`: {_describe_source(environment)} {error.what}."
        tip = "\n".join(
            part for part in (error.tip, "This does not mean that nothing is to be done. If you know what runs, say so:") if part
        )
        raise RunningRevisionUnknown(what, tip=tip, example=f"relbot checklist {environment.name} --from REV") from error


def _resolve_commit(environment: Environment, sources: SourceContext) -> str:
    if environment.deployed == "tag":
        from relbot.sources.tag import find_newest_tag

        return find_newest_tag(environment, sources.git, sources.config.versions)
    return find_commit(sources.git, _ask_source(environment, sources), _release_tag(environment, sources.config))


def _ask_source(environment: Environment, sources: SourceContext) -> str:
    root = sources.git.root
    match environment.deployed:
        case "ledger":
            if sources.ledger is None:
                raise SourceUnavailable("cannot be asked here")
            commit = sources.ledger(environment.name)
            if not commit:
                tip = f"To begin its ledger, say what runs: `relbot deploy done {environment.name} --to REV`."
                raise SourceUnavailable("holds no deploy that was done", tip=tip)
            return commit
        case "github":
            from relbot.sources.github import last_successful_commit

            return last_successful_commit(environment, sources.github)
        case "rpm" | "debian":
            from relbot.sources.package import installed_version

            version = installed_version(environment.deployed, environment.package, root, environment.timeout)
            return find_commit_in_version(version) if environment.regex is None else extract_text(version.encode(), environment)
        case _:
            return extract_text(_fetch_content(environment, root), environment)


def _fetch_content(environment: Environment, root: Path) -> bytes:
    match environment.deployed:
        case "url":
            from relbot.http import http_get

            return http_get(environment.url, environment.timeout)
        case "command":
            from relbot.processes import project_environment, run_command

            return run_command(environment.command, root, environment.timeout, project_environment())
        case _:
            from relbot.sources.file import read_source_file

            return read_source_file(root / os.path.expanduser(environment.file))  # noqa: PTH111  # Path raises where there is no home


def _release_tag(environment: Environment, config: Config) -> str:
    """The tag of a release, with `{version}` in it."""
    component = config.component(environment.component) if environment.component else None
    return component.tag.replace("{component}", component.name) if component and component.changelog else config.tag


def _describe_source(environment: Environment) -> str:
    """What was asked, as the beginning of a sentence."""
    match environment.deployed:
        case "tag":
            return f"the tag `{environment.tag}`"
        case "ledger":
            return "the ledger"
        case "github":
            return f"the deployments of {quoted(environment.repository)} on GitHub"
        case "url":
            from relbot.http import display_url

            return display_url(environment.url)
        case "command":
            return f"the command {quoted(shlex.join(environment.command))}"
        case "file":
            return f"the file {quoted(environment.file)}"
        case _:
            return f"the package {quoted(environment.package)}"
