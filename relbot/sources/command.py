"""The source `command`: the revision that runs, from what a command prints."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING

from relbot.errors import quoted
from relbot.processes import project_environment, run_command
from relbot.sources.commit import find_told_commit
from relbot.sources.extract import extract_text
from relbot.sources.model import Source

if TYPE_CHECKING:
    from relbot.config.model import Environment
    from relbot.sources.model import SourceContext


def _describe_command(environment: Environment) -> str:
    return f"the command {quoted(shlex.join(environment.command))}"


def _resolve_command(environment: Environment, context: SourceContext) -> str:
    content = run_command(environment.command, context.git.root, environment.timeout, project_environment())
    return find_told_commit(environment, context, extract_text(content, environment))


SOURCE = Source(
    id="command",
    keys=("command", "pointer", "xpath", "regex", "timeout"),
    title="A command, for everything else",
    description="""It is a list of words, and no shell reads it. It finds your environment variables, but not what a
runner of GitHub Actions gives its steps (`ACTIONS_*`, `INPUT_*`, `RUNNER_*`, `GITHUB_OUTPUT` and the like).""",
    example="""[environments.production]
deployed = "command"
command = ["ssh", "www1.example.org", "cat", "/srv/app/REVISION"]
timeout = 20""",
    describe=_describe_command,
    resolve=_resolve_command,
)
