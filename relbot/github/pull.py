"""A pull request as GitHub has it now: what it is, what was said on it, and who may waive."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from relbot.github.client import AGAIN, quote_path_part
from relbot.github.errors import NotAllowed, NotThere, Unsure
from relbot.github.waivers import IssueComment
from relbot.schema.named_tuples import NamedTuple

if TYPE_CHECKING:
    from relbot.github.client import GitHubRepository

ACTIONS = "github-actions[bot]"
"""Whose name the token of a workflow has."""
_WRITERS = ("admin", "maintain", "write")


class PullRequest(NamedTuple):
    """A pull request. `base` and `head` are commits; `branch` is that of the same repository, "" for a fork.

    `target` is the branch into which it goes, or went if it is `merged`. `into_default` says whether that is the repository's
    default branch.
    """

    number: int
    author: str
    kind: str
    base: str
    head: str
    branch: str
    name: str
    title: str
    draft: bool
    is_open: bool
    labels: tuple[str, ...]
    target: str
    merged: bool
    into_default: bool = True


def read_pull_request(github: GitHubRepository, number: int) -> PullRequest:
    """The pull request of that number. GitHubError if it cannot be had."""
    what = f"read pull request {number}"
    found = github.read(what, f"/pulls/{number}")
    try:
        author, head, base = found["user"] or {}, found["head"], found["base"]
        home = (head["repo"] or {}).get("full_name", "")
        return PullRequest(
            number,
            _require_text(author.get("login", "")),
            _require_text(author.get("type", "")),
            _require_text(base["sha"]),
            _require_text(head["sha"]),
            _require_text(head["ref"]) if home.lower() == github.repository.lower() else "",
            _require_text(head["ref"]),
            _require_text(found["title"]),
            found.get("draft") is True,
            found["state"] == "open",
            tuple(_require_text(label["name"]) for label in found["labels"]),
            _require_text(base["ref"]),
            found.get("merged") is True,
            base["ref"] == (base.get("repo") or {}).get("default_branch", base["ref"]),
        )
    except (KeyError, TypeError, AttributeError) as error:
        raise Unsure(f"relbot could not {what}: GitHub's answer lacks {error}.", tip=AGAIN) from None


class BaseOfHead(NamedTuple):
    """Where a head is to go: the commit `tip` of the base, and the commit `start` at which the head left it."""

    tip: str
    start: str


def compare_with_base(github: GitHubRepository, base: str, head: str) -> BaseOfHead:
    """What GitHub says of a head and its base, a branch or a commit. NotThere without such a base, or a common history.

    `base.sha` of events and pull requests lags behind the branch; this does not.
    """
    what, path = f"find where {head[:12]} left {base[:12]}", f"/compare/{quote(base, safe='')}...{head}"
    try:
        found = github.read(what, path, per_page=1, page=2)  # the first page lists the files
    except NotThere as error:
        if "common ancestor" not in error.what:
            raise
        raise NotThere(error.what, tip="Rebase the branch onto its base: the two have no commit in common.") from None
    try:
        return BaseOfHead(_require_text(found["base_commit"]["sha"]), _require_text(found["merge_base_commit"]["sha"]))
    except (KeyError, TypeError) as error:
        raise Unsure(f"relbot could not {what}: GitHub's answer lacks {error}.", tip=AGAIN) from None


def read_branch_tip(github: GitHubRepository, branch: str) -> str:
    """The commit of a branch, "" if there is none. GitHubError if GitHub does not tell."""
    try:
        return str(github.read(f"read the branch {branch}", f"/git/ref/heads/{quote(branch)}")["object"]["sha"])
    except NotThere:
        return ""


def read_comments(github: GitHubRepository, number: int) -> list[IssueComment]:
    """All comments on a pull request, the oldest first. GitHubError if a page cannot be had."""
    listed = github.pages(f"read the comments on pull request {number}", f"/issues/{number}/comments")
    return sorted(_as_comment(each) for each in listed)


def _as_comment(each: dict[str, Any]) -> IssueComment:
    try:
        login, body = _require_text((each["user"] or {}).get("login", "")), _require_text(each.get("body") or "")
        touched = _require_text(each["created_at"]) != _require_text(each["updated_at"])
        has_role = each.get("author_association") in ("OWNER", "MEMBER", "COLLABORATOR")
        is_seen = not each.get("performed_via_github_app") and not each.get("minimized")
        return IssueComment(int(each["id"]), login, body, touched, str(each.get("node_id") or ""), has_role, is_seen)
    except (KeyError, TypeError, ValueError) as error:
        raise Unsure(f"relbot could not read a comment: GitHub's answer lacks {error}.", tip=AGAIN) from None


_EDITED = "query($comment: ID!) { comment: node(id: $comment) { ... on IssueComment { lastEditedAt } } }"


def was_edited(github: GitHubRepository, comment: IssueComment) -> bool:
    """Asks GraphQL whether somebody changed a comment after it was written. GitHubError if GitHub does not tell.

    Only GraphQL tells of edits: the times of a comment differ by a second now and then without any edit.
    """
    found = github.ask_graphql(f"ask whether comment {comment.id} was edited", _EDITED, comment=comment.node_id)
    return found["comment"]["lastEditedAt"] is not None


def own_login(github: GitHubRepository) -> str:
    """Whose name the token has. GitHub does not tell the token of a workflow; that one's is known. It is that of any app."""
    if github.of_app:
        return ACTIONS
    try:
        return _require_text(github.read("ask who the token belongs to", "user")["login"])
    except (NotAllowed, KeyError):
        return ACTIONS


def is_app(login: str) -> bool:
    """Whether this is the name of an app. GitHub gives no person such a name."""
    return login.endswith("[bot]")


def may_write(github: GitHubRepository, login: str) -> bool:
    """Whether somebody may write to the repository. GitHubError if GitHub does not tell."""
    try:
        found = github.read(
            f"ask whether {login} may write to {github.repository}", f"/collaborators/{quote_path_part(login)}/permission"
        )
    except NotThere:
        return False
    return found.get("permission") in _WRITERS


def _require_text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError(f"a text where it has {value!r:.40}")
    return value
