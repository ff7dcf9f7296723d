"""Untrusted text in a comment: nothing of it is live."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from relbot.render.common.inert_markdown import fence_lines, first_lines, inert_prose_lines, inert_sentence
from tests.github.markdown import shown

HOSTILE = st.text(alphabet=st.sampled_from("aZ9 `@#<>[]()!*_~|\\&;:/.-=+\"'\n\té\u202e\u200b{}$^"), max_size=40)


@given(HOSTILE)
@example("a`b `x``y``")
@example("```@x``y`` `")
@example("`@a`@b`@c`")
def test_of_a_sentence_only_plain_words_are_outside_of_code(text: str) -> None:
    seen = shown(f"- {inert_sentence(text)} end")
    assert (seen.links, seen.html, seen.live) == ((), (), [])
    outside = "".join(seen.text)
    assert not set(outside) & set("`@#<>[]!*_~|\\&{}$^\u202e\u200b") - set("!")


@given(HOSTILE)
def test_a_fence_is_one_block_whatever_is_in_it(text: str) -> None:
    seen = shown("\n".join(fence_lines(text)))
    assert len(seen.code) == 1
    assert (seen.text, seen.links, seen.html) == ((), (), ())


@given(HOSTILE)
@example("```@x\n@y\n")
@example("- <b>\n1. @x\n    @y\n| #1 |")
def test_of_prose_only_plain_words_are_outside_of_code(text: str) -> None:
    seen = shown("\n".join(f"> {line}" for line in inert_prose_lines(text)))
    assert (seen.links, seen.html, seen.live) == ((), (), [])
    assert not set("".join(seen.text)) & set("`@#<>[]*_~|\\&{}$^\u202e\u200b")


def test_prose_keeps_its_paragraphs_lists_and_code() -> None:
    text = "Run `rake x`\nas root.  \nThen:\n\n1. stop\n   it\n2. go\n\n```sh\na  b\n```\n\n    c\n\n"
    text += "| d | e |\n| f | g |\n\n### Last\nEnd."
    assert "\n".join(inert_prose_lines(text)) == (
        "Run `rake x` as root.\n\nThen:\n\n1. stop it\n2. go\n\n```sh\na  b\n```\n\n```\nc\n```\n\n```\n| d | e |\n| f | g |\n```"
        "\n\nLast\n\nEnd."
    )


def test_words_of_relbot_stay_as_they_are() -> None:
    said = "The change set touches 3 files and adds no fragment, so nobody who deploys or upgrades will hear of it."
    assert inert_sentence(said) == said
    assert inert_sentence("`a.yml`: 38 keys moved (`a` → `b.a`).") == "`a.yml`: 38 keys moved (`a` → `b.a`)."


@pytest.mark.parametrize(
    "text",
    [
        "@team",
        "a@b.example",
        "o/r#12",
        "#12",
        "GH-12",
        "https://a.example",
        "www.a.example",
        "deadbeef",
        "<b>",
        "&#64;x",
        r"\@x",
        ":x:",
    ],
)
def test_whatever_github_makes_live_becomes_code(text: str) -> None:
    assert inert_sentence(f"See {text} now") == f"See `{text}` now"


def test_lists_of_evidence_are_capped() -> None:
    assert first_lines(["a", "b\nc", "d"], 3) == ["a", "b c", "d"]
    assert first_lines(["a", "b", "c", "d"], 3) == ["a", "b", "… and 2 more"]
    assert len(first_lines(["x" * 1000], 3)[0]) == 200
