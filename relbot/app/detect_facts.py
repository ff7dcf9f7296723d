"""Detects what a diff asks of whoever deploys, by relbot's own rules."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relbot.config.model import Config
from relbot.git.change_set import BlobReader
from relbot.git.git_changes import diff_commits
from relbot.git.revisions import find_merge_base, resolve_revisions
from relbot.review.reviewed import DetectedFacts
from relbot.review.rules.evaluate import evaluate_change_set

if TYPE_CHECKING:
    from relbot.git.process import Git


def detect_facts(git: Git, base: str, head: str) -> DetectedFacts:
    """What changed from where the revision `head` left the revision `base` up to `head`.

    Neither the rules nor the fragments of the project count. RevisionUnknown if there is no such revision, or a shallow clone
    hides where head left base; Unknown if git lacks a content.
    """
    tip, end = resolve_revisions(git, base, head)
    start = find_merge_base(git, tip, end)
    with BlobReader(git) as blobs:
        changes = diff_commits(git, start, end).read_change_set(blobs)
    return DetectedFacts(start, end, evaluate_change_set(changes, (), Config()))
