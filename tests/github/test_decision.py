"""What is decided: a table."""

from __future__ import annotations

import pytest

from relbot.config.model import DEFAULT_EXEMPT, Rules
from relbot.finding import Finding, Level, Place
from relbot.github.decision import (
    CommentContent,
    PullRequestContext,
    apply_waiver,
    as_notes,
    decide_response,
    effective_waiver,
    is_exempt,
)
from relbot.github.waivers import AuthorAnswer, MaintainerWaiver
from relbot.review.rules.model import Evaluation, Proposal, SetAside, Verdict

REQUIRED = Finding("paths", Place("changes"), "Nobody will hear of it.")
ASKED = Finding("config-structure", Place("config/options.yml", 3), "38 keys moved.", level=Level.WARNING)
NOTED = Finding("note", Place("a"), "By the way.", level=Level.NOTE)
FAULT = Finding("missing-key", Place("changes/a.md", 1, 1), "`type` is missing.")
UNKNOWN = "`config/options.yml` could not be read."
PROPOSAL = Proposal("changes/a.md", "---\ntype: changed\n---\n")


@pytest.mark.parametrize(
    ("findings", "unknown", "draft", "commented", "comment", "state", "label", "fails"),
    [
        ((), (), False, False, CommentContent.NONE, "success", False, False),
        ((), (), False, True, CommentContent.SOLVED, "success", False, False),
        ((NOTED,), (), False, False, CommentContent.NONE, "success", False, False),
        ((NOTED,), (), False, True, CommentContent.SOLVED, "success", False, False),
        ((ASKED,), (), False, False, CommentContent.ALL, "success", True, False),
        ((ASKED,), (), False, True, CommentContent.ALL, "success", True, False),
        ((REQUIRED,), (), False, False, CommentContent.ALL, "failure", True, True),
        ((REQUIRED,), (), False, True, CommentContent.ALL, "failure", True, True),
        ((REQUIRED,), (), True, False, CommentContent.NONE, "pending", False, False),
        ((REQUIRED,), (), True, True, CommentContent.ALL, "pending", False, False),
        ((), (), True, False, CommentContent.NONE, "success", False, False),
        ((), (), True, True, CommentContent.SOLVED, "success", False, False),
        ((), (UNKNOWN,), False, False, CommentContent.NONE, "error", None, False),
        ((), (UNKNOWN,), False, True, CommentContent.ALL, "error", None, False),
        ((REQUIRED,), (UNKNOWN,), False, False, CommentContent.ALL, "error", True, True),
        ((REQUIRED,), (UNKNOWN,), True, False, CommentContent.NONE, "error", False, False),
    ],
)
def test_what_was_found_and_what_was_there_decide(
    findings: tuple[Finding, ...], unknown: tuple[str, ...], draft: bool, commented: bool,
    comment: CommentContent, state: str, label: bool | None, fails: bool,
) -> None:  # fmt: skip
    done = decide_response(Evaluation(findings, unknown=unknown), PullRequestContext(draft=draft), commented=commented)
    assert (done.comment, done.status.state, done.label, done.fails) == (comment, state, label, fails)
    assert len(done.status.text) <= 140


def test_a_green_status_never_stands_for_what_was_not_looked_at() -> None:
    for findings in ((), (ASKED,), (REQUIRED,)):
        for draft in (True, False):
            assert (
                decide_response(
                    Evaluation(findings, unknown=(UNKNOWN,)), PullRequestContext(draft=draft), commented=False
                ).status.state
                == "error"
            )


def test_a_waiver_sets_aside_what_is_asked_and_not_what_is_faulty() -> None:
    evaluation = Evaluation((REQUIRED, ASKED, NOTED), proposal=PROPOSAL)
    weighed_ = apply_waiver((FAULT,), evaluation, PullRequestContext(waiver=MaintainerWaiver("maria", "It is empty.")))
    assert weighed_.findings == (NOTED, FAULT)
    assert [(each.finding, each.reason, each.by) for each in weighed_.set_aside] == [
        (REQUIRED, "It is empty.", "@maria"), (ASKED, "It is empty.", "@maria"),
    ]  # fmt: skip
    assert weighed_.verdict is Verdict.REQUIRE


def test_a_waiver_does_not_make_the_unknown_known() -> None:
    weighed_ = apply_waiver(
        (), Evaluation((REQUIRED,), unknown=(UNKNOWN,)), PullRequestContext(waiver=MaintainerWaiver("maria", "x"))
    )
    assert (weighed_.unknown, weighed_.verdict) == ((UNKNOWN,), Verdict.UNKNOWN)


@pytest.mark.parametrize("standing", [PullRequestContext(exempt=True), PullRequestContext(asks=False)])
def test_of_whom_nothing_is_asked_faults_are_told_still(standing: PullRequestContext) -> None:
    weighed_ = apply_waiver((FAULT,), Evaluation((REQUIRED,), proposal=PROPOSAL), standing)
    assert (weighed_.findings, weighed_.proposal, weighed_.set_aside) == ((FAULT,), None, ())


@pytest.mark.parametrize(
    ("login", "kind", "rules", "exempt"),
    [
        ("dependabot[bot]", "Bot", Rules(), True),
        ("renovate[bot]", "Bot", Rules(), True),
        ("some-app[bot]", "Bot", Rules(), True),
        ("ada", "User", Rules(), False),
        ("bob", "User", Rules(), False),
        ("renovate-me", "User", Rules(), False),
        ("dependabot", "User", Rules(), False),
        ("dependabot[bot]", "Bot", Rules(exempt=()), False),
        ("dependabot[bot]", "Bot", Rules(exempt=("Dependabot[bot]",)), True),
        ("Translator", "User", Rules(exempt=("trans*",)), True),
    ],
)
def test_bots_are_exempt_unless_the_project_says_otherwise(login: str, kind: str, rules: Rules, exempt: bool) -> None:
    assert is_exempt(login, kind, rules) is exempt


def test_a_draft_is_annotated_quietly() -> None:
    assert {finding.level for finding in as_notes((REQUIRED, ASKED))} == {Level.NOTE}


@pytest.mark.parametrize(("findings", "needed"), [((REQUIRED,), True), ((ASKED, NOTED), True), ((NOTED,), False), ((), False)])
def test_a_waiver_is_one_only_where_something_would_stand(findings: tuple[Finding, ...], needed: bool) -> None:
    standing = PullRequestContext(waiver=MaintainerWaiver("maria", "The table is empty."))
    assert effective_waiver(apply_waiver((), Evaluation(findings), standing), standing) == (standing.waiver if needed else None)
    assert effective_waiver(apply_waiver((), Evaluation(findings), PullRequestContext()), PullRequestContext()) is None


def test_an_answer_sets_aside_what_is_asked_and_not_what_is_required() -> None:
    before = SetAside(ASKED, "The file is a test.", "changes/a.md")
    evaluation = Evaluation((REQUIRED, ASKED, NOTED), set_aside=(before,))
    weighed = apply_waiver((), evaluation, PullRequestContext(answer=AuthorAnswer("jane", "No key moved.")))
    assert set(weighed.findings) == {REQUIRED, NOTED}
    assert weighed.set_aside == (before, SetAside(ASKED, "No key moved.", "@jane"))


@pytest.mark.parametrize(
    ("login", "kind", "exempt"),
    [
        ("renovate-me", "User", False),
        ("renovate-me", "Bot", True),
        ("anything[bot]", "User", True),
        ("written", "User", True),
        ("somebody", "Bot", False),
    ],
)
def test_of_people_only_the_patterns_of_the_project_count(login: str, kind: str, exempt: bool) -> None:
    assert is_exempt(login, kind, Rules(exempt=(*DEFAULT_EXEMPT, "written"))) is exempt


@pytest.mark.parametrize(
    ("evaluation", "standing", "text"),
    [
        (Evaluation((REQUIRED,)), PullRequestContext(), "1 thing required."),
        (Evaluation((REQUIRED, REQUIRED, ASKED)), PullRequestContext(), "2 things required, 1 asked."),
        (Evaluation((ASKED, NOTED)), PullRequestContext(), "1 thing asked, nothing required."),
        (Evaluation((NOTED,)), PullRequestContext(), "Nothing is missing."),
        (Evaluation(()), PullRequestContext(waiver=MaintainerWaiver("maria", "x")), "Nothing is missing."),
        (Evaluation((), set_aside=(SetAside(ASKED, "x", "changes/a.md"),)), PullRequestContext(), "Nothing is missing."),
        (
            Evaluation((), set_aside=(SetAside(ASKED, "x", "@maria"),)),
            PullRequestContext(waiver=MaintainerWaiver("maria", "x")),
            "Waived by a maintainer.",
        ),
    ],
)
def test_the_status_counts_what_stands(evaluation: Evaluation, standing: PullRequestContext, text: str) -> None:
    assert decide_response(evaluation, standing, commented=False).status.text == text
