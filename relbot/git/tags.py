"""Tags that name releases."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from relbot.git.process import Git


def list_tags(git: Git) -> list[str]:
    """The names of all tags, sorted."""
    return git.text("tag", "--list").splitlines()


def tagged_versions(git: Git, pattern: str) -> list[str]:
    """The versions that tags name by a pattern such as `v{version}`, sorted by name; tags that do not fit are left out."""
    before, _, after = pattern.partition("{version}")
    fits = re.compile(f"{re.escape(before)}([0-9][A-Za-z0-9._+!-]*){re.escape(after)}")
    return [match.group(1) for name in list_tags(git) if (match := fits.fullmatch(name))]
