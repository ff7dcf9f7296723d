"""reStructuredText to Markdown, and whether both say the same.

docutils reads (https://docutils.sourceforge.io/docs/ref/rst/restructuredtext.html); what it makes is walked and written as
Markdown. rst-to-myst writes MyST, which GitHub does not show, and has not been kept since 2022; pandoc is a program of its own.
A text is written only if all of it is understood, and then compared word by word; else it stays as it is, in a block of code.
"""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any

from relbot.fragment.code_marks import backticks_around, code_block
from relbot.schema import lazy_re as re
from relbot.schema.named_tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from docutils import nodes

_ROLE = re.compile(r":([A-Za-z][\w+.:-]{0,80}):`((?:[^`\\]|\\.)+)`|(?<!\S)`([^`<>]+)`:([\w.:-]{1,80}):")
_ISSUE_ROLES = ("issue", "issues", "gh", "ghissue", "pr", "pull", "ghpull", "bug", "user", "gh-issue", "gh-pr")
_TITLED = re.compile(r"(.*\S)\s*<([^<>]+)>", re.DOTALL)
_LITERAL_NAME = re.compile(r"[!~]+")
_PLAIN = re.compile(r"[^`*_|\\:<>\[\]#~+=&-]*(?:(?<=\w)[-:](?=[\w ])[^`*_|\\:<>\[\]#~+=&-]*)*")
"""A text that no rule of either language touches but for code: such are most notes, and docutils takes milliseconds for each."""
_PLAIN_CODE = re.compile(r"(?<![\w`'\"(<\[{])``([^`\\\n]*[^`\\\s])``(?![\w`])")
_NUMBERED = re.compile(r"^(?:\d+|[A-Za-z#]|[ivxlcdmIVXLCDM]+)[.)]\s", re.MULTILINE)
_SPECIAL = re.compile(r"[\\`*\[\]<>]|(?<![^\W_])_+|_+(?![^\W_])|~+|&(?=#?\w+;)")
"""What Markdown would read as more than itself: a `_` within a word is none such."""
_LINE_START = re.compile(r"^([^\S\n]*)([#+-]|\d+[.)])(?=\s|$)", re.MULTILINE)


class ConvertedText(NamedTuple):
    """Markdown, and why it is the source in a block of code; `problem` is "" where the text was understood."""

    markdown: str
    problem: str = ""


def convert_rst(text: str) -> ConvertedText:
    """The Markdown of a text in reStructuredText. One that is not understood whole is kept in a block of code."""
    source = text.strip("\n").rstrip()
    bare = _PLAIN_CODE.sub("code", source)
    if _PLAIN.fullmatch(bare) and "  " not in source and "\n " not in source and not _NUMBERED.search(source):
        return ConvertedText(_PLAIN_CODE.sub(r"`\1`", source))
    try:
        document = _parse(_ROLE.sub(_without_role, source))
        markdown = _MarkdownWriter().blocks(document.children)
        same = _words(document.astext()) == _words(markdown_text(markdown))
    except _NotUnderstood as error:
        return ConvertedText(code_block(source, "rst"), str(error))
    except RecursionError:  # docutils walks into lists by calling itself
        return ConvertedText(code_block(source, "rst"), "its lists or quotes nest too deep")
    if not same:
        return ConvertedText(code_block(source, "rst"), "its Markdown would not say the same words")
    return ConvertedText(markdown)


_BLOCK = re.compile(
    r"^(?P<fence>`{3,})\{eval-rst\}\n(?P<text>(?:(?!^`{3,}\{eval-rst\}\n).)*?)\n(?P=fence)$", re.MULTILINE | re.DOTALL
)


def convert_rst_blocks(markdown: str) -> str:
    """Markdown without the blocks of reStructuredText that a build took from a changelog: they are Markdown, too."""
    return _BLOCK.sub(lambda block: convert_rst(block["text"]).markdown, markdown)


def _without_role(found: re.Match[str]) -> str:
    """What a role shows, without the role, of which Sphinx and its extensions have many that docutils does not know."""
    role, text = (found[1], found[2]) if found[1] else (found[4], found[3])
    if role in ("code", "literal", "emphasis", "strong", "math", "sup", "sub", "raw"):
        return f"``{text}``" if role in ("code", "literal", "math", "raw") else text
    if titled := _TITLED.fullmatch(text):
        return titled[1] if role.partition(":")[0] in ("ref", "doc", "term", "any") or " " in titled[1] else f"``{titled[1]}``"
    if role in _ISSUE_ROLES:
        return f"#{text}" if text.isdecimal() else text
    if role in ("ref", "doc", "term", "any", "abbr", "guilabel", "menuselection", "cve", "cwe", "pep", "rfc"):
        return f"{role.upper()} {text}" if role in ("pep", "rfc") else text
    return f"``{_LITERAL_NAME.sub('', text)}``"


def _words(text: str) -> list[str]:
    return re.sub(r"[\s\u200b]+", " ", text.replace("\x00", "")).split()


@functools.cache
def _settings() -> Any:
    from docutils.frontend import get_default_settings  # takes as long to import as all of relbot
    from docutils.parsers.rst import Parser

    settings = get_default_settings(Parser)
    for name, value in (
        ("report_level", 5),
        ("halt_level", 5),
        ("file_insertion_enabled", False),
        ("raw_enabled", False),
        ("smart_quotes", False),
        ("syntax_highlight", "none"),
        ("warning_stream", False),
        ("_disable_config", True),
    ):
        setattr(settings, name, value)
    return settings


def _parse(text: str) -> nodes.document:
    from docutils.parsers.rst import Parser  # loaded with the first text that is not plain
    from docutils.utils import new_document

    document = new_document("note", _settings())
    Parser().parse(f"{text}\n", document)
    return document


class _NotUnderstood(Exception):  # no error: the answer "keep it as it is"
    """The text has something that cannot be written as Markdown; the message follows "because"."""


class _MarkdownWriter:
    """Writes a tree of docutils as Markdown. `_NotUnderstood` for what Markdown has no words for."""

    def blocks(self, children: Iterable[nodes.Node]) -> str:
        """The Markdown of blocks, with blank lines between them."""
        written = [self._block(child) for child in children]
        return "\n\n".join(text for text in written if text)

    def _block(self, node: nodes.Node) -> str:
        name = type(node).__name__
        if name == "system_message":
            raise _NotUnderstood("docutils reports an error in it")
        write: Callable[[Any], str] | None = getattr(self, f"_block_{name}", None)
        if write is None:
            raise _NotUnderstood(f"it has a {name.replace('_', ' ')}")
        return write(node)

    def _block_paragraph(self, node: nodes.paragraph) -> str:
        return _LINE_START.sub(r"\1\\\2", self._inline(node.children).strip())

    def _block_literal_block(self, node: nodes.literal_block) -> str:
        classes: list[str] = node.get("classes", [])
        language = next((each for each in classes if each != "code"), "")
        return code_block(node.astext(), language)

    def _block_block_quote(self, node: nodes.block_quote) -> str:
        if any(type(child).__name__ == "attribution" for child in node.children):
            raise _NotUnderstood("it has a quotation with an author")
        inner = self.blocks(node.children)
        kinds = {type(child).__name__ for child in node.children}
        if kinds <= {"bullet_list", "enumerated_list"}:
            return inner  # a list that is only indented
        return "\n".join(f"> {line}".rstrip() for line in inner.split("\n"))

    def _block_bullet_list(self, node: nodes.bullet_list) -> str:
        return self._list(node, lambda _: "- ")

    def _block_enumerated_list(self, node: nodes.enumerated_list) -> str:
        start = int(node.get("start", 1))
        if node.get("enumtype") != "arabic":
            raise _NotUnderstood("it has a list that is not numbered by digits")
        return self._list(node, lambda number: f"{start + number}. ")

    def _list(self, node: Any, mark: Callable[[int], str]) -> str:
        items = []
        for number, item in enumerate(node.children):
            text, at = self.blocks(item.children), mark(number)
            if not text:
                raise _NotUnderstood("it has an empty item of a list")
            items.append(at + text.replace("\n", "\n" + " " * len(at)).replace("\n" + " " * len(at) + "\n", "\n\n"))
        return ("\n\n" if any("\n\n" in item for item in items) else "\n").join(items)

    def _block_definition_list(self, node: nodes.definition_list) -> str:
        items = []
        for item in node.children:
            term, *rest = getattr(item, "children", [])
            if any(type(each).__name__ == "classifier" for each in rest):
                raise _NotUnderstood("it has a definition with a classifier")
            body = self.blocks(child for each in rest for child in each.children)
            inner = "\n".join(f"  {line}" if line else "" for line in body.split("\n"))
            items.append(f"- **{self._inline(term.children)}**\n\n{inner}")
        return "\n\n".join(items)

    def _block_comment(self, node: nodes.comment) -> str:
        return ""

    def _block_target(self, node: nodes.target) -> str:
        return ""

    def _block_note(self, node: nodes.note) -> str:
        return self._admonition(node)

    _block_warning = _block_tip = _block_important = _block_caution = _block_attention = _block_hint = _block_note

    def _admonition(self, node: Any) -> str:
        kind = type(node).__name__.upper()
        inner = self.blocks(node.children)
        mark = kind if kind in ("NOTE", "TIP", "IMPORTANT", "WARNING", "CAUTION") else "NOTE"
        return "\n".join(f"> {line}".rstrip() for line in f"[!{mark}]\n{inner}".split("\n"))

    def _inline(self, children: Iterable[nodes.Node]) -> str:
        return "".join(self._span(child) for child in children)

    def _span(self, node: nodes.Node) -> str:
        match type(node).__name__:
            case "Text":
                return _SPECIAL.sub(lambda found: "".join(f"\\{each}" for each in found.group()), node.astext())
            case "literal" | "title_reference":  # `x` is meant for code, by people who know Markdown
                return _code_span(node.astext())
            case "emphasis":
                return f"*{self._inline(node.children)}*"
            case "strong":
                return f"**{self._inline(node.children)}**"
            case "reference":
                return self._reference(node)
            case "target":
                return ""
            case name:
                raise _NotUnderstood(f"it has a {name.replace('_', ' ')}")

    def _reference(self, node: Any) -> str:
        text, address = node.astext(), node.get("refuri", "")
        if not address:
            address = self._address_of(node)
        if text == address:
            return f"<{address}>"
        shown = f"<{address}>" if re.search(r"[\s()]", address) else address
        return f"[{self._inline(node.children)}]({shown})"

    def _address_of(self, node: Any) -> str:
        """The address of a link that names a target elsewhere in the text."""
        document, name = node.document, node.get("refname", "")
        for target in document.findall(lambda each: type(each).__name__ == "target"):
            if name and name in target.get("names", ()) and target.get("refuri"):
                return str(target["refuri"])
        raise _NotUnderstood("it has a link that leads nowhere")


def _code_span(text: str) -> str:
    ticks = backticks_around(text)
    return f"{ticks} {text} {ticks}" if text.startswith("`") or text.endswith("`") else f"{ticks}{text}{ticks}"


@functools.cache
def _markdown_reader() -> Callable[[str], Any]:
    import mistune  # as docutils

    return mistune.create_markdown(renderer=None)


def markdown_text(markdown: str) -> str:
    """The words that a Markdown text shows, blocks on lines of their own."""
    return "\n".join(_shown(token) for token in _markdown_reader()(markdown))


def _shown(token: dict[str, Any]) -> str:
    match token["type"]:
        case "softbreak" | "linebreak" | "blank_line":
            return " "
        case "block_code" | "codespan" | "text" | "inline_html" | "block_html":
            return str(token["raw"])
        case "block_quote":
            inner = "\n".join(_shown(each) for each in token["children"])
            return re.sub(r"^\[!\w+\]\s*", "", inner)
        case _:
            inline = token["type"] in ("paragraph", "block_text", "heading", "emphasis", "strong", "link")
            return ("" if inline else "\n").join(_shown(each) for each in token.get("children", ()))
