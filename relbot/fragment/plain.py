"""The front matter of most fragments, read without a YAML parser.

Nearly all fragments have a few keys of one plain word or list of numbers each. Those few lines mean the same to every reader
of YAML, and are read here in a tenth of the time that libyaml takes; a release of ten thousand is built while somebody
waits. Whatever else is there, right or wrong, is left to the thorough reader. A test holds the two together.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

_PLAIN = re.compile(
    r"(?:(?:type|component): [a-z]+(?:-[a-z]+)*\n"
    r"|(?:breaking|migration): (?:true|false)\n"
    r"|issues: \[[1-9][0-9]*(?:, [1-9][0-9]*)*\]\n)+"
)
_LINE = re.compile(r"([a-z]+): (.*)\n")


def plain_values(front_matter: str, words: Mapping[str, frozenset[str]], defaults: Mapping[str, Any]) -> dict[str, Any] | None:
    """The values of all keys, or None if somebody more thorough has to look.

    `words` are those that may stand at `type` and `component`, `defaults` the values of keys that are not written.
    """
    if not _PLAIN.fullmatch(front_matter):
        return None
    values = dict(defaults)
    lines = _LINE.findall(front_matter)
    for key, text in lines:
        if text[0] == "[":
            values[key] = tuple(text[1:-1].split(", "))
        elif key in words:
            if text not in words[key]:
                return None
            values[key] = text
        else:
            values[key] = text == "true"
    written = {key for key, _ in lines}
    return values if len(written) == len(lines) and "type" in written else None
