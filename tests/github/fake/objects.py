"""What a repository of the fake GitHub has, as it remembers it. Times are as GitHub writes them."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass
class File:
    """A file of a pull request, as GitHub lists it. `status` is added, modified, removed or renamed."""

    filename: str
    status: str = "modified"
    patch: str = "@@ -1 +1 @@\n-a\n+b"
    previous_filename: str | None = None


@dataclass
class Issue:
    """An issue; a pull request has one of the same number. `labels` are names, `labelled` says who added each."""

    number: int
    title: str
    body: str | None
    author: str
    created: str
    state: str = "open"
    labels: list[str] = field(default_factory=list)
    labelled: list[tuple[str, str, str, str]] = field(default_factory=list)  # labeled or unlabeled, name, by whom, when
    updated: str = ""
    locked: bool = False


@dataclass
class Pull:
    """A pull request. `head_repo` is the full name of where it comes from, None if that was deleted."""

    number: int
    head: str
    base: str
    head_sha: str
    base_sha: str
    head_repo: str | None
    draft: bool = False
    merged: str | None = None
    files: list[File] = field(default_factory=list)


@dataclass
class Comment:
    """A comment on an issue or a pull request."""

    number: int
    issue: int
    author: str
    body: str
    created: str
    updated: str
    edited: str | None = None
    """When somebody edited it: GraphQL's `lastEditedAt`."""
    app: bool = False
    """Whether a program wrote it with a person's token: `performed_via_github_app`."""
    minimized: bool = False


@dataclass
class Status:
    """A commit's status."""

    number: int
    sha: str
    state: str
    context: str
    description: str | None
    target_url: str | None
    author: str
    created: str


@dataclass
class Release:
    """A release. `latest` is whether GitHub shows it as that."""

    number: int
    tag: str
    name: str | None
    body: str | None
    draft: bool
    prerelease: bool
    target: str
    author: str
    created: str
    published: str | None


@dataclass
class Deployment:
    """A deployment, and its statuses as (number, state, description, when), the oldest first."""

    number: int
    sha: str
    ref: str
    task: str
    environment: str
    description: str | None
    payload: object
    author: str
    created: str
    statuses: list[tuple[int, str, str, str, str]] = field(default_factory=list)  # number, state, description, by, when
    transient: bool = False
    production: bool = True
