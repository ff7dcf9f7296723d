"""The commit status and the label of a pull request, set only where they differ from what is there."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any

from relbot.github.client import quote_path_part
from relbot.github.errors import NotAllowed, NotThere
from relbot.render.common.media import Medium, neutralize_text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from relbot.github.client import GitHubRepository
    from relbot.github.decision import CommitStatus
    from relbot.github.pull import PullRequest


def set_status(
    github: GitHubRepository,
    commit: str,
    context: str,
    status: CommitStatus,
    page: str,
    is_current: Callable[[], bool],
    *,
    look: bool,
) -> None:
    """Gives a commit this status, with a link to `page`. With `look`, it is first looked whether it has it already.

    GitHub keeps every status that is set, 1,000 at the most for one commit and context. `is_current` is asked before one is set,
    as by `upsert_comment`. GitHubError if it cannot be set.
    """
    if (look and _read_status(github, commit, context) == status) or not is_current():
        return
    body = {"state": status.state, "description": neutralize_text(status.text, Medium.TEXT), "context": context}
    github.write("set the commit status", "POST", f"/statuses/{commit}", body | ({"target_url": page} if page else {}))


def _read_status(github: GitHubRepository, commit: str, context: str) -> tuple[Any, Any] | None:
    found = github.read("read the commit status", f"/commits/{commit}/status", per_page=100).get("statuses")
    listed = found if isinstance(found, list) else []
    return next(((each["state"], each["description"]) for each in listed if each.get("context") == context), None)


def has_label(labels: Iterable[str], label: str) -> bool:
    """Whether a label is among these, however it is written."""
    return label.casefold() in {each.casefold() for each in labels}


def set_label(github: GitHubRepository, pull: PullRequest, label: str, is_current: Callable[[], bool], *, there: bool) -> None:
    """Sees to it that a pull request has a label, or has it not, unless it is not current. GitHubError if it cannot."""
    if has_label(pull.labels, label) == there or not is_current():
        return
    at = f"/issues/{pull.number}/labels"
    if there:
        try:
            github.write(f"set the label {label}", "POST", at, {"labels": [label]})
        except NotAllowed as error:
            raise _explain_refusal(github, label, error) from error
        return
    with suppress(NotThere):  # somebody was faster
        github.write(f"take off the label {label}", "DELETE", f"{at}/{quote_path_part(label)}")


def _explain_refusal(github: GitHubRepository, label: str, error: NotAllowed) -> NotAllowed:
    """Adds the likely reason: with `pull-requests: write` a workflow sets a label that exists, and creates none.

    GitHub refuses both in the same words, and to look which it is would be one more request.
    """
    what = f"{error.what} If the repository has no label `{label}`, create it on {github.web}/labels."
    return NotAllowed(what, tip=error.tip)
