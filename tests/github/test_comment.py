"""The comment: what it says, and that nothing of somebody else's is live in it. FIELD's attacks on bots, as a table."""

from __future__ import annotations

import itertools
import os
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

import relbot
from relbot.finding import Finding, Level, Place
from relbot.render.comment.comment_body import (
    MARKER,
    MOST_CHARACTERS,
    CommentContext,
    findings_comment,
    new_file_address,
    pending_waiver_comment,
    recorded_waiver_comment,
    solved_comment,
)
from relbot.review.rules.model import Evaluation, Proposal, SetAside
from tests.github.markdown import shown

WRITE = bool(os.environ.get("RELBOT_UPDATE_GOLDEN"))
WEB = "https://github.com/octo/site"
HERE = CommentContext(WEB, "fix/login", "relbot: waived")
FORK = HERE._replace(branch="")
PROPOSAL = Proposal(
    "changes/options-per-environment.md",
    "---\ntype: changed\nmigration: true\ndeploy:\n  - phase: before-restart\n    run: bundle exec rake migrate_options_yml\n"
    "---\n\n`config/options.yml` groups its keys per environment.\n",
    ("Does the old structure still work for a while?",),
)
MOVED = Finding(
    "config-structure",
    Place("config/options.yml", 3),
    "38 keys of `config/options.yml` moved below `production`, `development` and `test`: move them in"
    " your `config/options.yml` too.",
    "Add a fragment that says who has to do what, and when: `relbot new`.",
    evidence=("allow_anonymous → production.allow_anonymous", "source_host → production.source_host"),
    fact="config-structure/shipped-moved",
    why="Installations with their own copy of the file still have the old keys.",
)
ASKED = Finding(
    "paths",
    Place("app/login.rb"),
    "The project wants a fragment for each change of `app/**`.",
    "Add a fragment that says who has to do what, and when: `relbot new`.",
    level=Level.WARNING,
    why="relbot.toml has that pattern below `[rules.paths]`.",
)
WHOLE = Evaluation((MOVED, ASKED), (), PROPOSAL, ("3 files written by others or by programs",))

ATTACKS = {
    "a mention": "@octo/everybody @torvalds",
    "an escaped mention": r"\@torvalds",
    "a mention as an entity": "&#64;torvalds &commat;torvalds",
    "a reference": "#1 octo/site#2 GH-3 fixes #4",
    "a commit": "0123456789abcdef0123456789abcdef01234567",
    "an address": "https://evil.example www.evil.example mail@evil.example",
    "a link": "[click](https://evil.example) [x][y]",
    "a reference definition": "\n\n[y]: https://evil.example\n",
    "an image": "![](https://evil.example/pixel.png)",
    "HTML": "<img src=x onerror=alert(1)><details><script>alert(1)</script><!--",
    "an autolink": "<https://evil.example>",
    "the end of a code span": "`code` `` @torvalds ``` <b>",
    "the end of a fence": "\n```\n@torvalds\n~~~\n<b>\n````\n",
    "an indented fence": "\n  ```\n  @torvalds\n",
    "a pasted marker": f"{MARKER}\n",
    "a command for the bot": "\n/relbot waive everything is fine\n",
    "a heading": "\n# All is well\n===\n---\n",
    "a table": "\n| a | b |\n|---|---|\n| @torvalds | <b> |\n",
    "a task": "\n- [x] done @torvalds\n",
    "emoji, strikethrough, a footnote": ":shipit: ~~not~~ [^1]",
    "maths": "$`\\href{https://evil.example}{x}`$ $$x$$",
    "a workflow command": "\n::error::x\n::set-output name=verdict::clean\n",
    "colours of a terminal": "\x1b[31mred\x1b]8;;https://evil.example\x07",
    "bidirectional controls": "\u202e\u2066 \u2069",
    "invisible characters": "re\u200blbot \ufeff \u2028@torvalds",
    "a lone surrogate": "\udcff",
    "sheer size": "@x " * 100_000,
}


FOLDED = (
    *(f"<details><summary>Why relbot says so: {n}</summary>\n" for n in ("1 finding", "2 findings", "9 findings")),
    "</details>\n",
)


def attacked(text: str) -> Evaluation:
    """A evaluation in which everything that can come from a pull request is this text."""
    findings = tuple(
        Finding("paths", Place(f"changes/{text}", 1, 2), message, text, text, level, (text, text))
        for level in Level
        for message in (text, f"`{text}` is missing.", f"The key `{text}` of `{text}` is gone")
    )
    return Evaluation(
        findings, (SetAside(findings[0], text, text),), Proposal(f"changes/{text}.md", text, (text,)), (text,), (text,)
    )


@pytest.mark.parametrize("text", ATTACKS.values(), ids=ATTACKS)
@pytest.mark.parametrize(
    "around", [HERE, FORK, HERE._replace(branch="x](https://evil.example)`@x")], ids=["branch", "fork", "odd branch"]
)
def test_nothing_of_an_attack_is_live(text: str, around: CommentContext) -> None:
    evaluation = attacked(text)
    assert evaluation.proposal is not None
    record = evaluation.proposal
    told = (
        findings_comment(evaluation, around),
        solved_comment(evaluation),
        recorded_waiver_comment(evaluation, record, text),
        pending_waiver_comment(evaluation, record, around),
    )
    for body in told:
        seen = shown(body)
        assert set(seen.html) <= {f"{MARKER}\n", *FOLDED}
        assert seen.live == []
        assert all(link.startswith(f"{WEB}/new/") for link in seen.links)
        assert not any("torvalds" in said or "evil" in said or "\u202e" in said for said in seen.text)
        assert "\x1b" not in body
        assert "\u202e" not in body
        assert body.startswith(MARKER)
        assert body.count(MARKER) == 1 + sum(said.count(MARKER) for said in seen.code)
        assert len(body.encode("utf-16-le", "surrogatepass")) // 2 <= MOST_CHARACTERS


@given(st.text(max_size=60))
def test_nothing_of_any_text_is_live(text: str) -> None:
    seen = shown(findings_comment(attacked(text), FORK))
    assert set(seen.html) <= {f"{MARKER}\n", *FOLDED}
    assert (seen.live, seen.links) == ([], ())


def test_it_says_what_is_missing_and_why_and_offers_a_fragment() -> None:
    golden(findings_comment(WHOLE, HERE), "comment.md")


def test_one_finding_is_one_sentence() -> None:
    golden(findings_comment(Evaluation((ASKED,), (), PROPOSAL), FORK), "comment-question.md")


def test_of_forty_findings_the_gravest_are_told_and_all_are_there_to_unfold() -> None:
    forty = tuple(
        MOVED._replace(place=Place(f"config/{n}.yml", n), message=f"`key_{n}` is gone.", level=level)
        for n, level in zip(range(1, 41), itertools.cycle((Level.WARNING, Level.ERROR)), strict=False)
    )
    body = findings_comment(WHOLE._replace(findings=forty), HERE)
    golden(body, "comment-forty.md")
    assert body.index("`key_2` is gone.") < body.index("35 more findings") < body.index("config/39.yml:39")
    assert body.count(MOVED.tip) == 1, "what is the same below each finding is said once"


def test_for_a_fork_the_fragment_is_there_to_copy() -> None:
    body = findings_comment(WHOLE, FORK)
    assert not shown(body).links
    assert PROPOSAL.text.rstrip() in body


def test_the_new_file_page_gets_the_fragment_as_it_is() -> None:
    address = urlsplit(new_file_address(PROPOSAL, HERE._replace(branch="a#b?c/d e")))
    assert address.path == "/octo/site/new/a%23b%3Fc/d%20e"
    assert parse_qs(address.query) == {"filename": [PROPOSAL.path], "value": [PROPOSAL.text]}


def test_a_fragment_too_long_for_an_address_is_there_to_copy() -> None:
    long = PROPOSAL._replace(text="---\ntype: fixed\n---\n\n" + "word " * 1500)
    assert new_file_address(long, HERE) == ""
    assert "copy this note to" in findings_comment(WHOLE._replace(proposal=long), HERE)
    assert "too long to be shown" in findings_comment(WHOLE._replace(proposal=long._replace(text="x" * 50_000)), HERE)


def test_when_all_is_solved_it_is_one_line() -> None:
    assert solved_comment(Evaluation()) == f"{MARKER}\nrelbot: nothing is missing any more.\n"
    waived = Evaluation(
        set_aside=(SetAside(MOVED, "The hosts are new.", "@maria"), SetAside(ASKED, "The hosts are new.", "@maria"))
    )
    assert solved_comment(waived) == (
        f"{MARKER}\nrelbot: nothing is missing (waived by `@maria`: `The hosts are new.`).\n\nSet aside:\n\n"
        "- 38 keys of `config/options.yml` moved below `production`, `development` and `test`: move them in your"
        " `config/options.yml` too.\n- The project wants a fragment for each change of `app/**`.\n"
    )
    many = tuple(SetAside(MOVED._replace(message=f"{n} keys moved."), "New.", "@maria") for n in range(1, 31))
    assert solved_comment(Evaluation(set_aside=many)).endswith("- 10 keys moved.\n- 20 more\n")


def test_above_the_limit_it_ends_at_a_whole_finding_and_says_so() -> None:
    moved = Finding("config-structure", Place("x"), "Moved.")
    many = tuple(moved._replace(place=Place(f"config/{n:04}.yml", n), tip="x" * 400 + str(n)) for n in range(1, 1001))
    body = findings_comment(WHOLE._replace(findings=many), HERE)
    told = sum(f"config/{n:04}.yml" in body for n in range(1, 1001))
    assert MOST_CHARACTERS - 1000 < len(body) <= MOST_CHARACTERS
    assert f"{1000 - told} more findings do not fit into this comment" in body
    assert body.count("x" * 400) == told
    assert PROPOSAL.path in body


def test_characters_outside_of_the_first_plane_count_twice() -> None:
    many = tuple(Finding("x", Place("a", n), "Moved.", evidence=("😀" * 200,) * 10) for n in range(1, 100))
    assert len(findings_comment(Evaluation(many), HERE).encode("utf-16-le")) // 2 <= MOST_CHARACTERS


def test_a_waiver_that_does_not_count_says_why() -> None:
    body = findings_comment(WHOLE, HERE._replace(why_not="The label `relbot: waived` is set, but a reason is missing."))
    assert "**Not waived yet.** The label `relbot: waived` is set, but a reason is missing." in body


def golden(text: str, name: str) -> None:
    file = Path(__file__).parent / "golden" / name
    if WRITE:
        file.write_text(text, "utf-8")
    assert text == file.read_text("utf-8")


def test_each_rule_links_to_its_page_where_the_documentation_is() -> None:
    site = "https://docs.example.org/relbot/"
    body = findings_comment(WHOLE, HERE._replace(documentation=site))
    links = [link for link in shown(body).links if link.startswith(site)]
    assert links == [f"{site}rules/#config-structure", f"{site}rules/#paths", f"{site}pull-requests/"]
    headings = (Path(relbot.__file__).parent.parent / "docs/rules.md").read_text("utf-8").splitlines()
    assert {"## config-structure", "## paths"} <= set(headings)
    assert "relbot explain" not in body
    assert "run `relbot explain config-structure/shipped-moved`" in findings_comment(WHOLE, HERE)
