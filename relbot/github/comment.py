"""The one comment: found by its marker and its author, changed in place, and never there twice.

Nobody can lock GitHub. Runs at the same time may each find no comment and post one; so each looks again after it has posted,
keeps the oldest that is relbot's, and removes the others. All runs agree on which is the oldest, so one stays.
"""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any

from relbot.github import retry
from relbot.github.client import AGAIN
from relbot.github.errors import NotThere, Unsure
from relbot.github.pull import ACTIONS, is_app, own_login, read_comments
from relbot.render.comment.comment_body import MARKER
from relbot.render.common.media import Medium, neutralize_text

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from relbot.github.client import GitHubRepository
    from relbot.github.waivers import IssueComment

TRIES = 3
"""Times that a comment is posted whose arrival nobody saw."""


def own_comments(github: GitHubRepository, remarks: Sequence[IssueComment]) -> list[IssueComment]:
    """Those of relbot's, the oldest first. Who relbot is, is asked only if somebody has written its marker.

    An app other than GitHub Actions is not told its name: its comment is found by being that of an app.
    """
    marked = [remark for remark in remarks if remark.body.startswith(MARKER)]
    if not marked:
        return []
    login = own_login(github)
    own = [remark for remark in marked if remark.login == login]
    return own if own or login != ACTIONS else [remark for remark in marked if is_app(remark.login)]


def upsert_comment(
    github: GitHubRepository,
    number: int,
    present: Sequence[IssueComment],
    body: str | None,
    is_current: Callable[[], bool] = lambda: True,
) -> bool:
    """Brings the comment to `body`, and says whether anything was written. None keeps it as it is, or away.

    `present` are relbot's own, the oldest first. `is_current` is asked before something is written: a run that a newer one has
    overtaken writes nothing. GitHubError if that was not possible.
    """
    if (body is not None and not (present and _same_text(present[0].body, body)) and not is_current()) or (
        len(present) > 1 and not is_current()
    ):
        return False
    removed = _remove_duplicates(github, present)
    if body is None:
        return removed
    body = neutralize_text(body, Medium.MARKDOWN)
    if present:
        return _update_comment(github, present[0], body) or removed
    _settle_races(github, number, _post_once(github, number, body), body)
    return True


def _update_comment(github: GitHubRepository, remark: IssueComment, body: str) -> bool:
    if _same_text(remark.body, body):
        return False
    github.write("change its comment", "PATCH", f"/issues/comments/{remark.id}", {"body": body})
    return True


def _post_once(github: GitHubRepository, number: int, body: str) -> str:
    """Posts, and gives the login under which that was done. Where nobody knows whether it arrived, it is looked for first."""
    for attempt in range(1, TRIES + 1):
        try:
            return _author_of(
                github.write(f"comment on pull request {number}", "POST", f"/issues/{number}/comments", {"body": body})
            )
        except Unsure:
            if present := own_comments(github, read_comments(github, number)):
                return present[0].login
            if attempt == TRIES:
                raise
    raise AssertionError("the last attempt returns or raises")


def _author_of(answer: Any) -> str:
    """Who wrote the comment that GitHub answers with. Unsure if it does not tell: then it may be no comment."""
    try:
        return str(answer["user"]["login"])
    except (KeyError, TypeError):
        raise Unsure("relbot could not comment: GitHub's answer is not a comment.", tip=AGAIN) from None


def _settle_races(github: GitHubRepository, number: int, login: str, body: str) -> None:
    """Looks again after a comment was posted: others may have posted theirs at the same time."""
    present: list[IssueComment] = []
    for attempt in range(1, TRIES + 1):
        present = [r for r in read_comments(github, number) if r.login == login and r.body.startswith(MARKER)]
        if present:
            break
        if attempt < TRIES:
            retry.wait(attempt)  # GitHub's lists can lag behind a write
    if not present:
        raise Unsure(f"relbot could not comment on pull request {number}: GitHub took the comment, and does not show it.")
    _remove_duplicates(github, present)
    _update_comment(github, present[0], body)


def _remove_duplicates(github: GitHubRepository, present: Sequence[IssueComment]) -> bool:
    for remark in present[1:]:
        with suppress(NotThere):  # another run was faster
            github.write("remove a duplicate comment of relbot", "DELETE", f"/issues/comments/{remark.id}")
    return len(present) > 1


def _same_text(one: str, other: str) -> bool:
    return one.replace("\r\n", "\n").strip() == other.replace("\r\n", "\n").strip()
