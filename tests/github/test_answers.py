"""What an author answers to a question of the bot: one line of a comment, in the open."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from relbot.render.comment.comment_body import MARKER

if TYPE_CHECKING:
    from tests.github.fake.objects import Pull
    from tests.github.site import Site

pytestmark = pytest.mark.loopback
ASKED: dict[str, str | bytes | None] = {"docs/notes.txt": "1\n"}
REQUIRED: dict[str, str | bytes | None] = {"app/login.rb": "remember = true\n"}
ASK = '"docs/**" = "ask"\n'


def say(site: Site, pull: Pull, text: str, login: str = "ada") -> None:
    site.state.add_comment(pull.number, text, login)


def test_the_author_answers_a_question_alone(site: Site) -> None:
    """One line, no label, and the comment shows it in the open."""
    site.configure(ASK)
    pull = site.pull(ASKED)
    assert site.run(pull).code == 0
    assert "comment `/relbot none REASON`" in site.said(pull)
    say(site, pull, "/relbot none Nobody reads it.", "mallory")
    site.run(pull)
    assert "**A question**" in site.said(pull)
    say(site, pull, "/relbot none")
    say(site, pull, "Sure:\n\n/relbot none Only **we** read it.")
    ran = site.run(pull)
    assert (ran.code, ran.out) == (0, "")
    assert site.said(pull).startswith(f"{MARKER}\nrelbot: nothing is missing (answered by `@ada`: `Only we read it.`).")
    assert len(site.github.requests) <= 8
    site.run(pull)
    assert (site.github.writes, len(site.github.requests) <= 6) == ([], True)
    say(site, pull, "/relbot none It was removed.")
    site.run(pull)
    assert "`It was removed.`" in site.said(pull)


def test_an_answer_does_not_waive_what_is_required(site: Site) -> None:
    site.configure(ASK)
    pull = site.pull({**REQUIRED, **ASKED})
    say(site, pull, "/relbot none Nobody has to act.")
    assert site.run(pull).code == 1
    body = site.said(pull)
    assert "`app/**`" in body
    assert "By `@ada`: `Nobody has to act.`" in body
    assert "/relbot none" not in body


@pytest.mark.parametrize("body", ["> /relbot none quoted", "`/relbot none x`", "<!--\n/relbot none x\n-->", "/relbot nonesuch x"])
def test_an_answer_that_no_reader_sees_does_not_count(site: Site, body: str) -> None:
    site.configure(ASK)
    pull = site.pull(ASKED)
    say(site, pull, body)
    site.run(pull)
    assert "**A question**" in site.said(pull)
