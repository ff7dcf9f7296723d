"""Posts an announcement, once: the intent is recorded before the message is sent, and the outcome after it."""

from __future__ import annotations

import hashlib
import shlex
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from relbot.deploy.log.record import Deed, DeedKind
from relbot.deploy.log.record_order import sort_records
from relbot.errors import Refused, Unknown, UsageError
from relbot.http import HttpFailed, HttpRefused, display_host, http_post_json
from relbot.ledger.git_ref.remote import find_remote
from relbot.ledger.git_ref.store import RELEASES, GitRefLedger
from relbot.schema.named_tuples import NamedTuple

if TYPE_CHECKING:
    from relbot.app.project import Project
    from relbot.deploy.announcement import Announcement
    from relbot.deploy.log.record import Record
    from relbot.ledger.store import Store, Surroundings

_INTENT, _POSTED, _REFUSED = "intent", "posted", "refused"
_TIMEOUT = 20.0


class PostRequest(NamedTuple):
    """Where to post what.

    `url` is a secret. With `again` it is posted even if the ledger has a post. `command` posts it again.
    """

    url: str
    payload: dict[str, Any]
    again: bool
    command: str


def open_release_ledger(project: Project, remote: str | None, around: Surroundings) -> Store:
    """The ledger of what is posted about releases, shared through a remote, None for the usual one."""
    return GitRefLedger(project.git, RELEASES, find_remote(project.git, remote), around)


def post_announcement(ledger: Store, announcement: Announcement, request: PostRequest) -> Record | None:
    """Posts the message of an announcement to an address, once for each deploy or release, address, audience and stage.

    Returns the record of the post if it was posted before, and None if it is posted now. An intent without an outcome may
    have arrived: it is told as Unknown and never sent again, unless `again` says so. Refused if the deploy must not happen,
    or if the address does not take the message; UsageError if it is no address.
    """
    if announcement.obstacles:
        what = f"relbot does not announce this deploy, because it must not happen yet: {announcement.obstacles[0]}"
        name, target = shlex.quote(announcement.subject), announcement.plan.target.commit[:12]
        raise Refused(what, tip="See what is in the way:", example=f"relbot checklist {name} --to {target}")
    _require_address(request.url)
    about = _intent(announcement, request.url)
    before: Record | None = None

    def decide(records: tuple[Record, ...]) -> Deed | None:
        nonlocal before
        last = _last_record(records, about)
        if last is None or last.deed.what == _REFUSED or request.again:
            return about
        if last.deed.what == _INTENT:
            raise _without_outcome(request, "relbot began to post this announcement and does not know whether it arrived.")
        before = last
        return None

    ledger.claim(decide)
    if before is not None:
        return before
    where = display_host(request.url)
    try:
        http_post_json(request.url, request.payload, _TIMEOUT)
    except HttpRefused as error:
        ledger.record(about._replace(what=_REFUSED))
        tip = "Correct the address in RELBOT_ANNOUNCE_URL, and run the command again."
        raise Refused(f"The announcement was not posted: {where} {error.what}.", tip=tip) from None
    except HttpFailed as error:
        raise _without_outcome(request, f"{where} {error.what}, so relbot does not know whether the message arrived.") from None
    ledger.record(about._replace(what=_POSTED))
    return None


def _intent(announcement: Announcement, url: str) -> Deed:
    """What is recorded before the message is sent. Two messages have the same if they are the same for their readers."""
    said = announcement
    parts = (url, said.audience, said.stage, said.subject, said.component or "")
    digest = hashlib.sha256("\n".join(parts).encode()).hexdigest()[:16]
    return Deed(DeedKind.ANNOUNCED, said.plan.start.commit, said.plan.target.commit, digest=digest, what=_INTENT)


def _last_record(records: tuple[Record, ...], about: Deed) -> Record | None:
    """The newest record about the same message."""
    same = [each for each in sort_records(records) if each.deed._replace(what=_INTENT) == about]
    return same[-1] if same else None


def _without_outcome(request: PostRequest, what: str) -> Unknown:
    tip = (
        "The ledger records the attempt, so relbot does not repeat it. Check the channel. If the "
        "message is missing, post it again:"
    )
    return Unknown(what, tip=tip, example=request.command)


def _require_address(url: str) -> None:
    """UsageError if an address is missing, or is none that keeps what is sent to itself. It is not shown: it is a secret."""
    try:
        parts = urlsplit(url)
        keeps_secret = parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in ("127.0.0.1", "::1", "localhost"))
    except ValueError:
        keeps_secret = False
    if keeps_secret:
        return
    what = "RELBOT_ANNOUNCE_URL must be an address that begins with `https://`." if url else "RELBOT_ANNOUNCE_URL is not set."
    raise UsageError(
        what,
        tip="Set it to the address of an incoming webhook of Slack, or of a chat that takes the same:",
        example="RELBOT_ANNOUNCE_URL=https://hooks.slack.com/services/…",
    )
