"""The issue that holds the records: opened once, its comments read and written once each."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Any

from relbot.deploy.log.line import UnreadableRecord
from relbot.github.client import PER_PAGE
from relbot.github.errors import NotThere, Unsure
from relbot.github.pull import ACTIONS, is_app, own_login
from relbot.ledger.github.deployments import TRIES, require_id
from relbot.ledger.github.event import is_record
from relbot.schema.named_tuples import NamedTuple

if TYPE_CHECKING:
    from relbot.github.client import Answer, GitHubRepository


class RecordComment(NamedTuple):
    """A comment on the issue. `may` tells whether GitHub itself says that its author may deploy; else that has to be asked."""

    number: int
    author: str
    may: bool
    body: str
    page: str

    @property
    def wants(self) -> bool:
        """Whether it wants to be a record."""
        return is_record(self.body)


def issue_url(github: GitHubRepository, issue: int) -> str:
    """The issue's page for people."""
    return f"{github.web}/issues/{issue}"


def read_record_comments(github: GitHubRepository, issue: int) -> list[RecordComment]:
    """All comments. GitHubError if a page cannot be had, Unreadable if the issue is gone."""
    what = f"read the records in issue {issue}"
    try:
        return [_as_record_comment(each) for each in github.pages(what, f"/issues/{issue}/comments")]
    except NotThere as error:
        what = f"relbot cannot read the records of deploys: {error.what}"
        tip = "The person who removed or moved the issue can bring it back. Nothing was changed."
        raise UnreadableRecord(what, tip=tip, example=issue_url(github, issue)) from error


def _as_record_comment(answer: Answer) -> RecordComment:
    user = answer["user"] or {}
    app = answer.get("performed_via_github_app") or {}
    # What an app may do is GitHub's word; where the author is a person, the app only carried the message.
    may = user.get("type") == "Bot" and (app.get("permissions") or {}).get("deployments") == "write"
    body = str(answer.get("body") or "")
    return RecordComment(require_id(answer, "read a comment"), str(user.get("login", "")), may, body, str(answer["html_url"]))


def post_record(github: GitHubRepository, issue: int, body: str, key: str) -> RecordComment:
    """Comments once. Unsure if nobody knows whether it is there; after any other GitHubError it is not."""
    what = f"record it in issue {issue}"
    for attempt in range(1, TRIES + 1):
        try:
            return _as_record_comment(github.write(what, "POST", f"/issues/{issue}/comments", {"body": body}))
        except Unsure:
            if there := [comment for comment in read_record_comments(github, issue) if comment.wants and key in comment.body]:
                return min(there)
            if attempt == TRIES:
                raise
    raise AssertionError("the last attempt returns or raises")


def open_issue(github: GitHubRepository, title: str, body: str, mark: str) -> int:
    """The number of a new issue whose body begins with `mark`; of one that relbot opened under this login and never used, if any.

    An issue whose making was cut off before anything pointed at it is taken up again: nobody has to tidy up after it.
    """
    what = f"open the issue “{title}”"
    if (left := _find_unused_issue(github, mark)) is not None:
        return left
    for attempt in range(1, TRIES + 1):
        try:
            return _issue_number(github.write(what, "POST", "/issues", {"title": title, "body": body}), what)
        except NotThere as error:
            tip = "The records of deploys are kept in an issue: issues have to be switched on in the repository's settings."
            raise NotThere(error.what, tip=tip) from None
        except Unsure:
            if (left := _find_unused_issue(github, mark)) is not None:
                return left
            if attempt == TRIES:
                raise
    raise AssertionError("the last attempt returns or raises")


def draw_issue(github: GitHubRepository, issue: int, body: str) -> None:
    """Gives an issue another body. Unsure if GitHub does not say that it has it."""
    what = f"draw the checklist in issue {issue}"
    _issue_number(github.write(what, "PATCH", f"/issues/{issue}", {"body": body}), what)


def close_issue(github: GitHubRepository, issue: int, body: str | None = None) -> None:
    """Closes an issue that takes no more records, with another body if that is given."""
    told = {"state": "closed"} | ({} if body is None else {"body": body})
    github.write(f"close issue {issue}", "PATCH", f"/issues/{issue}", told)


def _find_unused_issue(github: GitHubRepository, mark: str) -> int | None:
    newest = github.pages("look for an issue of relbot's", "/issues", state="open", sort="created", direction="desc")
    listed = islice(newest, PER_PAGE)
    marked = [each for each in listed if str(each.get("body") or "").startswith(mark) and each.get("comments") == 0]
    if not marked:
        return None
    login = own_login(github)
    own = [each for each in marked if _is_own_issue(str((each["user"] or {}).get("login", "")), login)]
    return min((_issue_number(each, "look for an issue") for each in own), default=None)


def _is_own_issue(author: str, login: str) -> bool:
    """Whether relbot opened it; an app other than GitHub Actions is not told its name, and goes by being one."""
    return author == login or (login == ACTIONS and is_app(author))


def _issue_number(answer: Any, what: str) -> int:
    found = answer.get("number") if isinstance(answer, dict) else None
    if type(found) is not int:
        raise Unsure(f"relbot could not {what}: GitHub's answer is not an issue.")
    return found
