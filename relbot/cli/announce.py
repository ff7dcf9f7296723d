"""`relbot announce`: what goes or went live, for its readers."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING

import click

from relbot.app.deploys.announce import AnnouncementRequest, announce_environment, announce_release
from relbot.app.deploys.post_announcement import PostRequest, open_release_ledger, post_announcement
from relbot.app.deploys.session import SessionRequest, open_session
from relbot.cli.deploy.options import make_surroundings, remote_options, show_ledger_remarks
from relbot.cli.environment import read_environment
from relbot.cli.exits import Exit
from relbot.cli.output import print_confirmation, print_rendered
from relbot.cli.project_options import only_component, with_project
from relbot.deploy.announcement import Audience
from relbot.errors import UsageError
from relbot.render.announcement.formats import ANNOUNCEMENT_FORMATS
from relbot.render.announcement.slack import slack_payload
from relbot.render.common.units import format_time
from relbot.schema.named_tuples import NamedTuple

if TYPE_CHECKING:
    from relbot.app.project import Project
    from relbot.deploy.announcement import Announcement
    from relbot.ledger.store import Store


@click.command(name="announce", short_help="Announces a deploy or a release to its readers.")
@click.argument("subject", metavar="ENV|VERSION")
@click.option("--to", "target", metavar="REV", help="The target revision. Default: that of the environment.")
@click.option(
    "--for",
    "audience",
    type=click.Choice([each.value for each in Audience]),
    default=Audience.PUBLIC.value,
    show_default=True,
    help="Who reads it: operators and the team get the steps and the way back, too.",
)
@click.option(
    "--when", metavar="TEXT", default="", help="When it goes live, as in `Thursday, 10:00 UTC`. Default: when it went live."
)
@only_component
@click.option("--format", "form", type=click.Choice(ANNOUNCEMENT_FORMATS.names), default="text", show_default=True)
@click.option("--post", is_flag=True, help="Post it to the webhook in RELBOT_ANNOUNCE_URL, once per deploy or release.")
@click.option("--again", is_flag=True, help="With --post: post it again, even if the ledger records a post.")
@remote_options
@with_project
def command(
    project: Project,
    subject: str,
    target: str | None,
    audience: str,
    when: str,
    component: str | None,
    form: str,
    post: bool,
    again: bool,
    remote: str | None,
    offline: bool,
) -> int:
    """Prints an announcement for people who do not deploy: a line per change, what they will notice, and when.

    ENV is an environment of the configuration, VERSION a release. For ENV it is about the next deploy, or about the one that
    brought what runs. Exit code 1 if the deploy must not happen yet; 3 if relbot cannot read something that it brings.
    """
    request = AnnouncementRequest(Audience(audience), when, component, target)
    around = make_surroundings(project.git)
    if post and offline:
        tip = "relbot has to ask the remote whether it was posted already. Run the command again without `--offline`."
        raise UsageError("`--post` and `--offline` exclude each other.", tip=tip)
    if project.config.environment(subject) is None:
        if target is not None:
            raise UsageError(f"`--to` goes with an environment, and `{subject}` is none.", tip="A release is what its tag names.")
        said = announce_release(project, subject, request)
        ledger = open_release_ledger(project, remote, around) if post else None
        return _answer(said, form, ledger, _PostOptions(request, again))
    session = open_session(project, SessionRequest(subject, remote, offline, (target,) if target else ()), around)
    try:
        said = announce_environment(session, request)
        return _answer(said, form, session.ledger if post else None, _PostOptions(request, again))
    finally:
        show_ledger_remarks(session)


class _PostOptions(NamedTuple):
    """What was asked for, and whether to post it again."""

    asked: AnnouncementRequest
    again: bool

    def command(self, subject: str) -> str:
        """What somebody types to post the same again."""
        words = ["relbot", "announce", subject, "--for", self.asked.audience.value]
        for option, value in (("--to", self.asked.target), ("--component", self.asked.component), ("--when", self.asked.when)):
            words += [option, value] if value else []
        return shlex.join((*words, "--post", "--again"))


def _answer(said: Announcement, form: str, ledger: Store | None, options: _PostOptions) -> int:
    """Prints an announcement; or posts it, where there is a ledger to record that."""
    if ledger is None:
        print_rendered(ANNOUNCEMENT_FORMATS.render(said, form))
        return _exit_code(said)
    request = PostRequest(read_environment().announce_url, slack_payload(said), options.again, options.command(said.subject))
    before = post_announcement(ledger, said, request)
    if before is None:
        print_confirmation("Posted.")
    else:
        print_confirmation(f"Already posted at {format_time(before.time)} by {before.who}. Nothing was sent.")
    return _exit_code(said)


def _exit_code(said: Announcement) -> int:
    if said.plan.unreadable:
        return Exit.UNKNOWN
    return Exit.OPEN if said.obstacles else Exit.FINE
