"""The one comment on a pull request: what is missing, why, and a fragment to begin with."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import quote

from relbot.finding import Level
from relbot.render.common.inert_markdown import fence_lines, first_lines, inert_name, inert_sentence
from relbot.render.common.invisible_characters import make_visible
from relbot.render.common.units import count_noun

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from relbot.finding import Finding
    from relbot.review.rules.model import Evaluation, Proposal, SetAside

MARKER = "<!-- relbot: pull request -->"
"""The first line of the comment, which nobody sees. It says which comment it is, not whose: anybody can paste it."""
MOST_CHARACTERS = 65_536
"""GitHub's limit of a comment's length. Counted here in UTF-16 units, the most that any way of counting gives."""
MOST_EVIDENCE = 20
_MOST_POINTS = 10
_LONGEST_POINT = 300
_MOST_EXAMPLE = 2_000
_MOST_FRAGMENT = 12_000
_MOST_ADDRESS = 6_000
_LEVELS = tuple(Level)
_HEADINGS = {Level.ERROR: "Required", Level.WARNING: "Asked", Level.NOTE: "Noted"}


class CommentContext(NamedTuple):
    """What the comment needs to know of the pull request.

    `web` is the address of the repository. `branch` is the branch of the pull request where it is one of the same
    repository, else "". `waiver` is the label that waives, `why_not` a sentence on why a waiver that was asked for does not
    count.
    """

    web: str
    branch: str
    waiver: str
    why_not: str = ""


def findings_comment(judgement: Evaluation, around: CommentContext) -> str:
    """Everything, at most MOST_CHARACTERS long: findings beyond that are left out whole, and the comment says so."""
    start = [MARKER, f"### relbot: {_comment_headline(judgement)}", ""]
    end = [
        *_unknown_lines(judgement.unknown),
        *_fragment_lines(judgement.proposal, around),
        *_set_aside_lines(judgement.set_aside),
        *_closing_lines(judgement, around),
    ]
    room = MOST_CHARACTERS - _github_length("\n".join([*start, *end])) - 200
    return "\n".join([*start, *_finding_blocks(judgement.findings, room), *end]).rstrip() + "\n"


def solved_comment(judgement: Evaluation) -> str:
    """One line, in place of what was said before, and what a waiver covers now: later commits may have brought more."""
    by = _waivers_clause(judgement)
    line = f"{MARKER}\nrelbot: nothing is missing{f' ({by})' if by else ' any more'}.\n"
    if not by:
        return line
    messages = dict.fromkeys(each.finding.message for each in judgement.set_aside)
    told = [f"- {inert_sentence(message, _LONGEST_POINT)}" for message in [*messages][:_MOST_POINTS]]
    more = [f"- {len(messages) - _MOST_POINTS} more"] if len(messages) > _MOST_POINTS else []
    return "\n".join([line, "Set aside:", "", *told, *more]) + "\n"


def recorded_waiver_comment(judgement: Evaluation, record: Proposal, branch: str) -> str:
    """One line on a waiver that was merged, and stands in the tree now."""
    where = f"{inert_name(record.path)} on {inert_name(branch)}"
    return f"{MARKER}\nrelbot: {_waivers_clause(judgement)}. Checklists and notes show it: {where}.\n"


def pending_waiver_comment(judgement: Evaluation, record: Proposal, around: CommentContext) -> str:
    """What is still to be done for a waiver that was merged. The branch of `around` is the one into which it was merged."""
    address, around_branch = new_file_address(record, around), inert_name(around.branch)
    lines = [
        MARKER,
        "### relbot: no checklist will show this waiver",
        "",
        f"Merged, {_waivers_clause(judgement)}. relbot may not commit to {around_branch}, and whoever deploys looks there.",
        "",
        f"[Add the fragment]({address}), or copy it to {inert_name(record.path)}:"
        if address
        else f"Copy it to {inert_name(record.path)}:",
        "",
        *fence_lines(make_visible(record.text)[:_MOST_FRAGMENT], "markdown"),
    ]
    return "\n".join(lines) + "\n"


def _waivers_clause(judgement: Evaluation) -> str:
    waived = sorted({(each.by, each.reason) for each in judgement.set_aside})
    return "; ".join(f"waived by {inert_name(by)}: {inert_name(reason)}" for by, reason in waived[:_MOST_POINTS])


def _comment_headline(judgement: Evaluation) -> str:
    levels = {finding.level for finding in judgement.findings}
    if Level.ERROR in levels:
        return "something is missing"
    return "a question about this pull request" if Level.WARNING in levels else "not everything could be looked at"


def _finding_blocks(findings: Sequence[Finding], room: int) -> Iterator[str]:
    """The findings, the gravest first, as many as there is room for."""
    ordered = sorted(findings, key=lambda finding: _LEVELS.index(finding.level))
    above = None
    for number, finding in enumerate(ordered):
        block = [*((f"**{_HEADINGS[finding.level]}**", "") if finding.level is not above else ()), *_finding_lines(finding)]
        room -= _github_length("\n".join(block)) + 1
        if room < 0:
            left = len(ordered) - number
            yield f"{count_noun(left, 'more finding')} do not fit in here; `relbot check` on the branch shows all."
            yield ""
            return
        yield from block
        above = finding.level


def _finding_lines(finding: Finding) -> Iterator[str]:
    """A list item; what belongs to it is indented as far as its text (CommonMark 5.2)."""
    yield f"- {inert_name(str(finding.place))}: {inert_sentence(finding.message)} ({inert_name(finding.rule)})"
    if finding.evidence:
        yield ""
        yield from fence_lines("\n".join(first_lines(finding.evidence, MOST_EVIDENCE)), indent="  ")
    if finding.tip:
        yield ""
        yield f"  {inert_sentence(finding.tip)}"
    if finding.example:
        yield ""
        yield from fence_lines(finding.example[:_MOST_EXAMPLE], indent="  ")
    yield ""


def _unknown_lines(unknown: Sequence[str]) -> Iterator[str]:
    if unknown:
        yield "**Not known, and not taken for nothing**"
        yield ""
        yield from (f"- {inert_sentence(each, _LONGEST_POINT)}" for each in unknown[:_MOST_POINTS])
        yield ""


def _fragment_lines(proposal: Proposal | None, around: CommentContext) -> Iterator[str]:
    if proposal is None:
        return
    yield "**A fragment to begin with**"
    yield ""
    if len(make_visible(proposal.text)) > _MOST_FRAGMENT:
        yield f"It would be too long to be shown here. On the branch: {inert_name('relbot new')}."
        yield ""
        return
    address = new_file_address(proposal, around)
    yield (
        f"[Add it to the branch]({address}), or copy it to {inert_name(proposal.path)}:"
        if address
        else f"Copy it to {inert_name(proposal.path)}:"
    )
    yield ""
    yield from fence_lines(proposal.text, "markdown")
    yield ""
    if proposal.questions:
        yield "What only you can tell:"
        yield ""
        yield from (f"- {inert_sentence(question, _LONGEST_POINT)}" for question in proposal.questions[:_MOST_POINTS])
        yield ""


def new_file_address(proposal: Proposal, around: CommentContext) -> str:
    """The address of GitHub's page for a new file on the branch, filled in; "" for a fork, or where it would be too long."""
    if not around.branch:
        return ""
    query = f"filename={quote(proposal.path, safe='', errors='replace')}&value={quote(proposal.text, safe='', errors='replace')}"
    address = f"{around.web}/new/{quote(around.branch, errors='replace')}?{query}"
    return address if len(address) <= _MOST_ADDRESS else ""


def _set_aside_lines(set_aside: Sequence[SetAside]) -> Iterator[str]:
    if set_aside:
        yield "**Set aside**"
        yield ""
        yield from (
            f"- {inert_sentence(each.finding.message, _LONGEST_POINT)} By {inert_name(each.by)}: {inert_name(each.reason)}"
            for each in set_aside[:_MOST_POINTS]
        )
        yield ""


def _closing_lines(judgement: Evaluation, around: CommentContext) -> Iterator[str]:
    if around.why_not:
        yield f"**Not waived yet.** {inert_sentence(around.why_not)}"
        yield ""
    if judgement.left_out:
        yield f"Not looked at: {'; '.join(inert_sentence(each, _LONGEST_POINT) for each in judgement.left_out[:_MOST_POINTS])}."
        yield ""
    if judgement.proposal is not None:
        yield (
            "Nobody has to act, and nobody will notice? Say so in a fragment, with `migration: false` and a `reason:`."
            f" Or a maintainer comments `/relbot waive REASON` and sets the label {inert_name(around.waiver)}."
        )
        yield ""
    yield "This comment is kept up to date; it goes down to one line when all is there."


def _github_length(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2
