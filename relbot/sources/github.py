"""The source `github`: the revision that runs, from GitHub's deployments (https://docs.github.com/en/rest/deployments)."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

from relbot.errors import quoted
from relbot.github.client import GitHubRepository, require_servers, require_token
from relbot.github.errors import GitHubError, Unsure
from relbot.http import within
from relbot.schema import lazy_re as re
from relbot.sources.commit import find_told_commit
from relbot.sources.model import Source, SourceUnavailable

if TYPE_CHECKING:
    from relbot.config.model import Environment
    from relbot.github.client import Answer
    from relbot.sources.model import SourceContext

_UNDER_WAY = ("pending", "queued", "waiting", "in_progress")
_OF_PULL_REQUEST = re.compile(r"(?:refs/)?(?:pull/)?[0-9]+/(?:merge|head)")
"""What `ref` is in the deployment of a job that runs for a pull request."""
_MOST = 30
"""Deployments that are looked at, the newest first."""


def _describe_deployments(environment: Environment) -> str:
    return f"the deployments of {quoted(environment.repository)} on GitHub"


def _resolve_deployments(environment: Environment, context: SourceContext) -> str:
    """The commit of the last deployment to the environment of that name, leaving out those under way.

    SourceUnavailable unless it succeeded: after one that failed or was made inactive nobody can tell what runs. UsageError if
    the settings name an address without encryption, or hold something that is no token.
    """
    settings = context.github
    token = require_token(settings) if settings.token else ""
    github = GitHubRepository(environment.repository, require_servers(settings), token, environment.timeout)
    try:
        commit = within(environment.timeout, lambda: _find_commit(github, environment))
    except TimeoutError:
        raise SourceUnavailable(f"did not answer within {environment.timeout:g} s") from None
    except GitHubError as error:
        tip = error.tip if token else "Set GITHUB_TOKEN: without it, GitHub shows little and limits requests."
        raise SourceUnavailable(f"cannot be read: {error.what.rstrip('.')}", tip=tip) from error
    return find_told_commit(environment, context, commit)


def _find_commit(github: GitHubRepository, environment: Environment) -> str:
    path, name = "/deployments", environment.name
    switched_off = ""
    for deployment in _newest_first(github, f"read the deployments to {name}", path, environment=name):
        commit = _text_at(deployment, "sha")
        if not _is_meant(deployment, environment) or (switched_off and commit != switched_off):
            continue
        what = f"read the states of deployment {deployment['id']}"
        statuses = _newest_first(github, what, f"{path}/{deployment['id']}/statuses")
        state = _text_at(statuses[0], "state") if statuses else "pending"
        if state == "success":
            return commit
        if state == "inactive" and not switched_off:
            # Of two for one commit, that of a job with `environment:` and that of `relbot deploy`, the later one switches the
            # other off.
            switched_off = commit
        elif state not in _UNDER_WAY and not switched_off:
            what = f"show that the last one that ended, of {quoted(commit[:12])}, is {quoted(state, 40)}"
            raise SourceUnavailable(what, tip="relbot cannot tell what runs after that.")
    if switched_off:
        what = f"show that the last one that ended, of {quoted(switched_off[:12])}, is “inactive”"
        raise SourceUnavailable(what, tip="relbot cannot tell what runs after that.")
    tip = "GitHub knows of a deployment once a workflow with `environment:` has run."
    raise SourceUnavailable("show none that ended", tip=tip)


def _is_meant(deployment: Answer, environment: Environment) -> bool:
    """Whether it is a deployment that tells what runs: of the branch, with one of the tasks, by one of the creators.

    A job with `environment:` that runs for a pull request makes one, too.
    """
    creator = str((deployment.get("creator") or {}).get("login", ""))
    if environment.creators and creator.casefold() not in {each.casefold() for each in environment.creators}:
        return False
    if str(deployment.get("task") or "deploy") not in environment.tasks:
        return False
    return (
        not _OF_PULL_REQUEST.fullmatch(str(deployment.get("ref") or "")) and deployment.get("transient_environment") is not True
    )


def _newest_first(github: GitHubRepository, what: str, path: str, **query: str | int) -> list[Answer]:
    """The newest objects below the path, the greatest number first."""
    listed = islice(github.pages(what, path, **query), _MOST)
    return sorted(listed, key=_id_of, reverse=True)


def _text_at(answer: Answer, key: str) -> str:
    found = answer[key]
    if not isinstance(found, str):
        raise Unsure(f"GitHub's answer has no usable `{key}`.")
    return found


def _id_of(answer: Answer) -> int:
    found = answer["id"]
    if type(found) is not int:
        raise Unsure("GitHub's answer has no usable `id`.")
    return found


SOURCE = Source(
    id="github",
    keys=("repository", "tasks", "creators", "timeout"),
    title="GitHub's deployments",
    description="""A workflow with `environment: production` makes them, or `relbot deploy` with [`store =
"github"`](deploys.md). The last deployment that ended counts. If it failed or was made inactive, relbot does not know what
runs, and says so. Deployments of jobs that run for pull requests do not count, nor those of other
`tasks` than `deploy` and `relbot`; `creators` limits whose deployments count. A job with `environment: {name:
production, deployment: false}` makes none: then this source goes on telling an old commit. The token is that of
`GITHUB_TOKEN` or `GH_TOKEN`, which needs to read deployments; another server than github.com is named by
`GITHUB_API_URL`.""",
    example="""[environments.production]
deployed = "github"
repository = "owner/name\"""",
    describe=_describe_deployments,
    resolve=_resolve_deployments,
)
