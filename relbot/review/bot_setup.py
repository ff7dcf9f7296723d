"""How the bot is set up in a repository: what was looked at, what is wrong or unknown, and what to change. Pure.

The numbers of facts are those of docs/github.md.
"""

from __future__ import annotations

from enum import StrEnum

from relbot.schema.named_tuples import NamedTuple

ACTIONS_APP = 15368
"""The id of the app GitHub Actions: the same on github.com for all repositories."""


class SetupState(StrEnum):
    """What is known of one thing."""

    FINE = "fine"
    WRONG = "wrong"
    UNKNOWN = "unknown"


class SetupCheck(NamedTuple):
    """One thing that was looked at: a sentence, what to change ("" for nothing), and the page on GitHub where that is done."""

    topic: str
    state: SetupState
    what: str
    change: str = ""
    page: str = ""
    facts: tuple[int, ...] = ()


class BotSetup(NamedTuple):
    """All that was looked at in a repository."""

    repository: str
    checks: tuple[SetupCheck, ...]

    @property
    def has_wrong(self) -> bool:
        """Whether something is to be changed."""
        return any(check.state is SetupState.WRONG for check in self.checks)

    @property
    def has_unknown(self) -> bool:
        """Whether the token could not read something."""
        return any(check.state is SetupState.UNKNOWN for check in self.checks)


class RequiredCheck(NamedTuple):
    """A check that a branch requires. `app` is the id of the app that has to set it, None for any."""

    name: str
    app: int | None


def judge_required(
    required: tuple[RequiredCheck, ...], job_names: frozenset[str], status: str, branch: str, page: str
) -> list[SetupCheck]:
    """Whether the branch requires a check of relbot's, and who can loosen it.

    `job_names` are the names of the jobs that run relbot at `pull_request`. `status` is the commit status of the configuration,
    "" without one.
    """
    topic = "required check"
    found: list[SetupCheck] = []
    if status and status in job_names:
        what = f"The commit status `{status}` has the name of a job, so GitHub cannot tell them apart."
        found.append(SetupCheck(topic, SetupState.WRONG, what, "Give `status` below `[pr]` another name.", facts=(10,)))
    own = [check for check in required if check.name in job_names or (status and check.name == status)]
    if not own:
        names = sorted(job_names | ({status} if status else set()))
        what = f"The branch `{branch}` requires no check of relbot, so findings do not block a merge."
        change = f"Require `{status or names[0]}` for `{branch}`." if names else "Add a workflow that runs relbot first."
        return [*found, SetupCheck(topic, SetupState.WRONG, what, change, page, (7, 12))]
    return [*found, *(_judge_one(check, job_names, page) for check in own)]


def _judge_one(check: RequiredCheck, job_names: frozenset[str], page: str) -> SetupCheck:
    topic = "required check"
    if check.name in job_names:
        what = (
            f"The branch requires `{check.name}`. GitHub takes the file of that job from the pull request, so its "
            "author can make it pass."
        )
        change = "Set `status` below `[pr]`, give the commenting job `statuses: write`, and require that status instead."
        return SetupCheck(topic, SetupState.WRONG, what, change, page, (15,))
    if check.app in (None, -1, ACTIONS_APP):
        what = (
            f"The branch requires the status `{check.name}`. Pull requests from forks cannot set it. People with write "
            "access can set it."
        )
        return SetupCheck(topic, SetupState.FINE, what, facts=(11, 37))
    return SetupCheck(
        topic, SetupState.FINE, f"The branch requires the status `{check.name}` of the app {check.app}.", facts=(11,)
    )
