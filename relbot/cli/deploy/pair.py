"""From which revision to which: as far as the options and the ledger tell."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from relbot.app.deploys import resolve_range
from relbot.app.deploys.environment_state import with_ledger_state
from relbot.deploy.log.progress import Progress, measure_progress
from relbot.deploy.plan.changelog import Revision
from relbot.errors import Unknown, UsageError
from relbot.git.revisions import resolve_revision
from relbot.sources.model import SourceContext
from relbot.sources.resolve import resolve_running_revision

if TYPE_CHECKING:
    from relbot.cli.deploy.options import Session
    from relbot.deploy.log.state import EnvironmentState
    from relbot.deploy.plan.model import Plan


@dataclass(frozen=True, slots=True)
class Pair:
    """The revisions of a deploy as full commit ids, and as somebody called them."""

    start: str
    target: str
    start_name: str
    target_name: str


def start_of(opened: Session, now: EnvironmentState) -> str:
    """The commit that runs. Unknown if nothing tells.

    Where the deploy under way began; else what the configuration asks; else what the ledger holds as done last.
    """
    if now.deploy:
        return now.deploy.start
    configured = opened.configured
    if configured and configured.deployed != "ledger":
        return resolve_running_revision(
            configured, SourceContext(opened.project.git, opened.project.config, opened.project.github)
        )
    if now.running:
        return now.running.deed.target
    what = f"It is not known what runs on {opened.environment}: its ledger holds no deploy that was done."
    example = f"relbot deploy done {opened.environment} --to REV"
    raise Unknown(what, tip="If you know, say so with --from REV, or for good:", example=example)


def pair(opened: Session, now: EnvironmentState, start: str | None, target: str | None) -> Pair:
    """The revisions named by `--from` and `--to`; what is not named, the ledger and the configuration tell.

    Unknown if nothing tells what runs, or if a revision is not in this clone; UsageError if nobody said what shall run.
    """
    for option, given in (("--from", start), ("--to", target)):
        if given == "":
            tip = "A script whose variable is not set must not go on with another revision."
            raise UsageError(f"`{option}` is empty.", tip=tip, example=f"{option} origin/main")
    wanted = opened.configured.target if opened.configured else None
    shall = target or (now.deploy.target if now.deploy else wanted)
    if not shall:
        tip = "Say which revision shall run:"
        raise UsageError(f"No deploy of {opened.environment} is under way.", tip=tip, example="--to origin/main")
    ran = start or start_of(opened, now)
    git = opened.project.git
    return Pair(
        resolve_revision(git, ran),
        resolve_revision(git, shall),
        start or ran[:12],
        shall[:12] if now.deploy and not target else shall,
    )


def plan_of(opened: Session, now: EnvironmentState, of: Pair) -> Plan:
    """The plan of a deploy, as who knows the ledger makes it. Unknown if its revisions cannot be read."""
    # By commit, because a branch may move in the meantime; under the names that were given, because people know those.
    start, target = Revision(of.start_name, of.start), Revision(of.target_name, of.target)
    made = resolve_range.plan_between(opened.project, start, target, opened.configured.component if opened.configured else None)
    return with_ledger_state(opened.project, opened.environment, made, now)


def progress_of(opened: Session, now: EnvironmentState, of: Pair) -> Progress:
    """How far the plan of a deploy has been carried out: ticks count if the deploy under way starts alike."""
    deploy = now.deploy if now.deploy and now.deploy.start == of.start else None
    return measure_progress(plan_of(opened, now, of), deploy)
