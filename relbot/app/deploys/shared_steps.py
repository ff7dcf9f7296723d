"""Steps of no component that environments share, as where they have one database: done in one, undone in one is so in all.

The ledgers of two environments know nothing of each other, and clocks differ. So a deed about a shared step names, by hash,
what its writer knew of that step in the other ledgers: see `known_results`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from relbot.app.deploys.session import open_ledger
from relbot.deploy.log.deeds import inverse_id, is_undo, own_id
from relbot.deploy.log.graph import Lineage, record_hash
from relbot.deploy.log.hosts import split_hosts
from relbot.deploy.log.obstacles import Obstacle
from relbot.deploy.log.progress import StepState
from relbot.deploy.log.record import STEP_KINDS, DeedKind
from relbot.deploy.log.record_order import sort_records
from relbot.deploy.log.replay import replay_records
from relbot.deploy.log.slips import find_slips
from relbot.deploy.log.state import ATTEMPTS
from relbot.deploy.plan.model import StepKind
from relbot.deploy.plan.renames import find_renames
from relbot.git.change_logs import read_change_log
from relbot.git.revisions import RevisionUnknown
from relbot.git.trees import list_stems
from relbot.render.deploys.commands import tick_command

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from relbot.app.deploys.session import Session
    from relbot.deploy.log.progress import Progress
    from relbot.deploy.log.record import Record
    from relbot.deploy.plan.model import Plan

    Ledgers = Mapping[str, tuple[Record, ...]]
    """The records of environments, by their names."""


def read_partners(session: Session) -> dict[str, tuple[Record, ...]]:
    """The records of the environments that share steps with this one, also by way of others. Unknown as a ledger."""
    around, project = session.ledger.around, session.project
    return {name: open_ledger(project, name, session.refs, around).entries() for name in list_partners(session)}


def list_partners(session: Session) -> list[str]:
    """The names of the environments that have the same database as this one: it is the same whichever of two says so."""
    everywhere, own = session.project.config.environments, session.configured
    if own is None:
        return []
    found = {own.name}
    for _ in everywhere:  # each time those that are one further away
        named = {name for each in everywhere if each.name in found for name in each.shares}
        found |= {each.name for each in everywhere if each.name in named or found.intersection(each.shares)}
    return [each.name for each in everywhere if each.name in found - {own.name}]


def known_results(session: Session, step: str) -> str:
    """The hashes of what was last done of a step in each environment that shares it: what a new deed about it comes after."""
    found = (_last_results(records).get(step.removesuffix(":undo")) for records in read_partners(session).values())
    return " ".join(sorted(record_hash(each) for each in found if each is not None))


def shared_deeds(session: Session, plan: Plan, partners: Ledgers) -> dict[str, Record]:
    """The steps of no component that were done in the environments that this one names in `shares`, by their ids.

    What was done there counts unless it was undone or failed elsewhere, also here, and whoever did it did not know that.
    """
    shares = session.configured.shares if session.configured else ()
    there = [_last_results(records) for name, records in partners.items() if name in shares]
    if not there:
        return {}
    everywhere = [*there, _last_results(session.entries())]
    common = {change.identity for change in plan.do if change.component is None}
    found: dict[str, Record] = {}
    for results in there:
        for step, record in results.items():
            others = (each for of in everywhere if (each := of.get(step)) is not None)
            if step.partition("#")[0] in common and _is_done(record) and all(_is_done(o) or _follows(record, o) for o in others):
                found[step] = record
    return found


def shared_obstacles(session: Session, progress: Progress, target: str, partners: Ledgers) -> Iterator[Obstacle]:
    """What speaks against a deploy because environments share steps.

    A step that this deploy takes back, and whose change another one runs; and a step that another one has undone, or at which it
    failed, and whose change is in `target`. GitFailed if git cannot read what runs.
    """
    for other, records in partners.items():
        yield from _still_needed(session, progress, other, records, target)
        yield from _undone_there(session, other, partners, progress)


def _still_needed(
    session: Session, progress: Progress, other: str, records: tuple[Record, ...], target: str
) -> Iterator[Obstacle]:
    common = {change.identity for change in progress.plan.undo if change.component is None}
    state = replay_records(records) if common else None
    if state is None or state.running is None:
        return
    runs, start = state.running.deed.target, progress.plan.start.commit
    there = list_stems(session.project.git, runs, session.project.config.folders)
    there |= {name for name in common - there if _name_in(session, name, (start,), runs)}
    for status in progress.statuses:
        identity = status.step.id.partition("#")[0]
        kept = status.mark in (StepState.SKIPPED, StepState.OVERRULED)
        if status.step.kind is StepKind.UNDO and identity in common & there and not kept:
            message = (
                f"{other} runs {identity}, too, and shares its steps: do not undo {inverse_id(status.step.id)}. Take it back"
                f" there first, or keep it: {tick_command(session.environment, status.step.id, '--skip')}"
                f' "{other} runs it" --to {target[:12]} --rollback'
            )
            yield Obstacle(f"shared:{status.step.id}", message)


def _name_in(session: Session, identity: str, commits: Iterable[str], target: str) -> str:
    """The name that a change has in a commit, if its fragment in one of `commits` was only renamed; "" if nothing tells."""
    git, config = session.project.git, session.project.config
    for commit in filter(None, commits):
        try:
            before = read_change_log(git, commit, config)
        except RevisionUnknown:
            continue  # nobody has pushed it, or its branch is gone
        if identity in before.fragments:
            return find_renames(before, read_change_log(git, target, config)).get(identity, "")
    return ""


def _undone_there(session: Session, other: str, partners: Ledgers, progress: Progress) -> Iterator[Obstacle]:
    target, own_steps = progress.plan.target.commit, {each.step.id for each in progress.statuses}
    results = {step: record for step, record in _last_results(partners[other]).items() if not _is_done(record)}
    if not results:
        return
    mine = _last_results(session.entries())
    everywhere = [mine, *map(_last_results, partners.values())]
    fragments = read_change_log(session.project.git, target, session.project.config).fragments
    for step, record in results.items():
        was, _, number = step.partition("#")
        name = was if was in fragments else _name_in(session, was, (record.deed.start, record.deed.target), target)
        fragment, here = fragments.get(name), mine.get(f"{name}#{number}")
        # What failed elsewhere, and is a step of this deploy that was not done here, is open anyway.
        if not is_undo(own_id(record.deed)) and not (_is_done(here) if here else f"{name}#{number}" not in own_steps):
            continue
        if fragment is None or fragment.component is not None or (here and is_undo(own_id(here.deed))):
            continue  # what was undone here, too, is a step of this deploy
        if any(again and _is_done(again) and _follows(again, record) for again in (of.get(step) for of in everywhere)):
            continue
        did = "undid" if is_undo(own_id(record.deed)) else "recorded a failure of"
        message = (
            f"{record.who} {did} {step} on {other}, which shares it, and {target[:12]} needs it. Do it again, and record that:"
            f" {tick_command(other, step)}"
        )
        yield Obstacle(f"shared:{step}", message)


def _is_done(record: Record) -> bool:
    return record.deed.kind is DeedKind.DONE and not is_undo(own_id(record.deed))


def _follows(later: Record, earlier: Record) -> bool:
    """Whether the writer of a deed knew another one, of the ledger of another environment."""
    return record_hash(earlier) in later.deed.what.split()


def _last_results(records: Iterable[Record]) -> dict[str, Record]:
    """What was last done or tried of each step, in either direction, and was no slip, by the id of the step.

    A step that is done on some of its hosts only is not done: of it counts what was last said of the others, if anything was.
    """
    known = tuple(records)
    slips = find_slips(known, Lineage(known))
    deeds: dict[str, list[Record]] = {}
    for each in sort_records(known):
        if each.deed.kind in STEP_KINDS and "#" in each.deed.step and each not in slips:
            deeds.setdefault(each.deed.step.removesuffix(":undo"), []).append(each)
    found: dict[str, Record] = {}
    for step, of_step in deeds.items():
        open_on = split_hosts(of_step, step).open
        attempts = [each for each in of_step if each.deed.kind in ATTEMPTS]
        counting = [each for each in attempts if not (open_on and _is_done(each)) or each.deed.host in open_on]
        found |= {step: counting[-1]} if counting else {}
    return found
