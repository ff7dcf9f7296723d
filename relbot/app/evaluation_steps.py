"""What a review of a change set and a backtest ask git and other tools in the same way."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from relbot.git.known_names import find_known_names
from relbot.git.trees import CommitTree

if TYPE_CHECKING:
    from relbot.detect.engine.model import ChangeSet
    from relbot.detect.engine.registry import DetectorResults
    from relbot.git.process import Git
    from relbot.review.rules.evaluate import LookUp


def make_look_up(git: Git, start: str) -> LookUp:
    """What finds names in the documentation, the samples and the schemas of the commit at which a change set begins."""
    return partial(find_known_names, git, start)


def ask_tools_since(git: Git, start: str, changes: ChangeSet, tools: tuple[str, ...]) -> DetectorResults:
    """What tools say of a change set that begins at the commit `start`, as `relbot.tools.ask` has it; nothing without tools."""
    if tools:
        from relbot.tools.ask import ask_tools  # few projects ask a tool

        return ask_tools(CommitTree(git, start), changes, tools)
    from relbot.detect.engine.registry import NO_RESULTS  # what only changes fragments needs no detector

    return NO_RESULTS
