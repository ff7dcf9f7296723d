"""What is remembered as GitHub shows it: the document's example, with the values of what is remembered."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any

from tests.github.fake.contract import example
from tests.github.fake.routing import seed

if TYPE_CHECKING:
    from tests.github.fake.objects import Comment, Deployment, File, Issue, Pull, Release, Status
    from tests.github.fake.state import State

WEB = "https://github.com"
API = "https://api.github.com"


def renamed(value: Any, state: State) -> Any:
    """An example, of this repository instead of GitHub's own."""
    text = json.dumps(value)
    for theirs in ("octocat/Hello-World", "octocat/example", "octocat/Hello-world"):
        text = text.replace(theirs, state.repository)
    return json.loads(text)


def author(login: str, state: State) -> dict[str, Any] | None:
    """GitHub fact 54: of an account that was deleted, `ghost` on pages, there is nothing."""
    return None if login == "ghost" and state.has(54) else user(login, state)


def user(login: str, state: State) -> dict[str, Any]:
    shown: dict[str, Any] = json.loads(json.dumps(seed("GET", "/issues/comments/{comment_id}")["user"]).replace("octocat", login))
    number = int(hashlib.sha256(login.encode()).hexdigest()[:6], 16)
    return shown | {"id": number, "type": "Bot" if login in state.bots else "User"}


def repository(state: State) -> dict[str, Any]:
    shown: dict[str, Any] = renamed(example("GET", "/repos/{owner}/{repo}"), state)
    owner, _, name = state.repository.partition("/")
    shown |= {"name": name, "full_name": state.repository, "owner": user(owner, state)}
    for name in ("parent", "source"):  # the example is a fork
        shown.pop(name)
    return (
        shown
        | {"template_repository": None, "fork": False}
        | {"default_branch": state.default_branch, "language": None, "forks": 0, "private": False, "archived": state.archived}
    )


def label(name: str, state: State) -> dict[str, Any]:
    shown: dict[str, Any] = renamed(seed("GET", "/labels/{name}"), state)
    url = f"{API}/repos/{state.repository}/labels/{name}"
    return shown | {"name": name, "url": url, "default": False, "description": state.labels.get(name, "")}


def issue(one: Issue, state: State) -> dict[str, Any]:
    shown: dict[str, Any] = renamed(seed("GET", "/issues/{issue_number}"), state)
    kind = "pull" if one.number in state.pulls else "issues"
    url = f"{API}/repos/{state.repository}/issues/{one.number}"
    shown |= {"id": 10_000 + one.number, "number": one.number, "title": one.title, "body": one.body, "state": one.state}
    shown |= {
        "url": url,
        "comments_url": f"{url}/comments",
        "events_url": f"{url}/events",
        "labels_url": f"{url}/labels{{/name}}",
    }
    shown |= {"html_url": f"{WEB}/{state.repository}/{kind}/{one.number}", "user": author(one.author, state)}
    shown |= {"labels": [label(name, state) for name in one.labels], "comments": len(state.comments_of(one.number))}
    shown |= {"created_at": one.created, "updated_at": one.updated or one.created, "closed_at": None, "closed_by": None}
    shown |= {"assignee": None, "assignees": [], "milestone": None, "locked": one.locked}
    shown.pop("pull_request", None)
    if one.number in state.pulls:
        of = f"{API}/repos/{state.repository}/pulls/{one.number}"
        web = shown["html_url"]
        shown["pull_request"] = {"url": of, "html_url": web, "diff_url": f"{web}.diff", "patch_url": f"{web}.patch"}
    return shown


def comment(one: Comment, state: State) -> dict[str, Any]:
    shown: dict[str, Any] = renamed(seed("GET", "/issues/comments/{comment_id}"), state)
    root = f"{API}/repos/{state.repository}/issues"
    kind = "pull" if one.issue in state.pulls else "issues"
    shown |= {"id": one.number, "body": one.body, "user": author(one.author, state), "url": f"{root}/comments/{one.number}"}
    shown |= {
        "html_url": f"{WEB}/{state.repository}/{kind}/{one.issue}#issuecomment-{one.number}",
        "issue_url": f"{root}/{one.issue}",
    }
    shown |= {"node_id": f"IC_{one.number}", "performed_via_github_app": _app(state) if one.app and state.has(55) else None}
    if one.minimized:
        shown["minimized"] = {"reason": "outdated"}
    return shown | {"created_at": one.created, "updated_at": one.updated, "author_association": _association(one.author, state)}


def _app(state: State) -> dict[str, Any]:
    """A program that writes with a person's token."""
    told = {"id": 37, "slug": "robot", "node_id": "A_37", "name": "Robot", "description": "", "events": [], "permissions": {}}
    addresses = {"external_url": "https://robot.example", "html_url": f"{WEB}/apps/robot"}
    times = {"created_at": "2018-01-01T00:00:00Z", "updated_at": "2018-01-01T00:00:00Z"}
    return {**told, **addresses, **times, "owner": user("octocat", state)}


def _association(login: str, state: State) -> str:
    if login == state.owner:
        return "OWNER"
    has = state.permissions.get(login)
    if has in ("admin", "maintain", "write"):
        return "COLLABORATOR"
    return "COLLABORATOR" if has and state.has(49) else "NONE"  # GitHub fact 49: of them many may only read


def event(kind: str, name: str, by: str, when: str, number: int, state: State) -> dict[str, Any]:
    shown: dict[str, Any] = renamed(seed("GET", "/issues/{issue_number}/events"), state)
    shown |= {
        "id": number,
        "event": kind,
        "actor": user(by, state),
        "created_at": when,
        "label": {"name": name, "color": "ededed"},
    }
    return shown


def pull(one: Pull, state: State, *, short: bool = False) -> dict[str, Any]:
    shown: dict[str, Any] = renamed(seed("GET", "/pulls") if short else seed("GET", "/pulls/{pull_number}"), state)
    of = state.issues[one.number]
    url = f"{API}/repos/{state.repository}/pulls/{one.number}"
    web = f"{WEB}/{state.repository}/pull/{one.number}"
    issue_url = f"{API}/repos/{state.repository}/issues/{one.number}"
    shown |= {
        "id": 20_000 + one.number,
        "number": one.number,
        "title": of.title,
        "body": of.body,
        "state": of.state,
        "draft": one.draft,
    }
    shown |= {"url": url, "html_url": web, "diff_url": f"{web}.diff", "patch_url": f"{web}.patch", "issue_url": issue_url}
    shown |= {"comments_url": f"{issue_url}/comments", "commits_url": f"{url}/commits", "user": author(of.author, state)}
    shown |= {"labels": [label(name, state) for name in of.labels], "merged_at": one.merged, "created_at": of.created}
    shown |= {
        "updated_at": of.updated or of.created,
        "closed_at": one.merged,
        "assignee": None,
        "assignees": [],
        "milestone": None,
    }
    shown |= {
        "requested_reviewers": [],
        "requested_teams": [],
        "auto_merge": None,
        "locked": of.locked,
        "active_lock_reason": None,
        "node_id": f"PR_{one.number}",
    }
    shown |= {"statuses_url": f"{API}/repos/{state.repository}/statuses/{one.head_sha}"}
    shown |= {"author_association": _association(of.author, state)}
    shown["head"] = _end(shown["head"], one.head, one.head_sha, one.head_repo, state)
    tip = state.refs.get(f"refs/heads/{one.base}", one.base_sha)
    base = one.base_sha if tip == one.base_sha or state.has(32) else tip  # GitHub fact 32: it lags behind the branch
    shown["base"] = _end(shown["base"], one.base, base, state.repository, state)
    shown["merge_commit_sha"] = one.head_sha if one.merged else None
    if not short:
        shown |= {"merged": one.merged is not None, "merged_by": None, "changed_files": len(one.files)}
        shown |= {"comments": len(state.comments_of(one.number))}
    return shown


def _end(shown: dict[str, Any], ref: str, sha: str, full_name: str | None, state: State) -> dict[str, Any]:
    owner = full_name.partition("/")[0] if full_name else "unknown"
    made = shown | {"ref": ref, "sha": sha, "label": f"{owner}:{ref}", "user": user(owner, state)}
    if full_name is None:
        return made | {"repo": None}
    text = json.dumps(shown["repo"]).replace(state.repository, full_name)
    about = {"full_name": full_name, "name": full_name.partition("/")[2], "default_branch": state.default_branch}
    fork = {"fork": full_name != state.repository, "owner": user(owner, state)}
    return made | {"repo": json.loads(text) | about | fork}


def file(one: File, head_sha: str, state: State) -> dict[str, Any]:
    shown: dict[str, Any] = renamed(seed("GET", "/pulls/{pull_number}/files"), state)
    shown |= {"sha": hashlib.sha1(one.filename.encode(), usedforsecurity=False).hexdigest(), "filename": one.filename}
    shown |= {"status": one.status, "patch": one.patch}
    shown |= {"contents_url": f"{API}/repos/{state.repository}/contents/{one.filename}?ref={head_sha}"}
    return shown | ({"previous_filename": one.previous_filename} if one.previous_filename else {})


def status(one: Status, state: State) -> dict[str, Any]:
    shown: dict[str, Any] = renamed(seed("GET", "/commits/{ref}/statuses"), state)
    shown |= {"id": one.number, "state": one.state, "context": one.context, "description": one.description}
    shown |= {"url": f"{API}/repos/{state.repository}/statuses/{one.sha}", "target_url": one.target_url}
    return shown | {"creator": user(one.author, state), "created_at": one.created, "updated_at": one.created}


def release(one: Release, state: State) -> dict[str, Any]:
    shown: dict[str, Any] = renamed(seed("GET", "/releases/{release_id}"), state)
    url = f"{API}/repos/{state.repository}/releases/{one.number}"
    at = f"untagged-{one.number:x}" if one.draft else one.tag
    web = f"{WEB}/{state.repository}/releases/tag/{at}"
    shown |= {"id": one.number, "tag_name": one.tag, "name": one.name, "body": one.body, "draft": one.draft, "url": url}
    shown |= {"prerelease": one.prerelease, "target_commitish": one.target, "author": user(one.author, state), "html_url": web}
    return shown | {"created_at": one.created, "published_at": one.published, "assets": [], "assets_url": f"{url}/assets"}


def deployment(one: Deployment, state: State) -> dict[str, Any]:
    shown: dict[str, Any] = renamed(seed("GET", "/deployments/{deployment_id}"), state)
    url = f"{API}/repos/{state.repository}/deployments/{one.number}"
    when = one.statuses[-1][4] if one.statuses else one.created
    shown |= {"id": one.number, "sha": one.sha, "ref": one.ref, "task": one.task, "environment": one.environment, "url": url}
    shown |= {"original_environment": one.environment, "description": one.description, "payload": one.payload}
    shown |= {"statuses_url": f"{url}/statuses", "repository_url": f"{API}/repos/{state.repository}"}
    shown |= {"transient_environment": one.transient, "production_environment": one.production}
    return shown | {"creator": user(one.author, state), "created_at": one.created, "updated_at": when}


def deployment_status(one: tuple[int, str, str, str, str], of: Deployment, state: State) -> dict[str, Any]:
    shown: dict[str, Any] = renamed(seed("GET", "/deployments/{deployment_id}/statuses"), state)
    number, kind, description, by, when = one
    url = f"{API}/repos/{state.repository}/deployments/{of.number}"
    shown |= {"id": number, "state": kind, "description": description, "environment": of.environment, "deployment_url": url}
    shown |= {"url": f"{url}/statuses/{number}", "repository_url": f"{API}/repos/{state.repository}"}
    return shown | {"creator": user(by, state), "created_at": when, "updated_at": when}
