"""The one comment on a pull request, for readers who have never heard of relbot.

First what the change means for people who deploy it, then whether that blocks, then what to do. Why relbot says so is folded.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote

from relbot._version import documentation_link
from relbot.finding import Level
from relbot.render.common.inert_markdown import fence_lines, first_lines, inert_name, inert_sentence
from relbot.render.common.invisible_characters import make_visible
from relbot.render.common.units import count_noun
from relbot.schema.named_tuples import NamedTuple

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
_MOST_SENTENCES = 5
_HEADINGS = {
    Level.ERROR: "**Required** (the check fails)",
    Level.WARNING: "**A question** (does not block)",
    Level.NOTE: "**For information**",
}


class CommentContext(NamedTuple):
    """What the comment needs to know of the pull request.

    `web` is the address of the repository, `documentation` that of relbot's own pages where the project names one. `branch` is
    the branch of the pull request where it is one of the same repository, else "". `waiver` is the label that waives,
    `why_not` a sentence on why a waiver that was asked for does not count.
    """

    web: str
    branch: str
    waiver: str
    why_not: str = ""
    documentation: str = ""


def findings_comment(evaluation: Evaluation, around: CommentContext) -> str:
    """Renders everything, at most MOST_CHARACTERS long: what does not fit is left out whole, and the comment says so."""
    start = [
        MARKER,
        f"### {_comment_headline(evaluation)}",
        "",
        *_sentence_lines(evaluation.findings),
        *_consequence_lines(evaluation),
        *_unknown_lines(evaluation.unknown),
        *_fragment_lines(evaluation.proposal, around),
    ]
    end = [*_set_aside_lines(evaluation.set_aside), *_closing_lines(evaluation, around)]
    room = MOST_CHARACTERS - _github_length("\n".join([*start, *end])) - 300
    return "\n".join([*start, *_folded_findings(evaluation.findings, room, around.documentation), *end]).rstrip() + "\n"


def solved_comment(evaluation: Evaluation) -> str:
    """One line, in place of what was said before, and what a waiver covers now: later commits may have brought more."""
    by = _waivers_clause(evaluation)
    line = f"{MARKER}\nrelbot: nothing is missing{f' ({by})' if by else ' any more'}.\n"
    if not by:
        return line
    messages = dict.fromkeys(each.finding.message for each in evaluation.set_aside)
    told = [f"- {inert_sentence(message, _LONGEST_POINT)}" for message in [*messages][:_MOST_POINTS]]
    more = [f"- {len(messages) - _MOST_POINTS} more"] if len(messages) > _MOST_POINTS else []
    return "\n".join([line, "Set aside:", "", *told, *more]) + "\n"


def recorded_waiver_comment(evaluation: Evaluation, record: Proposal, branch: str) -> str:
    """One line on a waiver that was merged, and stands in the tree now."""
    where = f"{inert_name(record.path)} on {inert_name(branch)}"
    return f"{MARKER}\nrelbot: {_waivers_clause(evaluation)}. Checklists and notes for the team show it: {where}.\n"


def pending_waiver_comment(evaluation: Evaluation, record: Proposal, around: CommentContext) -> str:
    """What is still to be done for a waiver that was merged. The branch of `around` is the one into which it was merged."""
    address, around_branch = new_file_address(record, around), inert_name(around.branch)
    lines = [
        MARKER,
        "### relbot: no checklist will show this waiver",
        "",
        f"Merged, {_waivers_clause(evaluation)}. relbot may not commit to {around_branch}, where people who deploy look.",
        "",
        f"[Add the fragment]({address}), or copy it to {inert_name(record.path)}:"
        if address
        else f"Copy it to {inert_name(record.path)}:",
        "",
        *fence_lines(make_visible(record.text)[:_MOST_FRAGMENT], "markdown"),
    ]
    return "\n".join(lines) + "\n"


def _waivers_clause(evaluation: Evaluation) -> str:
    """Who set findings aside and why. A question is answered, something required is waived."""
    levels: dict[tuple[str, str], set[Level]] = {}
    for each in evaluation.set_aside:
        levels.setdefault((each.by, each.reason), set()).add(each.finding.level)
    told = [
        f"{'answered' if of == {Level.WARNING} else 'waived'} by {inert_name(by)}: {inert_name(reason)}"
        for (by, reason), of in sorted(levels.items())
    ]
    return "; ".join(told[:_MOST_POINTS])


def _comment_headline(evaluation: Evaluation) -> str:
    levels = {finding.level for finding in evaluation.findings}
    if Level.ERROR in levels:
        if evaluation.proposal is None:
            return "This change lacks something that people who deploy it need"
        return "This change needs a note for people who deploy it"
    if Level.WARNING in levels:
        return "This change may need a note for people who deploy it"
    return "relbot could not check all of this change"


def _sentence_lines(findings: Sequence[Finding]) -> Iterator[str]:
    """A sentence for each finding that asks for something, the gravest first. A reason is not said twice in a row."""
    asking = [finding for finding in _by_level(findings) if finding.level is not Level.NOTE]
    above = ""
    for finding in asking[:_MOST_SENTENCES]:
        is_beside = finding.level is not asking[0].level
        why = "" if finding.why == above else finding.unsaid_why
        yield f"- {'Question: ' if is_beside else ''}{inert_sentence(f'{finding.message} {why}'.strip())}"
        above = finding.why
    if len(asking) > _MOST_SENTENCES:
        yield f"- … and {count_noun(len(asking) - _MOST_SENTENCES, 'more finding')}, listed below."
    if asking:
        yield ""


def _consequence_lines(evaluation: Evaluation) -> Iterator[str]:
    levels = {finding.level for finding in evaluation.findings}
    if Level.ERROR in levels:
        yield "**Required**: this check fails until that is solved, or a maintainer waives it."
    elif Level.WARNING in levels:
        yield "**A question**: this does not block. Answer it with a note if people have to act or will notice."
    else:
        return
    yield ""


def _by_level(findings: Sequence[Finding]) -> list[Finding]:
    return sorted(findings, key=lambda finding: _LEVELS.index(finding.level))


def _folded_findings(findings: Sequence[Finding], room: int, site: str) -> Iterator[str]:
    """The findings with their evidence behind a line to unfold, the gravest first, as many as there is room for."""
    if not findings:
        return
    yield f"<details><summary>Why relbot says so: {count_noun(len(findings), 'finding')}</summary>"
    yield ""
    ordered = _by_level(findings)
    above: Finding | None = None
    for number, finding in enumerate(ordered):
        heading = (_HEADINGS[finding.level], "") if above is None or finding.level is not above.level else ()
        block = [*heading, *_finding_lines(finding, above, site)]
        room -= _github_length("\n".join(block)) + 1
        if room < 0:
            left = count_noun(len(ordered) - number, "more finding")
            yield f"{left} do not fit into this comment. To see all, run `relbot check --base` on the branch."
            yield ""
            break
        yield from block
        above = finding
    if not documentation_link("rules", site=site):
        yield f"To read more about a rule, run {inert_name(f'relbot explain {ordered[0].fact or ordered[0].rule}')}."
        yield ""
    yield "</details>"
    yield ""


def _finding_lines(finding: Finding, above: Finding | None, site: str) -> Iterator[str]:
    """A list item; what belongs to it is indented as far as its text (CommonMark 5.2). A tip is not said twice in a row."""
    yield f"- {inert_name(str(finding.place))}: {inert_sentence(finding.message)} ({inert_name(finding.fact or finding.rule)})"
    if finding.evidence:
        yield ""
        yield from fence_lines("\n".join(first_lines(finding.evidence, MOST_EVIDENCE)), indent="  ")
    for text in (finding.unsaid_why, "" if above and finding.tip == above.tip else finding.tip):
        if text:
            yield ""
            yield f"  {inert_sentence(text)}"
    if finding.example:
        yield ""
        yield from fence_lines(finding.example[:_MOST_EXAMPLE], indent="  ")
    link = documentation_link("rules", finding.rule, site)
    if link and (above is None or above.rule != finding.rule):
        yield ""
        yield f"  [More about this rule]({link})"
    yield ""


def _unknown_lines(unknown: Sequence[str]) -> Iterator[str]:
    if unknown:
        yield "**Unknown**: relbot could not check the following, so this check fails."
        yield ""
        yield from (f"- {inert_sentence(each, _LONGEST_POINT)}" for each in unknown[:_MOST_POINTS])
        yield ""


def _fragment_lines(proposal: Proposal | None, around: CommentContext) -> Iterator[str]:
    if proposal is None:
        return
    if len(make_visible(proposal.text)) > _MOST_FRAGMENT:
        yield f"**What to do:** run {inert_name('relbot new')} on the branch. Its draft is too long to be shown here."
        yield ""
        return
    address, path = new_file_address(proposal, around), inert_name(proposal.path)
    add = f"[add this note to your branch]({address}), or copy it to {path}" if address else f"copy this note to {path}"
    yield f"**What to do:** {add}, and complete it. relbot has filled in what the diff shows."
    yield ""
    yield from fence_lines(proposal.text, "markdown")
    yield ""
    if proposal.questions:
        yield "Only you can answer:"
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


def _closing_lines(evaluation: Evaluation, around: CommentContext) -> Iterator[str]:
    if around.why_not:
        yield f"**Not waived yet.** {inert_sentence(around.why_not)}"
        yield ""
    if evaluation.left_out:
        left_out = "; ".join(inert_sentence(each, _LONGEST_POINT) for each in evaluation.left_out[:_MOST_POINTS])
        yield f"Not checked: {left_out}."
        yield ""
    levels = {finding.level for finding in evaluation.findings}
    note = "add a note with `migration: false` and a `reason:`"
    if Level.ERROR in levels and evaluation.proposal is not None:
        waive = f"a maintainer can comment `/relbot waive REASON` and set the label {inert_name(around.waiver)}"
        yield f"**Is no action needed?** Then {note}. Or {waive}."
        yield ""
    elif Level.WARNING in levels and Level.ERROR not in levels:
        yield f"**Is no action needed?** Then comment `/relbot none REASON`, or {note}."
        yield ""
    link = documentation_link("pull-requests", site=around.documentation)
    name = f"[relbot]({link})" if link else "relbot"
    yield (
        f"{name} looks for changes on which people who deploy or run this project have to act, and asks for a note about them:"
        " a fragment, one file of the branch. relbot keeps this comment up to date, and shrinks it to one line once all is "
        "in place."
    )


def _github_length(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2
