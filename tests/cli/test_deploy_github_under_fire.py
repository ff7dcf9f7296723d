"""A ledger on GitHub while GitHub fails: everything is recorded exactly once, or exit code 3 and a sentence."""

from __future__ import annotations

import copy
import json
from typing import TYPE_CHECKING, Any

import pytest

from tests.cli.github_issues import drawn, tick_on_github
from tests.github.fake import faults
from tests.tiers import LONG, note_points, sample

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.cli.deployed import Site
    from tests.commandline import Run
    from tests.github.conftest import FakeGitHub

pytestmark = [pytest.mark.loopback, pytest.mark.slow]
ALL = (
    faults.HANG,
    faults.RESET,
    faults.LOST,
    faults.LATE,
    faults.SERVER_ERROR,
    faults.BAD_GATEWAY,
    faults.BAD_GATEWAY_DONE,
    faults.PRIMARY_LIMIT,
    faults.secondary_limit(7),
    faults.NOT_FOUND,
    faults.BAD_TOKEN,
    faults.REFUSED,
    faults.NOT_JSON,
    faults.EMPTY,
)
FEW = (faults.LOST, faults.BAD_GATEWAY, faults.PRIMARY_LIMIT, faults.NOT_FOUND, faults.NOT_JSON)
CASES = {
    "the first done": ([], "adopt --at old", ["adopted"]),
    "a begin and a tick": (["adopt --at old"], "tick options#1 --to new", ["adopted", "begun", "done options#1"]),
    "a tick": (
        ["adopt --at old", "tick options#1 --to new"],
        "tick options#2 --failed disk",
        ["adopted", "begun", "done options#1", "failed options#2"],
    ),
    "a done": (["adopt --at old", "tick options#1 --to new"], "done --anyway x", ["adopted", "begun", "done options#1", "ended"]),
    "a done after boxes": (
        ["adopt --at old", "tick options#1 --to new", "box options#2", "note x", "box restart:apache2"],
        "done",
        ["adopted", "begun", "done options#1", "done options#2", "noted", "done restart:apache2", "ended"],
    ),
    "a begin in a further issue": (["adopt --at old"], "tick options#1 --to new", ["adopted", "begun", "done options#1"]),
    "a lock": (["adopt --at old"], "lock --reason x --for 1h", ["adopted", "locked"]),
}
STATES = {
    "the first done": [["success"]],
    "a begin and a tick": [["success"], ["in_progress"]],
    "a tick": [["success"], ["in_progress", "failure"]],
    "a done": [["success"], ["in_progress", "success"]],
    "a done after boxes": [["success"], ["in_progress", "success"]],
    "a begin in a further issue": [["success"], ["in_progress"]],
    "a lock": [["success"]],
}
_BEGUN = ["adopt --at old", "tick options#1 --to new"]
_KNOWN = ["adopted", "begun", "done options#1"]
MORE = {
    "a begin": (["adopt --at old"], "begin --to new", ["adopted", "begun"], [["success"], ["in_progress"]]),
    "an unlock": (["adopt --at old", "lock --reason x --for 1h"], "unlock", ["adopted", "locked", "unlocked"], [["success"]]),
    "a note": (_BEGUN, "note hello", [*_KNOWN, "noted"], [["success"], ["in_progress"]]),
    "an overrule": (_BEGUN, "overrule step:options#2 --reason x", [*_KNOWN, "overruled"], [["success"], ["in_progress"]]),
    "a skip": (_BEGUN, "tick options#2 --skip x", [*_KNOWN, "skipped options#2"], [["success"], ["in_progress"]]),
    "an abort": (
        [*_BEGUN, "overrule step:options#1 --reason x"], "abort --reason x", [*_KNOWN, "overruled", "aborted"],
        [["success"], ["in_progress", "inactive"]],
    ),
}  # fmt: skip
"""What else writes, in `make test-long`: what comes before, the command, all records, and the states of the Deployments."""


@pytest.fixture
def run(site: Site, github: FakeGitHub, relbot: Run) -> Callable[[str], Any]:
    github.state.git = site.bare
    site.store = "github"
    site.environment('deployed = "ledger"')

    def deploy(command: str) -> Any:
        word, *rest = command.split()
        if word == "box":
            tick_on_github(github, rest[0])
            return relbot("--version", cwd=site.ada.path)
        return relbot("deploy", word, "production", *rest, cwd=site.ada.path)

    return deploy


def kinds(run: Callable[[str], Any]) -> list[str]:
    said = run("log --format json")
    if said.code == 3 and "There is no ledger" in said.err:
        return []
    assert said.code == 0, said.err
    return [" ".join(filter(None, (each["kind"], each["step"]))) for each in json.loads(said.out)["entries"]]


def states(github: FakeGitHub) -> list[list[str]]:
    return [[status[1] for status in one.statuses] for one in github.state.deployments.values()]


@pytest.mark.parametrize("case", [*CASES, *(pytest.param(each, marks=pytest.mark.long) for each in MORE)])
def test_each_request_fails_once(
    run: Callable[[str], Any],
    github: FakeGitHub,
    monkeypatch: pytest.MonkeyPatch,
    case: str,
    record_property: Callable[[str, object], None],
) -> None:
    before, command, right, ended = MORE[case] if case in MORE else (*CASES[case], STATES[case])
    issues = 2 if "further issue" in case else 1
    monkeypatch.setattr("relbot.ledger.github.rotation.LONG", 1 if issues == 2 else 500)
    for each in before:
        assert run(each).code == 0
    was, known = copy.deepcopy(vars(github.state)), kinds(run)
    at = len(github.requests)
    assert run(command).code == 0
    requests = range(1, len(github.requests) - at + 1)
    assert (kinds(run), states(github)) == (right, ended)
    boxes = drawn(github)
    for turn, fault in enumerate(ALL if LONG or case == "a tick" else FEW):
        for nth in sample(requests, 1, turn):
            vars(github.state).update(copy.deepcopy(was))
            github.left = 1_000  # as an hour later: there are more requests than GitHub takes in one
            github.fail(fault, nth=nth)
            said = run(command)
            github.plans.clear()
            where = f"{fault.name}, request {nth}: {said}"
            assert github.token not in said.err
            assert len(github.state.issues) <= issues, where
            if said.code == 0:
                assert (kinds(run), states(github)) == (right, ended), where
                assert drawn(github) == boxes, where
                assert len(github.state.comments) == len(right), where
                continue
            assert said.code == 3, where
            assert "relbot could not" in said.err or "cannot read the records" in said.err, where
            now = kinds(run)
            assert now in [right[:length] for length in range(len(known), len(right) + 1)], where
            if now != right:
                assert run(command).code == 0, where
                assert kinds(run) == right, where
                assert len(github.state.issues) == issues, where
                assert [each for each in states(github) if each] == ended, where
    note_points(record_property, f"{case}, on GitHub", requests=len(requests) * len(ALL))


def test_a_gate_is_not_open_where_github_does_not_answer(run: Callable[[str], Any], github: FakeGitHub) -> None:
    for command in ("adopt --at old", "tick options#1 --to new", "tick options#2", "tick restart:apache2"):
        assert run(command).code == 0
    assert run("gate").code == 0
    requests = 2
    for turn, fault in enumerate(ALL):
        for nth in sample(range(1, requests + 1), 1, turn):
            github.fail(fault, nth=nth, times=9)
            said = run("gate")
            github.plans.clear()
            assert (said.code, said.out) == (3, ""), f"{fault.name}, request {nth}"
