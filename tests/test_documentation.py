"""The reference documentation is what the code says, and its links and examples hold."""

import itertools
import re
import sys
from pathlib import Path
from types import ModuleType

import pytest
from markdown_it import MarkdownIt

import relbot
from docs import reference
from docs.drawings import main as draw_pictures
from docs.reference import block, code, main, pages
from relbot.detect.engine.file_patterns import reads_any
from relbot.review.rulebook import RULES
from relbot.review.rulebook.detectors import detector_rules
from tests.detect.changes import change_set

ROOT = Path(relbot.__file__).parent.parent


def test_the_committed_pages_are_what_the_code_says() -> None:
    assert main(["--check"], ROOT) == 0


def test_a_stale_page_is_named_and_written_anew(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    made = pages()  # once: that takes seconds
    monkeypatch.setattr(reference, "pages", lambda: made)
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


PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")])
_CODE = re.compile(r"^```.*?^```$|`[^`\n]*`", re.DOTALL | re.MULTILINE)


def test_every_link_leads_to_a_file_and_a_heading() -> None:
    broken = []
    for page in PAGES:
        text = _CODE.sub("", page.read_text("utf-8"))
        for link, source in re.findall(r"\]\(([^)\s]+)\)|(?:src|srcset)=\"([^\"]+)\"", text):
            path, _, anchor = (link or source).partition("#")
            target = page.parent / path if path else page
            if "://" in path or not (path or anchor):
                continue
            if not target.exists() or (anchor and anchor not in anchors(target)):
                broken.append(f"{page.relative_to(ROOT)}: {link or source}")
    assert broken == []


def anchors(page: Path) -> set[str]:
    """What a link can lead to in a page: its headings as GitHub and the site name them."""
    titles = re.findall(r"^#+ (.*)$", page.read_text("utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}


def test_every_page_is_on_the_site() -> None:
    listed = set(re.findall(r"[\w./-]+\.md", (ROOT / "mkdocs.yml").read_text("utf-8")))
    assert {page.relative_to(ROOT / "docs").as_posix() for page in PAGES if ROOT / "docs" in page.parents} == listed


def test_the_detector_that_the_documentation_writes_works(monkeypatch: pytest.MonkeyPatch) -> None:
    page = (ROOT / "docs/how-to/write-a-detector.md").read_text("utf-8")
    modules = {}
    for path, source in re.findall(r"`relbot/(detect/crontab/\w+)\.py`.*?^```python\n(.*?)^```$", page, re.DOTALL | re.MULTILINE):
        name = f"relbot.{path.replace('/', '.').removesuffix('.__init__')}"
        modules[name] = ModuleType(name)
        monkeypatch.setitem(sys.modules, name, modules[name])
        exec(compile(source, path, "exec"), vars(modules[name]))  # noqa: S102  # what the page shows
    detector = modules["relbot.detect.crontab.detector"].DETECTOR
    for fact in detector.facts:
        (seen,) = detector.find(change_set(fact.wrong))
        assert (seen.id, seen.subjects) == ("crontab/job-removed", ("bin/clean-up",))
        assert not list(detector.find(change_set(fact.right)))
        assert reads_any(modules["relbot.detect.crontab"].READS, change_set(fact.wrong).files)
