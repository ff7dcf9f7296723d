"""What a plan says, case by case."""

from __future__ import annotations

import pytest

from relbot.deploy.plan.changelog import Arrival, ChangeLog, Revision
from relbot.deploy.plan.holds import open_contracts
from relbot.deploy.plan.make import make_plan
from relbot.deploy.plan.model import Plan, Reversibility, StepKind, Total
from relbot.finding import Finding, Level, Place
from relbot.fragment.model import Compat, Fragment, Phase, Step
from relbot.release.notes import Attribution

A = ChangeLog(Revision("A", "a" * 40))


def change(identity: str, *steps: Step, **more: object) -> Fragment:
    return Fragment(identity, f"changes/{identity}.md", "changed", "Text.", migration=bool(steps), steps=steps, **more)  # type: ignore[arg-type]  # passed through


def step(run: str | None = "do it", phase: Phase = Phase.BEFORE_RESTART, **more: object) -> Step:
    return Step(phase, run, **more)  # type: ignore[arg-type]  # passed through


def log(*fragments: Fragment, name: str = "B", **more: object) -> ChangeLog:
    """The fragments in the order in which they arrived, each with a commit of its own."""
    arrivals = {f.identity: Arrival(n, f"{n:040x}") for n, f in enumerate(fragments)}
    return ChangeLog(Revision(name), {f.identity: f for f in fragments}, **{"arrivals": arrivals} | more)  # type: ignore[arg-type]  # passed through


def rules(made: Plan) -> list[str]:
    return [finding.rule for finding in made.findings]


def test_each_service_restarts_once_after_the_last_step_that_needs_it() -> None:
    made = make_plan(
        A,
        log(
            change("a", step("1", restart=("web", "jobs"), on=("front",)), step("0", Phase.BEFORE_INSTALL, restart=("web",))),
            change("b", step("2", restart=("web",), on=("back",)), step("3", Phase.AFTER_RESTART)),
        ),
    )
    assert [s.run or s.service for s in made.steps] == ["0", "1", "2", "jobs", "web", "3"]
    assert (made.steps[4].on, made.steps[4].changes) == (("back", "front"), ("a", "b"))


def test_a_step_that_only_restarts_is_the_restart() -> None:
    made = make_plan(
        A, log(change("a", step(None, restart=("web",), check="curl web", duration=5), step(None, restart=("web",), duration=9)))
    )
    assert [(s.id, s.check, s.duration) for s in made.steps] == [("restart:web", "curl web", 9)]
    assert made.rollback.verdict is Reversibility.SAFE
    irreversible = make_plan(A, log(change("a", step(None, restart=("web",), irreversible=True, reason="It forgets."))))
    assert [s.id for s in irreversible.steps] == ["a#1", "restart:web"]
    assert irreversible.rollback.verdict is Reversibility.IMPOSSIBLE


def test_a_step_is_taken_back_by_the_code_that_did_it() -> None:
    steps = (step("later", Phase.LATER), step("new"), step("old", Phase.BEFORE_INSTALL), step("up", Phase.AFTER_RESTART))
    back = make_plan(log(change("a", *steps)), A)
    assert [(s.takes_back, s.phase.value) for s in back.steps] == [
        ("later", "before-install"), ("up", "before-install"), ("new", "before-install"), ("old", "after-restart"),
    ]  # fmt: skip


def test_what_needs_a_restart_is_taken_back_before_it() -> None:
    early = Phase.BEFORE_INSTALL
    back = make_plan(log(change("a", step("1", early), step("2", early, restart=("web",)), step("3", early))), A)
    assert [(s.takes_back or s.service, s.phase.value) for s in back.steps] == [
        ("3", "before-restart"), ("2", "before-restart"), ("web", "before-restart"), ("1", "after-restart"),
    ]  # fmt: skip


@pytest.mark.parametrize("note", ["", "Call **somebody**."])
def test_prose_alone_is_one_manual_step_whose_phase_is_not_said(note: str) -> None:
    fragment = Fragment("a", "changes/a.md", "changed", "Text.", migration=True, migration_note=note)
    (manual,) = make_plan(A, log(fragment)).steps
    assert (manual.phase, manual.run, manual.note) == (Phase.NOT_SAID, None, note)
    assert manual.do
    assert make_plan(A, log(fragment)).rollback.verdict is Reversibility.NEEDS_WORK


def test_a_cycle_is_a_finding_and_no_step_is_lost() -> None:
    round_trip = [
        change("a", step(), needs=("c",)),
        change("b", step(), needs=("a",)),
        change("c", step(), needs=("b",)),
        change("d", step(), needs=("c",)),
    ]
    made = make_plan(A, log(*round_trip))
    assert [f.message for f in made.findings if f.rule == "needs-cycle"] == [
        "These changes need each other, so none of them can be deployed first: `a` needs `c` needs `b` needs `a`."
    ]
    assert [c.identity for c in made.do] == ["a", "b", "c", "d"]
    assert made.blocked


def test_as_few_stops_as_possible_and_the_same_on_the_way_back() -> None:
    b = log(change("a"), change("b"), change("c", needs=("a",)), change("d", needs=("b",)), change("e", needs=("c",)))
    there, back = make_plan(A, b), make_plan(b, A)
    expected = [("c", ("a",), "1"), ("d", ("b",), "1"), ("e", ("c",), "3")]
    assert [(s.change, s.needs, s.stop and s.stop.commit[-1]) for s in there.splits] == expected
    assert [(s.change, s.needs, s.stop and s.stop.commit[-1]) for s in back.splits] == expected[::-1]
    assert {s.kind for s in back.splits} == {StepKind.UNDO}
    assert rules(there) == []


def test_what_arrived_together_or_the_wrong_way_round_cannot_be_split() -> None:
    expand, contract = change("expand"), change("contract", needs=("expand",))
    together = {"expand": Arrival(1, "c" * 40), "contract": Arrival(1, "c" * 40)}
    made = make_plan(A, log(expand, contract, arrivals=together))
    assert (made.splits, rules(made)) == ((), ["needs-together"])
    assert "cccccccccccc" in made.findings[0].message
    wrong = make_plan(A, log(contract, expand))
    assert (wrong.splits, rules(wrong)) == ((), ["needs-together"])
    assert "later" in wrong.findings[0].message


def test_what_is_needed_and_not_there_is_a_finding() -> None:
    assert rules(make_plan(A, log(change("b", needs=("gone",))))) == ["needs-missing"]
    assert rules(make_plan(log(change("gone")), log(change("b", needs=("gone",))))) == ["needs-missing"]
    kept = change("b", needs=("gone",))
    assert rules(make_plan(log(change("gone"), kept), log(kept))) == ["needs-missing"]
    assert rules(make_plan(log(kept), log(kept))) == []
    assert rules(make_plan(log(change("gone")), log(change("gone"), kept))) == []
    assert rules(make_plan(ChangeLog(A.revision, unread=frozenset({"gone"})), log(kept, unread=frozenset({"gone"})))) == []


@pytest.mark.parametrize(
    ("a", "b", "held"),
    [
        (A, log(), True),
        (A, log(change("7")), False),
        (A, log(change("x", issues=("7",))), False),
        (A, log(change("x", prs=("7",))), False),
        (A, log(change("x"), origins={"x": Attribution(("7",))}), False),
        (A, log(origins={"waits": Attribution(("7",))}), True),
        (A, log(merged=frozenset({"7"})), False),
        (A, log(unread=frozenset({"7"})), False),
        (log(change("x", issues=("7",))), log(), False),
        (log(change("waits", step(), hold=("7",))), log(), False),
    ],
)
def test_a_hold_lasts_until_the_named_thing_is_in_the_target_or_was_deployed(a: ChangeLog, b: ChangeLog, held: bool) -> None:
    waits = change("waits", step(), hold=("7",), issues=("7",))
    target = ChangeLog(b.revision, {**b.fragments, "waits": waits}, b.unread, {}, {}, b.origins, b.merged)
    assert bool(make_plan(a, target).holds) == held == make_plan(a, target).blocked


def test_contracts_open_with_a_shim_and_close_with_what_needs_it() -> None:
    shim, contract = change("shim", compat=Compat.SHIM, breaking=True), change("contract", needs=("shim",))
    states = [log(), log(shim), log(shim, contract)]
    assert [[f.identity for f in open_contracts(each.fragments.values())] for each in states] == [[], ["shim"], []]
    assert [(c.change, c.opened) for c in make_plan(states[0], states[1]).contracts] == [("shim", True)]
    assert [(c.change, c.opened) for c in make_plan(states[1], states[2]).contracts] == [("shim", False)]
    assert [(c.change, c.opened) for c in make_plan(states[2], states[1]).contracts] == [("shim", True)]
    assert make_plan(states[0], states[2]).contracts == ()


def test_the_way_back() -> None:
    steps = (step("1", undo="u1"), step("2"), step("3", undo="u3"), step("4", irreversible=True), step("5", irreversible=True))
    whole = make_plan(A, log(change("a", *steps))).rollback
    assert (whole.verdict, whole.undo, whole.by_hand, whole.no_return) == (Reversibility.IMPOSSIBLE, (3, 1), (2,), (4, 5))
    assert make_plan(A, log(change("a", *steps[:3]))).rollback.verdict is Reversibility.NEEDS_WORK
    assert make_plan(A, log(change("a", steps[0], steps[2]))).rollback.verdict is Reversibility.SAFE


def test_going_back_over_the_point_of_no_return_is_blocked_and_going_there_is_not() -> None:
    there = log(change("a", step(irreversible=True)))
    assert make_plan(there, A).blocked
    assert not make_plan(A, there).blocked


def test_times_add_up_where_they_are_stated() -> None:
    steps = (
        step(duration=60, downtime=5),
        step(duration=30),
        step(restart=("web",)),
        step(phase=Phase.LATER, duration=9_999, downtime=1),
    )
    made = make_plan(A, log(change("a", *steps)))
    assert (made.duration, made.downtime) == (Total(90, 2, 1), Total(5, 1, 2))


@pytest.mark.parametrize("key", ["run", "do", "check", "undo", "on", "restart"])
@pytest.mark.parametrize("back", [False, True])
def test_what_cannot_be_seen_is_a_finding_and_never_shown(key: str, back: bool) -> None:
    evil = "rm x\u202e\u200b"
    values: dict[str, object] = {"run": "do it", "undo": "undo it"} | {key: (evil,) if key in ("on", "restart") else evil}
    after = log(change("a", Step(Phase.BEFORE_RESTART, **values)))  # type: ignore[arg-type]  # each value is of its field
    made = make_plan(after, A) if back else make_plan(A, after)
    assert rules(made) == ["unsafe-command"]
    assert "U+200B, U+202E" in made.findings[0].message
    assert made.blocked
    assert [s.withheld for s in made.steps] == [(key,)]
    assert "\u202e" not in repr(made)
    assert [s.kind for s in made.steps] == [StepKind.UNDO if back else StepKind.DO]


def test_an_amended_change_with_unseen_characters_is_a_finding_too() -> None:
    made = make_plan(log(change("a", step("x"))), log(change("a", step("y\u200b"))))
    assert rules(made) == ["unsafe-command"]
    assert made.amended[0].now[0].run is None


def test_waivers_are_listed() -> None:
    made = make_plan(A, log(change("a", waived=True, reason="Only tests.")))
    assert [(w.change, w.reason) for w in made.waivers] == [("a", "Only tests.")]
    assert (made.steps, made.quiet, made.blocked) == ((), False, False)


def test_what_cannot_be_read_is_neither_done_nor_undone_but_told() -> None:
    fault = Finding("yaml-syntax", Place("changes/x.md", 2), "This is not YAML.")
    broken = log(faulty={"x": (fault,)})
    for a, b in ((A, broken), (broken, A), (log(change("x", step())), broken)):
        made = make_plan(a, b)
        assert (made.do, made.undo, made.steps, made.unreadable) == ((), (), (), ("x",))
        assert [(f.rule, f.place) for f in made.findings] == [(fault.rule, fault.place)]
        assert made.blocked
        assert {made.undoing.verdict, made.rollback.verdict} == {Reversibility.UNKNOWN}
    assert "In B: " not in make_plan(A, broken).findings[0].message
    assert "git show B:./changes/x.md" in make_plan(broken, A).findings[0].tip, "nobody can mend what is deployed"
    assert make_plan(broken, broken).quiet


def test_a_fragment_that_is_mended_now_is_compared_with_what_could_not_be_read() -> None:
    fault = Finding("yaml-syntax", Place("changes/x.md", 2), "This is not YAML.")
    made = make_plan(log(faulty={"x": (fault,)}), log(change("x", step("make"))))
    assert (made.do, made.steps, made.unreadable, made.blocked) == ((), (), (), False)
    (amendment,) = made.amended
    assert "git show B:./changes/x.md" in (amendment.was[0].do or "")
    assert [each.run for each in amendment.now] == ["make"]
    assert [f.level for f in made.findings] == [Level.WARNING]


def test_what_another_component_lacks_does_not_keep_this_one() -> None:
    own, other = change("own", component="api"), change("other", component="web", needs=("own", "gone"))
    together = {"own": Arrival(1, "c" * 40), "other": Arrival(1, "c" * 40)}
    logs = A, log(own, other, arrivals=together)
    assert rules(make_plan(*logs, component="api")) == []
    assert sorted(rules(make_plan(*logs, component="web"))) == ["needs-missing", "needs-together"]
    assert sorted(rules(make_plan(*logs))) == ["needs-missing", "needs-together"]


def test_a_renamed_fragment_is_the_same_change() -> None:
    was, now = change("4-c", step("do-4-c", undo="undo-4-c")), change("4004-c", step("do-4-c", undo="undo-4-c"))
    made = make_plan(log(was), log(now))
    assert (made.steps, made.amended, made.renamed, made.empty) == ((), (), (("4-c", "4004-c"),), True)
    assert make_plan(log(now), log(was)).renamed == (("4004-c", "4-c"),)


def test_a_fragment_that_says_what_it_was_is_amended_and_not_done_again() -> None:
    was, now = change("4-c", step("old")), change("4004-c", step("new"), was="4-c")
    for a, b in ((was, now), (now, was)):
        made = make_plan(log(a), log(b))
        assert (made.steps, made.do, made.undo) == ((), (), ())
        assert [each.change.identity for each in made.amended] == [b.identity]
    other = make_plan(log(was), log(now, change("4-c", step("old"))))
    assert ([each.identity for each in other.do], other.renamed) == (["4004-c"], ()), "the old name is still there"


def test_what_needs_a_renamed_fragment_has_it() -> None:
    was, now, needing = change("a", step("x")), change("b", step("x")), change("c", needs=("a",))
    made = make_plan(log(was), log(now, needing))
    assert (rules(made), [(n.change, n.needs) for n in made.needs]) == ([], [("c", "a")])
    same = change("b", step("x"), was="a")
    assert rules(make_plan(log(same), log(same, needing))) == []
    by_new_name = make_plan(log(was), log(now, change("c", needs=("b",))))
    assert (rules(by_new_name), [(n.change, n.needs) for n in by_new_name.needs]) == ([], [("c", "a")])


def test_a_restart_names_the_steps_that_need_it() -> None:
    b = log(change("a", step("1", restart=("web",)), step(None, restart=("web",))), change("c", step("2", restart=("web",))))
    assert [s.after for s in make_plan(A, b).steps if s.service] == [("a#1", "c#1")]
    assert [s.after for s in make_plan(b, A).steps if s.service] == [("c#1:undo", "a#1:undo")]
