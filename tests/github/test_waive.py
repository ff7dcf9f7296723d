"""Waivers: which comments ask for one, and who may."""

from __future__ import annotations

import pytest

from relbot.github.waivers import (
    MOST_ASKED,
    IssueComment,
    MaintainerWaiver,
    WaiverDecision,
    read_waiver_request,
    reason_in,
    resolve_waiver,
)
from relbot.render.comment.comment_body import MARKER

LABEL = "relbot: waived"
REASON = "/relbot waive The table is empty in production."


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (REASON, "The table is empty in production."),
        ("Looks good.\r\n\r\n/relbot  waive  because  \r\nThanks!", "because"),
        ("/relbot waive", ""),
        ("/relbot waive \u202ereversed\x1b[31m", "\\u202ereversed\\x1b[31m"),
        ("/relbot waive one\n/relbot waive two", "two"),
        ("> /relbot waive quoted", None),
        ("    /relbot waive code", None),
        ("Write `/relbot waive REASON`.", None),
        ("```\n/relbot waive fenced\n```", None),
        ("~~~~\n~~~\n/relbot waive fenced\n~~~~\n", None),
        ("```\n/relbot waive never closed", None),
        ("<!--\n/relbot waive hidden\n-->", None),
        ("Fine.\n<!-- a\n/relbot waive hidden", None),
        ("<!-- a -->\n/relbot waive seen\n<!-- b -->", "seen"),
        ("/relbot waiver", None),
        ("/relbot waived it", None),
        ("x /relbot waive it", None),
        ("- /relbot waive in a list", None),
        ("> quoted\n/relbot waive as a lazy line of the quote", None),
        ("<?\n/relbot waive x\n?>", None),
        ("<!X\n/relbot waive x\n>", None),
        ('[a](b "title\n/relbot waive x\n")', None),
        ('a <b title="\n/relbot waive x\n">', None),
        ("`code\n/relbot waive x\n`", None),
        ("<div>\n/relbot waive x\n</div>", None),
        ("Fine.\n/relbot waive **it** is `empty` <b>x</b>", "it is `empty` <b>x</b>"),
        ("Fine.\n/relbot waive **it** is empty", "it is empty"),
        ("$$\n/relbot waive x\n$$", None),
        ("<details><summary>More</summary>\n\n/relbot waive x\n\n</details>", None),
        ("Fine. <details>\n\n/relbot waive x", None),
        ("[^1]: a\n/relbot waive x", None),
        ("Fine.\n\n   [^note]: - a\nb\n/relbot waive x", None),
        ("[^1]: a\n\n/relbot waive x", "x"),
        ('[//]: # "\n/relbot waive x\n"', None),
        ("[//]: # (\n/relbot waive x\n)", None),
        ("![alt\n/relbot waive x\n](y)", None),
        ("<pre>\n/relbot waive x\n</pre>", None),
        ("<script>\n\n/relbot waive x\n\n</script>", None),
        ("<![CDATA[\n\n/relbot waive x\n]]>", None),
        ("a <!-- b\n/relbot waive x\n-->", None),
        ("1. a\n/relbot waive x", None),
        ("/relbot waive x\n===", None),
        ("<details\nopen>\n\n/relbot waive x\n\n</details>", None),
        ("> [!NOTE]\n/relbot waive x", None),
        ("&lt;!--\n/relbot waive x\n--&gt;", "x"),
        ("As in `<details>`.\n\n/relbot waive x", "x"),
        ("<details>\n\nSee.\n\n</details>\n\n/relbot waive x", "x"),
        ("", None),
    ],
)
def test_the_command_stands_on_a_line_of_its_own(body: str, reason: str | None) -> None:
    assert reason_in(body) == reason


def test_a_reason_is_capped() -> None:
    assert len(reason_in("/relbot waive " + "x" * 10_000) or "") == 300


def rule(
    labels: list[str], *comments: tuple[str, str], author: str = "ada", writers: str = "maria ada"
) -> tuple[WaiverDecision, list[str]]:
    """The ruling, and whose rights were asked for. Comments are (login, body), the oldest first."""
    asked: list[str] = []

    def may_write(login: str) -> bool:
        asked.append(login)
        return login in writers.split()

    remarks = [IssueComment(number, login, body) for number, (login, body) in enumerate(comments)]
    return resolve_waiver(read_waiver_request(labels, LABEL, remarks), LABEL, author, may_write, lambda _: False), asked


def test_a_label_and_a_reason_of_a_maintainer_waive() -> None:
    given = [("ada", "Please?"), ("maria", REASON)]
    assert rule([LABEL], *given) == (WaiverDecision(MaintainerWaiver("maria", "The table is empty in production.")), ["maria"])
    assert rule(["Relbot: Waived"], *given)[0].waiver is not None


def test_nobody_asked() -> None:
    assert rule([]) == (WaiverDecision(), [])
    assert rule(["bug"], ("maria", "Nice.")) == (WaiverDecision(), [])


@pytest.mark.parametrize(
    ("labels", "comments", "why", "asked"),
    [
        ([], [("maria", REASON)], "sets the label", []),
        ([LABEL], [("maria", "Nice.")], "a reason is missing", []),
        ([LABEL], [("ada", REASON)], "You cannot waive your own pull request", []),
        ([LABEL], [("Ada", REASON)], "You cannot waive your own pull request", []),
        ([LABEL], [("maria", "/relbot waive")], "needs a reason", []),
        ([LABEL], [("mallory", REASON)], "write access", ["mallory"]),
        ([LABEL], [("", REASON)], "a reason is missing", []),
    ],
)  # fmt: skip
def test_what_is_missing_is_told(labels: list[str], comments: list[tuple[str, str]], why: str, asked: list[str]) -> None:
    ruling, were_asked = rule(labels, *comments)
    assert ruling.waiver is None
    assert why in ruling.why_not
    assert were_asked == asked


def test_the_newest_reason_of_somebody_who_may_counts() -> None:
    old, new = ("maria", "/relbot waive old"), ("maria", "/relbot waive new")
    ruling, asked = rule([LABEL], old, new, ("mallory", REASON), ("mallory", REASON), ("ada", REASON))
    assert (ruling.waiver, asked) == (MaintainerWaiver("maria", "new"), ["mallory", "maria"])


def ruled_on(*remarks: IssueComment) -> WaiverDecision:
    """The ruling with the label, where everybody may write."""
    return resolve_waiver(
        read_waiver_request([LABEL], LABEL, remarks), LABEL, "ada", lambda _: True, lambda comment: comment.touched
    )


def test_a_comment_that_was_edited_counts_for_nobody() -> None:
    written, edited = IssueComment(1, "maria", REASON), IssueComment(2, "maria", "/relbot waive another", touched=True)
    assert ruled_on(written).waiver is not None
    assert "`maria` was edited after it was written" in ruled_on(edited).why_not
    assert ruled_on(edited).waiver is None
    assert ruled_on(written, edited).waiver == MaintainerWaiver("maria", "The table is empty in production.")
    assert ruled_on(IssueComment(1, "maria", "Never mind.", touched=True)).why_not.endswith("then set the label again.")


def test_two_times_that_differ_are_no_edit() -> None:
    """GitHub facts 58, 59: GitHub may store a new comment a second later; only GraphQL tells, and it is asked once."""
    comment, asked = IssueComment(1, "maria", REASON, touched=True), list[IssueComment]()

    def was_edited(one: IssueComment) -> bool:
        asked.append(one)
        return False

    request = read_waiver_request([LABEL], LABEL, [comment, comment._replace(id=0, touched=False)])
    assert resolve_waiver(request, LABEL, "ada", lambda _: True, was_edited).waiver is not None
    assert asked == [comment]


def test_what_a_program_says_waives_nothing() -> None:
    """It may show what others wrote. With the token of a maintainer relbot's own comment is that maintainer's."""
    assert ruled_on(IssueComment(1, "maria", f"{MARKER}\n{REASON}")).waiver is None
    assert ruled_on(IssueComment(1, "github-actions[bot]", f"The title is:\n{REASON}")).waiver is None
    assert ruled_on(IssueComment(1, "maria", REASON, is_seen=False)).waiver is None


def test_a_crowd_cannot_make_relbot_ask_without_end() -> None:
    _, asked = rule([LABEL], *((f"m{number}", REASON) for number in range(50)))
    assert len(asked) == MOST_ASKED


def test_a_crowd_does_not_push_a_maintainer_out() -> None:
    crowd = [IssueComment(number, f"m{number}", REASON) for number in range(2, 52)]
    request = read_waiver_request([LABEL], LABEL, [IssueComment(1, "maria", REASON, has_role=True), *crowd])
    assert resolve_waiver(request, LABEL, "ada", lambda login: login == "maria", lambda _: False).waiver is not None
