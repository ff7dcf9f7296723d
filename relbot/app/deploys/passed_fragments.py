"""Changes of which a deploy brings the code, and of which neither of its trees has the fragment any more."""

from __future__ import annotations

from contextlib import closing, contextmanager
from typing import TYPE_CHECKING

from relbot.deploy.plan.changelog import Departure
from relbot.deploy.plan.difference import steps_of
from relbot.errors import Unknown
from relbot.fragment.file import FragmentFile
from relbot.fragment.model import Fragment
from relbot.fragment.parse import Parser
from relbot.git.passing import FragmentsOnTheWay, find_passed
from relbot.git.policy_source import own_config

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from relbot.app.project import Project
    from relbot.deploy.plan.changelog import Revision
    from relbot.git.passing import PassedFragment


@contextmanager
def requiring_nothing_passed(
    project: Project, start: Revision, target: Revision, overruled: Collection[str] = ()
) -> Iterator[FragmentsOnTheWay | None]:
    """Lets a plan be made while git looks, and raises Unknown afterwards if fragments came and left between the two.

    Gives what git looks at, which tells the plan what arrived, too; None if start and target are the same.

    Only fragments with steps matter, and no commit says that their changes were reverted: their code is in one of the two, and
    their steps are in neither tree. `overruled` is what was set aside in writing. RevisionUnknown if a shallow clone hides it.
    """
    if start.commit == target.commit:
        yield None
        return
    config = project.config if project.named else own_config(project.git, target.commit, project.config)
    with closing(FragmentsOnTheWay(project.git, (start.commit, target.commit), config.folders)) as way:
        yield way
        found = find_passed(project.git, way, config.changelog)
    parser = Parser(config.type_names, config.component_names)
    passed = [
        each
        for each in found
        if each.departure is not Departure.REVERTED
        and f"vanished:{each.location.identity}" not in overruled
        and _concerns_deploys(parser, each)
    ]
    if passed:
        raise _passed(passed, start, target)


def _concerns_deploys(parser: Parser, passed: PassedFragment) -> bool:
    """Whether the fragment has steps or a hold, or cannot be read."""
    parsed = parser.parse(FragmentFile(passed.path, passed.content), passed.location)
    return not isinstance(parsed, Fragment) or bool(steps_of(parsed) or parsed.hold)


def _passed(passed: list[PassedFragment], start: Revision, target: Revision) -> Unknown:
    first = passed[0]
    removed = "".join(f"\n  {each.path}, removed by {each.removed_by[:12]}" for each in passed)
    what = (
        f"Fragments came and left between {start.name} and {target.name}, so their steps are in neither of the two,"
        f" and no commit says that their changes were reverted:{removed}"
    )
    overrule = f"relbot deploy overrule ENV vanished:{first.location.identity} --to {target.commit[:12]} --reason WHY"
    if first.backward:
        tip = (
            f"{target.name} does not have these changes. Read each file and undo what was done for it. Then record that:"
            f" {overrule}. To read it:"
        )
        return Unknown(what, tip=tip, example=f"git show {first.removed_by[:12]}^:./{first.path}")
    tip = (
        "Restore each file. If its change was reverted, say so in the message of a later commit, which may be empty, with a line"
        f" `Relbot-Reverted: {first.location.identity}`. For one deploy alone, once you have done what it needs: {overrule}."
        " To restore it:"
    )
    return Unknown(what, tip=tip, example=f"git checkout {first.removed_by[:12]}^ -- {first.path}")
