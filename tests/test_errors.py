"""What errors quote of others: `quoted`. Not only terminals show it, so nothing later makes it harmless."""

from __future__ import annotations

import pytest

from relbot.errors import quoted


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("plain", "plain"),
        ("two\r\n\t lines", "two lines"),
        ("\x1b[31mred\x07", r"\x1b[31mred\x07"),
        ("ab\u202ecd\u200be\ufeff", r"ab\u202ecd\u200be\ufeff"),
        ("half \ud800", r"half \ud800"),
        ("tag \U000e0041", r"tag \U000e0041"),
        (b"bytes \xff\xc3\xa4", r"bytes \xffä"),
        ("at https://ada:secret@example.org/x@y", "at https://example.org/x@y"),
        ("ada@example.org", "ada@example.org"),
        (200 * "x", 119 * "x" + "…"),
        (120 * "x", 120 * "x"),
        (b"y" * 10**6, 119 * "y" + "…"),
        (10**6 * " " + "z", ""),
    ],
)
def test_what_others_said_is_quoted_on_one_line_without_secrets_and_invisible_characters(said: str | bytes, shown: str) -> None:
    assert quoted(said) == f"“{shown}”"
