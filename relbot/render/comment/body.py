"""The one comment on a pull request: what is missing, why, and a fragment to begin with."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import quote

from relbot.finding import Level
from relbot.render.comment.safe import fence, some, span, words
from relbot.render.common.escape import visible

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


class Around(NamedTuple):
    """What the comment needs to know of the pull request.

    `web` is the address of the repository. `branch` is the branch of the pull request where it is one of the same
    repository, else "". `waiver` is the label that waives, `why_not` a sentence on why a waiver that was asked for does not
    count.
    """

    web: str
    branch: str
    waiver: str
    why_not: str = ""


def full(judgement: Evaluation, around: Around) -> str:
    """Everything, at most MOST_CHARACTERS long: findings beyond that are left out whole, and the comment says so."""
    start = [MARKER, f"### relbot: {_headline(judgement)}", ""]
    end = [
        *_unknown(judgement.unknown),
        *_fragment(judgement.proposal, around),
        *_aside(judgement.set_aside),
        *_foot(judgement, around),
    ]
    room = MOST_CHARACTERS - _length("\n".join([*start, *end])) - 200
    return "\n".join([*start, *_findings(judgement.findings, room), *end]).rstrip() + "\n"


def solved(judgement: Evaluation) -> str:
    """One line, in place of what was said before, and what a waiver covers now: later commits may have brought more."""
    by = _waived(judgement)
    line = f"{MARKER}\nrelbot: nothing is missing{f' ({by})' if by else ' any more'}.\n"
    if not by:
        return line
    messages = dict.fromkeys(each.finding.message for each in judgement.set_aside)
    told = [f"- {words(message, _LONGEST_POINT)}" for message in [*messages][:_MOST_POINTS]]
    more = [f"- {len(messages) - _MOST_POINTS} more"] if len(messages) > _MOST_POINTS else []
    return "\n".join([line, "Set aside:", "", *told, *more]) + "\n"


def kept(judgement: Evaluation, record: Proposal, branch: str) -> str:
    """One line on a waiver that was merged, and stands in the tree now."""
    return f"{MARKER}\nrelbot: {_waived(judgement)}. Checklists and notes show it: {span(record.path)} on {span(branch)}.\n"


def unkept(judgement: Evaluation, record: Proposal, around: Around) -> str:
    """What is still to be done for a waiver that was merged. The branch of `around` is the one into which it was merged."""
    address = new_file(record, around)
    lines = [
        MARKER,
        "### relbot: no checklist will show this waiver",
        "",
        f"Merged, {_waived(judgement)}. relbot may not commit to {span(around.branch)}, and whoever deploys looks there.",
        "",
        f"[Add the fragment]({address}), or copy it to {span(record.path)}:" if address else f"Copy it to {span(record.path)}:",
        "",
        *fence(visible(record.text)[:_MOST_FRAGMENT], "markdown"),
    ]
    return "\n".join(lines) + "\n"


def _waived(judgement: Evaluation) -> str:
    waived = sorted({(each.by, each.reason) for each in judgement.set_aside})
    return "; ".join(f"waived by {span(by)}: {span(reason)}" for by, reason in waived[:_MOST_POINTS])


def _headline(judgement: Evaluation) -> str:
    levels = {finding.level for finding in judgement.findings}
    if Level.ERROR in levels:
        return "something is missing"
    return "a question about this pull request" if Level.WARNING in levels else "not everything could be looked at"


def _findings(findings: Sequence[Finding], room: int) -> Iterator[str]:
    """The findings, the gravest first, as many as there is room for."""
    ordered = sorted(findings, key=lambda finding: _LEVELS.index(finding.level))
    above = None
    for number, finding in enumerate(ordered):
        block = [*((f"**{_HEADINGS[finding.level]}**", "") if finding.level is not above else ()), *_finding(finding)]
        room -= _length("\n".join(block)) + 1
        if room < 0:
            left = len(ordered) - number
            yield f"{left} more finding{'s' * (left != 1)} do not fit in here; `relbot check` on the branch shows all."
            yield ""
            return
        yield from block
        above = finding.level


def _finding(finding: Finding) -> Iterator[str]:
    """A list item; what belongs to it is indented as far as its text (CommonMark 5.2)."""
    yield f"- {span(str(finding.place))}: {words(finding.message)} ({span(finding.rule)})"
    if finding.evidence:
        yield ""
        yield from fence("\n".join(some(finding.evidence, MOST_EVIDENCE)), indent="  ")
    if finding.tip:
        yield ""
        yield f"  {words(finding.tip)}"
    if finding.example:
        yield ""
        yield from fence(finding.example[:_MOST_EXAMPLE], indent="  ")
    yield ""


def _unknown(unknown: Sequence[str]) -> Iterator[str]:
    if unknown:
        yield "**Not known, and not taken for nothing**"
        yield ""
        yield from (f"- {words(each, _LONGEST_POINT)}" for each in unknown[:_MOST_POINTS])
        yield ""


def _fragment(proposal: Proposal | None, around: Around) -> Iterator[str]:
    if proposal is None:
        return
    yield "**A fragment to begin with**"
    yield ""
    if len(visible(proposal.text)) > _MOST_FRAGMENT:
        yield f"It would be too long to be shown here. On the branch: {span('relbot new')}."
        yield ""
        return
    address = new_file(proposal, around)
    yield (
        f"[Add it to the branch]({address}), or copy it to {span(proposal.path)}:"
        if address
        else f"Copy it to {span(proposal.path)}:"
    )
    yield ""
    yield from fence(proposal.text, "markdown")
    yield ""
    if proposal.questions:
        yield "What only you can tell:"
        yield ""
        yield from (f"- {words(question, _LONGEST_POINT)}" for question in proposal.questions[:_MOST_POINTS])
        yield ""


def new_file(proposal: Proposal, around: Around) -> str:
    """The address of GitHub's page for a new file on the branch, filled in; "" for a fork, or where it would be too long."""
    if not around.branch:
        return ""
    query = f"filename={quote(proposal.path, safe='', errors='replace')}&value={quote(proposal.text, safe='', errors='replace')}"
    address = f"{around.web}/new/{quote(around.branch, errors='replace')}?{query}"
    return address if len(address) <= _MOST_ADDRESS else ""


def _aside(set_aside: Sequence[SetAside]) -> Iterator[str]:
    if set_aside:
        yield "**Set aside**"
        yield ""
        yield from (
            f"- {words(each.finding.message, _LONGEST_POINT)} By {span(each.by)}: {span(each.reason)}"
            for each in set_aside[:_MOST_POINTS]
        )
        yield ""


def _foot(judgement: Evaluation, around: Around) -> Iterator[str]:
    if around.why_not:
        yield f"**Not waived yet.** {words(around.why_not)}"
        yield ""
    if judgement.left_out:
        yield f"Not looked at: {'; '.join(words(each, _LONGEST_POINT) for each in judgement.left_out[:_MOST_POINTS])}."
        yield ""
    if judgement.proposal is not None:
        yield (
            "Nobody has to act, and nobody will notice? Say so in a fragment, with `migration: false` and a `reason:`."
            f" Or a maintainer comments `/relbot waive REASON` and sets the label {span(around.waiver)}."
        )
        yield ""
    yield "This comment is kept up to date; it goes down to one line when all is there."


def _length(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2
