"""Which site on the web a clone belongs to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relbot.schema import lazy_re as re

if TYPE_CHECKING:
    from relbot.config.model import Links
    from relbot.git.process import Git

_REMOTE = re.compile(r"(?:https?://(?:[^@/]+@)?|ssh://(?:[^@/]+@)?|git://|[^@/]+@)([\w.-]+)(?::\d+)?[:/](.+?)(?:\.git)?/?")


def web_address(url: str) -> str:
    """The web address of the repository whose remote has this address, "" if it has none. A password is cut off."""
    match = _REMOTE.fullmatch(url.strip())
    return f"https://{match.group(1)}/{match.group(2)}" if match else ""


def complete_links(links: Links, git: Git) -> Links:
    """The links, with what the remote `origin` tells where the configuration says nothing. GitFailed if git does not tell."""
    repository = links.repository.rstrip("/")
    if not repository and not (links.issue and links.pr and links.author):
        repository = web_address(git.find("config", "--get", "remote.origin.url") or "")
    if not repository:
        return links
    host = repository.split("/", 3)[2]
    inside = "/-" if "gitlab" in host else ""
    pull = "merge_requests" if "gitlab" in host else "pull"
    return links._replace(
        repository=repository,
        issue=links.issue or f"{repository}{inside}/issues/{{number}}",
        pr=links.pr or f"{repository}{inside}/{pull}/{{number}}",
        author=links.author or f"https://{host}/{{login}}",
    )
