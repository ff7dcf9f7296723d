"""Texts written to do harm."""

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from relbot.fragment.file import LARGEST
from relbot.fragment.model import Fragment
from relbot.schema.yaml_nodes import LONGEST, MOST_BRACKETS
from tests.fragment.parsing import faults, parse
from tests.tiers import examples


def head(yaml: str) -> str:
    return f"---\ntype: fixed\n{yaml}\n---\ntext\n"


BOMB = "a: &a [x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"{chr(98 + i)}: &{chr(98 + i)} [{', '.join(['*' + chr(97 + i)] * 9)}]\n" for i in range(12)
)


@pytest.mark.parametrize(
    "yaml",
    [
        BOMB,
        BOMB + "authors: *m\n",
        "issues: &a [*a]",
        "deploy: &a\n  - *a",
        "issues: " + "[" * MOST_BRACKETS,
        "issues: " + "[" * MOST_BRACKETS + "]" * MOST_BRACKETS,
        "issues: " + "{a: " * 400 + "}" * 400,
        "issues: " + "[" * (MOST_BRACKETS + 1),
        "- " * 4_000,
        "? " * 4_000,
        "issues:" + "\n- " * 4_000 + "'",
        "reason: " + "x" * LONGEST,
        "reason: !!python/object/apply:os.system [true]",
        "reason: !!binary aGk=\nauthors: !x [[a]]",
        "reason: \x00",
        'reason: "\\ud800"',
        "<<: {type: fixed}",
        "%YAML 9.9",
    ],
    ids=lambda yaml: yaml[:24],
)
def test_hostile_front_matter_is_a_fault(yaml: str) -> None:
    found = faults(head(yaml))
    assert found
    assert all(line and column for _, line, column in found)


def test_what_is_not_utf8_has_the_line_on_which_it_stands() -> None:
    assert faults(b"---\ntype: fixed\n---\nfine\n\xff\n") == [("file-encoding", 5, 1)]
    assert faults("---\ntype: fixed\n---\nfine\n\ud800\n".encode("utf-8", "surrogatepass")) == [("file-encoding", 5, 1)]


def test_control_characters_have_the_line_on_which_they_stand() -> None:
    assert faults("---\ntype: fixed\n---\nfine\n\nnot \x00 fine\n") == [("control-character", 6, 5)]
    assert faults("---\ntype: fixed\n---\nfine\n\nnot \x1b[2J fine\n") == [("control-character", 6, 5)]


def test_a_byte_that_is_no_character_is_named_where_it_stands() -> None:
    found = parse(b"\xef\xbb\xbf---\ntype: fixed\n---\nna\xc3\xafve \xff\n")
    assert isinstance(found, list)
    assert [(fault.rule, fault.place.line, fault.place.column) for fault in found] == [("file-encoding", 4, 7)]
    assert "byte 0xFF" in found[0].message


def test_the_largest_file() -> None:
    start = "---\ntype: fixed\n---\n"
    assert isinstance(parse(start + "x" * (LARGEST - len(start))), Fragment)
    assert faults(start + "x" * (LARGEST - len(start) + 1)) == [("file-size", None, None)]


@pytest.mark.parametrize("character", ["\u202e", "\u200b", "\ufeff", "\u2066", "\u061c", "\xad", "\u3164", "\U000e0041", "\x9b"])
def test_commands_with_invisible_characters(character: str) -> None:
    yaml = f'deploy:\n  - phase: later\n    run: "rm -rf a{character}b"'
    assert [rule for rule, _, _ in faults(head(yaml))] in (["unsafe-command"], ["yaml-syntax"])


PIECES = st.sampled_from(
    [
        b"---\n",
        b"type: fixed\n",
        b"issues: ",
        b"[",
        b"]",
        b"- ",
        b"deploy:\n",
        b"  - phase: later\n",
        b"    run: x\n",
        b"&a ",
        b"*a ",
        b"\t",
        b"# x\n",
        b"## Migration\n",
        b"text\n",
        b"\n",
        b"\r\n",
        b"\xef\xbb\xbf",
        b"\xff",
        b"\x00",
        b"'",
        b'"',
        b"{",
        b"}",
        b": ",
        b"? ",
        b"!!x ",
        "\u2028".encode(),
        "\x85".encode(),
        "é".encode(),
        b"breaking: no\n",
        b"|\n",
        b"<div>\n",
        b"> ",
        b"===\n",
    ]
)


@settings(max_examples=examples(200, 5000), deadline=None)
@given(
    st.binary(max_size=80)
    | st.lists(PIECES, max_size=25).map(b"".join)
    | st.lists(PIECES).map(lambda p: b"---\ntype: fixed\n" + b"".join(p))
)
@example(b"---\ntype: fixed\n? {a: b}\n: c\n---\ntext")
@example(b"---\ndeploy: &a\n  - *a\n---\ntext")
def test_any_bytes_are_a_fragment_or_have_faults_with_places(content: bytes) -> None:
    result = parse(content)
    if isinstance(result, Fragment):
        assert result.text.strip()
        return
    assert result
    lines = content.count(b"\n") + content.count(b"\r") + 1
    for fault in result:
        assert fault.place.path == "changes/4075.md"
        assert fault.message
        assert fault.place.line is None or 1 <= fault.place.line <= lines + content.count("\u2028".encode()) + content.count(
            "\x85".encode()
        )
        assert fault.place.column is None or fault.place.column >= 1
