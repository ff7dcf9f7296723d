"""Finds out how the bot is set up in a repository, with the token that it has there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relbot.config.model import Config
from relbot.errors import ConfigError, Unknown
from relbot.fragment.location import Folder
from relbot.git.policy_source import read_config_at
from relbot.git.temporary_clone import temporary_clone
from relbot.git.trees import list_tree, parse_entry, read_blobs, split_lines
from relbot.github.client import GitHubRepository, quote_path_part, require_servers, require_token
from relbot.github.errors import GitHubError, NotAllowed, NotThere
from relbot.github.pull import read_branch_tip
from relbot.review.bot_setup import BotSetup, RequiredCheck, SetupCheck, SetupState, judge_required
from relbot.review.bot_workflows import BotWorkflow, WorkflowFile, check_job_names, judge_workflows, read_workflows
from relbot.schema.named_tuples import NamedTuple

if TYPE_CHECKING:
    from relbot.github.settings import GitHubSettings, RunnerSettings

WORKFLOWS = ".github/workflows"
_READS = (
    ("pull-requests: read", "/pulls", "pull requests"),
    ("deployments: read", "/deployments", 'deployments, which `deployed = "github"` needs'),
)


class DiagnosisRequest(NamedTuple):
    """Which repository to look at, `OWNER/NAME`, with which token; `runner` tells the event, outside of Actions nothing."""

    repository: str
    github: GitHubSettings
    runner: RunnerSettings


class _ActionsSettings(NamedTuple):
    """What the settings let workflows do: the default of `permissions:`, "read" or "write"; None is unknown."""

    default: str | None = None
    may_open: bool | None = None


def diagnose_bot(request: DiagnosisRequest) -> BotSetup:
    """Looks at permissions, events, the required check and settings. Nothing is written.

    What the token may not read becomes a check that is unknown. GitHubError if the repository itself cannot be read.
    """
    token = require_token(request.github)
    github = GitHubRepository(request.repository, require_servers(request.github), token)
    about = github.read("read the repository", "")
    branch = str(about["default_branch"])
    checks = [*_check_repository(github, archived=about.get("archived") is True), _check_event(request.runner)]
    checks += [_check_reading(github, permission, path, what) for permission, path, what in _READS]
    settings = _read_actions_settings(github)
    try:
        workflows, config, found = _read_default_branch(github, branch, token, settings)
        checks += found
    except Unknown as error:
        checks.append(SetupCheck("workflows", SetupState.UNKNOWN, error.what, "Give the job `contents: read`."))
    else:
        checks += _check_required(github, branch, workflows, config.pr.status or "")
    return BotSetup(request.repository, (*checks, _check_opening(settings, f"{github.web}/settings/actions")))


def _check_repository(github: GitHubRepository, *, archived: bool) -> list[SetupCheck]:
    found = []
    if archived:
        what = "The repository is archived: GitHub takes no changes to it, and runs no workflows."
        found.append(SetupCheck("repository", SetupState.WRONG, what, "Unarchive it.", f"{github.web}/settings"))
    if github.at.web != "https://github.com":
        what = (
            f"{github.at.web} is an Enterprise Server. Before 3.20 it takes `pull_request_target` from the base branch; it has no"
            " immutable releases, and by default no rate limits."
        )
        found.append(SetupCheck("repository", SetupState.FINE, what, facts=(19, 115, 116)))
    return found


def _check_event(runner: RunnerSettings) -> SetupCheck:
    if not runner.event_name:
        what = "No event arrived: this is not a run of GitHub Actions."
        return SetupCheck("events", SetupState.FINE, what)
    if runner.event_name == "pull_request":
        what = "This run is of `pull_request`: for forks and Dependabot its token only reads."
        return SetupCheck("events", SetupState.FINE, what, facts=(37, 38, 39))
    facts = {"pull_request_target": (16, 23), "merge_group": (13, 33), "issue_comment": (20,)}
    return SetupCheck("events", SetupState.FINE, f"This run is of `{runner.event_name}`.", facts=facts.get(runner.event_name, ()))


def _check_reading(github: GitHubRepository, permission: str, path: str, what: str) -> SetupCheck:
    try:
        next(github.pages(f"read {what}", path, per_page=1), None)
    except (NotAllowed, NotThere) as error:
        return SetupCheck(
            "permissions", SetupState.WRONG, f"The token may not read {what}.", f"Give the job `{permission}`. {error.tip}"
        )
    except GitHubError as error:
        return SetupCheck("permissions", SetupState.UNKNOWN, error.what, error.tip)
    return SetupCheck("permissions", SetupState.FINE, f"The token has `{permission}`.", facts=(45,))


def _read_default_branch(
    github: GitHubRepository, branch: str, token: str, settings: _ActionsSettings
) -> tuple[tuple[BotWorkflow, ...], Config, list[SetupCheck]]:
    """The workflows that run relbot, the configuration, and what is wrong with them. Unknown if they cannot be fetched."""
    tip = read_branch_tip(github, branch)
    with temporary_clone(f"{github.web}.git", (tip,), token) as git:
        listed = [parse_entry(line) for line in split_lines(list_tree(git, tip, (Folder(WORKFLOWS),)))]
        entries = [entry for entry in listed if entry.path.endswith((".yml", ".yaml"))]
        contents = read_blobs(git, [entry.blob for entry in entries])
        files = sorted(WorkflowFile(entry.path, contents[entry.blob].decode("utf-8", "replace")) for entry in entries)
        wrong: list[SetupCheck] = []
        config = Config()
        try:
            config = read_config_at(git, tip) or config
        except ConfigError as error:
            wrong.append(SetupCheck("configuration", SetupState.WRONG, error.what, "Run `relbot check`, and mend what it tells."))
    workflows, unreadable = read_workflows(files)
    return workflows, config, [*wrong, *judge_workflows(workflows, unreadable, config.pr.status or "", settings.default)]


def _check_required(github: GitHubRepository, branch: str, workflows: tuple[BotWorkflow, ...], status: str) -> list[SetupCheck]:
    """Asks the rulesets and the older branch protection: each may have the check that counts."""
    page = f"{github.web}/settings/branches"
    try:
        required = (*_required_by_rules(github, branch), *_required_by_protection(github, branch))
    except GitHubError as error:
        what = f"Whether a check of relbot is required for `{branch}` is unknown: {error.what}"
        return [SetupCheck("required check", SetupState.UNKNOWN, what, "Look at the rules of the branch.", page, (97,))]
    return judge_required(required, check_job_names(workflows), status, branch, page)


def _required_by_rules(github: GitHubRepository, branch: str) -> list[RequiredCheck]:
    found = []
    for rule in github.pages("read the rules of the branch", f"/rules/branches/{quote_path_part(branch)}"):
        if rule.get("type") == "required_status_checks":
            checks = (rule.get("parameters") or {}).get("required_status_checks") or ()
            found += [RequiredCheck(str(each["context"]), each.get("integration_id")) for each in checks]
    return found


def _required_by_protection(github: GitHubRepository, branch: str) -> list[RequiredCheck]:
    protection = github.read("read the branch", f"/branches/{quote_path_part(branch)}").get("protection") or {}
    checks = (protection.get("required_status_checks") or {}).get("checks") or ()
    return [RequiredCheck(str(each["context"]), each.get("app_id")) for each in checks]


def _read_actions_settings(github: GitHubRepository) -> _ActionsSettings:
    """What only an administrator's token can read; for each other token it is unknown."""
    try:
        found = github.read("read the settings of Actions", "/actions/permissions/workflow")
    except GitHubError:
        return _ActionsSettings()
    return _ActionsSettings(found["default_workflow_permissions"], found["can_approve_pull_request_reviews"])


def _check_opening(settings: _ActionsSettings, page: str) -> SetupCheck:
    """Whether workflows may open pull requests, as `relbot release --pr` does."""
    change = "Tick “Allow GitHub Actions to create and approve pull requests” if you use `relbot release --pr`."
    if settings.may_open is None:
        what = "Whether workflows may open pull requests is unknown: only an administrator's token can read that setting."
        return SetupCheck("settings", SetupState.UNKNOWN, what, change, page, (42,))
    if settings.may_open:
        return SetupCheck("settings", SetupState.FINE, "Workflows may open pull requests.", facts=(42,))
    return SetupCheck("settings", SetupState.WRONG, "Workflows may not open pull requests.", change, page, (42,))
