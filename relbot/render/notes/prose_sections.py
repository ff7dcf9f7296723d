"""What a release says above its changes, by section: one headed like a type of changes joins the changes of that type."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relbot.fragment.body import find_headings
from relbot.schema.named_tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Collection


class ProseSections(NamedTuple):
    """`above` is what stands above all changes; `joined` has the text of each section that joins changes, by their heading."""

    above: str
    joined: dict[str, str]


def split_prose(prose: str, titles: Collection[str]) -> ProseSections:
    """Splits Markdown at its highest headings. Sections headed as one of `titles` join the changes below that heading."""
    found = find_headings(prose) if titles else []
    highest = min((heading.level for heading in found), default=0)
    cuts = [heading for heading in found if heading.level == highest]
    lines = prose.split("\n")
    above, joined = lines[: cuts[0].line] if cuts else lines, dict[str, str]()
    for number, heading in enumerate(cuts):
        end = cuts[number + 1].line if number + 1 < len(cuts) else len(lines)
        title = next((each for each in titles if each.casefold() == heading.text.casefold()), None)
        if title is None:
            above += lines[heading.line : end]
        else:
            text = "\n".join(lines[heading.line + heading.lines : end]).strip("\n")
            joined[title] = "\n\n".join(filter(None, (joined.get(title), text)))
    return ProseSections("\n".join(above).strip("\n"), joined)


def join_list(text: str, entries: str) -> str:
    """A text with a list of changes behind it: one list where both are lists without blank lines."""
    tight = text.startswith("- ") and entries.startswith("- ") and "\n\n" not in f"{text}{entries}"
    return f"{text}\n{entries}" if tight else f"{text}\n\n{entries}"
