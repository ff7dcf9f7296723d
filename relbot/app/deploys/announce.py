"""Announces a deploy or a release: says what it brings, and posts that once."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from relbot.app.deploys.planning import plan_between
from relbot.app.deploys.resolve_range import resolve_target
from relbot.app.deploys.show import ChecklistRequest, compare_revisions, show_checklist
from relbot.app.lookup import known_component
from relbot.deploy.announcement import Announcement, Audience, PostResult, Stage
from relbot.deploy.log.record import Deed, DeedKind
from relbot.deploy.log.record_order import sort_records
from relbot.deploy.plan.changelog import Revision
from relbot.errors import Refused, Unknown, UsageError
from relbot.git.tags import tagged_versions
from relbot.http import HttpFailed, HttpRefused, display_host, http_post_json
from relbot.release.version import readable_versions
from relbot.render.common.units import format_time

if TYPE_CHECKING:
    from relbot.app.deploys.session import Session
    from relbot.app.project import Project
    from relbot.deploy.log.record import Record

_INTENT, _POSTED, _REFUSED = "intent", "posted", "refused"
_TIMEOUT = 20.0


@dataclass(frozen=True, slots=True)
class AnnouncementRequest:
    """For whom to announce, when it happens in words, of which component, and to which revision instead of the usual one."""

    audience: Audience = Audience.PUBLIC
    when: str = ""
    component: str | None = None
    target: str | None = None


def announce_environment(session: Session, request: AnnouncementRequest) -> Announcement:
    """Makes the announcement of what an environment runs next; or, where it runs that already, of the deploy that brought it.

    Unknown if relbot cannot tell what runs, or what the deploy brings.
    """
    now = session.state()
    target = resolve_target(session, now, request.target)
    if now.deploy is None and now.ended and now.running and now.running.deed.target == target.commit:
        start, end = (Revision(commit[:12], commit) for commit in (now.ended.start, now.ended.target))
        component = known_component(session.project.config, request.component)
        plan = plan_between(session.project, start, end._replace(name=target.name), component)
        when = request.when or format_time(now.running.time)
        return Announcement(session.environment, Stage.LIVE, plan, request.audience, when)
    answer = show_checklist(session, ChecklistRequest(None, request.target, request.component))
    stage = Stage.UNDER_WAY if now.deploy and now.deploy.target == target.commit else Stage.PLANNED
    return Announcement(session.environment, stage, answer.plan, request.audience, request.when, answer.obstacles)


def announce_release(project: Project, version: str, request: AnnouncementRequest) -> Announcement:
    """Makes the announcement of a release: what it brings since the release before it, by their tags.

    UsageError if no tag names the version, or if no release is older.
    """
    part = project.config.component(request.component) if request.component else None
    pattern = part.tag.replace("{component}", part.name) if part else project.config.tag
    known = readable_versions(tagged_versions(project.git, pattern), project.config.versions)
    ordered = sorted(known)
    wanted = next((each for each in ordered if each.text == version), None)
    if wanted is None:
        environments = ", ".join(each.name for each in project.config.environments) or "none"
        newest = ", ".join(each.text for each in ordered[-3:]) or "none"
        tip = f"Environments: {environments}. Newest releases with a tag like `{pattern}`: {newest}."
        raise UsageError(f"`{version}` is neither an environment nor a release.", tip=tip)
    older = [each for each in ordered if each < wanted]
    if not older:
        raise UsageError(f"No release is older than {version}, so there is nothing to compare it with.")
    start, target = (pattern.replace("{version}", each.text) for each in (older[-1], wanted))
    answer = compare_revisions(project, start, target, request.component)
    return Announcement(version, Stage.RELEASED, answer.plan, request.audience, request.when)


def post_announcement(
    session: Session, announcement: Announcement, url: str, payload: dict[str, Any], *, again: bool
) -> PostResult:
    """Posts the message of an announcement to an address, once for each deploy, address, audience and stage.

    The ledger records the intent before the message is sent, and the outcome after it. An intent without an outcome may have
    arrived: it is told as Unknown and never sent again, unless `again` says so. Refused if the deploy must not happen, or if
    the address does not take the message; UsageError if it is no address.
    """
    if announcement.obstacles:
        raise Refused(f"relbot does not announce this deploy, because it must not happen yet: {announcement.obstacles[0]}")
    _require_address(url)
    plan = announcement.plan
    digest = hashlib.sha256(f"{url}\n{announcement.audience}\n{announcement.stage}".encode()).hexdigest()[:16]
    about = Deed(DeedKind.ANNOUNCED, plan.start.commit, plan.target.commit, digest=digest, what=_INTENT)
    already = False

    def decide(records: tuple[Record, ...]) -> Deed | None:
        nonlocal already
        last = _last_state(records, about)
        already = last == _POSTED and not again
        if last == _INTENT and not again:
            raise _without_outcome(session, "relbot began to post this announcement and does not know whether it arrived.")
        return None if already else about

    session.ledger.claim(decide)
    if already:
        return PostResult.ALREADY
    where = display_host(url)
    try:
        http_post_json(url, payload, _TIMEOUT)
    except HttpRefused as error:
        session.ledger.record(about._replace(what=_REFUSED))
        raise Refused(f"The announcement was not posted: {where} {error.what}.") from None
    except HttpFailed as error:
        raise _without_outcome(session, f"{where} {error.what}, so relbot does not know whether the message arrived.") from None
    session.ledger.record(about._replace(what=_POSTED))
    return PostResult.POSTED


def _last_state(records: tuple[Record, ...], about: Deed) -> str:
    """What the newest record says about the same message, "" if there is none."""
    same = [each.deed.what for each in sort_records(records) if each.deed._replace(what=_INTENT) == about]
    return same[-1] if same else ""


def _without_outcome(session: Session, what: str) -> Unknown:
    tip = (
        "The ledger records the attempt, so relbot does not repeat it. Check the channel. If the "
        "message is missing, post it again:"
    )
    return Unknown(what, tip=tip, example=f"relbot announce {session.environment} --post --again")


def _require_address(url: str) -> None:
    """UsageError if an address is missing, or is none that keeps what is sent to itself. It is not shown: it is a secret."""
    parts = urlsplit(url)
    if parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in ("127.0.0.1", "::1", "localhost")):
        return
    what = "RELBOT_ANNOUNCE_URL is not set." if not url else "RELBOT_ANNOUNCE_URL must begin with `https://`."
    raise UsageError(
        what,
        tip="Set it to the address of an incoming webhook of Slack, or of a chat that takes the same:",
        example="RELBOT_ANNOUNCE_URL=https://hooks.slack.com/services/…",
    )
