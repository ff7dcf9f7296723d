"""What is wrong with workflows, from their text alone."""

from __future__ import annotations

import pytest

from relbot.review.bot_setup import RequiredCheck, SetupState, judge_required
from relbot.review.bot_workflows import LONGEST, TYPES, WorkflowFile, check_job_names, judge_workflows, read_workflows

CHECKING = f"""\
on:
  pull_request: {{types: [{", ".join(TYPES)}]}}
  merge_group:
concurrency: {{group: x, cancel-in-progress: "synchronize"}}
jobs:
  check: {{steps: [{{run: relbot pr}}]}}
  other: {{steps: [{{run: make}}]}}
  called: {{uses: ./x.yml}}
"""
COMMENTING = f"""\
on: {{pull_request_target: {{types: [{", ".join(TYPES)}]}}}}
jobs:
  comment:
    name: Comment
    permissions: {{pull-requests: write, statuses: write}}
    steps: [{{uses: actions/checkout@v4}}, {{uses: acme/relbot@v1, with: {{ref: main}}}}, {{uses: x, with: text}}]
"""


def told(*texts: str, status: str = "", default: str | None = None) -> list[tuple[SetupState, str]]:
    """What is not fine: its state, and what to change."""
    files = [WorkflowFile(f"{number}.yml", text) for number, text in enumerate(texts)]
    found = judge_workflows(*read_workflows(files), status, default)
    return [(each.state, each.change) for each in found if each.state is not SetupState.FINE]


def test_both_workflows_are_fine() -> None:
    assert told(CHECKING, COMMENTING, status="relbot") == []
    workflows, unreadable = read_workflows([WorkflowFile("a", CHECKING), WorkflowFile("b", COMMENTING)])
    assert [[*each.jobs] for each in workflows] == [["check"], ["Comment"]]
    assert check_job_names(workflows) == {"check"}
    assert not unreadable
    judged = judge_workflows(workflows, (), "", None)
    assert [each.what for each in judged] == ["`a` runs at merge_group, pull_request.", "`b` runs at pull_request_target."]


@pytest.mark.parametrize(
    ("file", "old", "new", "change"),
    [
        (0, "pull_request:", "pull_request_target:", "Run `relbot init`, and commit what it writes."),
        (0, "  merge_group:\n", "", "Add `merge_group:` to the events of the checking job."),
        (0, "  merge_group:\n", "  merge_group:\n  pull_request_target:\n", "Write one file for each of the two events."),
        (0, ", edited,", ",", "Add edited to its `types`."),
        (0, "types: ", "x: ", "Add ready_for_review, edited, labeled, unlabeled to its `types`."),
        (0, "types: ", "branches-ignore: x, types: ", "Remove `branches-ignore`."),
        (0, '"synchronize"', "true", "Cancel at `synchronize` only, as the workflow of `relbot init` does."),
        (0, "check: {", "check: {if: x, ", "Remove the `if`."),
        (1, "ref: main", 'ref: "${{ head }}"', "Check out the base, or nothing."),
        (1, "statuses: write", "statuses: read", "Add `pull-requests: write`, `statuses: write` below its `permissions:`."),
        (1, "{pull-requests: write, statuses: write}", "write-all", None),
        (1, "    permissions: {", "    env: {", "Add `pull-requests: write`, `statuses: write` below its `permissions:`."),
        (1, "types: ", "paths: x, types: ", None),
        (1, "    name: Comment", "    if: x", None),
    ],
)
def test_each_slip_is_told_alone(file: int, old: str, new: str, change: str | None) -> None:
    texts = [CHECKING, COMMENTING]
    assert old in texts[file]
    texts[file] = texts[file].replace(old, new)
    said = told(*texts, status="relbot")
    if "pull_request_target:" in new:  # which has no types, and whose job lacks the rights to comment
        said = said[-1:] if old == "pull_request:" else said[:1]
    if old == "    permissions: {":
        assert said == [(SetupState.UNKNOWN, change)]
        assert told(*texts, status="relbot", default="write") == []
        said = told(*texts, status="relbot", default="read")
    assert said == ([(SetupState.WRONG, change)] if change else [])


@pytest.mark.parametrize("text", ["a: [", "- 1", "jobs: x", f"jobs: {{}}\n#{'x' * LONGEST}", "[" * 20_000])
def test_what_cannot_be_read_is_unknown(text: str) -> None:
    assert told(CHECKING, text) == [(SetupState.UNKNOWN, "Correct its YAML.")]


def test_events_are_one_word_a_list_or_a_table() -> None:
    jobs = "\njobs: {a: {steps: [{uses: ./}, text]}, b: {steps: text}, c: text}\n"
    found, _ = read_workflows(
        [WorkflowFile("x", f"{on}{jobs}") for on in ("on: push", "on: [push]", "'on': {push: }", "on: 1", "")]
    )
    assert [[*each.events] for each in found] == [["push"]] * 3 + [[]] * 2
    assert all([*each.jobs] == ["a"] for each in found)
    [nothing] = judge_workflows((), (), "", None)
    assert (nothing.state, nothing.what) == (SetupState.WRONG, "No workflow of the default branch runs `relbot pr`.")


def test_what_a_branch_requires_is_judged_by_who_can_set_it() -> None:
    def judged(*required: RequiredCheck, status: str = "relbot") -> list[tuple[SetupState, str]]:
        found = judge_required(required, frozenset({"check"}), status, "main", "https://page")
        return [(each.state, each.what.partition(".")[0]) for each in found]

    other, own = RequiredCheck("lint", None), RequiredCheck("relbot", 7)
    assert judged(other, own) == [(SetupState.FINE, "The branch requires the status `relbot` of the app 7")]
    assert judged(own._replace(app=-1)) == [(SetupState.FINE, "The branch requires the status `relbot`")]
    assert judged(RequiredCheck("check", None)) == [(SetupState.WRONG, "The branch requires `check`")]
    nothing = "The branch `main` requires no check of relbot, so findings do not block a merge"
    assert judged(other) == judged(other, own, status="") == [(SetupState.WRONG, nothing)]
    same = "The commit status `check` has the name of a job, so GitHub cannot tell them apart"
    assert judged(other, status="check") == [(SetupState.WRONG, same), (SetupState.WRONG, nothing)]
    [change] = [each.change for each in judge_required((), frozenset({"b", "a"}), "", "main", "")]
    assert change == "Require `a` for `main`."
    for status, said in (("", "Add a workflow that runs relbot first."), ("relbot", "Require `relbot` for `main`.")):
        assert [each.change for each in judge_required((), frozenset(), status, "main", "")] == [said]
