"""Reads what a repository tells of its project, for who sets relbot up there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relbot.adoption.note_tools import towncrier_news
from relbot.adoption.repository_facts import RepositoryFacts, select_telling
from relbot.files.opener import CannotOpen, read_regular_file

if TYPE_CHECKING:
    from collections.abc import Iterable

    from relbot.app.project import Project

LARGEST = 4_194_304
"""Bytes of a file that is read."""


def read_repository(project: Project) -> RepositoryFacts:
    """The files, the tags, the remote and the default branch of a repository. What cannot be read tells nothing."""
    git = project.git
    listing, newest, remote, head, current, names = git.answers(
        ("ls-files", "-z", "--cached", "--others", "--exclude-standard"),
        ("for-each-ref", "--sort=-creatordate", "--format=%(refname:lstrip=2)", "refs/tags/"),
        ("config", "--get", "remote.origin.url"),
        ("symbolic-ref", "--quiet", "refs/remotes/origin/HEAD"),
        ("symbolic-ref", "--quiet", "--short", "HEAD"),
        ("for-each-ref", "--format=%(refname:lstrip=2)", "refs/heads/"),
    )
    paths = sorted({path.decode("utf-8", "surrogateescape") for path in listing[1].split(b"\0") if path})
    tags = [line for line in _text_of(newest[1]).split("\n") if line]
    branch = _text_of(head[1]).removeprefix("refs/remotes/origin/")
    if not branch:
        here, local = _text_of(current[1]), set(_text_of(names[1]).split("\n"))
        branch = next((name for name in ("main", "master", "trunk") if name in local), here)
    facts = RepositoryFacts(paths, read_texts(project, select_telling(paths)), tags, _text_of(remote[1]), branch)
    news = towncrier_news(facts)
    return facts._replace(texts={**facts.texts, **read_texts(project, [news])}) if news in paths else facts


def _text_of(said: bytes) -> str:
    return said.decode("utf-8", "surrogateescape").strip("\n")


def read_texts(project: Project, paths: Iterable[str]) -> dict[str, str]:
    """The texts of those of these files that are regular files of the repository, and UTF-8."""
    found = {}
    for path in paths:
        try:
            found[path] = read_regular_file(project.root / path, LARGEST, within=project.root).decode("utf-8-sig")
        except (CannotOpen, UnicodeDecodeError):
            continue
    return found
