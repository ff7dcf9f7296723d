"""The reference documentation is what the code says, and its links and examples hold."""

import itertools
from pathlib import Path

import pytest
from markdown_it import MarkdownIt

import relbot
from docs.reference import block, code, main, pages
from relbot.review.rulebook import RULES
from relbot.review.rulebook.detectors import detector_rules

ROOT = Path(relbot.__file__).parent.parent


def test_the_committed_pages_are_what_the_code_says() -> None:
    assert main(["--check"], ROOT) == 0


def test_a_stale_page_is_named_and_written_anew(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([], tmp_path) == 0
    (tmp_path / "docs/rules.md").write_text("old")
    assert main(["--check"], tmp_path) == 1
    said = capsys.readouterr().err
    assert "docs/rules.md" in said
    assert "docs/fragments.md" not in said
    assert (tmp_path / "docs/rules.md").read_text() == "old"
    assert main([], tmp_path) == 0
    assert main(["--check"], tmp_path) == 0


def test_every_rule_has_a_heading_that_its_link_leads_to() -> None:
    tokens = MarkdownIt().parse(pages()["docs/rules.md"])
    titles = [inline.content for opening, inline in itertools.pairwise(tokens) if opening.tag == "h2" and opening.nesting == 1]
    assert titles == list(RULES | detector_rules())


@pytest.mark.parametrize("text", ["a", "`a`", "``", "a ``` b", "<b>", "*x*"])
def test_code_shows_what_it_was_given(text: str) -> None:
    inline = MarkdownIt().parse(code(text))[1].children
    assert inline is not None
    assert [(token.type, token.content) for token in inline] == [("code_inline", text)]
    assert [(token.type, token.content) for token in MarkdownIt().parse(block(text, "md"))] == [("fence", f"{text}\n")]
