"""What a plan says where a fragment cannot be read, left, or stops a service: cases that the laws do not draw."""

from __future__ import annotations

from relbot.config.model import Service
from relbot.deploy.plan.change_order import order_sensitive
from relbot.deploy.plan.changelog import Departure
from relbot.deploy.plan.make import make_plan
from relbot.deploy.plan.model import StepKind
from relbot.deploy.plan.services import with_services
from relbot.finding import Finding, Place
from relbot.fragment.model import Phase
from relbot.release.notes import Attribution
from tests.deploy.plan.test_plan import A, change, log, rules, step

FAULT = (Finding("yaml-syntax", Place("changes/x.md", 2), "This is not YAML."),)


def test_what_is_waited_for_may_be_unreadable_or_unread() -> None:
    waits = change("b", hold=("x",))
    assert [hold.awaits for hold in make_plan(A, log(waits)).holds] == ["x"]
    assert make_plan(A, log(waits, faulty={"x": FAULT})).holds == ()
    assert make_plan(A, log(waits, unread=frozenset({"x"}))).holds == ()
    named = change("c", issues=("x",))
    assert make_plan(A, log(waits, named)).holds == ()
    assert [hold.awaits for hold in make_plan(A, log(change("b", hold=("x",), issues=("x",)))).holds] == ["x"]


def test_what_needs_nothing_is_told_with_its_reason() -> None:
    made = make_plan(A, log(change("a", waived=True, reason="A test."), change("b"), change("c", step("1"))))
    assert [(each.change, each.reason) for each in made.waivers] == [("a", "A test.")]


def test_what_left_is_undone_only_where_its_change_went_too() -> None:
    start = log(change("x", step("up", undo="down")), name="A")
    for how, undone, said in (
        (Departure.REVERTED, ["x#1:undo"], ((), ())),
        (Departure.TIDIED, [], (("x",), ())),
        (Departure.UNKNOWN, [], ((), ("x",))),
    ):
        made = make_plan(start, log(departures={"x": how}))
        assert [each.id for each in made.steps] == undone, how
        assert (made.tidied, tuple(str(each) for each in made.vanished)) == said, how
    came_and_left = make_plan(A, log(departures={"x": Departure.TIDIED}))
    assert (came_and_left.tidied, came_and_left.steps) == ((), ())


def test_changes_that_need_each_other_are_told_on_the_way_back_too() -> None:
    circle = (change("a", step("1", undo="-1"), needs=("b",)), change("b", step("2", undo="-2"), needs=("a",)))
    assert "needs-cycle" in rules(make_plan(log(*circle, name="A"), log()))


def test_a_service_that_stops_with_another_is_checked() -> None:
    plan = make_plan(A, log(change("a", step("1", restart=("web",)), step("2", restart=("other",)))))
    web = Service("web", "systemctl restart web", "curl web", ("front",))
    jobs = Service("jobs", "systemctl restart jobs", "pgrep jobs", (), ("web",))
    mail = Service("mail", "", "pgrep mail", (), ("web",))
    made = with_services(plan, (web, jobs, mail))
    by_id = {each.id: each for each in made.steps}
    assert set(by_id) == {"a#1", "a#2", "restart:other", "restart:web", "check:jobs", "check:mail"}
    assert (by_id["restart:web"].run, by_id["restart:web"].check, by_id["restart:web"].on) == (
        "systemctl restart web", "curl web", ("front",),
    )  # fmt: skip
    assert by_id["restart:other"].run is None
    assert by_id["check:jobs"].do == "Check whether jobs works: it stops with web. If it does not: systemctl restart jobs"
    assert by_id["check:mail"].do == "Check whether mail works: it stops with web."
    assert {each.kind for each in made.steps} == {StepKind.DO, StepKind.RESTART, StepKind.CHECK}
    assert all(each.phase_said for each in made.steps)
    assert with_services(made, (web, jobs, mail)) == made
    [restart] = with_services(make_plan(A, log(change("a", step(None, restart=("web",), check="curl a")))), (web,)).steps
    assert restart.check == "curl web\ncurl a"


def test_how_a_step_is_taken_back_is_said_where_its_author_did_not() -> None:
    steps = (step("1", undo="-1"), step("2"), step("3", irreversible=True, reason="It forgets."))
    assert {each.takes_back: (each.run, each.do) for each in make_plan(log(change("a", *steps)), A).steps} == {
        "1": ("-1", None),
        "2": (None, "Undo this by hand. The fragment does not say how."),
        "3": (None, "Stop: this step cannot be undone."),
    }


def test_arrivals_are_looked_for_only_where_the_order_depends_on_them() -> None:
    one, other, later = change("one", step()), change("other", step()), change("later", step(phase=Phase.LATER))
    needing = change("needing", needs=("later", "gone"))
    assert order_sensitive((one, later)) == (frozenset(), frozenset())
    assert [*map(set, order_sensitive((one, other, later, needing)))] == [{"one", "other"}, {"later", "needing"}]


def test_a_component_sees_what_is_its_own() -> None:
    work, none = step("up", undo="down"), change("moved")
    start = log(
        *(change(f"{name}-old", step("1", undo=f"{name} back"), component=name) for name in ("api", "web")),
        change("moved", work, component="web"),
        change("amended", step("was"), component="web"),
        change("gone-web", component="web"),
        change("gone-api", component="api"),
        name="A",
        faulty={"x": FAULT},
    )
    then = log(
        change("x", step("was unreadable"), component="web"),
        change("moved", work, component="api"),
        change("amended", step("is"), component="web"),
        departures=dict.fromkeys(("gone-web", "gone-api"), Departure.UNKNOWN),
    )
    api, web = (make_plan(start, then, component=name) for name in ("api", "web"))
    assert ([each.run for each in api.steps], [each.run for each in web.steps]) == (["api back"], ["web back"])
    assert [each.change.identity for each in api.amended] == ["moved"]
    assert [each.change.identity for each in web.amended] == ["amended", "x"]
    assert (list(map(str, api.vanished)), list(map(str, web.vanished))) == (["gone-api"], ["gone-web"])
    assert make_plan(log(none, name="A"), log(none), component="api").amended == ()


def test_a_change_has_the_authors_and_pull_requests_that_it_names_or_else_those_of_its_commits() -> None:
    origins = dict.fromkeys(("a", "b"), Attribution(("7",), ("bob",)))
    made = make_plan(A, log(change("a", authors=("ann",), prs=("5",)), change("b"), change("c"), origins=origins))
    assert [(each.authors, each.prs) for each in made.do] == [(("ann",), ("5",)), (("bob",), ("7",)), ((), ())]


def test_what_a_component_needs_of_others_is_told_for_it_alone() -> None:
    needing = (change("own", component="api", needs=("base",)), change("all", needs=("base",)))
    plans = [make_plan(A, log(change("base", component="web"), *needing), component=of) for of in ("api", None)]
    assert [[(each.change, each.needs, each.component) for each in made.elsewhere] for made in plans] == [
        [("own", "base", "web"), ("all", "base", "web")],
        [],
    ]


def test_prose_is_what_a_deploy_acts_on_where_there_are_no_steps() -> None:
    for work, amended in (((), ["x"]), ((step(),), [])):
        was, now = (change("x", *work)._replace(migration=True, migration_note=note) for note in ("Call Ann.", "Call Bob."))
        assert [each.change.identity for each in make_plan(log(was), log(now)).amended] == amended


def test_a_step_that_only_restarts_says_so_and_hosts_that_cannot_be_seen_are_left_out() -> None:
    made = make_plan(A, log(change("a", step(None, restart=("web", "jobs")))))
    assert {each.service for each in made.steps} == {"web", "jobs"}
    hidden = make_plan(A, log(change("a", step("x", on=("\u202e",))), change("b", step("y", on=("front",)))))
    assert {each.run: each.on for each in hidden.steps} == {"x": (), "y": ("front",)}
