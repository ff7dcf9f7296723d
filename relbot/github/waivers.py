"""Waivers in the conversation of a pull request: a maintainer's label, and a reason in a comment. Pure."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from relbot.render.comment.comment_body import MARKER
from relbot.render.common.invisible_characters import one_line

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

_COMMAND = re.compile(r"^/relbot[ \t]+waive(?:[ \t]+(.*?))?[ \t]*$", re.MULTILINE)
_HIDDEN = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
_LONGEST_REASON = 300
MOST_ASKED = 10
"""People whose rights are asked for. A label is needed before any is, so nobody can make relbot ask by commenting."""


class IssueComment(NamedTuple):
    """A comment on a pull request. `login` is "" where the account is gone.

    `edited` is whether it was changed after it was written. GitHub lets everybody with write access change the comments of
    others, and does not say under `login` who did.
    """

    id: int
    login: str
    body: str
    edited: bool = False


class MaintainerWaiver(NamedTuple):
    """Who waives, and why."""

    login: str
    reason: str


class WaiverRequest(NamedTuple):
    """Waivers that were asked for, the newest first, and whether the label is there that makes one count.

    `edited` are the logins under whose names stands one that was changed after it was written: nobody knows whose it is.
    """

    labelled: bool
    offered: tuple[MaintainerWaiver, ...]
    edited: tuple[str, ...] = ()


class WaiverDecision(NamedTuple):
    """The waiver that counts, or why none does: a sentence, "" where nobody asked for one."""

    waiver: MaintainerWaiver | None = None
    why_not: str = ""


def reason_in(body: str) -> str | None:
    """The reason that a comment gives with `/relbot waive REASON` on a line of its own; "" without one, None without a command.

    What is quoted or in a code block does not begin its line with the command, or is inside a fence, and does not count.
    Nor does what nobody sees: an HTML comment, which is easily pasted along with something else.
    """
    reason = None
    for match in _COMMAND.finditer(_HIDDEN.sub("", _outside_fences(body.replace("\r\n", "\n")))):
        reason = one_line(match.group(1) or "", _LONGEST_REASON)
    return reason


def read_waiver_request(labels: Iterable[str], label: str, remarks: Iterable[IssueComment]) -> WaiverRequest:
    """What was asked for. `label` is the one that the project has chosen; names of labels are the same in any case.

    What relbot or another program wrote asks for nothing: it may show what somebody else said.
    """
    labelled = label.casefold() in {each.casefold() for each in labels}
    asked = [
        (remark, reason)
        for remark in sorted(remarks, reverse=True)
        if _is_by_person(remark) and (reason := reason_in(remark.body)) is not None
    ]
    offered = tuple(MaintainerWaiver(remark.login, reason) for remark, reason in asked if not remark.edited)
    return WaiverRequest(labelled, offered, tuple(dict.fromkeys(remark.login for remark, _ in asked if remark.edited)))


def _is_by_person(remark: IssueComment) -> bool:
    return bool(remark.login) and not remark.login.endswith("[bot]") and not remark.body.startswith(MARKER)


def resolve_waiver(request: WaiverRequest, label: str, author: str, may_write: Callable[[str], bool]) -> WaiverDecision:
    """Whether the pull request of `author` is waived. `may_write` asks GitHub, and is only called if the label is there.

    Both the label and a reason are needed; the reason has to come from somebody who may write to the repository, and not
    from the author alone. A comment that was edited counts for nobody.
    """
    command = "`/relbot waive REASON`"
    if request.edited and not request.offered:
        whose = f"The comment of `{request.edited[0]}` was edited after it was written"
        return WaiverDecision(why_not=f"{whose}, and others can do that, too: it does not count. Comment {command} anew.")
    if not request.labelled:
        return WaiverDecision(why_not=f"A waiver counts once a maintainer sets the label `{label}`." if request.offered else "")
    if not request.offered:
        return WaiverDecision(
            why_not=f"The label `{label}` is set, and nobody has said why. Comment {command}, then set the label anew."
        )
    others = [waiver for waiver in request.offered if waiver.login.casefold() != author.casefold()]
    if not others:
        return WaiverDecision(why_not="Nobody waives for themselves: a reason from somebody else with write access is needed.")
    given = [waiver for waiver in others if waiver.reason]
    if not given:
        return WaiverDecision(why_not=f"A waiver needs its reason: {command}.")
    answers: dict[str, bool] = {}
    for waiver in given:
        if waiver.login not in answers and len(answers) < MOST_ASKED:
            answers[waiver.login] = may_write(waiver.login)
        if answers.get(waiver.login):
            return WaiverDecision(waiver)
    return WaiverDecision(why_not="Nobody of those who gave a reason has write access.")


def _outside_fences(text: str) -> str:
    """The lines outside of fenced code blocks (CommonMark 4.5)."""
    kept: list[str] = []
    fence = ""
    for line in text.split("\n"):
        mark = re.match(r" {0,3}(`{3,}|~{3,})(.*)$", line)
        if fence:
            if mark and mark.group(1)[0] == fence[0] and len(mark.group(1)) >= len(fence) and not mark.group(2).strip():
                fence = ""
        elif mark and not (mark.group(1)[0] == "`" and "`" in mark.group(2)):
            fence = mark.group(1)
        else:
            kept.append(line)
    return "\n".join(kept)
