"""Which repository on GitHub is meant."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from relbot.errors import UsageError
from relbot.git.remote import web_address
from relbot.github.client import GitHubRepository, require_servers, require_token
from relbot.schema import lazy_re as re

if TYPE_CHECKING:
    from relbot.git.process import Git
    from relbot.github.settings import GitHubSettings

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]*/[A-Za-z0-9._-]+")


_EXAMPLE = "--repo openSUSE/open-build-service"


def find_repository(git: Git, settings: GitHubSettings, given: str | None, example: str = _EXAMPLE) -> GitHubRepository:
    """The repository named, else that of the settings, else that of the remote `origin`; UsageError if it cannot be told.

    `example` shows how to name one.
    """
    at = require_servers(settings)
    name = given or settings.repository or _name_from_remote(git, at.web)
    if not _NAME.fullmatch(name):
        what = f"`{name}` is not a repository." if name else f"The remote `origin` names no repository on {at.web}."
        raise UsageError(what, tip="Name it as OWNER/NAME.", example=example)
    return GitHubRepository(name, at, require_token(settings))


def _name_from_remote(git: Git, web: str) -> str:
    address = web_address(git.find("config", "--get", "remote.origin.url") or "")
    return urlsplit(address).path.strip("/") if urlsplit(address).hostname == urlsplit(web).hostname else ""
