"""Since when a change is there, and where it runs: as values, for people and for programs."""

from __future__ import annotations

from relbot.schema.named_tuples import NamedTuple


class ArrivedIn(NamedTuple):
    """Since when a change is there: the release that has it, and the commit and the day by which it arrived.

    The latter are "" for a change that is not committed, and where this clone lacks the history that would tell: `hidden`.
    """

    release: str | None
    commit: str = ""
    day: str = ""
    hidden: bool = False


class DeployedIn(NamedTuple):
    """Whether a change runs in an environment, where the commit `revision` does.

    `deployed` is None where nobody can tell, and `problem` says why; or where it concerns another `component` than the one
    that is deployed there.
    """

    environment: str
    deployed: bool | None
    revision: str = ""
    component: str = ""
    problem: str = ""
