"""The entrance: an environment to the full id of the commit that runs there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relbot.http import HttpFailed
from relbot.processes import CommandFailed
from relbot.sources.model import CommitElsewhere, RunningRevisionElsewhere, RunningRevisionUnknown, SourceUnavailable
from relbot.sources.registry import load_source

if TYPE_CHECKING:
    from relbot.config.model import Environment
    from relbot.sources.model import SourceContext


def resolve_running_revision(environment: Environment, context: SourceContext) -> str:
    """The full id of the commit that runs in the environment. RunningRevisionUnknown if that cannot be learned, whyever."""
    source = load_source(environment.deployed)
    try:
        return source.resolve(environment, context)
    except (SourceUnavailable, CommandFailed, HttpFailed) as error:
        told = "runs" if environment.tells_running else "is installed"
        what = f"relbot does not know what {told} in `{environment.name}`: {source.describe(environment)} {error.what}."
        tip = "\n".join(
            part for part in (error.tip, "There may be steps to do. If you know which revision runs, name it:") if part
        )
        kind = RunningRevisionElsewhere if isinstance(error, CommitElsewhere) else RunningRevisionUnknown
        raise kind(what, tip=tip, example=f"relbot checklist {environment.name} --from REV") from error
