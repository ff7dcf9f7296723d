"""Tags that name releases."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relbot.schema import lazy_re as re

if TYPE_CHECKING:
    from relbot.git.process import Git


TAGS = "refs/tags/"
"""The beginning of the refs that hold the tags of a clone."""


def list_tags(git: Git, refs: str = TAGS) -> list[str]:
    """The names of all tags below refs, sorted."""
    depth = refs.count("/")
    return git.text("for-each-ref", f"--format=%(refname:lstrip={depth})", refs).splitlines()


def tagged_versions(git: Git, pattern: str, refs: str = TAGS) -> list[str]:
    """The versions that tags name by a pattern such as `v{version}`, sorted by name; tags that do not fit are left out."""
    before, _, after = pattern.partition("{version}")
    fits = re.compile(f"{re.escape(before)}([0-9][A-Za-z0-9._+!-]*){re.escape(after)}")
    return [match.group(1) for name in list_tags(git, refs) if (match := fits.fullmatch(name))]
