"""Reads what a repository tells of its project, for who sets relbot up there."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from relbot.adoption.note_tools import towncrier_news
from relbot.adoption.repository_facts import RepositoryFacts, select_telling
from relbot.files.opener import CannotOpen, read_regular_file
from relbot.git.process import split_paths

if TYPE_CHECKING:
    from collections.abc import Iterable

    from relbot.app.project import Project

LARGEST = 4_194_304
"""Bytes of a file that is read."""


def read_repository(project: Project) -> RepositoryFacts:
    """The files, the tags, the remote and the default branch of a repository. GitFailed if git does not tell."""
    git = project.git
    listing, newest, names = git.runs(
        ("ls-files", "-z", "--cached", "--others", "--exclude-standard"),
        ("for-each-ref", "--sort=-creatordate", "--format=%(refname:lstrip=2)", "refs/tags/"),
        ("for-each-ref", "--format=%(refname:lstrip=2)", "refs/heads/"),
    )
    paths = sorted(set(split_paths(listing)))
    tags = [line for line in os.fsdecode(newest).split("\n") if line]
    branch = (git.find("symbolic-ref", "--quiet", "refs/remotes/origin/HEAD") or "").removeprefix("refs/remotes/origin/")
    if not branch:
        local = os.fsdecode(names).split("\n")
        branch = next((name for name in ("main", "master", "trunk") if name in local), "")
        branch = branch or git.find("symbolic-ref", "--quiet", "--short", "HEAD") or ""
    remote = git.find("config", "--get", "remote.origin.url") or ""
    facts = RepositoryFacts(paths, read_texts(project, select_telling(paths)), tags, remote, branch)
    news = towncrier_news(facts)
    return facts._replace(texts={**facts.texts, **read_texts(project, [news])}) if news in paths else facts


def read_texts(project: Project, paths: Iterable[str]) -> dict[str, str]:
    """The texts of those of these files that are regular files of the repository, and UTF-8."""
    found = {}
    for path in paths:
        try:
            found[path] = read_regular_file(project.root / path, LARGEST, within=project.root).decode("utf-8-sig")
        except (CannotOpen, UnicodeDecodeError):
            continue
    return found
