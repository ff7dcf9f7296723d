"""The pages of relbot in a real browser: accessible, by keyboard, on a phone, on paper, without scripts, and inert."""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from relbot.render.checklist.page import checklist_page
from tests.browser.pages import PAGES, comparison_page, everything_page, large_page
from tests.render.cases import PLANS
from tests.render.test_page import ATTACK

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.browser.conftest import Open

pytestmark = [pytest.mark.long, pytest.mark.slow]
GOLDEN = Path(__file__).parent / "golden"
WRITE = bool(os.environ.get("RELBOT_UPDATE_GOLDEN"))


@pytest.mark.parametrize(("name", "dark"), [*((name, False) for name in PAGES), ("everything", True)])
def test_axe_finds_nothing(visit: Open, name: str, dark: bool) -> None:
    from axe_playwright_python.sync_playwright import Axe

    page = visit(PAGES[name](), dark=dark).page
    found = Axe().run(page).response["violations"]
    assert [(each["id"], [node["html"] for node in each["nodes"]]) for each in found] == []


@pytest.mark.parametrize("name", PAGES)
def test_a_page_reads_as_it_did_for_a_screen_reader(visit: Open, name: str) -> None:
    shown = visit(PAGES[name]()).page.locator("body").aria_snapshot()
    shown = re.sub(r"\(\d+ days ago\)", "(AGE ago)", shown) + "\n"
    file = GOLDEN / f"{name}.aria.yml"
    if WRITE:
        file.write_text(shown, encoding="utf-8")
    assert shown == file.read_text(encoding="utf-8")


@pytest.mark.parametrize("at", ["", "#way-back"])
@pytest.mark.parametrize("name", PAGES)
def test_a_phone_needs_no_scrolling_to_the_side(visit: Open, name: str, at: str) -> None:
    page = visit(PAGES[name](), width=320, at=at).page
    assert page.evaluate("document.documentElement.scrollWidth") == 320
    cut = "[...document.querySelectorAll('pre')].filter((each) => each.scrollWidth > each.clientWidth).length"
    assert page.evaluate(cut) == 0


def test_the_longest_bar_is_seen_whole(visit: Open) -> None:
    page = visit(PAGES["backtest"](), width=720).page
    for group in page.locator(".scroll:has(.bars)").all():
        assert group.evaluate("each => each.scrollWidth - each.clientWidth") == 0


def test_each_bar_leads_to_its_commits(visit: Open) -> None:
    page = visit(PAGES["backtest"](), width=320).page
    page.get_by_role("link", name="2018-08: required 2, questions 1").click()
    commits = page.locator("#months-1")
    assert commits.is_visible()
    assert commits.locator("li").count() == 3
    assert "db/1.rb: It drops users_3." in (commits.text_content() or "")
    assert page.locator("#months-2").is_hidden()


def focused(page: Page) -> str:
    name: str = page.evaluate("document.activeElement.textContent || document.activeElement.closest('label')?.textContent || ''")
    return name


def tab_to(page: Page, text: str) -> None:
    for _ in range(60):
        page.keyboard.press("Tab")
        if text in focused(page):
            return
    raise AssertionError(f"the keyboard does not reach {text!r}")


def test_everything_is_done_by_keyboard_and_ticks_survive_a_reload(visit: Open) -> None:
    opened = visit(comparison_page())
    page = opened.page
    tab_to(page, "1. 5622-options")
    page.keyboard.press("Space")
    assert page.locator(".view.current .count").text_content() == "1 of 3 steps done"
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.evaluate("navigator.clipboard.readText()") == "bundle exec rake migrate_options_yml"
    page.reload()
    assert page.locator(".view.current .count").text_content() == "1 of 3 steps done"
    assert page.locator("#deploy input").first.is_checked()
    tab_to(page, "Way back")
    page.keyboard.press("Enter")
    page.locator("#deploy").wait_for(state="hidden")
    assert page.locator("#way-back input:checked").count() == 0
    assert focused(page) == "Way back"
    page.go_back()
    page.locator("#deploy").wait_for(state="visible")
    assert opened.console == []


def test_without_scripts_all_is_there_to_read(visit: Open) -> None:
    page = visit(comparison_page(), scripts=False).page
    for text in ("bundle exec rake migrate_options_yml", "cp config/options.yml.bkp config/options.yml"):
        assert page.get_by_text(text, exact=True).first.is_visible()
    assert page.locator("#deploy").is_visible()
    assert page.locator("#way-back").is_visible()
    assert page.locator("button").count() == 0


def test_paper_has_every_step_whole_with_a_line_to_sign(visit: Open, tmp_path: Path) -> None:
    steps = 40
    page = visit(large_page(steps)).page
    page.pdf(path=tmp_path / "page.pdf", format="A4")
    printed = subprocess.run(["pdftotext", "-layout", tmp_path / "page.pdf", "-"], capture_output=True, text=True, check=True)
    sheets = [" ".join(sheet.split()) for sheet in printed.stdout.split("\f")]
    whole = " ".join(sheets)
    assert whole.count("Done by ____") == steps * 2
    assert whole.count("On paper: tick a box when its step is done, and write down who did it and when.") == 2
    assert whole.count("Deployed by") == whole.count("Checked by") == 2
    for n in range(steps):
        commands = [f"packages:{what}_{n} " for what in ("migrate", "check", "revert")]
        assert any(all(command in f"{sheet} " for command in commands) for sheet in sheets), f"step {n} is cut or missing"
    assert "Copy" not in whole


def test_paper_hides_nothing_that_is_folded(visit: Open, tmp_path: Path) -> None:
    for scripts in (True, False):
        visit(everything_page(), scripts=scripts).page.pdf(path=tmp_path / "page.pdf")
        printed = subprocess.run(["pdftotext", tmp_path / "page.pdf", "-"], capture_output=True, text=True, check=True)
        assert "The manual has an index." in printed.stdout


def test_a_hostile_fragment_runs_and_loads_nothing(visit: Open) -> None:
    plan = PLANS["everything"]
    texts = (
        f"{ATTACK}\n\n{ATTACK.replace('<', '&lt;')}\n\n<svg onload=alert(4)>\n\n![x](x.png)\n\n[a]: javascript:alert(5)\n\n[a]"
    )
    steps = tuple(step._replace(run=texts, do=texts, note=texts, check=texts, undo=texts, on=(ATTACK,)) for step in plan.steps)
    do = tuple(change._replace(summary=texts, migration=texts, identity=ATTACK) for change in plan.do)
    opened = visit(checklist_page(plan._replace(steps=steps, do=do)))
    opened.page.locator("summary").first.click()
    assert (opened.console, opened.dialogs) == ([], [])
    assert opened.requests == [opened.address]
    assert "7 * 7" in (opened.page.locator("main").text_content() or "")


def test_the_policy_stops_what_would_slip_through(visit: Open) -> None:
    slipped = '<img src="https://relbot.invalid/x.png" onerror="alert(1)"><script>alert(2)</script><b style="color:red">x</b>'
    opened = visit(everything_page().replace("</main>", f"{slipped}</main>"))
    assert opened.dialogs == []
    assert len([line for line in opened.console if "Content Security Policy" in line]) >= 3


def test_two_hundred_steps_are_small_and_stay_where_they_are(visit: Open) -> None:
    html = large_page(200)
    assert len(html.encode()) < 150_000
    page = visit(html).page
    shift = page.evaluate(
        """() => new Promise((resolve) => {
            let sum = 0;
            new PerformanceObserver((list) => { for (const each of list.getEntries()) sum += each.value; })
                .observe({type: "layout-shift", buffered: true});
            requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(() => resolve(sum), 0)));
        })"""
    )
    assert shift < 0.01, "a cold browser swaps a font, by 2 pixels; 0.1 is what https://web.dev/cls calls good"
    assert page.locator(".view.current [data-n]").count() == 200
