"""What `relbot pr` does about a pull request that was merged: a waiver that let it pass is kept in the tree."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relbot.fragment.location import Location, locate_fragment
from relbot.git.temporary_clone import temporary_clone
from relbot.git.trees import list_tree, parse_entry, split_lines
from relbot.github.comment import upsert_comment
from relbot.github.decision import effective_waiver
from relbot.github.errors import NotAllowed
from relbot.github.record import commit_waiver, waiver_fragment
from relbot.render.comment.comment_body import pending_waiver_comment, recorded_waiver_comment

if TYPE_CHECKING:
    from collections.abc import Callable

    from relbot.app.review_pull_request import ReviewOutput
    from relbot.config.model import Config
    from relbot.github.client import GitHubRepository
    from relbot.github.pull import PullRequest
    from relbot.github.waivers import IssueComment


def record_waiver(
    github: GitHubRepository,
    pull: PullRequest,
    config: Config,
    said: ReviewOutput,
    ours: Callable[[], list[IssueComment]],
    secret: str,
) -> tuple[bool, str]:
    """Whether nothing is left to be done, and a sentence on what was done or could not be, "" where nobody waived.

    The one comment tells of it: in place where it is there already, and anew only where somebody has to act.
    """
    waiver = effective_waiver(said.judgement, said.standing)
    if waiver is None:
        return True, ""
    aside = [each.finding for each in said.judgement.set_aside if each.by == f"@{waiver.login}"]
    record = waiver_fragment(waiver, aside, pull, config)
    done = commit_waiver(github, pull, record, lambda commit: _list_identities(f"{github.web}.git", commit, config, secret))
    told = f"The waiver stands in `{record.path}` on `{pull.target}`."
    left = f"The waiver stands in no tree: relbot may not commit to `{pull.target}`. Add `{record.path}` there."
    try:
        present = ours()
        if done and present:
            upsert_comment(github, pull.number, present, recorded_waiver_comment(said.judgement, record, pull.target))
        elif not done:
            upsert_comment(
                github,
                pull.number,
                present,
                pending_waiver_comment(said.judgement, record, said.around._replace(branch=pull.target)),
            )
    except NotAllowed as error:
        return done, f"{told if done else left} {error.what}"
    return done, told if done else left


def _list_identities(address: str, commit: str, config: Config, secret: str) -> set[str]:
    """The identities of all fragments in a commit, released or not."""
    with temporary_clone(address, (commit,), secret) as git:
        places = [
            locate_fragment(parse_entry(line).path, config.folders)
            for line in split_lines(list_tree(git, commit, config.folders))
        ]
    return {place.identity for place in places if isinstance(place, Location)}
