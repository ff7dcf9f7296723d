"""What the entries of a Debian changelog tell (deb-changelog(5)), and the open one that a build turns into the release.

dch(1) keeps an entry of the distribution UNRELEASED while people add to it, and `dch --release` makes the release of it. A build
does the same with what it says.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from relbot.release.unreleased_text import UnreleasedText
from relbot.schema import lazy_re as re
from relbot.schema.named_tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

_ENTRY = re.compile(
    r"^(?P<name>[a-z0-9][a-z0-9+.-]*) \((?P<version>[^\s()]+)\)(?P<to>(?: [A-Za-z0-9.+-]+)+);[^\n]*(?:\n|\Z)",
    re.MULTILINE,
)
_SIGNED = re.compile(r"^ --[^\n]*(?:\n|\Z)\n*", re.MULTILINE)
_MARKUP = re.compile(r"([\\`*_<>\[\]#&~|])")


class DebianHead(NamedTuple):
    """The head of an entry: its version in parts (`2:1.2.0-1`), and its distributions."""

    epoch: str
    upstream: str
    revision: str
    distribution: str

    @property
    def unreleased(self) -> bool:
        """Whether it is one that dch(1) leaves open."""
        return self.distribution.upper() == "UNRELEASED"


def list_heads(text: str) -> Iterator[DebianHead]:
    """The heads of the entries, in the order of the file: the newest first. A native version has no revision."""
    for head in _ENTRY.finditer(text.replace("\r\n", "\n")):
        epoch, _, rest = head["version"].rpartition(":")
        upstream, _, revision = rest.rpartition("-") if "-" in rest else (rest, "", "")
        yield DebianHead(epoch, upstream, revision, head["to"].strip())


def find_in_debian(text: str) -> UnreleasedText | None:
    """The entry on top, if its distribution is UNRELEASED; its items as Markdown. None if there is none."""
    begin = len(text) - len(text.lstrip("\ufeff \t\r\n"))
    head = _ENTRY.match(text, begin)
    signed = _SIGNED.search(text, head.end()) if head else None
    if head is None or signed is None or head["to"].strip().upper() != "UNRELEASED":
        return None
    body = text[head.end() : signed.start()].strip("\n").split("\n")
    said = "\n".join(_MARKUP.sub(r"\\\1", line[2:]) if line[:2] == "  " else _MARKUP.sub(r"\\\1", line) for line in body)
    items = re.sub(r"^\\\* ", "* ", said, flags=re.MULTILINE)
    empty = not re.sub(r"[*\s]", "", items)
    return UnreleasedText(begin, signed.end(), text[begin : signed.end()], "" if empty else items)
