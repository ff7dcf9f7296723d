"""Releases and deployments."""

from __future__ import annotations

import subprocess
from typing import Any

from tests.github.fake import views
from tests.github.fake.objects import Deployment, Release
from tests.github.fake.routing import Call, Refusal, Reply, found, invalid, route
from tests.github.fake.state import run_git

MOST_BODY = 125_000
"""Characters in a release's body, above which GitHub answers 422."""


@route("GET", "/releases")
def listed(call: Call) -> Reply:
    newest_first = sorted(call.state.releases.values(), key=lambda one: -one.number)
    return Reply([views.release(one, call.state) for one in newest_first if not one.draft or _may_write(call)], listed=True)


def _may_write(call: Call) -> bool:
    return call.user in call.state.bots or call.state.permissions.get(call.user) in ("admin", "write")


@route("POST", "/releases", needs="contents")
def created(call: Call) -> Reply:
    body = call.body
    draft = body.get("draft", False)
    _fits(body)
    # Two drafts of one tag are possible; of what is published a tag has one, unless two jobs publish at the same moment.
    raced, call.state.release_race = call.state.release_race and call.state.has(110), False
    if raced:
        created(call)
    elif (any(one.tag == body["tag_name"] and one.draft for one in call.state.releases.values()) and not call.state.has(111)) or (
        not draft and any(one.tag == body["tag_name"] and not one.draft for one in call.state.releases.values())
    ):
        raise invalid("Release", "tag_name", "already_exists")
    when = call.state.now()
    release = Release(
        call.state.id(),
        body["tag_name"],
        body.get("name"),
        body.get("body"),
        draft,
        body.get("prerelease", False),
        body.get("target_commitish", call.state.default_branch),
        call.user,
        when,
        None if draft else when,
    )
    call.state.releases[release.number] = release
    _published(call, release)
    return Reply(views.release(release, call.state), 201)


def _fits(body: dict[str, Any]) -> None:
    if len(body.get("body") or "") > MOST_BODY:
        raise invalid("Release", "body", "custom", f"body is too long (maximum is {MOST_BODY} characters)")


def _published(call: Call, release: Release) -> None:
    if release.draft:
        return
    ref = f"refs/tags/{release.tag}"
    if ref not in call.state.refs:  # GitHub makes the tag when it publishes
        call.state.set_ref(ref, call.state.refs.get(f"refs/heads/{release.target}", release.target))
    wanted = call.body.get("make_latest", "true")
    if not release.prerelease and wanted != "false":
        call.state.latest = release.number


@route("GET", "/releases/latest")
def latest(call: Call) -> Reply:
    if call.state.latest not in call.state.releases:
        raise Refusal(404)
    return Reply(views.release(call.state.releases[call.state.latest], call.state))


@route("GET", "/releases/tags/{tag}")
def tagged(call: Call) -> Reply:
    for one in call.state.releases.values():
        if one.tag == call.values["tag"] and not one.draft:
            return Reply(views.release(one, call.state))
    raise Refusal(404)


@route("GET", "/releases/{release_id}")
def one(call: Call) -> Reply:
    return Reply(views.release(found(call.state.releases, call.number("release_id")), call.state))


@route("PATCH", "/releases/{release_id}", needs="contents")
def changed(call: Call) -> Reply:
    release = found(call.state.releases, call.number("release_id"))
    _fits(call.body)
    for name, attribute in (("tag_name", "tag"), ("name", "name"), ("body", "body"), ("prerelease", "prerelease")):
        if name in call.body:
            setattr(release, attribute, call.body[name])
    release.target = call.body.get("target_commitish", release.target)
    if "draft" in call.body:
        release.draft = call.body["draft"]
        release.published = None if release.draft else release.published or call.state.now()
    _published(call, release)
    return Reply(views.release(release, call.state))


@route("DELETE", "/releases/{release_id}", needs="contents")
def deleted(call: Call) -> Reply:
    del call.state.releases[found(call.state.releases, call.number("release_id")).number]
    return Reply(None, 204)


@route("GET", "/deployments")
def deployments(call: Call) -> Reply:
    fitting = sorted(call.state.deployments.values(), key=lambda one: -one.number)
    for name in ("environment", "ref", "sha", "task"):
        if (wanted := call.query.get(name, "none")) != "none":
            fitting = [one for one in fitting if getattr(one, name) == wanted]
    return Reply([views.deployment(one, call.state) for one in fitting], listed=True)


@route("POST", "/deployments", needs="deployments")
def deployed(call: Call) -> Reply:
    body = call.body
    ref = body["ref"]
    sha = call.state.refs.get(f"refs/heads/{ref}") or call.state.refs.get(f"refs/tags/{ref}") or ref
    if len(sha) != 40 or not _has(call, sha):
        raise Refusal(422, f"No ref found for: {ref}")
    if body.get("required_contexts") is None and not _is_green(call, sha) and call.state.has(101):
        raise Refusal(409, f"Conflict: Commit status checks failed for {ref}.")
    if body.get("auto_merge", True) and _is_behind(call, sha) and call.state.has(101):
        return Reply({"message": f"Auto-merged {call.state.default_branch} into {ref} on deployment."}, 202)
    deployment = Deployment(
        call.state.id(),
        sha,
        ref,
        body.get("task", "deploy"),
        body.get("environment", "production"),
        body.get("description"),
        body.get("payload", ""),
        call.user,
        call.state.now(),
        [],
        body.get("transient_environment", False),
        body.get("production_environment", body.get("environment", "production") == "production"),
    )
    call.state.deployments[deployment.number] = deployment
    return Reply(views.deployment(deployment, call.state), 201)


def _is_green(call: Call, sha: str) -> bool:
    newest = {each.context: each.state for each in call.state.statuses if each.sha == sha}
    return set(newest.values()) <= {"success"}


def _is_behind(call: Call, sha: str) -> bool:
    """Whether the default branch has commits that this one lacks."""
    tip = call.state.refs.get(f"refs/heads/{call.state.default_branch}")
    if call.state.git is None or tip is None:
        return False
    asked = ["git", "-C", str(call.state.git), "merge-base", "--is-ancestor", tip, sha]
    return subprocess.run(asked, check=False, capture_output=True).returncode != 0


def _has(call: Call, sha: str) -> bool:
    if call.state.git is None:
        return True
    try:
        run_git(call.state.git, "cat-file", "-e", f"{sha}^{{commit}}")
    except subprocess.CalledProcessError:
        return False
    return True


@route("GET", "/deployments/{deployment_id}")
def deployment(call: Call) -> Reply:
    return Reply(views.deployment(found(call.state.deployments, call.number("deployment_id")), call.state))


@route("DELETE", "/deployments/{deployment_id}", needs="deployments")
def undeployed(call: Call) -> Reply:
    one = found(call.state.deployments, call.number("deployment_id"))
    alone = all(each is one or each.environment != one.environment for each in call.state.deployments.values())
    if not alone and (not one.statuses or one.statuses[-1][1] != "inactive") and call.state.has(109):
        raise Refusal(422, "We cannot delete an active deployment unless it is the only deployment in a given environment.")
    del call.state.deployments[one.number]
    return Reply(None, 204)


@route("GET", "/deployments/{deployment_id}/statuses")
def deployment_statuses(call: Call) -> Reply:
    of = found(call.state.deployments, call.number("deployment_id"))
    return Reply([views.deployment_status(each, of, call.state) for each in reversed(of.statuses)], listed=True)


@route("POST", "/deployments/{deployment_id}/statuses", needs="deployments")
def deployment_stated(call: Call) -> Reply:
    of = found(call.state.deployments, call.number("deployment_id"))
    description = call.body.get("description", "")
    if len(description) > 140:
        raise invalid("DeploymentStatus", "description", "custom", "description is too long (maximum is 140 characters)")
    status = (call.state.id(), call.body["state"], description, call.user, call.state.now())
    of.statuses.append(status)
    if status[1] == "success" and call.body.get("auto_inactive", True):
        for earlier in call.state.deployments.values():
            alike = earlier.environment == of.environment and earlier.number < of.number
            active = bool(earlier.statuses) and earlier.statuses[-1][1] != "inactive"
            if alike and active and not (earlier.transient or earlier.production) and call.state.has(102):
                earlier.statuses.append((call.state.id(), "inactive", "", call.user, call.state.now()))
    return Reply(views.deployment_status(status, of, call.state), 201)
