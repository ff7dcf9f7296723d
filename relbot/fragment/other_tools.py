"""Notes of other tools where a fragment is expected: which tool wrote a file, and how it would look as a fragment."""

from __future__ import annotations

from relbot.schema import lazy_re as re
from relbot.schema.named_tuples import NamedTuple

_TOWNCRIER = re.compile(r"\+?[\w-]+\.[a-z_-]+(?:\.\d+)?(?:\.(?:rst|md|txt))?")
_TOWNCRIER_TYPES = frozenset(
    "feature bugfix doc removal misc deprecation breaking security change changed added fixed trivial improvement internal"
    " vendor docker contrib packaging process enhancement".split()
)
_SCRIV = re.compile(r"\d{8}_\d{6}_[\w.-]+\.(?:md|rst)")
_CHANGESET = re.compile(r"\A---[ \t]*\r?\n(?:[\"'@\w./-]+:[ \t]*[\"']?(?:major|minor|patch)[\"']?[ \t]*\r?\n)+---", re.MULTILINE)
_RENO = re.compile(
    r"^(?:prelude|features|issues|upgrade|deprecations|critical|security|fixes|other):[ \t]*(?:\||>|$)", re.MULTILINE
)
_CHANGIE_KIND = re.compile(r"^kind:[ \t]*(\S[^\n]*)$", re.MULTILINE)
_CHANGIE_BODY = re.compile(r"^body:[ \t]*(\S[^\n]*)$", re.MULTILINE)
_CHANGIE_TURNED = re.compile(r"^body:", re.MULTILINE)
_SCRIV_TITLE = re.compile(r"^#+[ \t]*(\w+)[ \t]*$|^(\w+)\r?\n[-=.^~]{3,}[ \t]*$", re.MULTILINE)
_LONGEST = 300


class ForeignFile(NamedTuple):
    """The tool that wrote a file. `example` are the lines that take it over, "" where `relbot import` does."""

    tool: str
    example: str = ""


def recognize_tool(name: str, content: bytes, types: tuple[str, ...]) -> ForeignFile | None:
    """The tool whose note a file is, by its name and content; None for what no other tool writes."""
    text = content[:20_000].decode("utf-8", "replace")
    words = name.split(".")
    if _TOWNCRIER.fullmatch(name) and _TOWNCRIER_TYPES.intersection(words[1:3]) and not text.startswith("---"):
        return ForeignFile("towncrier")
    if _SCRIV.fullmatch(name):
        return ForeignFile("scriv", _scriv_example(text, types))
    if name.endswith(".md") and _CHANGESET.match(text):
        return ForeignFile("changesets")
    if name.endswith((".yaml", ".yml")):
        kind = _CHANGIE_KIND.search(text)
        if kind is not None and (body := _CHANGIE_BODY.search(text, kind.end())):
            return ForeignFile("changie", _as_fragment(kind[1].rstrip(), body[1].rstrip().strip("\"'"), types))
        if _CHANGIE_TURNED.search(text) and "kind:" in text:
            return ForeignFile("changie", _as_fragment("", "What changes.", types))
        if _RENO.search(text):
            return ForeignFile("reno")
    return None


def _scriv_example(text: str, types: tuple[str, ...]) -> str:
    plain = re.sub(r"<!--.*?(?:-->|\Z)|^\.\. .*$", "", text, flags=re.DOTALL | re.MULTILINE)
    title = _SCRIV_TITLE.search(plain)
    items = re.search(r"^[-*] (.+?)(?=^[-*] |^#|\Z)", plain, re.MULTILINE | re.DOTALL)
    said = " ".join(items[1].split()) if items else "What changes."
    return _as_fragment((title[1] or title[2]) if title else "", said, types)


def _as_fragment(kind: str, body: str, types: tuple[str, ...]) -> str:
    word = kind.strip("\"'").lower()
    chosen = next((name for name in types if word and (name == word or word.startswith(name[:4]))), types[0])
    return f"---\ntype: {chosen}\n---\n\n{body[:_LONGEST]}"
