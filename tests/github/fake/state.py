"""What the fake GitHub remembers: one repository, and who asks."""

from __future__ import annotations

import os
import subprocess
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from tests.github.fake.objects import Comment, Deployment, File, Issue, Pull, Release, Status

if TYPE_CHECKING:
    from pathlib import Path

BOT = "github-actions[bot]"
"""Who asks with the GITHUB_TOKEN of a workflow."""
_FIRST = datetime(2018, 8, 15, 8, 0, tzinfo=UTC)
WRITE = frozenset({"contents", "deployments", "issues", "pull_requests", "statuses"})
READ: frozenset[str] = frozenset()


def run_git(folder: Path, *args: str, **more: Any) -> str:
    """What git answers there."""
    done = subprocess.run(["git", "-C", str(folder), *args], check=True, capture_output=True, text=True, **more)
    return str(done.stdout).strip()


def _facts_left_out() -> set[int]:
    """FAKE_GITHUB_WITHOUT=43,86 shows which tests need these facts."""
    return {int(number) for number in os.environ.get("FAKE_GITHUB_WITHOUT", "").split(",") if number}


@dataclass
class State:
    """One repository. A test changes and reads it directly; numbers and times come from here, the same in each run."""

    repository: str = "acme/widgets"
    default_branch: str = "main"
    without: set[int] = field(default_factory=_facts_left_out)
    """Facts about GitHub that this one does not know: a test of such a fact has to fail then. All are known by default."""
    met: set[int] = field(default_factory=set)
    """Facts that made a difference so far. A test that is marked with `meets(43)` fails if fact 43 made none."""
    former: set[str] = field(default_factory=set)
    """Names that the repository had before it was renamed or moved."""
    archived: bool = False
    enterprise: str = ""
    """The version of GitHub Enterprise Server that this is, "" for github.com."""
    lag: int = 0
    """How often a list of comments misses the newest one after it was posted: GitHub fact 68, which is rare today."""
    release_race: bool = False
    """Whether another job publishes a release of the same tag at the same moment: GitHub fact 110."""
    git: Path | None = None
    """A bare repository where commits and refs are; without it, `refs` alone."""
    refs: dict[str, str] = field(default_factory=dict)
    permissions: dict[str, str] = field(default_factory=lambda: {"octocat": "admin", "maria": "write", "rita": "read"})
    bots: set[str] = field(default_factory=lambda: {"dependabot[bot]", BOT})
    actions_open_pulls: bool = False
    """Whether workflows may open pull requests. New repositories do not let them: GitHub fact 42."""
    required: list[tuple[str, int | None]] = field(default_factory=list)
    """Checks that the older protection of the default branch requires, each with the id of the app that has to set it."""
    ruled: list[tuple[str, int | None]] = field(default_factory=list)
    """The same by a ruleset, which is not seen where the older protection is asked for: GitHub fact 97."""
    protected: set[str] = field(default_factory=set)
    """Branches that change by pull requests only."""
    labels: dict[str, str] = field(default_factory=dict)  # name to description
    issues: dict[int, Issue] = field(default_factory=dict)
    pulls: dict[int, Pull] = field(default_factory=dict)
    comments: dict[int, Comment] = field(default_factory=dict)
    reactions: list[tuple[int, str, str]] = field(default_factory=list)  # comment, content, by whom
    statuses: list[Status] = field(default_factory=list)
    releases: dict[int, Release] = field(default_factory=dict)
    latest: int | None = None
    deployments: dict[int, Deployment] = field(default_factory=dict)
    _last_number: int = 0
    _last_id: int = 1000
    _seconds: int = -1

    @property
    def owner(self) -> str:
        """The repository's owner."""
        return self.repository.partition("/")[0]

    def number(self) -> int:
        """The next number of an issue or a pull request."""
        self._last_number += 1
        while self._last_number in self.issues:
            self._last_number += 1
        return self._last_number

    def id(self) -> int:
        """The next number of anything else."""
        self._last_id += 1
        return self._last_id

    def now(self) -> str:
        """A second later than the last time."""
        self._seconds += 1
        return (_FIRST + timedelta(seconds=self._seconds)).strftime("%Y-%m-%dT%H:%M:%SZ")

    def set_ref(self, name: str, sha: str | None) -> None:
        """Moves, makes or, for None, removes a ref, such as refs/heads/main."""
        if self.git is not None:
            run_git(self.git, "update-ref", *(("-d", name) if sha is None else (name, sha)))
        if sha is None:
            self.refs.pop(name, None)
        else:
            self.refs[name] = sha

    def has(self, fact: int) -> bool:
        """Whether this GitHub behaves as the fact of that number says (docs/github.md). Asked where it makes a difference."""
        if fact in self.without:
            return False
        self.met.add(fact)
        return True

    def is_known(self, login: str) -> bool:
        """Whether there is an account of that name: one that did something here."""
        people = {one.author for one in self.issues.values()} | {one.author for one in self.comments.values()}
        return login in people | set(self.permissions) | self.bots

    def look(self) -> None:
        """Reads the refs of the git repository, which others push to. Without git: it would be started for each request."""
        if self.git is not None:
            self.refs = {**_packed_refs(self.git), **_loose_refs(self.git)}

    def add_issue(self, title: str, body: str | None = None, author: str = "octocat", *, number: int | None = None) -> Issue:
        """Opens an issue."""
        issue = Issue(self.number() if number is None else number, title, body, author, self.now())
        self.issues[issue.number] = issue
        return issue

    def add_pull(
        self,
        title: str = "Group the options per environment",
        *,
        head: str = "options",
        base: str = "main",
        head_sha: str = "b" * 40,
        base_sha: str = "a" * 40,
        author: str = "ada",
        body: str | None = None,
        fork: str | None = None,
        draft: bool = False,
        files: tuple[File, ...] = (),
        number: int | None = None,
    ) -> Pull:
        """Opens a pull request; `fork` is the full name of the repository that it comes from."""
        issue = self.add_issue(title, body, author, number=number)
        pull = Pull(issue.number, head, base, head_sha, base_sha, fork or self.repository, draft, None, list(files))
        self.pulls[issue.number] = pull
        return pull

    def add_comment(self, issue: int, body: str, author: str = "octocat") -> Comment:
        """Somebody comments."""
        when = self.now()
        later = self.now()
        comment = Comment(self.id(), issue, author, body, when, later if self.has(58) else when)
        self.comments[comment.number] = comment
        return comment

    def label(self, issue: int, name: str, by: str) -> None:
        """Somebody adds a label. GitHub makes one that is not there yet."""
        self.labels.setdefault(name, "")
        if name not in self.issues[issue].labels:
            self.issues[issue].labels.append(name)
            self.issues[issue].labelled.append(("labeled", name, by, self.now()))

    def unlabel(self, issue: int, name: str, by: str) -> None:
        """Somebody takes a label away."""
        self.issues[issue].labels.remove(name)
        self.issues[issue].labelled.append(("unlabeled", name, by, self.now()))

    def listed_comments(self, issue: int) -> list[Comment]:
        """What a list shows: hidden comments, too (GitHub fact 61). It can lag behind the newest comment (68)."""
        found = [each for each in self.comments_of(issue) if not each.minimized or self.has(61)]
        if self.lag and self.has(68):
            self.lag -= 1
            return found[:-1]
        return found

    def comments_of(self, issue: int) -> list[Comment]:
        """The comments on an issue, the oldest first."""
        return [comment for comment in self.comments.values() if comment.issue == issue]


def _packed_refs(git: Path) -> dict[str, str]:
    file = git / "packed-refs"
    lines = file.read_text().splitlines() if file.is_file() else []
    return {name: sha for sha, _, name in (line.partition(" ") for line in lines if line[:1] not in ("#", "^", ""))}


def _loose_refs(git: Path) -> dict[str, str]:
    found = {}
    for file in (git / "refs").rglob("*"):
        with suppress(OSError):  # git removes and renames files meanwhile
            if file.suffix != ".lock" and file.is_file() and (sha := file.read_text().strip()) and not sha.startswith("ref:"):
                found[file.relative_to(git).as_posix()] = sha
    return found
