"""Pull requests, and the statuses of commits."""

from __future__ import annotations

from tests.github.fake import views
from tests.github.fake.objects import Pull, Status
from tests.github.fake.routes_issues import LONGEST
from tests.github.fake.routing import Call, Refusal, Reply, found, invalid, route, seed
from tests.github.fake.state import BOT

MOST_FILES = 3000
"""https://docs.github.com/en/rest/pulls/pulls#list-pull-requests-files."""


def _pull(call: Call) -> Pull:
    pull: Pull = found(call.state.pulls, call.number("pull_number"))
    _follow(call, pull)
    return pull


def _follow(call: Call, pull: Pull) -> None:
    """An open pull request's head is where its branch is."""
    issue = call.state.issues[pull.number]
    if issue.state == "open" and pull.head_repo == call.state.repository:
        pull.head_sha = call.state.refs.get(f"refs/heads/{pull.head}", pull.head_sha)


@route("GET", "/pulls")
def listed(call: Call) -> Reply:
    wanted = call.query.get("state", "open")
    fitting = [each for each in call.state.pulls.values() if wanted in ("all", call.state.issues[each.number].state)]
    if head := call.query.get("head"):
        fitting = [each for each in fitting if f"{(each.head_repo or '').partition('/')[0]}:{each.head}" == head]
    if base := call.query.get("base"):
        fitting = [each for each in fitting if each.base == base]
    for each in fitting:
        _follow(call, each)
    newest_first = sorted(fitting, key=lambda each: -each.number)
    return Reply([views.pull(each, call.state, short=True) for each in newest_first], listed=True)


@route("POST", "/pulls", needs="pull_requests")
def opened(call: Call) -> Reply:
    if call.user == BOT and not call.state.actions_open_pulls and call.state.has(42):
        raise Refusal(403, "GitHub Actions is not permitted to create or approve pull requests.")
    head, base = call.body["head"].rpartition(":")[2], call.body["base"]
    for each in call.state.pulls.values():
        if (each.head, each.base, call.state.issues[each.number].state) == (head, base, "open"):
            raise invalid("PullRequest", "head", "custom", f"A pull request already exists for {call.state.owner}:{head}.")
    refs = call.state.refs
    if f"refs/heads/{head}" not in refs:
        raise invalid("PullRequest", "head", "invalid")
    if refs.get(f"refs/heads/{head}") == refs.get(f"refs/heads/{base}"):
        raise invalid("PullRequest", "head", "custom", f"No commits between {base} and {head}")
    pull = call.state.add_pull(
        call.body["title"],
        head=head,
        base=base,
        head_sha=refs[f"refs/heads/{head}"],
        base_sha=refs.get(f"refs/heads/{base}", "a" * 40),
        author=call.user,
        body=call.body.get("body"),
        draft=call.body.get("draft", False),
    )
    return Reply(views.pull(pull, call.state), 201)


@route("GET", "/pulls/{pull_number}")
def one(call: Call) -> Reply:
    return Reply(views.pull(_pull(call), call.state))


@route("PATCH", "/pulls/{pull_number}", needs="pull_requests")
def changed(call: Call) -> Reply:
    pull = _pull(call)
    issue = call.state.issues[pull.number]
    if len(call.body.get("body") or "") > LONGEST:
        raise invalid("PullRequest", "body", "custom", f"body is too long (maximum is {LONGEST} characters)")
    for name in ("title", "body", "state"):
        if name in call.body:
            setattr(issue, name, call.body[name])
    pull.base = call.body.get("base", pull.base)
    issue.updated = call.state.now()
    return Reply(views.pull(pull, call.state))


@route("GET", "/pulls/{pull_number}/files")
def files(call: Call) -> Reply:
    pull = _pull(call)
    shown = pull.files[:MOST_FILES] if len(pull.files) > MOST_FILES and call.state.has(90) else pull.files
    return Reply([views.file(each, pull.head_sha, call.state) for each in shown], listed=True)


@route("GET", "/pulls/{pull_number}/commits")
def commits(call: Call) -> Reply:
    pull = _pull(call)
    shown = views.renamed(seed("GET", "/pulls/{pull_number}/commits"), call.state)
    return Reply([shown | {"sha": pull.head_sha}], listed=True)


@route("GET", "/commits/{commit_sha}/pulls")
def of_commit(call: Call) -> Reply:
    sha = call.values["commit_sha"]
    of = [each for each in call.state.pulls.values() if sha in (each.head_sha, each.merged)]
    return Reply([views.pull(each, call.state, short=True) for each in of], listed=True)


def _statuses(call: Call) -> list[Status]:
    ref = call.values["ref"]
    sha = call.state.refs.get(f"refs/heads/{ref}", ref)
    return [each for each in reversed(call.state.statuses) if each.sha == sha]


@route("POST", "/statuses/{sha}", needs="statuses")
def stated(call: Call) -> Reply:
    description = call.body.get("description")
    if len(description or "") > 140:
        raise invalid("Status", "description", "custom", "description is too long (maximum is 140 characters)")
    status = Status(
        call.state.id(),
        call.values["sha"],
        call.body["state"],
        call.body.get("context", "default"),
        description,
        call.body.get("target_url"),
        call.user,
        call.state.now(),
    )
    call.state.statuses.append(status)
    return Reply(views.status(status, call.state), 201)


@route("GET", "/commits/{ref}/statuses")
def statuses(call: Call) -> Reply:
    return Reply([views.status(each, call.state) for each in _statuses(call)], listed=True)


@route("GET", "/commits/{ref}/status")
def combined(call: Call) -> Reply:
    newest: dict[str, Status] = {}
    for each in _statuses(call):
        newest.setdefault(each.context, each)
    shown = views.renamed(seed("GET", "/commits/{ref}/status"), call.state)
    seed_status = shown["statuses"][0]
    each_state = {each.state for each in newest.values()}
    state = "failure" if each_state & {"failure", "error"} else "pending" if each_state != {"success"} else "success"
    shown_statuses = [
        {key: value for key, value in views.status(each, call.state).items() if key in seed_status} for each in newest.values()
    ]
    return Reply(shown | {"state": state, "sha": call.values["ref"], "total_count": len(newest), "statuses": shown_statuses})
