"""Issues, their comments and labels; a pull request is one, too."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.github.fake import views
from tests.github.fake.routing import Call, Refusal, Reply, found, invalid, route, seed
from tests.github.fake.state import BOT

if TYPE_CHECKING:
    from tests.github.fake.objects import Issue

LONGEST = 65_536
"""Characters of a body: https://docs.github.com/en/rest/issues/comments says nothing, the API does."""


def _issue(call: Call) -> Issue:
    issue: Issue = found(call.state.issues, call.number("issue_number"))
    return issue


LONGEST_COMMENT = 262_144
"""Bytes in UTF-8 of a comment. GitHub's refusal speaks of 65,536 characters all the same: GitHub facts 62, 63."""


def _short_enough(call: Call, resource: str) -> None:
    body = call.body.get("body") or ""
    long = len(body.encode()) > LONGEST_COMMENT if resource == "IssueComment" else len(body) > LONGEST
    if long and call.state.has(62) and call.state.has(63):
        raise invalid(resource, "data", "unprocessable", f"Body is too long (maximum is {LONGEST} characters)")


def _open_to(call: Call, issue: Issue) -> None:
    """Whoever may not write cannot say anything on what is locked."""
    if issue.locked and call.state.permissions.get(call.user) not in ("admin", "maintain", "write") and call.user != BOT:
        raise Refusal(403, "Unable to create comment because issue is locked.")


@route("GET", "/issues")
def listed(call: Call) -> Reply:
    wanted, labels = call.query.get("state", "open"), call.query.get("labels", "")
    fitting = [one for one in call.state.issues.values() if wanted in ("all", one.state)]
    fitting = [one for one in fitting if set(filter(None, labels.split(","))) <= set(one.labels)]
    if creator := call.query.get("creator"):
        fitting = [one for one in fitting if one.author == creator]
    return Reply([views.issue(one, call.state) for one in sorted(fitting, key=lambda one: -one.number)], listed=True)


@route("POST", "/issues", needs="issues")
def opened(call: Call) -> Reply:
    _short_enough(call, "Issue")
    issue = call.state.add_issue(call.body["title"], call.body.get("body"), call.user)
    for name in call.body.get("labels", ()):
        call.state.label(issue.number, name, call.user)
    return Reply(views.issue(issue, call.state), 201)


@route("GET", "/issues/{issue_number}")
def one(call: Call) -> Reply:
    return Reply(views.issue(_issue(call), call.state))


@route("PATCH", "/issues/{issue_number}", needs="issues")
def changed(call: Call) -> Reply:
    issue = _issue(call)
    for name in ("title", "body", "state", "labels"):
        if name == "body" and len(call.body.get("body") or "") > LONGEST and call.state.has(64):
            continue  # GitHub fact 64: it answers 200, and the old text stays
        if name in call.body:
            setattr(issue, name, call.body[name])
    issue.updated = call.state.now()
    return Reply(views.issue(issue, call.state))


@route("GET", "/issues/{issue_number}/comments")
def comments(call: Call) -> Reply:
    return Reply([views.comment(each, call.state) for each in call.state.listed_comments(_issue(call).number)], listed=True)


@route("POST", "/issues/{issue_number}/comments", needs="issues")
def commented(call: Call) -> Reply:
    issue = _issue(call)
    _open_to(call, issue)
    _short_enough(call, "IssueComment")
    return Reply(views.comment(call.state.add_comment(issue.number, call.body["body"], call.user), call.state), 201)


@route("GET", "/issues/comments/{comment_id}")
def comment(call: Call) -> Reply:
    return Reply(views.comment(found(call.state.comments, call.number("comment_id")), call.state))


@route("PATCH", "/issues/comments/{comment_id}", needs="issues")
def edited(call: Call) -> Reply:
    comment = found(call.state.comments, call.number("comment_id"))
    _own_or_allowed(call, comment.author)
    _short_enough(call, "IssueComment")
    comment.body, comment.updated = call.body["body"], call.state.now()
    comment.edited = comment.updated
    return Reply(views.comment(comment, call.state))


@route("DELETE", "/issues/comments/{comment_id}", needs="issues")
def deleted(call: Call) -> Reply:
    _own_or_allowed(call, found(call.state.comments, call.number("comment_id")).author)
    del call.state.comments[call.number("comment_id")]
    return Reply(None, 204)


def _own_or_allowed(call: Call, author: str) -> None:
    if call.user not in (author, *call.state.bots) and call.state.permissions.get(call.user) not in ("admin", "write"):
        raise Refusal(403, "Must have admin rights to Repository.")


@route("POST", "/issues/comments/{comment_id}/reactions", needs="issues")
def reacted(call: Call) -> Reply:
    comment = found(call.state.comments, call.number("comment_id"))
    reaction = (comment.number, call.body["content"], call.user)
    known = reaction in call.state.reactions
    if not known:
        call.state.reactions.append(reaction)
    shown = seed("POST", "/issues/comments/{comment_id}/reactions", 201)
    return Reply(shown | {"content": reaction[1], "user": views.user(call.user, call.state)}, 200 if known else 201)


@route("GET", "/issues/{issue_number}/events")
def events(call: Call) -> Reply:
    happened = enumerate(_issue(call).labelled, start=1)
    shown = [views.event(kind, name, by, when, n, call.state) for n, (kind, name, by, when) in happened]
    return Reply(shown, listed=True)


@route("GET", "/issues/{issue_number}/labels")
def labels(call: Call) -> Reply:
    return Reply([views.label(name, call.state) for name in _issue(call).labels], listed=True)


def _names(call: Call) -> list[str]:
    given = call.body["labels"] if isinstance(call.body, dict) else call.body
    return [each["name"] if isinstance(each, dict) else each for each in given]


@route("POST", "/issues/{issue_number}/labels", needs="issues")
def labelled(call: Call) -> Reply:
    issue = _issue(call)
    for name in _names(call):
        call.state.label(issue.number, name, call.user)
    return Reply([views.label(name, call.state) for name in issue.labels])


@route("PUT", "/issues/{issue_number}/labels", needs="issues")
def relabelled(call: Call) -> Reply:
    issue = _issue(call)
    for name in set(issue.labels) - set(_names(call)):
        call.state.unlabel(issue.number, name, call.user)
    return labelled(call)


@route("DELETE", "/issues/{issue_number}/labels/{name}", needs="issues")
def unlabelled(call: Call) -> Reply:
    issue = _issue(call)
    if call.values["name"] not in issue.labels:
        raise Refusal(404, "Label does not exist")
    call.state.unlabel(issue.number, call.values["name"], call.user)
    return Reply([views.label(name, call.state) for name in issue.labels])


@route("GET", "/labels")
def all_labels(call: Call) -> Reply:
    return Reply([views.label(name, call.state) for name in call.state.labels], listed=True)


@route("GET", "/labels/{name}")
def one_label(call: Call) -> Reply:
    if call.values["name"] not in call.state.labels:
        raise Refusal(404)
    return Reply(views.label(call.values["name"], call.state))


@route("POST", "/labels", needs="issues")
def new_label(call: Call) -> Reply:
    if call.body["name"] in call.state.labels:
        raise invalid("Label", "name", "already_exists")
    call.state.labels[call.body["name"]] = call.body.get("description", "")
    return Reply(views.label(call.body["name"], call.state), 201)
