"""Makes the links and footnotes of a fragment independent of all text around them.

In CommonMark a label such as `[1]` means the same in a whole document, and the first definition counts (4.7). In a changelog
many fragments, written apart, stand below each other: the links of one would lead where another one says, and those of old
releases where the newest one says. So `[the manual][1]` becomes `[the manual](https://…)`, its definition goes, and the footnote
`[^1]` (of GitHub's Markdown) is named after its fragment; nobody sees that name. Whether what is left means the same is looked
at with markdown-it, and where it does not, the texts stay as they were written.
"""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any

from relbot.schema import lazy_re as re

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from markdown_it import MarkdownIt

_LABEL = r"(?:[^\[\]\\]|\\.)+"
_PIECE = re.compile(
    r"(?P<kept>\\.|(?<!`)(?P<ticks>`+)(?!`).*?(?<!`)(?P=ticks)(?!`)|`+|<[A-Za-z/!?][^<>]*>)"
    rf"|(?P<open>\[)(?P<label>{_LABEL})\](?P<after>\[(?P<other>{_LABEL})?\]|\(|:)?",
    re.DOTALL,
)
"""What must be left alone (escapes, code, HTML, addresses), or a label and what stands behind it."""
_FOOTNOTE = re.compile(r"^ {0,3}\[(\^[^\s\[\]]+)\]:", re.MULTILINE)


def self_contained(texts: tuple[str, ...], name: str) -> tuple[str, ...]:
    """The parts of one fragment's text, in their order, so that none defines a label that another fragment may define.

    `name` is the fragment's identity.
    """
    if not any("]:" in text for text in texts):
        return texts
    links, footnotes = _defined_labels(texts)
    if not links and not footnotes:
        return texts
    made = tuple(_Rewriting(links, footnotes, name).of(text) for text in texts)
    old = "".join(_markdown_reader().render(text, {"references": dict(links)}) for text in texts)
    new = "".join(_markdown_reader().render(text) for text in made)
    return made if new.replace(f"^{name}-", "^") == old else texts


def _defined_labels(texts: tuple[str, ...]) -> tuple[dict[str, dict[str, Any]], frozenset[str]]:
    """The links that a fragment defines, by normalised label, and the labels of its footnotes."""
    env: dict[str, Any] = {}
    footnotes: set[str] = set()
    for text in texts:
        _markdown_reader().parse(text, env)
        footnotes.update(_FOOTNOTE.findall(text))
    return {label: link for label, link in env.get("references", {}).items() if label[0] != "^"}, frozenset(footnotes)


@functools.cache
def _markdown_reader() -> MarkdownIt:
    """Imported here because few fragments define a label."""
    from markdown_it import MarkdownIt  # 51 ms that few fragments need

    return MarkdownIt("commonmark").enable(["table", "strikethrough"])


class _Rewriting:
    """Puts what labels mean in their place."""

    def __init__(self, links: Mapping[str, Mapping[str, Any]], footnotes: frozenset[str], name: str) -> None:
        self._links = links
        self._footnotes = footnotes
        self._name = name

    def of(self, text: str) -> str:
        """The text without its definitions and without links that need one."""
        lines = text.split("\n")
        kept: list[str] = []
        words: list[str] = []
        for line, kind in zip(lines, self._kinds(text, len(lines)), strict=True):
            if kind == "words":
                words.append(line)
                continue
            kept += self._flushed(words)
            if kind == "code":
                kept.append(line)
        return "\n".join([*kept, *self._flushed(words)]).strip("\n")

    def _flushed(self, words: list[str]) -> Iterator[str]:
        if words:
            yield self._resolved("\n".join(words))
            words.clear()

    def _kinds(self, text: str, count: int) -> list[str]:
        """What each line is: `code` (or HTML), a `definition` of links, or `words`."""
        kinds = ["words"] * count
        env: dict[str, Any] = {}
        for token in _markdown_reader().parse(text, env):
            if token.type in ("fence", "code_block", "html_block") and token.map:
                kinds[slice(*token.map)] = ["code"] * (token.map[1] - token.map[0])
        defined = [*env.get("references", {}).items(), *((link["label"], link) for link in env.get("duplicate_refs", ()))]
        for label, link in defined:
            if label in self._links:
                kinds[slice(*link["map"])] = ["definition"] * (link["map"][1] - link["map"][0])
        return kinds

    def _resolved(self, text: str) -> str:
        parts, at = [], 0
        while found := _PIECE.search(text, at):
            parts.append(text[at : found.start()])
            piece, at = self._piece(found, follows_text=text[found.start() - 1 : found.start()] == "]")
            parts.append(piece)
        return "".join([*parts, text[at:]])

    def _piece(self, found: re.Match[str], *, follows_text: bool) -> tuple[str, int]:
        """What takes the place of a piece, and where the next one may begin."""
        label = found["label"]
        if label is None:
            return found.group(), found.end()
        end = found.start("after") if found["after"] else found.end()
        if label in self._footnotes:
            return f"[^{self._name}-{label[1:]}]", end
        link = self._links.get(_normalise_label(label))
        if follows_text and link:
            return _link_target(link), end
        if found["after"] == "[]" and link:
            return f"[{label}]{_link_target(link)}", found.end()
        told_later = found["after"] == "(" or (found["other"] is not None and _normalise_label(found["other"]) in self._links)
        if link and not told_later:
            return f"[{label}]{_link_target(link)}", end
        return "[", found.start() + 1  # its text may hold labels


def _normalise_label(label: str) -> str:
    from markdown_it.common.utils import normalizeReference  # 51 ms that few fragments need

    return normalizeReference(label)


def _link_target(link: Mapping[str, Any]) -> str:
    address = link["href"]
    if not address or re.search(r"[()]", address):
        address = f"<{address}>"
    if not link["title"]:
        return f"({address})"
    title = re.sub(r'[\\"]', r"\\\g<0>", link["title"])
    return f'({address} "{title}")'
