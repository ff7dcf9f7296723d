"""Which forge hosts a repository: told by its remote, or by what lies in the repository."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from relbot.schema import lazy_re as re

if TYPE_CHECKING:
    from relbot.adoption.repository_facts import RepositoryFacts

_HOST = re.compile(r"(?:\w+://)?(?:[^@/]*@)?([\w.-]+)")


class Forge(StrEnum):
    """A forge, as far as relbot treats it in a way of its own."""

    GITHUB = "github"
    GITLAB = "gitlab"
    OTHER = "other"
    UNKNOWN = "unknown"

    @property
    def shown_name(self) -> str:
        """Its name in a sentence."""
        return {"github": "GitHub", "gitlab": "GitLab", "other": "another forge"}.get(self.value, "an unknown forge")


def find_forge(facts: RepositoryFacts) -> Forge:
    """The forge of `origin`; without one, that whose settings lie in the repository; `UNKNOWN` where nothing tells."""
    if facts.remote:
        host = remote_host(facts.remote)
        for forge in (Forge.GITHUB, Forge.GITLAB):
            if forge.value in host.split("."):
                return forge
        if re.search(r"gitea|forgejo|codeberg|bitbucket|dev\.azure|visualstudio|sr\.ht|gerrit|opendev", host):
            return Forge.OTHER
    if any(path.startswith(".github/workflows/") for path in facts.paths):
        return Forge.GITHUB
    if ".gitlab-ci.yml" in facts.paths:
        return Forge.GITLAB
    return Forge.UNKNOWN


def remote_host(remote: str) -> str:
    """The host in the address of a remote, in lower case; "" for a folder of this machine."""
    if remote.startswith(("/", ".", "file:")):
        return ""
    found = _HOST.match(remote)
    return found[1].lower() if found else ""
