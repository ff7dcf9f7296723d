"""Since when a change is there, and where it runs: as values, for people and for programs."""

from __future__ import annotations

from typing import NamedTuple

from relbot.render.common.units import format_commit


class ArrivedIn(NamedTuple):
    """Since when a change is there: the release that has it, and the commit and the day by which it arrived.

    The latter are "" for a change that is not committed, and where this clone lacks the history that would tell: `hidden`.
    """

    release: str | None
    commit: str = ""
    day: str = ""
    hidden: bool = False

    def __str__(self) -> str:
        arrived = f"arrived {self.day} with {format_commit(self.commit)}" if self.commit else "not committed"
        if self.hidden:
            arrived = "arrived before what this shallow clone has"
        return f"since {self.release}, {arrived}" if self.release else arrived


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

    def __str__(self) -> str:
        if self.problem:
            return f"not known: {self.problem}"
        if self.component:
            return f"does not concern it: only {self.component} is deployed there"
        runs = f"{format_commit(self.revision)} runs there"
        return f"yes, {runs}" if self.deployed else f"not yet, {runs}"
