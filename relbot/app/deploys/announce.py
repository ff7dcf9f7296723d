"""Makes the announcement of a deploy or a release: what it brings, for its readers."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from relbot.app.deploys.planning import plan_between
from relbot.app.deploys.release_revisions import built_release
from relbot.app.deploys.resolve_range import resolve_target
from relbot.app.deploys.show import ChecklistRequest, compare_revisions, show_checklist
from relbot.app.lookup import known_component
from relbot.app.tagged_releases import list_tagged
from relbot.deploy.announcement import Announcement, Audience, Stage
from relbot.deploy.plan.changelog import Revision
from relbot.errors import UsageError
from relbot.git.tags import TAGS
from relbot.release.tag_names import same_version, strip_spelling
from relbot.release.version import readable_versions
from relbot.render.common.units import format_time
from relbot.schema.named_tuples import NamedTuple

if TYPE_CHECKING:
    from relbot.app.deploys.session import Session
    from relbot.app.project import Project


class AnnouncementRequest(NamedTuple):
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
        return Announcement(session.environment, Stage.LIVE, plan, request.audience, when, component=request.component)
    answer = show_checklist(session, ChecklistRequest(None, request.target, request.component))
    stage = Stage.UNDER_WAY if now.deploy and now.deploy.target == target.commit else Stage.PLANNED
    return Announcement(
        session.environment, stage, answer.plan, request.audience, request.when, answer.obstacles, request.component
    )


def announce_release(project: Project, version: str, request: AnnouncementRequest) -> Announcement:
    """Makes the announcement of a release: what it brings since the release before it, by their tags.

    UsageError if no tag names the version, or if no release is older.
    """
    part = project.config.component(request.component) if request.component else None
    pattern = part.tag.replace("{component}", part.name) if part else project.config.tag
    tag_of = {each.version: each.tag for each in list_tagged(project.git, project.config, pattern, part and part.name)}
    ordered = sorted(readable_versions(tag_of, project.config.versions))
    plain = strip_spelling(version, pattern)
    wanted = next((each for each in ordered if same_version(each.text, plain, project.config.versions)), None)
    if wanted is None:
        if built := built_release(project, plain):
            tip = "An announcement needs its tag:"
            raise UsageError(
                f"Release {built} has no tag yet.", tip=tip, example=f"git tag {pattern.replace('{version}', built)}"
            )
        environments = ", ".join(each.name for each in project.config.environments) or "none"
        newest = ", ".join(each.text for each in ordered[-3:]) or "none"
        tip = f"Environments: {environments}. Newest releases with a tag like `{pattern}`: {newest}."
        raise UsageError(f"`{version}` is neither an environment nor a release.", tip=tip)
    older = [each for each in ordered if each < wanted]
    if not older:
        tip = "relbot announces what a release adds to the one before it. All of its changes are in its notes:"
        what = f"No release is older than {version}, so there is nothing to compare it with."
        raise UsageError(what, tip=tip, example=f"relbot notes {wanted.text}")
    start, target = tag_of[older[-1].text], tag_of[wanted.text]
    answer = compare_revisions(project, start, target, request.component)
    when = request.when or _tag_time(project, target)
    return Announcement(wanted.text, Stage.RELEASED, answer.plan, request.audience, when, component=request.component)


def _tag_time(project: Project, tag: str) -> str:
    """When a tag was made; of one that is only a name, when its commit was."""
    seconds = project.git.text("for-each-ref", "--format=%(creatordate:unix)", f"{TAGS}{tag}").strip()
    return format_time(datetime.fromtimestamp(int(seconds), UTC))
