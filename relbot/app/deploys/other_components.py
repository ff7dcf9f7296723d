"""What the environments of other components have to say about a deploy: what runs there, and what needs what is taken back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relbot.app.deploys.session import open_ledger
from relbot.deploy.log.obstacles import Obstacle
from relbot.deploy.log.record import DeedKind
from relbot.deploy.log.replay import replay_records
from relbot.deploy.plan.renames import find_renames
from relbot.deploy.plan.splits import is_about_need
from relbot.git.change_logs import read_change_log
from relbot.git.trees import list_stems
from relbot.schema.named_tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

    from relbot.app.deploys.session import Session
    from relbot.config.model import Environment
    from relbot.deploy.log.state import EnvironmentState
    from relbot.deploy.plan.changelog import ChangeLog
    from relbot.deploy.plan.model import Plan


class _Neighbour(NamedTuple):
    """An environment of another component, and how it stands."""

    name: str
    component: str | None
    state: EnvironmentState

    @property
    def runs(self) -> str:
        """The full id of the commit that runs there, "" where its ledger does not tell."""
        return self.state.running.deed.target if self.state.running else ""


def list_neighbours(session: Session) -> list[_Neighbour]:
    """The environments in which other components run beside this one, as `shares` names them; else all of other components."""
    mine = session.configured
    if mine is None or mine.component is None:
        return []
    others = [each for each in session.project.config.environments if each.name in mine.shares] or [
        each for each in session.project.config.environments if each.component not in (None, mine.component)
    ]
    return [_Neighbour(each.name, each.component, _state_of(session, each)) for each in others]


def _state_of(session: Session, environment: Environment) -> EnvironmentState:
    return replay_records(open_ledger(session.project, environment.name, session.refs, session.ledger.around).entries())


def needs_of_others(session: Session, plan: Plan) -> tuple[Plan, tuple[Obstacle, ...]]:
    """The plan without the splits and findings about changes of other components, and what their environments lack.

    A change that belongs to another component is deployed there, so this environment cannot wait for it in a deploy of its own:
    it waits until every environment of that component runs the change, and has done its steps.
    """
    neighbours = list_neighbours(session) if plan.elsewhere else []
    if not neighbours:
        return plan, ()
    missing = [
        Obstacle(f"need:{need.change}>{need.needs}", message)
        for need in plan.elsewhere
        for message in _missing_in(session, neighbours, need.change, need.needs, need.component or "")
    ]
    answered = {(need.change, need.needs) for need in plan.elsewhere if any(n.component == need.component for n in neighbours)}
    splits = [
        split._replace(needs=left)
        for split in plan.splits
        if (left := tuple(need for need in split.needs if (split.change, need) not in answered))
    ]
    findings = (each for each in plan.findings if not any(is_about_need(each, *pair) for pair in answered))
    return plan._replace(splits=tuple(splits), findings=tuple(findings)), tuple(missing)


def _missing_in(session: Session, neighbours: list[_Neighbour], change: str, need: str, component: str) -> Iterator[str]:
    for each in neighbours:
        if each.component != component:
            continue
        what = f"{change} needs {need} of the component {component}"
        if not each.runs:
            yield f"{what}, and the ledger of {each.name} does not tell what runs there."
        elif need not in list_stems(session.project.git, each.runs, session.project.config.folders):
            yield f"{what}, which {each.name} does not run yet: it runs {each.runs[:12]}. Deploy it there first."
        elif left := [step for step in each.state.not_done if step.partition("#")[0] == need]:
            yield f"{what}, and {', '.join(left)} was not done on {each.name}."


def needs_taken_back(session: Session, now: EnvironmentState) -> Iterator[Obstacle]:
    """What changes that run here need of other components, and what was undone there after its deploy had ended.

    What was set aside for the deploy that ended last is left out.
    """
    undone = [
        (each, step)
        for each in (list_neighbours(session) if now.running else [])
        for step, by in each.state.not_done.items()
        if by.deed.kind is DeedKind.UNDONE
    ]
    mine = session.configured
    if not undone or now.running is None or mine is None:
        return
    runs = read_change_log(session.project.git, now.running.deed.target, session.project.config)
    here = [fragment for fragment in runs.fragments.values() if mine.component in fragment.components]
    overruled = now.ended.overruled if now.ended else {}
    for each, step in undone:
        need = step.partition("#")[0]
        for change in (fragment.identity for fragment in here if need in fragment.needs):
            if (what := f"need:{change}>{need}") not in overruled:
                done = f"{step} was undone on {each.name}"
                yield Obstacle(what, f"{change}, which runs, needs {need} of the component {each.component}, and {done}.")


def needed_by_others(session: Session, plan: Plan) -> Iterator[Obstacle]:
    """The changes that run in environments of other components and need what this deploy takes back."""
    back = {change.identity for change in plan.undo}
    for each in list_neighbours(session) if back else []:
        if not each.runs:
            continue
        there = read_change_log(session.project.git, each.runs, session.project.config)
        names = back if back <= there.fragments.keys() else _names_there(session, back, plan.start.commit, there)
        for fragment in there.fragments.values():
            if each.component in fragment.components and (needed := sorted(names.intersection(fragment.needs))):
                message = f"{fragment.identity}, which {each.name} runs, needs {', '.join(needed)}. Take it back there first."
                yield Obstacle(f"need:{fragment.identity}>{needed[0]}", message)


def _names_there(session: Session, identities: set[str], start: str, there: ChangeLog) -> set[str]:
    """The names of changes of a commit, and those that they have in another environment."""
    renamed = find_renames(read_change_log(session.project.git, start, session.project.config), there)
    return identities | {renamed[each] for each in identities & renamed.keys()}
