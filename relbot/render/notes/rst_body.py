"""A Markdown body as reStructuredText: its blocks.

After https://docutils.sourceforge.io/docs/ref/rst/restructuredtext.html and .../directives.html. A body stands below a
bullet, where neither section titles nor transitions are allowed: headings become rubrics, rules a line of asterisks.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from relbot.render.notes import markdown_tokens
from relbot.render.notes.markdown_tokens import TextRun, TextStyle
from relbot.render.notes.rst_text import rst_line, rst_paragraph

if TYPE_CHECKING:
    from relbot.render.notes.markdown_tokens import Token

_LANGUAGES = frozenset(
    """bash c console cpp css diff docker dockerfile go html http ini java javascript js json kotlin lua make makefile nginx perl
    php powershell python python3 rb rst ruby rust scss sh shell sql swift text toml ts typescript xml yaml yml zsh""".split()
)
"""Languages that Pygments knows; another one would be reported as a fault of the changelog."""


def rst_blocks(tokens: list[Token], ending: str = "") -> list[str]:
    """The blocks of a parsed Markdown text as reStructuredText, to be set apart by blank lines.

    `ending` is put at the end of the first paragraph if the text begins with one, else below all of it.
    """
    blocks = _token_blocks(tokens)
    words = bool(blocks) and tokens[0]["type"] == "paragraph" and "\n" not in blocks[0] and not blocks[0].startswith(".. ")
    if ending and words:
        return [f"{blocks[0]} {ending}", *blocks[1:]]
    return [*blocks, ending] if ending else blocks


def indent_rst(text: str, by: int) -> str:
    """The text with all lines but empty ones indented."""
    return "\n".join(" " * by + row if row.strip() else "" for row in text.split("\n"))


def rst_item(bullet: str, blocks: list[str]) -> str:
    """Blocks as an item of a list."""
    width = len(bullet) + 1
    text = "\n\n".join(blocks)
    return f"{bullet} {indent_rst(text, width)[width:]}".rstrip()


def _token_blocks(tokens: list[Token]) -> list[str]:
    blocks: list[str] = []
    for token in markdown_tokens.without_blank_lines(tokens):
        block = _token_block(token)
        if not block:
            continue
        if token["type"] in ("list", "block_quote"):
            # An empty comment keeps these from being taken for a part of what stands before them.
            blocks += [".."] if token["type"] == "block_quote" or (blocks and blocks[-1].startswith(_LIST)) else []
        blocks.append(block)
        if token["type"] == "block_quote":
            blocks.append("..")
    return blocks[:-1] if blocks and blocks[-1] == ".." else blocks


_LIST = ("- ", "1. ", "1) ")


def _token_block(token: Token) -> str:
    kind = token["type"]
    if kind in ("paragraph", "block_text"):
        return _image_directive(token) or rst_paragraph(markdown_tokens.text_runs(token))
    if kind == "heading":
        text = rst_paragraph(
            [run if run.style is not TextStyle.BREAK else TextRun(" ") for run in markdown_tokens.text_runs(token)]
        )
        return f".. rubric:: {text}" if text else ""
    if kind == "block_code":
        return _code_block(token["raw"], (token.get("attrs") or {}).get("info") or "")
    if kind == "list":
        return _list_items(token)
    if kind == "block_quote":
        return indent_rst("\n\n".join(_token_blocks(token["children"])), 3)
    if kind == "block_html":
        return _raw_html(token["raw"])
    if kind == "thematic_break":
        return r"\* \* \*"
    if kind == "table":
        return _list_table(token)
    return (
        "\n\n".join(_token_blocks(token["children"])) if "children" in token else rst_paragraph([TextRun(token.get("raw", ""))])
    )


def _image_directive(token: Token) -> str:
    """A paragraph that is nothing but an image."""
    children = token.get("children", [])
    if len(children) != 1 or children[0]["type"] != "image" or not children[0]["attrs"]["url"].strip():
        return ""
    alt = rst_line([TextRun(markdown_tokens.token_text(children[0]))])
    url = "".join(children[0]["attrs"]["url"].split())
    return f".. image:: {url}" + (f"\n   :alt: {alt}" if alt else "")


def _code_block(raw: str, info: str) -> str:
    code = raw.strip("\n")
    if not code.strip():
        return ""
    language = (info.split() or [""])[0].lower()
    start = f".. code-block:: {language}" if language in _LANGUAGES else "::"
    return f"{start}\n\n{indent_rst(code, 3)}"


def _raw_html(raw: str) -> str:
    """HTML as it is; comments alone are for whoever reads the fragment."""
    shown = raw.strip() and not (raw.lstrip().startswith("<!--") and not markdown_tokens.without_tags(raw))
    return f".. raw:: html\n\n{indent_rst(raw.strip(chr(10)), 3)}" if shown else ""


def _list_items(token: Token) -> str:
    numbers = markdown_tokens.list_numbers(token)
    bullets = numbers or ["-"] * len(token["children"])
    items = []
    for bullet, child in zip(bullets, token["children"], strict=True):
        blocks = _token_blocks(child["children"])
        if box := markdown_tokens.check_box(child):
            blocks[:1] = [box + (blocks[0] if blocks else "")]
        if numbers and not blocks:
            blocks = [".."]  # without this empty comment docutils takes an empty last item for the end of the list
        items.append(rst_item(bullet, blocks))
    tight = token.get("tight") and not any("\n" in text for text in items)
    return ("\n" if tight else "\n\n").join(items)


def _list_table(token: Token) -> str:
    """A table as a `list-table`, whose cells may hold anything."""
    head, body_rows = markdown_tokens.table_rows(token)
    cells = ([head["children"]] if head else []) + body_rows
    if not cells or not any(cells):
        return ""
    header = "\n   :header-rows: 1" if head and body_rows else ""
    lines = []
    for row in cells:
        for number, cell in enumerate(row):
            start = "* -" if number == 0 else "  -"
            lines.append(f"   {start} {indent_rst(rst_paragraph(markdown_tokens.text_runs(cell)), 7)[7:]}".rstrip())
    return f".. list-table::{header}\n\n" + "\n".join(lines)
