"""Checks a change set, and gives or writes the fragment that it lacks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relbot.app.review_change_set import NextCommit, ReviewRequest, SinceRevision, review_change_set
from relbot.finding import in_reading_order
from relbot.review.every_change import EVERY_CHANGE
from relbot.review.reviewed import CheckReport
from relbot.schema.named_tuples import NamedTuple

if TYPE_CHECKING:
    from relbot.app.project import Project
    from relbot.review.reviewed import ReviewedChangeSet
    from relbot.review.rules.model import Proposal

_BEGUN = ("placeholder-left", "empty-body")
_TRUNKS = ("main", "master", "trunk", "develop", "HEAD", "")


class CheckRequest(NamedTuple):
    """The change set to check, and whether to write the fragment that it lacks."""

    source: SinceRevision | NextCommit
    fixes: bool = False


def check_change_set(project: Project, request: CheckRequest) -> CheckReport:
    """What is wrong with a change set, and the fragment that it lacks, which is written if the request says so.

    A fragment that was written has lines for its author to fill in: they are findings. Raises what `review_change_set` raises;
    CannotWrite if the file cannot be written.
    """
    reviewed = review_change_set(ReviewRequest(project.git, request.source, project.config_here))
    missing, unknown = _missing_fragment(project, reviewed), reviewed.evaluation.unknown
    report = CheckReport(tuple(reviewed.findings), missing, unknown, reviewed=reviewed)
    if not request.fixes or report.proposal is None:
        return report
    from relbot.app.apply_operations import create_project_files  # what writes is loaded by the few runs that write
    from relbot.app.create_fragment import check_new_fragment
    from relbot.release.operations import Write

    proposal = report.proposal
    content = proposal.text.encode("utf-8")
    create_project_files(project, [Write(proposal.path, None, content)])
    left = check_new_fragment(reviewed.reading, proposal.path, content)
    return report._replace(findings=tuple(in_reading_order([*reviewed.faults, *left])), written=True)


def _missing_fragment(project: Project, reviewed: ReviewedChangeSet) -> Proposal | None:
    """The fragment that a change set lacks; None if it lacks none, or has one that its author has not finished."""
    evaluation = reviewed.evaluation
    asked = evaluation.proposal is not None or any(finding.rule == EVERY_CHANGE for finding in evaluation.findings)
    if not asked or any(finding.rule in _BEGUN for finding in reviewed.faults):
        return None
    from relbot.review.rules.begin import complete_proposal  # most change sets lack nothing

    return complete_proposal(evaluation.proposal, _name_of_change(project), reviewed.reading, reviewed.identities)


def _name_of_change(project: Project) -> str:
    """The branch, or on a main branch what the last commit says."""
    name = project.git.find("symbolic-ref", "--quiet", "--short", "HEAD") or ""
    return name if name not in _TRUNKS else " ".join(project.git.text("log", "-1", "--format=%s").split()[:6]) or "change"
