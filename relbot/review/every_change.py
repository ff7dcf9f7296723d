"""The policy that every change set brings a fragment, whatever its diff shows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relbot.finding import Finding, Level, Place
from relbot.fragment.location import is_readme
from relbot.review.changed_paths import is_of_fragments

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from relbot.config.model import Config
    from relbot.review.changed_paths import ChangedPath

EVERY_CHANGE = "every-change"
"""The id of the policy that every change set brings a fragment."""


def apply_every_change(changed: Sequence[ChangedPath], config: Config) -> list[Finding]:
    """A finding if the project wants a fragment with every change set, and this one neither adds nor edits any."""
    policy = config.rules.every_change
    if policy == "off" or not changed or any(_adds_or_edits(change, config) for change in changed):
        return []
    message = "This project wants a fragment with every change, and this change has none."
    level = Level.ERROR if policy == "require" else Level.WARNING
    return [Finding(EVERY_CHANGE, Place(config.directory), message, "Two lines and a sentence are enough.", "relbot new", level)]


def warrants_comment(findings: Iterable[Finding]) -> bool:
    """Whether findings are worth a comment on a pull request: one is required or asked, beside `every-change`."""
    return any(finding.level is not Level.NOTE and finding.rule != EVERY_CHANGE for finding in findings)


def _adds_or_edits(change: ChangedPath, config: Config) -> bool:
    """Whether a change is one of a fragment: a release moves some, and somebody may correct one."""
    name = change.path.rpartition("/")[2]
    return change.status != "D" and is_of_fragments(change, config) and name.endswith(".md") and not is_readme(name)
