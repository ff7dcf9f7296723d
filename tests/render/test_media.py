r"""What acts on a terminal, hides, or gives commands to a runner passes no sink, whoever wrote it."""

from __future__ import annotations

import json
import re
import sys
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from relbot.render.common.invisible_characters import make_visible
from relbot.render.common.media import Medium, neutralize_text
from relbot.render.common.runner_commands import disarm_runner_commands

VISIBLE_FORMATS = {0x6DD, 0x70F, 0x890, 0x891, 0x8E2, 0x110BD, 0x110CD, *range(0x600, 0x606), *range(0x13430, 0x13440)}
"""Format characters that are drawn: the signs around Arabic, Syriac, Kaithi and Egyptian numbers and words."""
FILLERS = {0x34F, 0x2065, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x3164, 0xFFA0, *range(0x180B, 0x1810), *range(0xFE00, 0xFE10)}
"""Of Default_Ignorable_Code_Point what is no format character (DerivedCoreProperties.txt)."""


def is_dangerous(code: int) -> bool:
    """Whether a character between two Latin letters acts or hides, by the categories of Unicode."""
    category = unicodedata.category(chr(code))
    if code in (0x09, 0x0A):
        return False
    hides = code in FILLERS or 0xFFF0 <= code <= 0xFFF8 or 0xE0000 <= code <= 0xE0FFF
    return category in ("Cc", "Cs", "Zl", "Zp") or (category == "Cf" and code not in VISIBLE_FORMATS) or hides


def test_every_character_of_unicode_is_shown_or_written_out() -> None:
    wrong = []
    for code in range(sys.maxunicode + 1):
        text = f"a{chr(code)}b"
        shown = make_visible(text)
        if is_dangerous(code) != (shown != text) or make_visible(shown) != shown:
            wrong.append(f"U+{code:04X}")
    assert wrong == []


@pytest.mark.parametrize(
    "text",
    [
        "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645",  # Persian: a joiner keeps two letters apart
        "\u0915\u094d\u200d\u0937",  # Hindi
        "\U0001f469\u200d\U0001f4bb",  # a woman at a computer
        "\U0001f3f3\ufe0f\u200d\U0001f308",  # the rainbow flag
        "\u26a0\ufe0f Read this",
        "1\ufe0f\u20e3 first",  # a key
        "\u8fbb\U000e0100",  # a variant of a Japanese name
    ],
)
def test_what_emoji_and_scripts_need_stays(text: str) -> None:
    assert make_visible(text) == text


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("x\x1b[2J#1", r"x\x1b[2J#1"),
        ("\u202egnp.exe", r"\u202egnp.exe"),
        ("pass\u200dword", r"pass\u200dword"),
        ("\ufe0f\ufe0f", r"\ufe0f\ufe0f"),
        ("\U000e0041", r"\U000e0041"),
        ("\u26a0\ufe0f\ufe01\ufe02", "\u26a0\ufe0f" + r"\ufe01\ufe02"),
    ],
)
def test_what_hides_is_written_out(text: str, shown: str) -> None:
    assert make_visible(text) == shown


TEXTS = st.text(st.sampled_from("ab :#[]\n\t\\\x1b\x7f\x85\u200d\u202e\ud800\U000e0041\u00e9:#[") | st.characters(), max_size=30)


@given(TEXTS, st.sampled_from(Medium))
def test_a_sink_changes_nothing_twice(text: str, medium: Medium) -> None:
    shown = neutralize_text(text, medium)
    assert neutralize_text(shown, medium) == shown
    disarmed = disarm_runner_commands(shown, medium)
    assert disarm_runner_commands(disarmed, medium) == disarmed


@given(st.recursive(TEXTS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3), max_leaves=5))
def test_json_means_the_same_behind_its_sink(value: object) -> None:
    written = json.dumps(value, ensure_ascii=False)
    shown = disarm_runner_commands(neutralize_text(written, Medium.JSON), Medium.JSON)
    assert json.loads(shown) == value
    assert make_visible(shown) == shown


def runner_takes(line: str) -> bool:
    """As src/Runner.Common/ActionCommand.cs: `TryParseV2` trims, and wants `::` twice; `TryParse` looks for `##[` and `]`."""
    trimmed = line.lstrip()
    return (trimmed.startswith("::") and "::" in trimmed[2:]) or re.search(r"##\[[^\]]*\]", line) is not None


@pytest.mark.parametrize("medium", [each for each in Medium if each is not Medium.COMMANDS])
@given(text=TEXTS)
def test_a_runner_takes_no_line_as_a_command(medium: Medium, text: str) -> None:
    hostile = f"{text}\n ::stop-commands::x\nx ##[set-output name=a]b\n:::{text}::\n{text}###[add-path]"
    lines = disarm_runner_commands(neutralize_text(hostile, medium), medium).split("\n")
    assert [line for line in lines if runner_takes(line)] == []


@pytest.mark.parametrize("text", ["::stop-commands::x", "std::vector", "##[set-output name=x]y", "a ###[error] b"])
def test_plain_text_holds_no_mark_of_a_command_at_all(text: str) -> None:
    shown = disarm_runner_commands(text, Medium.TEXT)
    assert "::" not in shown
    assert "##[" not in shown


def test_relbots_own_commands_reach_the_runner_and_no_others_do() -> None:
    own = "::error file=a.md,line=1,title=relbot%3A x::What is ::wrong::\n"
    text = f"{own}::set-env name=x::y\n ::error::z\n"
    shown = disarm_runner_commands(text, Medium.COMMANDS)
    assert [line for line in shown.split("\n") if runner_takes(line)] == [own.rstrip("\n")]
