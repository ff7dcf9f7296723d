"""What an event of GitHub Actions asks for: the event's name and payload to an activity. Pure.

The payloads: https://docs.github.com/en/webhooks/webhook-events-and-payloads. Whatever is used of one is checked first: a
payload may come from anywhere with `--event`.
"""

from __future__ import annotations

from typing import Any

from relbot.errors import Unknown, UsageError, quoted
from relbot.schema import lazy_re as re
from relbot.schema.json_text import load_json
from relbot.schema.named_tuples import NamedTuple

KNOWN = ("pull_request", "pull_request_target", "merge_group", "workflow_dispatch", "push", "issue_comment")
_SHA = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?")
_REPOSITORY = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]{0,100}/[A-Za-z0-9._-]{0,100}[A-Za-z0-9_-][A-Za-z0-9._-]{0,100}")
_QUEUED = re.compile(r"refs/heads/gh-readonly-queue/.+/pr-(\d+)-[0-9a-f]{40,64}")
_NUMBERS = re.compile(r"/pr-\d+-[0-9a-f]{40,64}(?=/|$)")
_INPUTS = ("number", "pr", "pull-request", "pull_request")


class PullRequestActivity(NamedTuple):
    """Look at a pull request. `head` is the commit that the event is about, "" for the newest."""

    repository: str
    number: int
    head: str = ""


class CommitRangeActivity(NamedTuple):
    """Look at what lies between two commits, and say it here only.

    `number` is the pull request whose waiver counts, where the commits are one's. `asks` is False where it is too late to
    ask for anything: then only what is faulty is told.
    """

    repository: str
    base: str
    head: str
    number: int | None = None
    asks: bool = True


class NoActivity(NamedTuple):
    """There is nothing to look at; `why` is a sentence."""

    why: str


Activity = PullRequestActivity | CommitRangeActivity | NoActivity


def named_pull_request(repository: str, number: int) -> PullRequestActivity:
    """The pull request that somebody names. UsageError if that cannot be one."""
    if not _REPOSITORY.fullmatch(repository):
        raise UsageError(
            f"{quoted(repository)} is not a repository.", tip="Allowed: OWNER/NAME.", example="--repo openSUSE/open-build-service"
        )
    if number < 1:
        raise UsageError(f"There is no pull request {number}.", tip="Their numbers begin at 1.", example="--number 4075")
    return PullRequestActivity(repository, number)


def parse_payload(content: bytes, path: str) -> dict[str, Any]:
    """The payload in an event file. Unknown if it cannot be read."""
    try:
        payload = load_json(content)
    except ValueError:
        raise Unknown(f"The event file {path} is not JSON.", tip=_WHERE) from None
    if not isinstance(payload, dict):
        raise Unknown(f"The event file {path} holds no event.", tip=_WHERE)
    return payload


_WHERE = "GitHub Actions writes it and names it in GITHUB_EVENT_PATH; `--event FILE` names another."


def activity_of(name: str, payload: dict[str, Any]) -> Activity:
    """What the event `name` asks for.

    UsageError for an event that relbot does not know, Unknown for a payload that lacks something.
    """
    match name:
        case "pull_request" | "pull_request_target":
            return PullRequestActivity(
                _repository_in(payload),
                _number_at(payload, "pull_request", "number"),
                _commit_at(payload, "pull_request", "head", "sha"),
            )
        case "issue_comment":
            if not isinstance(_value_at(payload, "issue", "pull_request"), dict):
                return NoActivity("The comment is on an issue, not on a pull request.")
            return PullRequestActivity(_repository_in(payload), _number_at(payload, "issue", "number"))
        case "merge_group":
            base, head = (_commit_at(payload, "merge_group", f"{side}_sha") for side in ("base", "head"))
            return CommitRangeActivity(_repository_in(payload), base, head, _queued_number(payload))
        case "workflow_dispatch":
            return _of_dispatch(payload)
        case "push":
            return _of_push(payload)
        case _:
            shown = quoted(name) if name else "an event without a name"
            raise UsageError(
                f"relbot does not know what to do at {shown}.",
                tip=f"Known events: {', '.join(KNOWN)}. Anywhere else, name the pull request:",
                example="relbot pr --repo OWNER/NAME --number 4075",
            )


def _queued_number(payload: dict[str, Any]) -> int:
    """The pull request of a merge group, which only the name of its ref tells.

    Unknown if the ref names none or several: then nobody knows whose waiver counts. Groups of several were not seen in 251 refs
    (dcoapp/app #316), and GitHub documents neither.
    """
    ref = str(_value_at(payload, "merge_group", "head_ref"))
    queued = _QUEUED.fullmatch(ref)
    if queued is None or len(_NUMBERS.findall(ref)) != 1:
        raise Unknown(
            f"The merge group {quoted(ref)} does not name one pull request.",
            tip="Set the merge queue to groups of one pull request.",
        )
    return int(queued.group(1)[:18])


def event_name_of(payload: dict[str, Any]) -> str:
    """The name of the event that a payload is of, as far as its keys tell; "" if they do not."""
    telling = (
        ("pull_request", "pull_request"),
        ("merge_group", "merge_group"),
        ("comment", "issue_comment"),
        ("after", "push"),
        ("inputs", "workflow_dispatch"),
    )
    return next((name for key, name in telling if key in payload), "")


def _of_dispatch(payload: dict[str, Any]) -> PullRequestActivity:
    inputs = payload.get("inputs")
    given = next((str(inputs[name]) for name in _INPUTS if inputs.get(name)), "") if isinstance(inputs, dict) else ""
    if not (given.isascii() and given.isdecimal() and int(given[:18])):
        raise UsageError(
            f"The workflow was started with {quoted(given)} for a pull request."
            if given
            else "The workflow was started without a pull request.",
            tip="Give the workflow an input `number`, and the number of a pull request to the input:",
            example="on:\n  workflow_dispatch:\n    inputs:\n      number:\n        required: true",
        )
    return PullRequestActivity(_repository_in(payload), int(given[:18]))


def _of_push(payload: dict[str, Any]) -> CommitRangeActivity | NoActivity:
    if not str(payload.get("ref")).startswith("refs/heads/"):
        return NoActivity("What was pushed is not a branch.")
    before, after = _commit_at(payload, "before"), _commit_at(payload, "after")
    if not after.strip("0"):
        return NoActivity("The branch was deleted.")
    if not before.strip("0"):
        return NoActivity("The branch is new: what it changes is looked at in its pull request.")
    return CommitRangeActivity(_repository_in(payload), before, after, asks=False)


def _repository_in(payload: dict[str, Any]) -> str:
    name = _value_at(payload, "repository", "full_name")
    if not isinstance(name, str) or not _REPOSITORY.fullmatch(name):
        raise _missing_key("repository.full_name")
    return name


def _number_at(payload: dict[str, Any], *keys: str) -> int:
    number = _value_at(payload, *keys)
    if type(number) is not int or number < 1:
        raise _missing_key(".".join(keys))
    return number


def _commit_at(payload: dict[str, Any], *keys: str) -> str:
    commit = _value_at(payload, *keys)
    if not isinstance(commit, str) or not _SHA.fullmatch(commit):
        raise _missing_key(".".join(keys))
    return commit


def _value_at(value: Any, *keys: str) -> Any:
    for key in keys:
        value = value.get(key) if isinstance(value, dict) else None
    return value


def _missing_key(key: str) -> Unknown:
    return Unknown(f"The event has no usable `{key}`.", tip=f"Check that the file belongs to this event. {_WHERE}")
