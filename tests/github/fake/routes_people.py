"""Who asks, who may what, and the repository itself."""

from __future__ import annotations

from tests.github.fake import views
from tests.github.fake.contract import example
from tests.github.fake.routing import Call, Refusal, Reply, route, seed
from tests.github.fake.state import BOT


@route("GET", "//user")
def me(call: Call) -> Reply:
    if call.user.endswith("[bot]") and call.state.has(51):
        # The token of an app is that of an installation, which is no user; so is that of a workflow.
        raise Refusal(403, "Resource not accessible by integration")
    return Reply(example("GET", "/user") | views.user(call.user, call.state))


@route("GET", "//users/{username}")
def somebody(call: Call) -> Reply:
    return Reply(example("GET", "/users/{username}") | views.user(call.values["username"], call.state))


@route("GET", "//rate_limit")
def rate_limit(call: Call) -> Reply:
    return Reply(example("GET", "/rate_limit"))


@route("GET", "")
def repository(call: Call) -> Reply:
    return Reply(views.repository(call.state))


@route("GET", "/actions/permissions/workflow")
def actions_settings(call: Call) -> Reply:
    if call.state.permissions.get(call.user) != "admin":
        raise Refusal(403, "Resource not accessible by integration")
    may = call.state.actions_open_pulls
    return Reply({"default_workflow_permissions": "read", "can_approve_pull_request_reviews": may})


@route("GET", "/collaborators/{username}/permission")
def permission(call: Call) -> Reply:
    login = call.values["username"]
    if not call.state.is_known(login) and call.state.has(50):
        raise Refusal(404)
    if call.user == BOT and not call.state.has(46):
        raise Refusal(403, "Resource not accessible by integration")
    role = call.state.permissions.get(login, "read")  # of a public repository everybody reads
    legacy = {"maintain": "write", "triage": "read"}
    has = legacy[role] if role in legacy and call.state.has(47) else role
    shown = seed("GET", "/collaborators/{username}/permission")
    person = shown["user"] | views.user(login, call.state) | {"role_name": role}
    return Reply(shown | {"permission": has, "role_name": role, "user": person})
