"""The entrance: an environment to the full id of the commit that runs there."""

from __future__ import annotations

import os
import shlex
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from relbot.errors import quoted
from relbot.sources.commit import commit_in_version, commit_of
from relbot.sources.extract import text_in
from relbot.sources.response import DeployedUnknown, NoAnswer

if TYPE_CHECKING:
    from pathlib import Path

    from relbot.config.model import Config, Environment
    from relbot.git.process import Git

Ledger = Callable[[str], str]
"""Answers the name of an environment with the full id of the commit that was deployed there last; "" if none was ever."""


@dataclass(frozen=True, slots=True)
class Sources:
    """What is asked: git for tags and commits, and the ledger where there is one."""

    git: Git
    config: Config
    ledger: Ledger | None = None


def deployed_revision(environment: Environment, sources: Sources) -> str:
    """The full id of the commit that runs in the environment. DeployedUnknown if that cannot be learned, whyever."""
    try:
        return _commit(environment, sources)
    except NoAnswer as error:
        what = f"It is not known what runs in `{environment.name}`: {_asked(environment)} {error.what}."
        tip = "\n".join(
            part for part in (error.tip, "This does not mean that nothing is to be done. If you know what runs, say so:") if part
        )
        raise DeployedUnknown(what, tip=tip, example=f"relbot checklist {environment.name} --from REV") from error


def _commit(environment: Environment, sources: Sources) -> str:
    if environment.deployed == "tag":
        from relbot.sources.tag import tagged

        return tagged(environment, sources.git, sources.config.versions)
    return commit_of(sources.git, _said(environment, sources), _release_tag(environment, sources.config))


def _said(environment: Environment, sources: Sources) -> str:
    root = sources.git.root
    match environment.deployed:
        case "ledger":
            if sources.ledger is None:
                raise NoAnswer("cannot be asked here")
            commit = sources.ledger(environment.name)
            if not commit:
                tip = f"To begin its ledger, say what runs: `relbot deploy done {environment.name} --to REV`."
                raise NoAnswer("holds no deploy that was done", tip=tip)
            return commit
        case "github":
            from relbot.sources.github import succeeded

            return succeeded(environment)
        case "rpm" | "debian":
            from relbot.sources.package import version_of

            version = version_of(environment.deployed, environment.package, root, environment.timeout)
            return commit_in_version(version) if environment.regex is None else text_in(version.encode(), environment)
        case _:
            return text_in(_content(environment, root), environment)


def _content(environment: Environment, root: Path) -> bytes:
    match environment.deployed:
        case "url":
            from relbot.sources.url import fetched

            return fetched(environment.url, environment.timeout)
        case "command":
            from relbot.sources.command import printed

            return printed(environment.command, root, environment.timeout)
        case _:
            from relbot.sources.file import read

            return read(root / os.path.expanduser(environment.file))  # noqa: PTH111  # Path raises where there is no home


def _release_tag(environment: Environment, config: Config) -> str:
    """The tag of a release, with `{version}` in it."""
    component = config.component(environment.component) if environment.component else None
    return component.tag.replace("{component}", component.name) if component and component.changelog else config.tag


def _asked(environment: Environment) -> str:
    """What was asked, as the beginning of a sentence."""
    match environment.deployed:
        case "tag":
            return f"the tag `{environment.tag}`"
        case "ledger":
            return "the ledger"
        case "github":
            return f"the deployments of {quoted(environment.repository)} on GitHub"
        case "url":
            from relbot.sources.url import shown

            return shown(environment.url)
        case "command":
            return f"the command {quoted(shlex.join(environment.command))}"
        case "file":
            return f"the file {quoted(environment.file)}"
        case _:
            return f"the package {quoted(environment.package)}"
