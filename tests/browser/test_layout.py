"""Where the blocks of each page stand, on a screen, on a phone, and on paper: kept as golden text, one line a block.

A line is the block, its left and its right edge in pixels. Heights are left out, and so is what stands in a row of words: they
hang on the fonts of the machine.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.browser.pages import PAGES

if TYPE_CHECKING:
    from tests.browser.conftest import Open

pytestmark = [pytest.mark.long, pytest.mark.slow]
GOLDEN = Path(__file__).parent / "golden"
WRITE = bool(os.environ.get("RELBOT_UPDATE_GOLDEN"))
WAYS = {"screen": (1000, "screen"), "phone": (320, "screen"), "paper": (720, "print")}
"""The width of the page in pixels, and the medium."""

BLOCKS = """() => {
    const found = [], stacked = ["block", "list-item", "grid"];
    const visit = (element, depth) => {
        let last = null;
        for (const each of element.children) {
            const style = getComputedStyle(each), at = each.getBoundingClientRect();
            const isBlock = stacked.includes(style.display) || style.display === "flex";
            if (!isBlock || at.width === 0 || at.height === 0 || at.right < 0) continue;
            const kind = each.tagName.toLowerCase() + [...each.classList].map((name) => "." + name).join("");
            const over = last && style.float === "none" && at.top < last.bottom - 1 ? " OVER THE BLOCK BEFORE" : "";
            found.push(`${"  ".repeat(depth)}${kind} ${Math.round(at.left)}-${Math.round(at.right)}${over}`);
            if (!["fixed", "sticky", "absolute"].includes(style.position)) last = at;
            if (stacked.includes(style.display)) visit(each, depth + 1);
        }
    };
    visit(document.body, 0);
    return found;
}"""


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("name", PAGES)
def test_each_block_stands_where_it_stood(visit: Open, name: str, way: str) -> None:
    width, medium = WAYS[way]
    page = visit(PAGES[name](), width=width).page
    page.emulate_media(media=medium)  # type: ignore[arg-type]  # one of two literals
    blocks: list[str] = page.evaluate(BLOCKS)
    assert [block for block in blocks if "OVER" in block] == []
    shown = "\n".join(blocks) + "\n"
    file = GOLDEN / f"{name}.{way}.layout"
    if WRITE:
        file.write_text(shown, encoding="utf-8")
    assert shown == file.read_text(encoding="utf-8")
