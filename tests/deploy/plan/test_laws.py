"""The laws of DESIGN.md, "What holds always" 2."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import given
from hypothesis import strategies as st

from relbot.deploy.plan.difference import compare_logs, steps_of
from relbot.deploy.plan.make import make_plan
from relbot.deploy.plan.model import Reversibility, StepKind
from relbot.fragment.model import ALL_PHASES, PHASES, Phase
from tests.deploy.plan.strategies import PATIENT, histories, logs

if TYPE_CHECKING:
    import random

    from relbot.deploy.plan.changelog import ChangeLog
    from relbot.deploy.plan.difference import Difference
    from relbot.deploy.plan.model import Plan
    from relbot.fragment.model import Fragment

RANK: dict[Phase, int] = {phase: rank for rank, phase in enumerate(ALL_PHASES)}


@PATIENT
@given(logs())
def test_a_plan_from_a_tree_to_itself_is_empty(a: ChangeLog) -> None:
    made = make_plan(a, a)
    assert made.empty
    assert made.quiet
    assert not made.blocked


@PATIENT
@given(histories())
def test_what_one_plan_does_the_plan_back_undoes_in_reversed_order(history: list[ChangeLog]) -> None:
    a, b = history
    there, back = make_plan(a, b), make_plan(b, a)
    assert [c.identity for c in back.undo] == [c.identity for c in there.do][::-1]
    do = sorted((s for s in there.steps if s.kind is StepKind.DO), key=lambda s: s.phase is Phase.NOT_SAID)
    done = [(s.id, s.undo, s.run or s.do) for s in do]  # what has no phase is read first, on the way back too
    undone = [(s.id.removesuffix(":undo"), s.run) for s in back.steps if s.kind is StepKind.UNDO]
    assert undone == [(i, undo) for i, undo, _ in done][::-1]
    assert [s.change for s in back.splits if s.kind is StepKind.UNDO] == [
        s.change for s in there.splits if s.kind is StepKind.DO
    ][::-1]
    assert [(x.was, x.now) for x in back.amended] == [(x.now, x.was) for x in there.amended]
    assert {c.change for c in back.contracts if c.opened} == {c.change for c in there.contracts if not c.opened}


@PATIENT
@given(histories())
def test_the_way_back_that_a_plan_promises_is_the_plan_back(history: list[ChangeLog]) -> None:
    a, b = history
    there, back = make_plan(a, b), make_plan(b, a)
    ids = {s.number: s.id for s in there.steps}
    back_ids = {s.number: s.id.removesuffix(":undo") for s in back.steps}
    assert there.rollback.verdict is back.undoing.verdict
    assert [ids[n] for n in there.rollback.undo] == [back_ids[n] for n in back.undoing.undo]
    assert [ids[n] for n in there.rollback.by_hand] == [back_ids[n] for n in back.undoing.by_hand]
    assert {ids[n] for n in there.rollback.no_return} == {back_ids[n] for n in back.undoing.no_return}


def joined(first: Difference, then: Difference) -> dict[str, tuple[Fragment | None, Fragment | None]]:
    """What two differences in a row make of each identity: its fragment before and after."""
    changed: dict[str, tuple[Fragment | None, Fragment | None]] = {}
    for one in (first, then):
        pairs: list[tuple[Fragment | None, Fragment | None]] = [
            *((None, f) for f in one.do),
            *((f, None) for f in one.undo),
            *one.amended,
        ]
        for was, now in pairs:
            identity = (was or now).identity  # type: ignore[union-attr]  # one of the two is there
            changed[identity] = (changed[identity][0] if identity in changed else was, now)
    return changed


def meaning(fragment: Fragment | None) -> object:
    """What of a fragment a deploy acts on."""
    if fragment is None:
        return None
    return [s._replace(line=None) for s in steps_of(fragment)], not fragment.steps and fragment.migration_note


@PATIENT
@given(histories(length=3))
def test_two_deploys_in_a_row_join_to_one(history: list[ChangeLog]) -> None:
    a, b, c = history
    direct = joined(compare_logs(a, c), compare_logs(c, c))
    in_two = joined(compare_logs(a, b), compare_logs(b, c))
    expected = {i: (meaning(was), meaning(now)) for i, (was, now) in direct.items()}
    assert {i: (meaning(w), meaning(n)) for i, (w, n) in in_two.items() if meaning(w) != meaning(n)} == expected


def moved(log: ChangeLog, seed: random.Random) -> ChangeLog:
    """The same log after a release, or in another folder, its fragments read in another order, with lines inserted."""

    def elsewhere(f: Fragment) -> Fragment:
        version = seed.choice((None, "2.10", "3.0"))
        path = f"changes/released/{version}/{f.identity}.md" if version else f"api/changes/{f.identity}.md"
        return f._replace(path=path, version=version, steps=tuple(s._replace(line=(s.line or 0) + 1) for s in f.steps))

    items = list(log.fragments.items())
    seed.shuffle(items)
    return log._replace(fragments={i: elsewhere(f) for i, f in items}, arrivals=dict(reversed(list(log.arrivals.items()))))


def without_places(made: Plan) -> object:
    """A plan without what may say where a fragment lies."""

    def steps(of: object) -> object:
        return [s._replace(path="", line=None) for s in of]  # type: ignore[attr-defined]  # a tuple of steps

    return (
        made._replace(
            do=tuple(c._replace(path="") for c in made.do),
            undo=tuple(c._replace(path="") for c in made.undo),
            steps=(),
            amended=(),
            findings=(),
        ),
        steps(made.steps),
        [(steps(x.was), steps(x.now)) for x in made.amended],
        {(f.rule, f.message) for f in made.findings},
    )


@PATIENT
@given(histories(), st.randoms(use_true_random=False))
def test_moving_fragments_and_reading_them_in_another_order_changes_nothing(
    history: list[ChangeLog], seed: random.Random
) -> None:
    a, b = history
    assert without_places(make_plan(moved(a, seed), moved(b, seed))) == without_places(make_plan(a, b))
    assert make_plan(a, moved(a, seed)).empty


@PATIENT
@given(histories())
def test_steps_go_by_phase_and_restarts_come_once_at_the_end_of_before_restart(history: list[ChangeLog]) -> None:
    a, b = history
    made = make_plan(a, b)
    assert [s.number for s in made.steps] == list(range(1, len(made.steps) + 1))
    assert [RANK[s.phase] for s in made.steps] == sorted(RANK[s.phase] for s in made.steps)
    services = [s.service for s in made.steps if s.kind is StepKind.RESTART]
    between = compare_logs(a, b)
    assert len(services) == len(set(services))
    assert set(services) == {service for f in (*between.do, *between.undo) for s in f.steps for service in s.restart}
    first = next((n for n, s in enumerate(made.steps) if s.kind is StepKind.RESTART), len(made.steps))
    after = [s for s in made.steps[first:] if s.kind is not StepKind.RESTART]
    assert all(RANK[s.phase] >= RANK[PHASES[2]] for s in after)
    asking = {(f.identity, n) for f in (*between.do, *between.undo) for n, s in enumerate(f.steps, 1) if s.restart}
    assert not [s.id for s in after if any(s.id.startswith(f"{i}#{n}") for i, n in asking)]


@PATIENT
@given(histories())
def test_no_step_is_lost(history: list[ChangeLog]) -> None:
    a, b = history
    made, between = make_plan(a, b), compare_logs(a, b)
    commands = {s.run for s in made.steps} | {s.do for s in made.steps}
    for fragment in between.do:
        for step in fragment.steps:
            assert {step.run, step.do} <= commands | {None}
    assert len({s.id for s in made.steps}) == len(made.steps)
    assert {i for f in between.do if f.migration for i in [f.identity]} <= {i for s in made.steps for i in s.changes}


@PATIENT
@given(histories())
def test_what_is_needed_comes_first_within_a_phase_unless_needs_go_round(history: list[ChangeLog]) -> None:
    a, b = history
    made = make_plan(a, b)
    if any(f.rule == "needs-cycle" for f in made.findings):
        return
    at = {c.identity: n for n, c in enumerate(made.do)}
    assert all(at[need] < at[i] for i in at for need in b.fragments[i].needs if need in at)
    free = [i for i in at if not set(b.fragments[i].needs) & at.keys()]
    known = [b.arrivals[i].order if i in b.arrivals else -1 for i in free]
    if all(not set(b.fragments[i].needs) & at.keys() for i in at):
        assert known == sorted(known)


@PATIENT
@given(histories())
def test_the_verdict_is_that_of_the_steps(history: list[ChangeLog]) -> None:
    made = make_plan(*history)
    doing = [s for s in made.steps if s.kind is StepKind.DO]
    sure = {Reversibility.SAFE: all(s.undo for s in doing), Reversibility.IMPOSSIBLE: any(s.irreversible for s in doing)}
    assert sure.get(made.rollback.verdict, True)
    assert (made.rollback.verdict is Reversibility.SAFE) == sure[Reversibility.SAFE]
    assert (made.rollback.verdict is Reversibility.IMPOSSIBLE) == sure[Reversibility.IMPOSSIBLE]
    way = made.rollback
    assert sorted((*way.undo, *way.by_hand, *way.no_return)) == [s.number for s in doing]
