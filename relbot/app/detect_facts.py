"""Detects what a diff asks of operators, by the levels of the facts and the rules of the base."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from relbot.config.model import Config
from relbot.git.change_set import BlobReader
from relbot.git.git_changes import diff_commits
from relbot.git.known_names import find_known_names
from relbot.git.policy_source import read_config_at
from relbot.git.revisions import find_merge_base, resolve_revisions
from relbot.review.reviewed import DetectedFacts
from relbot.review.rules.evaluate import evaluate_change_set

if TYPE_CHECKING:
    from relbot.git.process import Git


def detect_facts(git: Git, base: str, head: str) -> DetectedFacts:
    """What changed from where the revision `head` left the revision `base` up to `head`.

    Fragments do not count, and the rules are those of `base`. RevisionUnknown if there is no such revision, or a shallow clone
    hides where head left base; ConfigError if the base's configuration has faults; Unknown if git lacks a content.
    """
    tip, end = resolve_revisions(git, base, head)
    start = find_merge_base(git, tip, end)
    with BlobReader(git) as blobs:
        changes = diff_commits(git, start, end).read_change_set(blobs)
    look_up = partial(find_known_names, git, start)
    config = read_config_at(git, tip) or Config()
    return DetectedFacts(start, end, evaluate_change_set(changes, (), config, look_up=look_up))
