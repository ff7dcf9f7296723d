"""Asks the tools that a project's rules name about a change set."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from relbot.detect.engine.registry import DetectorResults
from relbot.processes import CommandFailed
from relbot.tools.model import ToolUnavailable

if TYPE_CHECKING:
    from collections.abc import Iterable

    from relbot.detect.engine.model import ChangeSet, Evidence
    from relbot.tools.model import Adapter, BaseTree


def ask_tools(base: BaseTree, changes: ChangeSet, tools: Iterable[str]) -> DetectorResults:
    """What the named tools say of a change set that begins at `base`.

    Their files are written into a folder of its own: nothing is checked out, and nothing of the change set is run. A tool
    is not asked about a change set without a file that it reads. One that is missing, crashes, takes longer than SECONDS or
    answers with anything but its JSON is unknown.
    """
    evidence: list[Evidence] = []
    unknown: list[str] = []
    for name in tools:
        adapter: Adapter = import_module(f"relbot.tools.{name}").ADAPTER
        changed = [change for change in changes.files if adapter.reads.search(change.path)]
        if changed:
            from relbot.tools.exchange import ask_tool  # takes long to load, and few projects ask a tool

            try:
                evidence += ask_tool(adapter, base, changed)
            except (ToolUnavailable, CommandFailed) as error:
                unknown.append(f"`{name}`, which the project's rules name, {error}.")
    return DetectorResults(tuple(evidence), tuple(unknown))
