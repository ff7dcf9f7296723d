"""What a page of HTML owes its reader, read without a browser; `tests/browser/` opens it in one."""

from __future__ import annotations

import base64
import hashlib
import re
from datetime import UTC, datetime
from html.parser import HTMLParser

import pytest

from relbot.deploy.answers import Checklist, ChecklistSheet
from relbot.deploy.log.progress import measure_progress
from relbot.render.checklist.page import PageSurroundings, checklist_page
from relbot.render.deploys.checklist import render_sheet
from relbot.render.page.prose import inline_html, prose_html
from tests.render.cases import PLANS, UNDER_WAY

ATTACK = (
    "![p](https://evil.example/p.png) [j](javascript:alert(3)) [d](data:text/html;base64,AAAA)\n\n"
    '<script>alert(1)</script> <img src=x onerror="alert(2)"> </style><iframe src="https://evil.example/"></iframe> {{ 7 * 7 }}'
)
LOADING = {"img", "iframe", "link", "object", "embed", "audio", "video", "source", "form", "base"}


class PageReader(HTMLParser):
    """The tags of a page with their attributes, and the text outside of style and script."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.sources: dict[str, str] = {}
        self.text = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        tag = self.tags[-1][0] if self.tags else ""
        if tag in ("style", "script") and tag not in self.sources:
            self.sources[tag] = data
        else:
            self.text += data


def attributes(reader: PageReader) -> set[str]:
    return {name for _, attrs in reader.tags for name in attrs}


@pytest.mark.parametrize("name", PLANS)
def test_a_page_loads_nothing_and_allows_its_own_script_alone(name: str) -> None:
    reader = PageReader(checklist_page(PLANS[name], PageSurroundings(way_back=PLANS["rollback"])))
    policy = next(attrs["content"] or "" for _, attrs in reader.tags if attrs.get("http-equiv") == "Content-Security-Policy")
    assert policy.startswith("default-src 'none'; ")
    for tag in ("style", "script"):
        digest = base64.b64encode(hashlib.sha256(reader.sources[tag].encode()).digest()).decode()
        assert f"{tag}-src 'sha256-{digest}'" in policy
    assert "unsafe" not in policy
    assert LOADING & {tag for tag, _ in reader.tags} == set()
    assert {attr for attr in attributes(reader) if attr.startswith("on") or attr in ("src", "style")} == set()


def test_nothing_that_a_fragment_says_becomes_live() -> None:
    plan = PLANS["everything"]
    steps = tuple(step._replace(run=ATTACK, do=ATTACK, note=ATTACK, check=ATTACK, undo=ATTACK) for step in plan.steps)
    do = tuple(change._replace(summary=ATTACK, migration=ATTACK, identity=ATTACK) for change in plan.do)
    reader = PageReader(checklist_page(plan._replace(steps=steps, do=do)))
    assert [tag for tag, _ in reader.tags].count("script") == 1
    assert LOADING & {tag for tag, _ in reader.tags} == set()
    assert {attr for attr in attributes(reader) if attr.startswith("on")} == set()
    links = {attrs["href"] for tag, attrs in reader.tags if tag == "a"}
    assert links == {"#main", "https://evil.example/p.png"}
    assert "{{ 7 * 7 }}" in reader.text


def test_the_page_shows_each_step_with_a_box_and_when_to_install() -> None:
    plan = PLANS["deploy"]
    reader = PageReader(checklist_page(plan))
    boxes = [attrs for tag, attrs in reader.tags if tag == "input"]
    assert len(boxes) == len(plan.steps)
    assert not any("disabled" in attrs for attrs in boxes)
    install, run = reader.text.index("Install deployed/2018-08-15 now. Do not restart"), reader.text.index("migrate_options_yml")
    assert install < run
    assert "This browser keeps your ticks" in reader.text


def test_the_page_of_a_deploy_under_way_shows_its_deeds_and_cannot_be_ticked() -> None:
    plan = PLANS["deploy"]
    answer = Checklist(plan, measure_progress(plan, UNDER_WAY), headline=("This deploy is under way.",))
    made_at = datetime(2018, 8, 15, 10, 20, tzinfo=UTC)
    text = render_sheet(ChecklistSheet(answer, "production", "Jane on bastion", made_at, PLANS["rollback"])).text
    reader = PageReader(text)
    boxes = [attrs for tag, attrs in reader.tags if tag == "input"]
    assert ["disabled" in attrs for attrs in boxes] == [True, True, True, False, False, False], "the way back is not begun"
    shown = " ".join(reader.text.split())
    for part in (
        "This deploy is under way.",
        "Open again, because the step changed after this record: Jane on deploy.example.org, 2018-08-15 10:10 UTC: disk full",
        "relbot deploy tick production '5622-options#1'",
        "2018-08-15 10:20 UTC",
        "Jane on bastion",
        "Way back",
        "relbot checklist production --format html > checklist.html",
    ):
        assert part in shown


def test_the_ticks_of_one_plan_are_not_those_of_another() -> None:
    keys = {re.search('data-plan="([0-9a-f]+)"', checklist_page(plan))[1] for plan in PLANS.values()}  # type: ignore[index]  # every page has one
    assert len(keys) == len(PLANS) - 1, "only a hold makes `released` another plan than `deploy`"


@pytest.mark.parametrize(
    ("markdown", "shown"),
    [
        ("# A\n\ntext", "<h5>A</h5>\n<p>text</p>"),
        ("[a](https://example.org/?a=1&b)", '<a href="https://example.org/?a=1&amp;b" rel="noopener noreferrer nofollow">a</a>'),
        ("[a](javascript:alert)", "<p>a (javascript:alert)</p>"),
        ("[a](JaVaScRiPt:alert)", "<p>a (JaVaScRiPt:alert)</p>"),
        ("<b onclick=x>", "&lt;b onclick=x&gt;"),
        ("```\nnever closed <i>", "<pre>never closed &lt;i&gt;\n</pre>"),
        ("a\u202eb", "a\\u202eb"),
    ],
)
def test_markdown_becomes_html_without_live_parts(markdown: str, shown: str) -> None:
    assert shown in prose_html(markdown)


def test_a_line_has_no_markup_but_code() -> None:
    assert inline_html("`a<b` & <i> ``c`d``") == "<code>a&lt;b</code> &amp; &lt;i&gt; <code>c`d</code>"
