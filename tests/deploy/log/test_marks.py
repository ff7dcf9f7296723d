"""How the steps of a plan stand after a history, what forbids to go on, and what a plan is for somebody who knows the history."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relbot.deploy.log.closing import ended_deed
from relbot.deploy.log.obstacles import find_obstacles, list_obstacles
from relbot.deploy.log.progress import measure_progress, recordable_steps, step_digest
from relbot.deploy.log.reconcile import place_steps, reconcile_plan
from relbot.deploy.log.replay import replay_records
from relbot.deploy.plan.changelog import Arrival, ChangeLog, Revision
from relbot.deploy.plan.make import make_plan
from relbot.finding import Finding, Level, Place
from relbot.fragment.model import Fragment, Phase, Step
from tests.deploy.log.story import told

if TYPE_CHECKING:
    from relbot.deploy.log.record import Record
    from relbot.deploy.plan.model import Plan

X = Fragment(
    "x", "changes/x.md", "changed", "X.", migration=True,
    steps=(Step(Phase.BEFORE_RESTART, "do-x", undo="undo-x", restart=("web",)), Step(Phase.LATER, "later-x")),
)  # fmt: skip
X_AMENDED = X._replace(steps=(Step(Phase.BEFORE_RESTART, "do-x-otherwise", undo="undo-x", restart=("web",)), X.steps[1]))
Y = Fragment(
    "y", "changes/y.md", "changed", "Y.", migration=True, needs=("x",),
    steps=(Step(Phase.BEFORE_RESTART, "do-y", restart=("web", "jobs")),),
)  # fmt: skip
Z = Fragment("z", "changes/z.md", "changed", "Z.", migration=True, migration_note="Look at it.")
ARRIVED = {"x": Arrival(1, "b" * 40), "y": Arrival(2, "c" * 40), "z": Arrival(3, "d" * 40)}
LOGS = {
    "a": ChangeLog(Revision("old", "a" * 40)),
    "b": ChangeLog(Revision("new", "b" * 40), {"x": X}, arrivals=ARRIVED),
    "c": ChangeLog(Revision("newer", "c" * 40), {"x": X, "y": Y}, arrivals=ARRIVED),
    "d": ChangeLog(Revision("amended", "d" * 40), {"x": X_AMENDED, "z": Z}, arrivals=ARRIVED),
    "e": ChangeLog(Revision("renamed", "e" * 40), {"w": X._replace(identity="w", path="changes/w.md")}, arrivals=ARRIVED),
}


def plan_of(commits: str) -> Plan:
    return make_plan(LOGS[commits[0]], LOGS[commits[1]])


def with_digest(record: Record) -> Record:
    """The record with the digest of its step in the plan of its deploy."""
    deed = record.deed
    if not (deed.start and deed.step):
        return record
    steps = recordable_steps(plan_of(deed.start[0] + deed.target[0]))
    digests = {step.id: step_digest(step, deed.target) for step in steps}
    return record._replace(deed=deed._replace(digest=digests.get(deed.step, "")))


def end_after(story: str) -> str:
    """What the end of the deploy under way would say of its steps, and of those that were left before."""
    now = replay_records([with_digest(record) for record in told(story)])
    assert now.deploy
    plan = reconcile_plan(plan_of(now.deploy.start[0] + now.deploy.target[0]), now, lambda _: None)
    deed = ended_deed(measure_progress(plan, now.deploy), now)
    parts = {
        "left": deed.deferred,
        "never": deed.not_done,
        "moot": deed.moot,
        "renamed": ["".join(each) for each in deed.renamed],
    }
    return "; ".join(f"{name} {', '.join(of)}" for name, of in parts.items() if of)


def marks_after(commits: str, story: str) -> str:
    """The steps of the plan from the one commit to the other with their marks, and what else it says."""
    now = replay_records([with_digest(record) for record in told(story)])
    plan = reconcile_plan(
        plan_of(commits), now, lambda commit: plan_of(commit[0] + commits[1]) if commit[0] != commits[1] else None
    )
    progress = measure_progress(plan, now.deploy)
    lines = [
        " ".join(
            [each.step.id, each.mark, *(f"on {host}" for host in each.step.on), *(f"{of.host}:{of.mark}" for of in each.by_host)]
        )
        for each in progress.statuses
    ]
    lines += [f"{each.id} with a warning" for each in plan.steps if "Check first how far it came" in (each.note or "")]
    lines += [f"orphaned {each.deed.step}" for each in progress.orphaned_ticks]
    lines += (
        [f"brings {each.identity}" for each in plan.do]
        + [f"undoes {each.identity}" for each in plan.undo]
        + [f"spared {each}" for each in plan.not_done]
    )
    return "; ".join([*lines, *list_obstacles(plan, now)])


MARKS = {
    ("ab", ""): "x#1 open; restart:web open; x#2 open; brings x",
    ("ab", "begin ab; done ab x#1"): "x#1 done; restart:web open; x#2 open; brings x",
    ("ab", "begin ab; done ab x#1; done ab restart:web"): "x#1 done; restart:web done; x#2 open; brings x",
    ("ab", "begin ab; done ab restart:web; done ab x#1"): "x#1 done; restart:web open; x#2 open; brings x",
    ("ab", "begin ab; done ab x#1; ~done ab restart:web"): "x#1 done; restart:web open; x#2 open; brings x",
    ("ab", "begin ab; skip ab restart:web; done ab x#1"): "x#1 done; restart:web open; x#2 open; brings x",
    ("ab", "begin ab; skip ab restart:web; skip ab x#1"): "x#1 skipped; restart:web skipped; x#2 open; brings x",
    ("ab", "begin ab; done ab x#1; failed ab restart:web; done ab x#1"): "x#1 done; restart:web failed; x#2 open; brings x",
    ("ab", "begin ab; done ab x#1; done ab restart:web; undone ab x#1"): "x#1 open; restart:web open; x#2 open; brings x",
    ("ab", "begin ab; start ab x#1"): "x#1 started; restart:web open; x#2 open; brings x",
    ("ab", "begin ab; start ab x#1; done ab x#1"): "x#1 done; restart:web open; x#2 open; brings x",
    ("ab", "begin ab; done ab x#1; start ab x#1"): "x#1 done; restart:web open; x#2 open; brings x",
    ("ab", "begin ab; failed ab x#1:undo"): "x#1 failed; restart:web open; x#2 open; brings x",
    ("ab", "begin ab; failed ab x#1:undo; overrule ab step:x#1"): "x#1 overruled; restart:web open; x#2 open; brings x",
    ("ab", "begin ab; done ab x#1; overrule ab step:x#1"): "x#1 done; restart:web open; x#2 open; brings x",
    ("ab", "begin ab; start ab x#2; overrule ab step:x#2"): "x#1 open; restart:web open; x#2 overruled; brings x",
    ("ab", "begin ab; done ab q#1; failed ab r#1; skip ab s#1"): (
        "x#1 open; restart:web open; x#2 open; orphaned q#1; orphaned r#1; brings x"
    ),
    ("ab", "begin ab; done ab q#1; undone ab q#1; done ab check:web"): "x#1 open; restart:web open; x#2 open; brings x",
    ("ab", "begin ac; done ac x#1; done ac y#1; done ac restart:web; done ac restart:jobs; begin ab"): (
        "y#1:undo open; x#1 done; restart:web changed; restart:jobs changed; x#2 open; brings x; undoes y"
    ),
    ("ac", "begin ab; done ab x#1; done ab restart:web; begin ac"): (
        "x#1 done; y#1 open; restart:web changed; restart:jobs open; x#2 open; brings x; brings y; "
        "y must not go in one deploy with x, which it needs. First deploy bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb."
    ),
    ("aa", "begin ab; done ab x#1; done ab restart:web; failed ab x#2; begin aa"): (
        "x#2:undo open; x#1:undo open; restart:web changed; x#2:undo with a warning; undoes x"
    ),
    ("aa", "begin ac; done ac x#1; begin ab; done ab x#2; begin aa"): (
        "x#1:undo open; x#2:undo open; restart:web open; undoes x"
    ),
    ("aa", "begin ab; done ab x#1; undone ab x#1; begin aa"): "x#1:undo changed; restart:web open; undoes x",
    ("ad", "begin ab; done ab x#1; begin ad"): "z#1 open; x#1 changed; restart:web open; x#2 open; brings x; brings z",
    ("bd", ""): "x:amended open; z#1 open; brings z",
    ("bd", "begin bd; done bd x:amended"): "x:amended done; z#1 open; brings z",
    ("bd", "begin bd; skip bd x:amended"): "x:amended skipped; z#1 open; brings z",
    ("bd", "begin bd; failed bd x:amended; done bd z"): "x:amended failed; z#1 open; orphaned z; brings z",
    ("bc", "begin ab; end ab later=x#2"): (
        "y#1 open; restart:web open; restart:jobs open; brings y; y needs x, of which x#2 was not done."
    ),
    ("bc", "begin ab; done ab x#1; end ab never=x#2; begin bc; overrule bc need:y>x"): (
        "y#1 open; restart:web open; restart:jobs open; brings y"
    ),
    ("bc", "begin ab; done ab x#1; end ab; begin ba; undone ba x#1; begin bc"): (
        "x#1 open; y#1 open; restart:web open; restart:jobs open; brings x; brings y; y needs x, of which x#1 was not done."
    ),
    ("bc", "begin ab; done ab x#1; end ab; begin ba; skip ba x#1:undo; begin bc"): (
        "y#1 open; restart:web open; restart:jobs open; brings y"
    ),
    ("ba", "begin ab; done ab x#1; end ab later=x#2"): "x#1:undo open; restart:web open; undoes x; spared x#2",
    ("ba", "begin ab; skip ab x#1; end ab never=x#1"): "x#2:undo open; restart:web open; undoes x; spared x#1",
    # It could not be taken back, and was skipped, or left, then: it may be half there.
    ("ba", "begin ab; done ab x#1; failed ab x#1:undo; skip ab x#1; end ab never=x#1+x#2"): (
        "x#1:undo open; restart:web open; undoes x; spared x#2"
    ),
    ("ba", "begin ab; done ab x#2; failed ab x#2:undo; end ab later=x#2 never=x#1"): (
        "x#2:undo open; restart:web open; undoes x; spared x#1"
    ),
    # It was kept on the way back, and so skipped when its change came again: it is there.
    ("ba", "adopt b; begin ba; skip ba x#1:undo; end ba never=x#1:undo; begin ab; skip ab x#1; end ab later=x#2 never=x#1"): (
        "x#1:undo open; restart:web open; undoes x; spared x#2"
    ),
    ("ba", "begin ab; failed ab x#1; end ab later=x#1"): "x#2:undo open; x#1:undo open; restart:web open; undoes x",
    ("ca", "begin ac; done ac x#1; done ac y#1; end ac; begin ca; done ca x#1:undo"): (
        "x#2:undo open; y#1:undo open; x#1:undo done; restart:jobs open; restart:web open; undoes y; undoes x; "
        "y must not go in one deploy with x, which it needs. First deploy bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb."
    ),
    ("cb", "begin ac; done ac x#1; end ac; begin ca; undone ca x#1; begin cb"): (
        "y#1:undo open; x#1 open; restart:web open; restart:jobs open; brings x; undoes y"
    ),
    ("ab", "begin ab; done ab x#1 on=web1; begin ab"): "x#1 done web1:done; restart:web open; x#2 open; brings x",
    ("ac", "begin ab; done ab x#1; failed ab restart:web; begin ac"): (
        "x#1 done; y#1 open; restart:web changed; restart:jobs open; x#2 open; brings x; brings y; "
        "y must not go in one deploy with x, which it needs. First deploy bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb."
    ),
    ("ac", "begin ab; failed ab x#1; begin aa; begin ac"): (
        "x#1 failed; y#1 open; restart:web open; restart:jobs open; x#2 open; brings x; brings y; "
        "y must not go in one deploy with x, which it needs. First deploy bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb."
    ),
    ("bc", "begin bd; done bd x:amended; begin bc"): (
        "y#1 open; restart:web open; restart:jobs open; orphaned x:amended; brings y"
    ),
    ("ab", "failed ab x#1 on=web1; done ab x#1 on=web2; begin ab"): (
        "x#1 failed web2:done web1:failed; restart:web open; x#2 open; brings x"
    ),
    ("ab", "begin ab; done ab x#1 on=web1; failed ab x#1 on=web2"): (
        "x#1 failed web1:done web2:failed; restart:web open; x#2 open; brings x"
    ),
    ("ab", "begin ab; done ab x#1 on=web1; undone ab x#1 on=web2"): (
        "x#1 open web1:done web2:open; restart:web open; x#2 open; brings x"
    ),
    ("ab", "begin ab; failed ab x#1 on=web1; done ab x#1"): "x#1 done web1:done; restart:web open; x#2 open; brings x",
    ("aa", "begin ab; failed ab x#1 on=web1; done ab x#1; begin aa"): "x#1:undo open web1:open; restart:web open; undoes x",
    ("aa", "begin ab; done ab x#1 on=web1; begin aa"): "x#1:undo open web1:open; restart:web open; undoes x",
    ("de", "begin ab; failed ab x#1:undo"): (
        "z#1:undo open; x#2:undo open; x#1:undo changed; w#1 open; restart:web open; w#2 open; brings w; undoes z; undoes x"
    ),
    ("ab", "overrule ab step:x#1; failed ab x#1:undo; begin ab"): "x#1 failed; restart:web open; x#2 open; brings x",
    ("bc", "begin bd; failed bd x:amended; begin bc"): (
        "y#1 open; restart:web open; restart:jobs open; orphaned x:amended; brings y; y needs x, of which x:amended was not done."
    ),
    ("bc", "begin bd; skip bd x:amended; begin bc"): (
        "y#1 open; restart:web open; restart:jobs open; brings y; y needs x, of which x:amended was not done."
    ),
    ("bd", "begin bd; failed bd x:amended; begin bd"): "x:amended failed; z#1 open; brings z",
    ("ae", "begin ab; done ab x#1; begin ae"): "w#1 done; restart:web open; w#2 open; brings w",
    ("ae", "begin ab; failed ab x#1; begin ae"): "w#1 failed; restart:web open; w#2 open; brings w",
    ("ba", "begin ab; done ab x#1 on=web1; end ab later=x#1+x#2"): "x#1:undo open; restart:web open; undoes x; spared x#2",
    ("ba", "begin ab; done ab x#1 on=web1 of=web1+web2; end ab later=x#1"): (
        "x#2:undo open; x#1:undo open on web1; restart:web open; undoes x"
    ),
    ("ba", "begin ab; done ab x#1 on=web1 of=web1+web2; end ab never=x#1; failed ab x#1"): (
        "x#2:undo open; x#1:undo open; restart:web open; undoes x"
    ),
    ("ba", "begin ab; done ab x#1 on=web1 of=web1+web2; end ab later=x#1; failed ab x#1 on=web2 of=web1+web2"): (
        "x#2:undo open; x#1:undo open on web1 on web2; restart:web open; undoes x"
    ),
    ("ea", "begin ab; done ab x#1; begin ae; end ae later=w#2"): "w#1:undo open; restart:web open; undoes w; spared w#2",
    ("aa", "begin ae; done ae w#1; begin aa"): "w#1:undo open; restart:web open; undoes w",
    ("ab", "begin ae; done ae w#1; begin ab"): "x#1 done; restart:web open; x#2 open; brings x",
    ("bc", "begin bc; done bc x#1"): "y#1 open; restart:web open; restart:jobs open; orphaned x#1; brings y",
    ("aa", "begin ab; failed ab x#2; begin aa renamed=xz"): "z#2:undo open; restart:web open; z#2:undo with a warning; undoes z",
    ("ae", "begin ab; start ab x#2"): "w#1 open; restart:web open; w#2 started; brings w",
    ("aa", "begin ab; failed ab restart:web; begin aa"): "restart:web changed",
}


ENDS = {
    "begin ab": "left x#1, restart:web, x#2",
    "begin ab; done ab x#1": "left restart:web, x#2",
    "begin ab; skip ab x#1; done ab restart:web": "left x#2; never x#1",
    "begin ab; overrule ab step:x#1; done ab x#2": "left restart:web; never x#1",
    "begin ab; skip ab restart:web; skip ab x#1; skip ab x#2": "never x#1, x#2",
    "begin ab; skip ab x#1; end ab later=x#2 never=x#1; begin ba": "left restart:web; moot x#2, x#1",
    "begin ab; end ab later=x:amended never=y#1; begin bd": "left x:amended, z#1",
    "begin ab; end ab later=x#1:undo+q#1; begin bc": "left y#1, restart:web, restart:jobs",
    "begin bc; end bc later=y#1; begin cd": "left x:amended, z#1, restart:web, restart:jobs; moot y#1",
    "adopt b; begin ba; end ba later=x#1:undo never=x#1:undo; begin ab": "left x#1, restart:web, x#2; moot x#1:undo",
    "begin ab; done ab x#1; end ab later=x#2; begin be": "renamed xw",
    "begin bd; end bd later=x:amended; adopt a; begin ab": "left x#1, restart:web, x#2; moot x:amended",
    "failed ab x#1:undo; begin ac renamed=xy": "left x#1, y#1, restart:web, restart:jobs, x#2",
}


def test_each_step_stands_as_the_history_says() -> None:
    assert {case: marks_after(*case) for case in MARKS} == MARKS


def test_an_end_says_what_follows_from_the_history() -> None:
    assert {story: end_after(story) for story in ENDS} == ENDS


def test_what_is_done_in_another_environment_counts_where_nothing_was_recorded_here() -> None:
    plan = plan_of("ab")
    (done,) = (with_digest(each) for each in told("done ab x#1"))

    def mark(story: str, **shared: Record) -> tuple[str, ...]:
        now = replay_records([with_digest(record) for record in told(story)])
        found = measure_progress(plan, now.deploy, {name.replace("_", "#"): each for name, each in shared.items()})
        return tuple(each.mark.value for each in found.statuses if each.step.id.startswith("x#"))

    assert mark("", x_1=done) == ("done", "open")
    assert mark("begin ab; failed ab x#1", x_1=done) == ("failed", "open"), "what was recorded here counts"
    assert mark("", x_1=done._replace(deed=done.deed._replace(digest="0" * 16))) == ("open", "open"), (
        "it said something else there"
    )
    assert mark("", y_1=done) == ("open", "open")


def test_errors_forbid_to_go_on_but_for_the_vanished_who_are_told_apart() -> None:
    found = [
        Finding("hold-unknown", Place("changes/x.md"), "wrong", level=Level.ERROR),
        Finding("other", Place("changes/x.md"), "odd", level=Level.WARNING),
        Finding("fragment-vanished", Place("changes/v.md"), "gone", level=Level.ERROR),
    ]
    plan = plan_of("ab")._replace(findings=tuple(found), vanished=("v",))
    now = replay_records(told("begin ab; overrule ab vanished:v"))
    assert [each.what for each in find_obstacles(plan)] == ["vanished:v", "finding:hold-unknown@changes/x.md"]
    assert [each.what for each in find_obstacles(plan, now)] == ["finding:hold-unknown@changes/x.md"]
    other = replay_records(told("begin ac; overrule ac vanished:v"))
    assert len(find_obstacles(plan, other)) == 2, "it was overruled for another deploy"


def test_an_operator_gives_a_phase_to_what_has_none() -> None:
    plan = plan_of("ad")
    placed = place_steps(plan, ["phase:z#1>after-restart", "phase:x#1>later", "hold:7"])
    phases = {step.id: step.phase for step in placed.steps}
    assert (phases["z#1"], phases["x#1"]) == (Phase.AFTER_RESTART, Phase.BEFORE_RESTART)
    assert [step.number for step in placed.steps] == list(range(1, len(placed.steps) + 1))
    assert place_steps(plan, ["phase:q#1>later"]) == plan


def test_who_compares_an_amended_change_sees_what_it_said() -> None:
    (step,) = [each for each in recordable_steps(plan_of("bd")) if each.id == "x:amended"]
    assert step.note == (
        "was: before-restart: do-x\nwas: later: later-x\nnow: before-restart: do-x-otherwise\nnow: later: later-x"
    )
