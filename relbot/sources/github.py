"""The revision that runs, from GitHub's deployments (https://docs.github.com/en/rest/deployments)."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from relbot.errors import quoted
from relbot.sources.response import SourceUnavailable, looks_like_html
from relbot.sources.url import http_get

if TYPE_CHECKING:
    from relbot.config.model import Environment

_UNDER_WAY = ("pending", "queued", "waiting", "in_progress")
_PAGE = 30


def last_successful_commit(environment: Environment) -> str:
    """The commit of the last deployment to the environment of that name, leaving out those under way.

    NoAnswer unless it succeeded: after one that failed or was made inactive nobody can tell what runs.
    """
    api = os.environ.get("GITHUB_API_URL") or "https://api.github.com"
    address = f"{api.rstrip('/')}/repos/{environment.repository}/deployments"
    query = f"environment={quote(environment.name, safe='')}&per_page={_PAGE}"
    for deployment in _list_newest_first(f"{address}?{query}", environment, "sha"):
        statuses = _list_newest_first(f"{address}/{deployment['id']}/statuses?per_page=100", environment, "state")
        state = statuses[0]["state"] if statuses else "pending"
        if state == "success":
            return str(deployment["sha"])
        if state not in _UNDER_WAY:
            what = f"tell that the last one that ended, of {quoted(deployment['sha'][:12])}, is {quoted(state, 40)}"
            raise SourceUnavailable(what, tip="What runs after that is not clear.")
    raise SourceUnavailable(
        "tell of none that ended", tip="GitHub knows of a deployment once a workflow with `environment:` has run."
    )


def _list_newest_first(address: str, environment: Environment, text: str) -> list[dict[str, Any]]:
    """The objects that the address lists, the greatest number first. Each has a number, and a text at the key `text`."""
    token = os.environ.get("GITHUB_TOKEN") or os.environ.get("GH_TOKEN")
    headers = {"Accept": "application/vnd.github+json"} | ({"Authorization": f"Bearer {token}"} if token else {})
    try:
        content = http_get(address, environment.timeout, headers)
    except SourceUnavailable as error:
        tip = error.tip if token else "Set GITHUB_TOKEN: without it GitHub shows little, and that seldom."
        raise SourceUnavailable(f"cannot be asked: the address {error.what}", tip=tip) from error
    try:
        found = json.loads(content)
    except (ValueError, RecursionError):
        what = "a page of HTML" if looks_like_html(content) else "something that is not JSON"
        raise SourceUnavailable(f"cannot be read: GitHub answered with {what}: {quoted(content)}") from None
    if not isinstance(found, list) or not all(_is_usable(each, text) for each in found):
        raise SourceUnavailable(f"cannot be read: GitHub answered with something that is no list of them: {quoted(content)}")
    return sorted(found, key=lambda each: int(each["id"]), reverse=True)


def _is_usable(each: Any, text: str) -> bool:
    return isinstance(each, dict) and type(each.get("id")) is int and isinstance(each.get(text), str)
