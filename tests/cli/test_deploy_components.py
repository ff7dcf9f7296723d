"""Deploys of components with environments of their own: what one needs of another, and what is taken back first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.cli.stories import GATE_INSTALL, LEDGER

if TYPE_CHECKING:
    from tests.cli.stories import Story

COMPONENTS = """
[components.api]
[components.worker]

[environments.api-production]
deployed = "ledger"
target = "origin/main"
component = "api"

[environments.worker-production]
deployed = "ledger"
target = "origin/main"
component = "worker"
"""


def test_what_another_component_runs_already_blocks_nothing_and_is_not_taken_back_first(story: Story) -> None:
    story.configure(COMPONENTS)
    for environment in ("api-production", "worker-production"):
        assert story("deploy", "adopt", environment, "--at", "origin/main").code == 0
    before = story.a.head
    first = story.change("a", front="component: api\n")
    story.change("w", front="component: worker\nneeds: [a]\n")
    gate = ("deploy", "gate", "worker-production", "--to", "origin/main", *GATE_INSTALL)
    waits = story(*gate)
    assert waits.code == 1
    assert "w needs a of the component api, which api-production does not run yet" in waits.out
    story("deploy", "tick", "api-production", "a#1", "--to", first)
    assert story("deploy", "done", "api-production").code == 0
    assert story(*gate).code == 0
    story("deploy", "tick", "worker-production", "w#1")
    assert story("deploy", "done", "worker-production").code == 0
    back = story("deploy", "gate", "api-production", "--to", before, "--rollback", *GATE_INSTALL)
    assert back.code == 1
    assert "w, which worker-production runs, needs a. Take it back there first." in back.out
    answers = (("deploy", "status"), ("motd",), ("checklist",))
    assert [story(*words, "worker-production").code for words in answers] == [0, 0, 0]
    assert story("deploy", "tick", "api-production", "a#1", "--undone").code == 0
    for words in answers:
        said = story(*words, "worker-production")
        assert "needs a of the component api, and a#1 was undone on api-production" in " ".join(said.out.split()), words
        assert "Nothing to do" not in said.out, words
    assert story("deploy", "status", "worker-production").code == 1


def test_a_change_of_several_components_is_needed_in_the_environments_of_each(story: Story) -> None:
    web = COMPONENTS.replace("worker", "web").replace("[components.api]\n", "").partition("[environments.api")[0]
    of_web = COMPONENTS[COMPONENTS.index("[environments.worker") :].replace("worker", "web")
    story.configure(f"{COMPONENTS}{web}{of_web}")
    names = ("api-production", "worker-production", "web-production")
    for name in names:
        assert story("deploy", "adopt", name, "--at", "origin/main").code == 0
    story.a.write(
        "changes/a.md", "---\ntype: changed\ncomponent: [api, web]\ndeploy: {phase: before-restart, run: make}\n---\nA.\n"
    )
    both = story.change("w", front="component: worker\nneeds: [a]\n")
    gate = ("deploy", "gate", "worker-production", "--to", "origin/main", *GATE_INSTALL)
    for name, component in (("api-production", "api"), ("web-production", "web")):
        waits = story(*gate)
        assert waits.code == 1
        assert f"w needs a of the component {component}, which {name} does not run yet" in waits.out
        assert story("deploy", "tick", name, "a#1", "--to", both).code == 0
        assert story("deploy", "done", name).code == 0
    assert story(*gate).code == 0, "no revision lies between the two, and none has to: each is deployed elsewhere"


def test_the_checklist_of_a_component_says_how_far_the_whole_deploy_is(story: Story) -> None:
    story.configure("[components.api]\n[components.worker]\n" + LEDGER)
    story.deploy("adopt", "--at", "origin/main")
    story.change("a", front="component: api\n")
    story.change("w", front="component: worker\n")
    story.deploy("tick", "a#1", "--to", "origin/main")
    for component in ((), ("--component", "api"), ("--component", "worker")):
        assert "1 of 2 steps settled." in story("checklist", "production", *component).out
