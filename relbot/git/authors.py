"""Who made commits, and who makes the next one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relbot.review.rules.evaluate import Author
from relbot.schema import lazy_re as re

if TYPE_CHECKING:
    from relbot.git.process import Git

_IDENT = re.compile(r"(.*) <([^<>]*)> \d+ [+-]\d+")
"""What `git var GIT_AUTHOR_IDENT` prints: git-var(1)."""


def list_authors(git: Git, start: str) -> list[Author]:
    """Who made the commits that HEAD has and `start` has not, merges left aside, each once. GitFailed if git cannot tell."""
    lines = git.text("log", "--no-merges", "--format=%an%x00%ae", f"{start}..HEAD", "--").splitlines()
    return [Author(tuple(line.split("\0"))) for line in dict.fromkeys(lines)]


def next_author(git: Git) -> list[Author]:
    """Who would be the author of the next commit; nobody, where git is not told who that is."""
    code, said, _ = git.answer("var", "GIT_AUTHOR_IDENT")
    ident = _IDENT.fullmatch(said.decode("utf-8", "surrogateescape").strip())
    return [Author(ident.groups())] if code == 0 and ident else []
