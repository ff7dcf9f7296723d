"""Whether the workflows that run relbot start at all events that matter, and cannot block or loosen what they judge. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import yaml

from relbot.review.bot_setup import SetupCheck, SetupState
from relbot.schema import lazy_re as re
from relbot.schema.named_tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

LONGEST = 200_000
"""Characters of a workflow that are read."""
TYPES = ("opened", "synchronize", "reopened", "ready_for_review", "edited", "labeled", "unlabeled")
"""The types of events after which a pull request may be judged in another way."""
_DEFAULT_TYPES = ("opened", "synchronize", "reopened")
_OWN = re.compile(r"(?:^|[;&|\s])relbot\s+pr(?:\s|$)")
_ACTION = re.compile(r"(?:^\./$|/relbot(?:/[^@]{0,200})?@)")
_FILTERS = ("paths", "paths-ignore", "branches", "branches-ignore")


class WorkflowFile(NamedTuple):
    """A workflow as it lies in the repository."""

    path: str
    text: str


class BotWorkflow(NamedTuple):
    """A workflow that runs `relbot pr`: its events with their settings, and those of its jobs that run relbot, by name."""

    path: str
    events: dict[str, Any]
    concurrency: Any
    permissions: Any
    """Those of the whole file, None without any."""
    jobs: dict[str, dict[str, Any]]


def read_workflows(files: Sequence[WorkflowFile]) -> tuple[tuple[BotWorkflow, ...], tuple[str, ...]]:
    """Returns the workflows that run `relbot pr`, and the paths of those that cannot be read."""
    found, unreadable = [], []
    for file in files:
        try:
            whole = yaml.safe_load(file.text) if len(file.text) <= LONGEST else None
        except (yaml.YAMLError, RecursionError, ValueError):
            whole = None
        if not isinstance(whole, dict) or not isinstance(whole.get("jobs"), dict):
            unreadable.append(file.path)
            continue
        jobs = {str(job.get("name", key)): job for key, job in whole["jobs"].items() if isinstance(job, dict) and _runs(job)}
        if jobs:
            # YAML 1.1 reads the key `on` as true
            events = _events(whole.get(True, whole.get("on")))
            found.append(BotWorkflow(file.path, events, whole.get("concurrency"), whole.get("permissions"), jobs))
    return tuple(found), tuple(unreadable)


def check_job_names(workflows: Sequence[BotWorkflow]) -> frozenset[str]:
    """The names of the checks that the jobs at `pull_request` leave on a commit."""
    return frozenset(name for workflow in workflows if "pull_request" in workflow.events for name in workflow.jobs)


def judge_workflows(
    workflows: Sequence[BotWorkflow], unreadable: Sequence[str], status: str, default: str | None
) -> list[SetupCheck]:
    """Returns what is wrong with the workflows.

    `status` is that of the configuration, "" without one. `default` is what the settings give a job that lists no permissions:
    "read" or "write", None if that is unknown.
    """
    found = [
        SetupCheck("workflows", SetupState.UNKNOWN, f"relbot cannot read `{path}`.", "Correct its YAML.") for path in unreadable
    ]
    if not workflows:
        what = "No workflow of the default branch runs `relbot pr`."
        return [*found, SetupCheck("workflows", SetupState.WRONG, what, "Run `relbot init`, and commit what it writes.")]
    for workflow in workflows:
        problems = [*_event_problems(workflow), *_job_problems(workflow, status, default)]
        events = ", ".join(sorted(workflow.events))
        fine = SetupCheck("events", SetupState.FINE, f"`{workflow.path}` runs at {events}.", facts=(1, 3, 27))
        found += problems or [fine]
    if not any("pull_request" in workflow.events for workflow in workflows):
        what = "No workflow runs `relbot pr` at `pull_request`: pull requests get no annotations."
        found.append(SetupCheck("events", SetupState.WRONG, what, "Run `relbot init`, and commit what it writes."))
    if not any("merge_group" in workflow.events for workflow in workflows):
        what = "No workflow runs `relbot pr` at `merge_group`: a merge queue waits for its check forever."
        found.append(
            SetupCheck("events", SetupState.WRONG, what, "Add `merge_group:` to the events of the checking job.", facts=(13,))
        )
    return found


def _events(on: Any) -> dict[str, Any]:
    if isinstance(on, str):
        return {on: None}
    return {str(each): None for each in on} if isinstance(on, list) else dict(on) if isinstance(on, dict) else {}


def _runs(job: dict[str, Any]) -> bool:
    steps = job.get("steps")
    return any(
        isinstance(step, dict) and (_OWN.search(str(step.get("run", ""))) or _ACTION.search(str(step.get("uses", ""))))
        for step in (steps if isinstance(steps, list) else ())
    )


def _event_problems(workflow: BotWorkflow) -> Iterator[SetupCheck]:
    path, events = workflow.path, workflow.events
    if {"pull_request", "pull_request_target"} <= set(events):
        what = f"`{path}` runs at `pull_request` and at `pull_request_target`: GitHub counts the skipped check as passed."
        yield SetupCheck("events", SetupState.WRONG, what, "Write one file for each of the two events.", facts=(1, 2))
    for name in ("pull_request", "pull_request_target"):
        if name not in events:
            continue
        about = events[name] if isinstance(events[name], dict) else {}
        missing = [each for each in TYPES if each not in (about.get("types") or _DEFAULT_TYPES)]
        if missing:
            what = f"`{path}` does not run at {', '.join(missing)} of `{name}`, so its result gets out of date."
            yield SetupCheck("events", SetupState.WRONG, what, f"Add {', '.join(missing)} to its `types`.", facts=(27, 28))
        filters = [each for each in _FILTERS if each in about]
        if filters and name == "pull_request":
            what = f"`{path}` has `{filters[0]}`: a required check waits forever where the filter skips it."
            yield SetupCheck("events", SetupState.WRONG, what, f"Remove `{filters[0]}`.", facts=(6,))
    concurrency = workflow.concurrency if isinstance(workflow.concurrency, dict) else {}
    if (
        concurrency.get("cancel-in-progress")
        and "synchronize" not in f"{concurrency.get('group')}{concurrency['cancel-in-progress']}"
    ):
        what = (
            f"`{path}` cancels a run for the same commit: the cancelled check may block the merge although a newer one is green."
        )
        change = "Cancel at `synchronize` only, as the workflow of `relbot init` does."
        yield SetupCheck("events", SetupState.WRONG, what, change, facts=(3, 4, 5))


def _job_problems(workflow: BotWorkflow, status: str, default: str | None) -> Iterator[SetupCheck]:
    path = workflow.path
    for name, job in workflow.jobs.items():
        if "pull_request" in workflow.events and "if" in job:
            what = f"The job `{name}` in `{path}` has `if`. Where that skips the job, GitHub counts it as passed."
            yield SetupCheck("events", SetupState.WRONG, what, "Remove the `if`.", facts=(1,))
        if "pull_request_target" not in workflow.events:
            continue
        checked_out = [str(step.get("with", {}).get("ref", "")) for step in job["steps"] if isinstance(step.get("with"), dict)]
        if any("head" in ref for ref in checked_out):
            what = f"The job `{name}` in `{path}` checks out the pull request with a token that may write."
            yield SetupCheck("permissions", SetupState.WRONG, what, "Check out the base, or nothing.", facts=(24, 37))
        yield from _permission_problems(
            f"The job `{name}` in `{path}`", job.get("permissions", workflow.permissions), status, default
        )


def _permission_problems(job: str, given: Any, status: str, default: str | None) -> Iterator[SetupCheck]:
    """Whether the job that comments may write, by what the file says; what it does not say, the settings do."""
    needed = ("pull-requests: write", *(("statuses: write",) if status else ()))
    change = f"Add `{'`, `'.join(needed)}` below its `permissions:`."
    if given is None and default is None:
        what = f"{job} lists no `permissions:`, so the default of the settings counts, and this token cannot read that."
        yield SetupCheck("permissions", SetupState.UNKNOWN, what, change, facts=(43, 45))
        return
    if given is None:
        given = f"{default}-all"
    if given == "write-all":
        return
    has = given if isinstance(given, dict) else {}
    missing = [each for each in needed if has.get(each.partition(":")[0]) != "write"]
    if missing:
        what = f"{job} lacks `{'`, `'.join(missing)}`."
        yield SetupCheck("permissions", SetupState.WRONG, what, change, facts=(43, 45))
