"""The plan between two commits, as the trees tell it, without any ledger."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relbot.app.deploys.stops import stop_at_releases
from relbot.app.deploys.unread_folders import require_all_read
from relbot.config.model import FILE, PYPROJECT, Config
from relbot.deploy.plan.make import make_plan
from relbot.deploy.plan.services import with_services
from relbot.errors import ConfigError, Unknown, quoted
from relbot.finding import Level
from relbot.git.change_logs import read_change_logs
from relbot.git.policy_source import own_config_and_faults, read_config_at
from relbot.git.trees import list_entries

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from relbot.app.project import Project
    from relbot.deploy.plan.changelog import ChangeLog, Revision
    from relbot.deploy.plan.model import Plan
    from relbot.finding import Finding
    from relbot.git.passing import FragmentsOnTheWay

_SHOWN_FILES = 12
"""Changed files that are named where relbot knows nothing else of a range."""


def plan_between(
    project: Project,
    start: Revision,
    target: Revision,
    component: str | None,
    overruled: Collection[str] = (),
    way: FragmentsOnTheWay | None = None,
) -> Plan:
    """The plan between two commits, given as full ids, under the names that people know them by.

    `overruled` is what was set aside in writing: a change of which `vanished:NAME` was stays deployed, as one that was tidied.
    `way` is what git already looks at between the two, if it does. Unknown if the commits cannot be read, if neither has
    anything to do with relbot, or if nothing tells how a fragment left.
    """
    a, b = _change_logs(project, start.commit, target.commit, way, overruled)
    plan = make_plan(a._replace(revision=start), b._replace(revision=target), component=component)
    stays = tuple(identity for identity in plan.vanished if f"vanished:{identity}" in overruled)
    plan = _without_vanished(plan, stays) if stays else plan
    if plan.vanished:
        raise _vanished(plan)
    plan = plan._replace(splits=stop_at_releases(project, plan, component))
    return with_services(plan, project.config.services)


def _without_vanished(plan: Plan, stays: Collection[str]) -> Plan:
    """The plan with changes of which somebody said that they stay deployed."""
    gone = {f"{identity}.md" for identity in stays}
    kept = (each for each in plan.findings if each.rule != "fragment-vanished" or each.place.path.rpartition("/")[2] not in gone)
    vanished = tuple(identity for identity in plan.vanished if identity not in stays)
    return plan._replace(vanished=vanished, tidied=tuple(sorted({*plan.tidied, *stays})), findings=tuple(kept))


def _vanished(plan: Plan) -> Unknown:
    names = ", ".join(f"`{identity}`" for identity in plan.vanished)
    what = f"{plan.start.name} has {names}, {plan.target.name} has not, and no commit says whether the change was reverted."
    tip = (
        "If it was, commit that with a line `Relbot-Reverted: NAME` in the message; if only the note was removed, with a line"
        " `Relbot-Tidied: NAME`. An empty commit will do. For one deploy alone, if the change stays deployed:"
        f" relbot deploy overrule ENV vanished:{plan.vanished[0]} --to {plan.target.commit[:12]} --reason WHY. The commit:"
    )
    example = f'git commit --allow-empty -m "Tell how a change left" -m "Relbot-Reverted: {plan.vanished[0]}"'
    return Unknown(what, tip=tip, example=example)


def before_adoption(project: Project, start: str, target: str) -> str:
    """The commit of the two that was made before the project used relbot, "" if neither was or if they are the same.

    What changed between such a commit and the first one that uses relbot is in no fragment.
    """
    if start == target:
        return ""
    return next((commit for commit in (start, target) if not _uses_relbot(project, commit)), "")


def first_with_relbot(project: Project, start: str, target: str) -> str:
    """The oldest commit after `start`, up to `target`, that uses relbot; "" if there is none."""
    git = project.git
    touching = git.text("rev-list", "--reverse", "--topo-order", f"{start}..{target}", "--", *_relbot_paths(project)).split()
    return next((commit for commit in touching if _uses_relbot(project, commit)), "")


def range_before_adoption(project: Project, start: Revision, target: Revision, then: str, example: str) -> Unknown:
    """That part of a range was made before the project used relbot, with what the diff shows of it.

    `then` says what to do once that part has been looked at, and `example` is the command; "" where there is none.
    """
    git = project.git
    early = before_adoption(project, start.commit, target.commit)
    changed = git.text("diff", "--name-only", "--no-renames", start.commit, target.commit, "--").splitlines()
    commits = len(git.text("rev-list", f"{start.commit}...{target.commit}", "--").split())
    shown = "".join(f"\n    {quoted(path)}" for path in changed[:_SHOWN_FILES])
    more = f"\n    and {len(changed) - _SHOWN_FILES} more" if len(changed) > _SHOWN_FILES else ""
    what = (
        f"relbot cannot tell what {start.name} -> {target.name} needs: {early[:12]} was made before the project used relbot,"
        f" so its changes have no fragments.\n  Commits between them: {commits}. Changed files: {len(changed)}:{shown}{more}"
    )
    tip = f"Look at them: git diff {start.commit[:12]} {target.commit[:12]}. Do what they need.{then and ' ' + then}"
    return Unknown(what, tip=tip, example=example)


def _folders_of(project: Project) -> list[str]:
    return sorted({project.config.directory, Config().directory, *(folder.path for folder in project.config.folders)})


def _relbot_paths(project: Project) -> list[str]:
    """What a commit touches that brings relbot into a project: fragments, or the configuration."""
    return [*_folders_of(project), FILE, PYPROJECT]


def _uses_relbot(project: Project, commit: str) -> bool:
    """Whether a commit has a configuration of relbot's, or a folder of fragments."""
    if list_entries(project.git, commit, _folders_of(project)):
        return True
    try:
        return read_config_at(project.git, commit) is not None
    except ConfigError:
        return True


def _change_logs(
    project: Project, start: str, target: str, way: FragmentsOnTheWay | None, overruled: Collection[str]
) -> tuple[ChangeLog, ChangeLog]:
    """The change logs of two commits. Unknown if neither they nor the work tree use relbot, or if fragments stayed unread."""
    config_a, faults_a = _config_at(project, start)
    config_b, faults_b = _config_at(project, target)
    a, b = read_change_logs(project.git, start, target, (config_a, config_b), way)
    require_all_read(project.git, (a, b), (config_a, config_b), overruled)
    found = (*_misread(faults_a, start, Level.WARNING), *_misread(faults_b, target, Level.ERROR))
    b = b._replace(findings=(*b.findings, *found))
    if project.config_path is None and not any((*log.fragments, *log.unread, *log.faulty, *log.findings) for log in (a, b)):
        folder = project.config.folders[0].path
        commits = f"{start[:12]} nor {target[:12]}"
        what = f"Neither {commits} has a fragment in {folder}/, and relbot found no relbot.toml here or above."
        tip = "So relbot cannot tell what this deploy needs. Name the folder that has relbot.toml, or begin with `relbot init`:"
        raise Unknown(what, tip=tip, example="relbot checklist --dir FOLDER")
    return a, b


def _config_at(project: Project, commit: str) -> tuple[Config, tuple[Finding, ...]]:
    """The configuration by which the fragments of a commit are read, and its faults: the one that somebody named, or its own."""
    return (project.config, ()) if project.named else own_config_and_faults(project.git, commit, project.config)


def _misread(faults: tuple[Finding, ...], commit: str, level: Level) -> Iterator[Finding]:
    """That the configuration of a commit has faults, so that relbot may have looked for its fragments in the wrong folders.

    Where the deploy starts this can be mended no more, so there it is a warning.
    """
    tip = f"relbot read the fragments of {commit[:12]} by the configuration of the work tree. See whether it missed some."
    for fault in faults:
        yield fault._replace(message=f"In {commit[:12]}: {fault.message}", tip=tip, example="", level=level)
