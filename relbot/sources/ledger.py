"""The source `ledger`: the revision that was deployed last, as relbot recorded it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relbot.sources.commit import find_told_commit
from relbot.sources.model import Source, SourceUnavailable

if TYPE_CHECKING:
    from relbot.config.model import Environment
    from relbot.sources.model import SourceContext


def _describe_ledger(_: Environment) -> str:
    return "the ledger"


def _resolve_ledger(environment: Environment, context: SourceContext) -> str:
    if context.ledger is None:
        raise SourceUnavailable("cannot be asked here")
    commit = context.ledger(environment.name)
    if not commit:
        tip = f"To begin its ledger, record what runs: `relbot deploy adopt {environment.name} --at REV`."
        raise SourceUnavailable("holds no deploy that was done", tip=tip)
    return find_told_commit(environment, context, commit)


SOURCE = Source(
    id="ledger",
    keys=(),
    title="The ledger, if you work through your deploys with `relbot deploy`",
    description="""It reports the target of the last deploy that ended.""",
    example="""[environments.production]
deployed = "ledger\"""",
    describe=_describe_ledger,
    resolve=_resolve_ledger,
)
