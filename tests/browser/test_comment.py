"""The comment on a pull request as a reader sees it on GitHub: wide and on a phone, light and dark.

The style is that of this file, with the measures and colours of GitHub's; GitHub's own style sheet is not copied.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from markdown_it import MarkdownIt

from relbot.render.checklist.markdown import checklist_markdown
from tests.render.cases import PLANS

if TYPE_CHECKING:
    from tests.browser.conftest import Open

pytestmark = [pytest.mark.long, pytest.mark.slow]
GOLDEN = Path(__file__).parents[1] / "github" / "golden"
BODIES = {
    **{name: (GOLDEN / f"{name}.md").read_text("utf-8") for name in ("comment", "comment-forty", "comment-question")},
    "summary": f"{(GOLDEN / 'comment.md').read_text('utf-8')}\n### Deploy steps of this change\n\n"
    f"{checklist_markdown(PLANS['everything'], level=4)}",
}
STYLE = """
:root { --text: #1f2328; --page: #fff; --line: #d1d9e0; --inline: #eff1f3; --block: #f6f8fa; --link: #0969da }
@media (prefers-color-scheme: dark) {
  :root { --text: #f0f6fc; --page: #0d1117; --line: #3d444d; --inline: #262c36; --block: #151b23; --link: #4493f8 } }
body { margin: 16px; background: var(--page); color: var(--text); font: 14px/1.5 sans-serif; overflow-wrap: break-word }
main { max-width: 870px; border: 1px solid var(--line); padding: 16px }
code { background: var(--inline); padding: .2em .4em; font-size: 85%; white-space: break-spaces }
pre { background: var(--block); padding: 16px; overflow: auto } pre code { background: none; padding: 0; white-space: pre }
a { color: var(--link) } ul, ol { padding-left: 2em } table { display: block; overflow: auto }
"""


def as_shown(body: str, *, unfolded: bool = False) -> str:
    """A page with the comment as GitHub would show it: GFM to HTML, folded parts open if asked for."""
    html = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"]).render(body)
    html = html.replace("<details>", "<details open>") if unfolded else html
    html = html.replace("<pre>", '<pre tabindex="0">')  # as GitHub does, so that a keyboard can scroll it
    head = (
        f'<meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>A comment</title><style>{STYLE}</style>'
    )
    return f'<!doctype html><html lang="en">{head}<main><h1>A pull request</h1><h2>A comment</h2>{html}</main>'


@pytest.mark.parametrize("name", BODIES)
def test_a_comment_needs_no_scrolling_to_the_side(visit: Open, name: str) -> None:
    opened = visit(as_shown(BODIES[name], unfolded=True), width=320)
    assert opened.page.evaluate("document.documentElement.scrollWidth") == 320
    assert opened.requests == [opened.address]


@pytest.mark.parametrize("dark", [False, True])
def test_a_comment_can_be_read_by_everybody(visit: Open, dark: bool) -> None:
    from axe_playwright_python.sync_playwright import Axe

    page = visit(as_shown(BODIES["summary"], unfolded=True), dark=dark).page
    found = Axe().run(page, options={"runOnly": ["wcag2a", "wcag2aa"]}).response["violations"]
    assert [(each["id"], [node["html"][:200] for node in each["nodes"]][:3]) for each in found] == []


def test_what_to_do_is_on_the_first_screen_of_a_phone(visit: Open) -> None:
    page = visit(as_shown(BODIES["comment"]), width=375).page
    told = page.get_by_text("What to do:").bounding_box()
    assert told is not None
    assert told["y"] < 600
    assert not page.get_by_text("Say in a fragment").is_visible(), "the evidence is folded"
