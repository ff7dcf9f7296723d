"""The reference documentation is what the code says, and its links and examples hold."""

import itertools
import re
from pathlib import Path

import pytest
from markdown_it import MarkdownIt

import relbot
from docs.drawings import main as draw_pictures
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


def test_the_pictures_of_the_readme_are_what_relbot_prints() -> None:
    assert draw_pictures(["--check"]) == 0
    for look in ("light", "dark"):
        for name in ("checklist", "comment"):
            drawn = (ROOT / f"docs/pictures/{name}-{look}.svg").read_text("utf-8")
            assert "<script" not in drawn
            assert "url(http" not in drawn


@pytest.mark.parametrize("page", sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/*.md")]), ids=lambda page: page.name)
def test_every_link_to_a_file_leads_to_one(page: Path) -> None:
    text = page.read_text("utf-8")
    targets = re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)|(?:src|srcset)=\"([^\"]+)\"", text)
    missing = [path for pair in targets for path in pair if path and "://" not in path and not (page.parent / path).exists()]
    assert missing == []
