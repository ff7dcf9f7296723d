"""What can name an issue, a pull request or a fragment."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from unicodedata import category, normalize

from relbot.schema.kinds import INVALID, MOST_DIGITS, WHOLE, Text
from relbot.schema.named_tuples import NamedTuple
from relbot.schema.nodes import Node, ScalarNode

if TYPE_CHECKING:
    from relbot.schema.faults import Faults

_LONGEST = 200


def reference_problem(reference: str) -> str:
    """Why a text can name no issue, pull request or fragment, "" if it can."""
    if not any(map(str.isalnum, reference)):
        return "it has no letter and no digit"
    if reference.isascii() and reference.isdecimal():
        if len(reference) > MOST_DIGITS:
            return f"a number has at most {MOST_DIGITS} digits"
        return "there is no number 0" if not reference.strip("0") else ""
    if len(reference) > _LONGEST:
        return f"it has {len(reference)} characters, and {_LONGEST} are allowed"
    if all(category(character).startswith("N") for character in reference):
        plain = normalize("NFKC", reference)
        retype = f": type {plain}" if plain.isascii() and plain.isdecimal() else ""
        return f"`{reference}` has other characters than the digits 0 to 9{retype}"
    return f"`{reference}` names a person" if reference.startswith("@") else ""


class IssueReference(NamedTuple):
    """A number, or a text that names something: `4075`, `owner/repo#12`, `PROJ-7`. Read as text, `#` cut off."""

    allowed: str = "a number or a text such as `owner/repo#12`"

    def read(self, node: Node, key: str, faults: Faults) -> Any:
        is_number = type(node) is ScalarNode and not node.style and WHOLE.fullmatch(node.value)
        text = node.value if is_number else Text(self.allowed).read(node, key, faults)
        if text is INVALID:
            return INVALID
        reference = text.removeprefix("#").strip()
        if problem := reference_problem(reference):
            faults.at(node, "unknown-value", f"`{key}`: {problem}.", f"Allowed: {self.allowed}.")
            return INVALID
        return reference

    def json_schema(self) -> dict[str, Any]:
        return {"type": ["integer", "string"], "minLength": 1, "minimum": 0}
