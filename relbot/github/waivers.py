"""Waivers and answers in the conversation of a pull request. Pure.

A maintainer waives with a label and a comment `/relbot waive REASON`. The author answers what was only asked with a comment
`/relbot none REASON`.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from relbot.render.comment.comment_body import MARKER
from relbot.render.common.invisible_characters import one_line
from relbot.schema import lazy_re as re
from relbot.schema.named_tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from markdown_it.token import Token

_COMMAND = re.compile(r"/relbot[ \t]+(waive|none)(?:[ \t]+(.*?))?[ \t]*")
_FOOTNOTE = re.compile(r" {0,3}\[\^[^\]\s]{1,200}\]:")
_FOLD = re.compile(r"<(/?)details\b", re.I)
WAIVE, NONE = "waive", "none"
_LONGEST_REASON = 300
MOST_ASKED = 10
"""People without a role in the repository whose rights are asked for. A label is needed before any is, so nobody can make
relbot ask by commenting."""
MOST_WITH_ROLE = 100
"""The same for those of whom GitHub says that they are an owner, a member or a collaborator."""


class IssueComment(NamedTuple):
    """A comment on a pull request. `login` is "" where the account is gone.

    `is_seen` is False for what a program wrote, also under a person's name, and for what somebody has hidden on the page.
    `touched` is whether its two times differ: then it may have been edited, or only stored a second later. `node_id` is its
    name in GraphQL, which tells. `has_role` is whether its author is an owner, member or collaborator: no permission, but
    whom to ask about first.
    """

    id: int
    login: str
    body: str
    touched: bool = False
    node_id: str = ""
    has_role: bool = False
    is_seen: bool = True


class MaintainerWaiver(NamedTuple):
    """Who waives, and why."""

    login: str
    reason: str


class AuthorAnswer(NamedTuple):
    """The author of a pull request answers what was asked: nobody has to act, and why."""

    login: str
    reason: str


class OfferedWaiver(NamedTuple):
    """A waiver that a comment asks for."""

    waiver: MaintainerWaiver
    comment: IssueComment


class WaiverRequest(NamedTuple):
    """Waivers that were asked for, the newest first, and whether the label is there that makes one count."""

    labelled: bool
    offered: tuple[OfferedWaiver, ...]


class WaiverDecision(NamedTuple):
    """The waiver that counts, or why none does: a sentence, "" where nobody asked for one."""

    waiver: MaintainerWaiver | None = None
    why_not: str = ""


def reason_in(body: str, word: str = WAIVE) -> str | None:
    """Returns the reason that a comment gives with `/relbot WORD REASON` on a line of its own.

    "" for a command without a reason, None without a command. Of several commands the last one counts.

    It counts where a reader of the rendered comment sees it as a line of a paragraph: not in a quote, a list, code, a formula,
    an HTML comment or attribute, the title of a link (CommonMark 0.31.2), what `<details>` folds away, or a footnote: GitHub
    leaves out those that nothing refers to.
    """
    if "/relbot" not in body:
        return None
    from markdown_it import MarkdownIt  # takes longer to load than most comments to read

    reason, folded = None, 0
    text = body.replace("\r\n", "\n")
    tokens, lines = MarkdownIt("commonmark").parse(text), text.split("\n")
    for opening, inline in pairwise(tokens):
        folded += _folds_in(opening)
        if opening.type == "paragraph_open" and opening.level == 0 and folded <= 0 and "$$" not in inline.content:
            if opening.map and _is_in_footnote(lines, *opening.map):
                continue
            for line in _plain_lines(inline):
                if (found := _COMMAND.fullmatch(line)) and found.group(1) == word:
                    reason = one_line(found.group(2) or "", _LONGEST_REASON)
    return reason


def _is_in_footnote(lines: list[str], first: int, after: int) -> bool:
    """Whether the paragraph of these lines goes on a footnote, which no blank line ends."""
    while first and lines[first - 1].strip():
        first -= 1
    return any(_FOOTNOTE.match(line) for line in lines[first:after])


def _folds_in(token: Token) -> int:
    """How many `<details>` the HTML of a block opens, less those that it closes."""
    html = [token] if token.type == "html_block" else [each for each in token.children or () if each.type == "html_inline"]
    return sum(-1 if tag[1] else 1 for each in html for tag in _FOLD.finditer(each.content))


def _plain_lines(inline: Token) -> list[str]:
    """The lines of a paragraph as readers see them. A tag with its attributes, code or an image begins no line with a command."""
    lines = [""]
    for token in inline.children or ():
        if token.type in ("softbreak", "hardbreak"):
            lines.append("")
        elif token.type == "text":
            lines[-1] += token.content
        elif token.type == "html_inline":
            lines[-1] += token.content.replace("\n", " ")
        elif token.type in ("code_inline", "image"):
            lines[-1] += f"`{token.content}`"
    return lines


def find_answer(author: str, comments: Iterable[IssueComment]) -> AuthorAnswer | None:
    """Returns the newest answer of the author, None if there is none with a reason.

    An edited comment counts: only people who can waive can edit what the author wrote.
    """
    for comment in sorted(comments, reverse=True):
        if comment.login.casefold() == author.casefold() and _is_by_person(comment) and (reason := reason_in(comment.body, NONE)):
            return AuthorAnswer(comment.login, reason)
    return None


def read_waiver_request(labels: Iterable[str], label: str, comments: Iterable[IssueComment]) -> WaiverRequest:
    """What was asked for. `label` is the one that the project has chosen; names of labels are the same in any case.

    What relbot or another program wrote asks for nothing: it may show what somebody else said.
    """
    labelled = label.casefold() in {each.casefold() for each in labels}
    offered = tuple(
        OfferedWaiver(MaintainerWaiver(comment.login, reason), comment)
        for comment in sorted(comments, reverse=True)
        if _is_by_person(comment) and (reason := reason_in(comment.body)) is not None
    )
    return WaiverRequest(labelled, offered)


def _is_by_person(comment: IssueComment) -> bool:
    is_named = bool(comment.login) and not comment.login.endswith("[bot]")
    return is_named and comment.is_seen and not comment.body.startswith(MARKER)


def resolve_waiver(
    request: WaiverRequest,
    label: str,
    author: str,
    may_write: Callable[[str], bool],
    was_edited: Callable[[IssueComment], bool],
) -> WaiverDecision:
    """Whether the pull request of `author` is waived. `may_write` and `was_edited` ask GitHub, and only if the label is there.

    Both the label and a reason are needed; the reason has to come from somebody who may write to the repository, and not
    from the author alone. A comment that was edited counts for nobody: everybody with write access can change it.
    """
    command = "`/relbot waive REASON`"
    if not request.labelled:
        return WaiverDecision(why_not=f"A waiver counts once a maintainer sets the label `{label}`." if request.offered else "")
    if not request.offered:
        return WaiverDecision(
            why_not=f"The label `{label}` is set, but a reason is missing. Comment {command}, then set the label again."
        )
    others = [offer for offer in request.offered if offer.waiver.login.casefold() != author.casefold()]
    if not others:
        return WaiverDecision(
            why_not="You cannot waive your own pull request. A reason from another person with write access is needed."
        )
    given = [offer for offer in others if offer.waiver.reason]
    if not given:
        return WaiverDecision(why_not=f"A waiver needs a reason: {command}.")
    edited = ""
    for offer in _offers_of_writers(given, may_write):
        if not (offer.comment.touched and was_edited(offer.comment)):
            return WaiverDecision(offer.waiver)
        edited = edited or offer.waiver.login
    if edited:
        whose = f"The comment of `{edited}` was edited after it was written"
        return WaiverDecision(why_not=f"{whose}, and others can edit it too, so it does not count. Comment {command} again.")
    return WaiverDecision(why_not="None of the people who gave a reason has write access.")


def _offers_of_writers(given: list[OfferedWaiver], may_write: Callable[[str], bool]) -> Iterator[OfferedWaiver]:
    """The offers of those who may write, those with a role first, then the newest first. The others cannot crowd them out."""
    answers: dict[str, bool] = {}
    for has_role, most in ((True, MOST_WITH_ROLE), (False, MOST_ASKED)):
        asked = 0
        for offer in given:
            login = offer.waiver.login
            if offer.comment.has_role is not has_role:
                continue
            if login not in answers and asked < most:
                asked += 1
                answers[login] = may_write(login)
            if answers.get(login):
                yield offer
