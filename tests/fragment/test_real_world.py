"""Texts as people and their editors write them."""

import pytest

from tests.fragment.parsing import faults, parse, sound

PLAIN = "---\ntype: fixed\nissues: [4075]\n---\n\nFirst line.\n\n## Migration\n\nRun it.\n"


@pytest.mark.parametrize(
    "text",
    [
        PLAIN.replace("\n", "\r\n"),
        PLAIN.replace("\n", "\r"),
        "\ufeff" + PLAIN,
        "\ufeff" + PLAIN.replace("\n", "\r\n"),
        PLAIN.replace("---\n", "---  \n"),
        PLAIN.rstrip("\n"),
        PLAIN + "\n\n\n",
        PLAIN.replace("---\n\nFirst", "---\nFirst"),
    ],
    ids=["crlf", "cr", "bom", "bom crlf", "spaces", "no last newline", "many last newlines", "no empty line"],
)
def test_the_bytes_around_the_text_do_not_matter(text: str) -> None:
    assert parse(text) == parse(PLAIN)


@pytest.mark.parametrize(
    "text",
    [
        "Faster 🚀 for 👩‍👩‍👧 families.",
        "תוקן: הכניסה עובדת שוב.",
        "| a | b |\n|---|---|\n| 1 | 2 |",
        "<details>\n<summary>More</summary>\n\ntext\n\n</details>",
        "- one\n  - two\n    - three\n\n      text\n- four",
        "Before:\n\n```yaml\n---\n# a comment\n---\n```\n\nAfter.",
        "~~~\n## Migration\n~~~",
        "> ## quoted\n> text",
        "a sentence. " * 4_200,
        "one\n\n---\n\ntwo",
        "Use `---` and #4075.\n#4076 too.",
    ],
    ids=lambda text: text[:20],
)
def test_a_text_comes_out_as_it_went_in(text: str) -> None:
    fragment = sound(f"---\ntype: fixed\n---\n\n{text}\n")
    assert fragment.text == f"{text}".strip("\n")
    assert not fragment.migration


def test_faults_have_the_lines_that_an_editor_shows() -> None:
    text = "\ufeff---\r\ntype: fixed\r\n---\r\n\r\ntext\r\n\r\n# One\r\n"
    assert faults(text) == [("heading-level", 7, 1)]


def test_faults_in_comments_and_quotes_have_the_right_lines() -> None:
    text = "---\n# why\ntype: 'fixed'\n\n# more\nreason: |\n  one\n  two\nbreaking: off\n---\ntext\n"
    assert faults(text) == [("surprising-value", 9, 11)]
