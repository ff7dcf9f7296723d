"""Detects what a diff asks of operators, by the levels of the facts and the rules of the base."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relbot.app.review_change_set import BetweenCommits, ReviewRequest, evaluate_facts
from relbot.git.revisions import find_merge_base, resolve_revisions
from relbot.review.reviewed import DetectedFacts

if TYPE_CHECKING:
    from relbot.git.process import Git


def detect_facts(git: Git, base: str, head: str) -> DetectedFacts:
    """What changed from where the revision `head` left the revision `base` up to `head`.

    Fragments and exempt authors do not count, and the rules are those of `base`. RevisionUnknown if there is no such revision,
    or a shallow clone hides where head left base; ConfigError if the base's configuration has faults; Unknown if git lacks a
    content.
    """
    tip, end = resolve_revisions(git, base, head)
    start = find_merge_base(git, tip, end)
    source = BetweenCommits(start, tip, end, is_exempt=lambda rules: False)
    return DetectedFacts(start, end, evaluate_facts(ReviewRequest(git, source)))
