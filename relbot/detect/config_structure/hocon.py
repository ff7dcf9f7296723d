"""HOCON, the configuration of Akka, Play and other programs on the JVM: nested braces, dotted keys.

No text is refused. https://github.com/lightbend/config/blob/main/HOCON.md
"""

from __future__ import annotations

from relbot.detect.config_structure.entry import Document, Entry, Path, kind_of, make_document, strip_quotes
from relbot.schema import lazy_re as re

_DEEPEST = 40


def read_hocon(text: str) -> Document:
    """The keys that a text sets, each with its sections. A value that is given twice, once from the environment, counts once."""
    reader = _Reader()
    for number, line in enumerate(text.split("\n"), 1):
        for part, end in _split_line(line):
            reader.take(part, end, number)
    return make_document(reader.found, [])


class _Reader:
    """Collects entries while a text is read part by part."""

    def __init__(self) -> None:
        self.found: list[Entry] = []
        self._sections: list[Path] = []
        self._key: Path | None = None

    def take(self, part: str, end: str, number: int) -> None:
        """Takes the text up to a brace, a sign between key and value, a comma, or the end of the line."""
        word = part.strip()
        if end == "{" and len(self._sections) < _DEEPEST:
            self._sections.append(self._key or _split_key(word.rstrip("+")))
            self._key = None
        elif end == "=" and self._key is None:
            self._key = _split_key(word.rstrip("+"))
        elif end in ",}\n":
            if self._key is not None and word:
                parents = [name for section in self._sections for name in section]
                kind = "text" if word[0] == '"' else kind_of(word)
                self.found.append(Entry((*parents, *self._key), strip_quotes(word), kind, number))
            if word or end != "\n":
                self._key = None
            if end == "}" and self._sections:
                self._sections.pop()


def _split_key(text: str) -> Path:
    """`a.b."c.d"` as its parts."""
    parts = text.split(".") if '"' not in text else [text]
    return tuple(part.strip().strip('"') for part in parts if part.strip())


_SIGN = re.compile(r"""(?P<kept>"(?:[^"\\]|\\.)*"?|\$\{[^}]*\}?|\[[^\]"]*\]?)|(?P<comment>\#|//)|(?P<end>[{}=:,])""")
"""What stays whole (in quotes, brackets or `${}`), what begins a comment, and what ends a part."""


def _split_line(line: str) -> list[tuple[str, str]]:
    """The parts of a line with what ends each: `=` for both signs between key and value. A value may have such a sign."""
    found: list[tuple[str, str]] = []
    start, end_of_line, valued = 0, len(line), False
    for sign in _SIGN.finditer(line):
        if sign["comment"]:
            end_of_line = sign.start()
            break
        end = sign["end"]
        if end is None or (valued and end in ":="):
            continue
        valued = end in ":="
        found.append((line[start : sign.start()], "=" if valued else end))
        start = sign.end()
    return [*found, (line[start:end_of_line], "\n")]
