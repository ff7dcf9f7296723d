"""A merged waiver becomes a fragment of the branch into which it was merged: a fact in the tree, as every other.

So checklists, notes and guides show it without asking GitHub, and a change that is taken over into another branch takes it along.
"""

from __future__ import annotations

from base64 import b64encode
from typing import TYPE_CHECKING
from urllib.parse import quote

from relbot.fragment.model import NotesAudience
from relbot.fragment.write import Answers, as_markdown
from relbot.github.errors import NotAllowed, NotThere, Rejected, Unsure
from relbot.github.pull import read_branch_tip
from relbot.render.common.inert_markdown import inert_sentence
from relbot.review.rules.begin import hinted_type
from relbot.review.rules.model import Proposal

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence

    from relbot.config.model import Config
    from relbot.finding import Finding
    from relbot.github.client import GitHubRepository
    from relbot.github.pull import PullRequest
    from relbot.github.waivers import MaintainerWaiver

MOST_LISTED = 10
"""Findings that the fragment tells of."""
ROUNDS = 3
"""Times that it is tried while others push to the branch."""


def waiver_fragment(waiver: MaintainerWaiver, aside: Sequence[Finding], pull: PullRequest, config: Config) -> Proposal:
    """The fragment that says who waived what, and why. Of what others wrote no markup is left.

    `aside` are the findings that were waived. Its name is that of the pull request, so one waiver has one fragment however
    often it is recorded.
    """
    rules = ", ".join(dict.fromkeys(finding.rule for finding in aside))
    reason = f"{waiver.reason} ({waiver.login} waived {rules})"
    said = f"No note was needed, says {inert_sentence(waiver.login)}: {inert_sentence(waiver.reason)}\n\nSet aside:"
    messages = [inert_sentence(message) for message in dict.fromkeys(finding.message for finding in aside)]
    more = f"{len(messages) - MOST_LISTED} more"
    told = messages if len(messages) <= MOST_LISTED else [*messages[:MOST_LISTED], more]
    text = "\n".join([inert_sentence(pull.title), "", said, "", *(f"- {message}" for message in told)])
    answers = Answers(
        type=hinted_type(f"{pull.name} {pull.title}", config),
        text=text,
        migration=False,
        reason=reason,
        prs=(str(pull.number),),
        audience=NotesAudience.TEAM.value,
    )
    return Proposal(f"{config.directory}/{waiver_identity(pull)}.md", as_markdown(answers))


def waiver_identity(pull: PullRequest) -> str:
    """The identity of the fragment for a pull request's waiver."""
    return f"waived-{pull.number}"


def commit_waiver(
    github: GitHubRepository, pull: PullRequest, fragment: Proposal, identities: Callable[[str], Collection[str]]
) -> bool:
    """Sees to it that the branch into which a pull request was merged has the fragment, and says whether it has.

    It has not where relbot may not commit there, or the branch is gone or takes pull requests only. `identities` gives
    those of all fragments in a commit: a release may have moved it. Any other GitHubError where nobody knows.
    """
    refused = ""
    for last in (False,) * (ROUNDS - 1) + (True,):
        at = read_branch_tip(github, pull.target)
        if at in ("", refused):  # nobody was faster: the branch is protected
            return False
        if waiver_identity(pull) in identities(at):
            return True
        try:
            _commit_file(github, pull, fragment)
        except (NotAllowed, NotThere):
            return False
        except Rejected:
            refused = at
        except Unsure:
            if last:
                raise
        else:
            return True
    return False


def _commit_file(github: GitHubRepository, pull: PullRequest, fragment: Proposal) -> None:
    """Adds the file. GitHub refuses if it is there already: no text of anybody else is replaced."""
    body = {
        "message": f"Record the waiver of #{pull.number}",
        "content": b64encode(fragment.text.encode("utf-8", "replace")).decode("ascii"),
        "branch": pull.target,
    }
    github.write(f"record the waiver of pull request {pull.number}", "PUT", f"/contents/{quote(fragment.path)}", body)
