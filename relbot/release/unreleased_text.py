"""What people wrote into a changelog below *Unreleased*: a build takes it into the release.

In Markdown that is what stands below a heading that says so. For Debian see `relbot.release.debian_changelog`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from relbot.fragment.body import find_headings
from relbot.release.changelog_labels import above_labels
from relbot.release.comparison_links import defines_link, foot_begin, list_definitions
from relbot.release.tag_names import same_version
from relbot.release.version_headings import is_open_line, is_unreleased_heading, version_of_heading, without_dev
from relbot.schema import lazy_re as re
from relbot.schema.named_tuples import NamedTuple

if TYPE_CHECKING:
    from relbot.config.model import Versions
    from relbot.fragment.body import BodyHeading


class UnreleasedText(NamedTuple):
    """What a release takes from its changelog.

    `begin` and `end` are what leaves the changelog, in characters, and `removed` that text itself. `text` is what the release
    says of it, as Markdown with LF; it may be "". `heading` are the lines above that stay, "" where the heading goes, too.
    """

    begin: int
    end: int
    removed: str
    text: str
    heading: str = ""


class TakenText(NamedTuple):
    """What a build took from its changelog, to be put back: the text as it stood, the heading above, and what was made of it."""

    removed: str = ""
    heading: str = ""
    text: str = ""


def join_taken(known: TakenText | None, more: UnreleasedText | None) -> TakenText:
    """What all builds of a release took."""
    known = known or TakenText()
    if more is None:
        return known
    text = "\n\n".join(each for each in (known.text, more.text) if each)
    return TakenText(known.removed + more.removed, more.heading or known.heading, text)


_ENOUGH = 20_000
"""Characters in which the first release is looked for, before all of a changelog is read."""
_ASIDE = re.compile(r"[ \t]*(?:<!--.*-->[ \t]*)?")
"""A line that says nothing: blank, or a comment."""
_PLACEHOLDER = re.compile(r"[-*+ \t]*(?:nothing|no changes?)(?: changed)?(?: yet| so far)?[.!]?[ \t]*", re.IGNORECASE)


_BREAKS = re.compile(r"\b(?:breaking|incompatible|backwards?)\b", re.IGNORECASE)
_ADDS = re.compile(r"\b(?:add|feature|new|enhance|improve|change|deprecat|remov)", re.IGNORECASE)


def find_in_markdown(text: str, version: str, versions: Versions) -> UnreleasedText | None:
    """The part that is headed *Unreleased*, or by the version itself as unreleased; None if there is none, or it says nothing."""
    if len(text) > _ENOUGH:
        begin = text[: text.rfind("\n", 0, _ENOUGH) + 1]
        if any(named and not is_unreleased_heading(heading.text) for heading, named in _named_headings(begin)):
            return _find_above_releases(begin, text, version, versions)  # the rest has nothing that could be looked for
    return _find_above_releases(text, text, version, versions)


def find_left_text(text: str, headings: list[BodyHeading]) -> str:
    """The heading of an unreleased part that says something, where builds do not take it; "" if there is none."""
    lines = text.replace("\r\n", "\n").split("\n")
    for number, heading in enumerate(headings, 1):
        if is_unreleased_heading(heading.text):
            following = headings[number].line if number < len(headings) else len(lines)
            return heading.text if any(says_something(line) for line in lines[heading.line + heading.lines : following]) else ""
        if version_of_heading(heading.text):
            return ""
    return ""


def _named_headings(text: str) -> list[tuple[BodyHeading, str]]:
    """The headings of a text, each with the version that it names, "" for none."""
    found = find_headings(text.replace("\r\n", "\n").removeprefix("\ufeff"))
    return [(heading, version_of_heading(heading.text)) for heading in found]


def _find_above_releases(text: str, whole: str, version: str, versions: Versions) -> UnreleasedText | None:
    """The part in `text`, the begin of the changelog `whole`."""
    headings = _named_headings(text)
    starts = line_starts(text)
    for number, (heading, named) in enumerate(headings):
        opened = named and is_open_line(_first_line(text, heading, starts))
        if opened or is_unreleased_heading(heading.text):
            if named and not same_version(without_dev(named), version, versions):
                return None
            end = _section_end(text, [each for each, _ in headings[number + 1 :]], heading, starts)
            return _cut(whole, heading, starts, end, whole=bool(named))
        if named:
            return None
    return None


def _first_line(text: str, heading: BodyHeading, starts: list[int]) -> str:
    """The first line below a heading that is not blank; "" if there is none."""
    below = heading.line + heading.lines
    return text[starts[below] :].lstrip().partition("\n")[0] if below < len(starts) else ""


def line_starts(text: str) -> list[int]:
    """Where each line of a text begins, in characters, without a byte order mark; the last one is behind the end."""
    starts = [1 if text.startswith("\ufeff") else 0]
    for line in text[starts[0] :].split("\n"):
        starts.append(starts[-1] + len(line) + 1)
    return starts


def _section_end(text: str, later: list[BodyHeading], heading: BodyHeading, starts: list[int]) -> int:
    following = next((starts[each.line] for each in later if each.level <= heading.level), None)
    return foot_begin(text) if following is None else above_labels(text, following)


def _cut(text: str, heading: BodyHeading, starts: list[int], end: int, *, whole: bool) -> UnreleasedText | None:
    """The part below a heading, without comments and blank lines at both ends; with the heading if `whole`."""
    below = min(starts[heading.line + heading.lines], end)
    lines = text[below:end].splitlines(keepends=True)
    first = next((number for number, line in enumerate(lines) if not _is_aside(line.rstrip("\r\n"))), len(lines))
    last = next((n for n in range(len(lines), first, -1) if not _is_aside(lines[n - 1].rstrip("\r\n"))), first)
    opened = first < last and whole and is_open_line(lines[first])
    said = _without_empty_sections("".join(lines[first + opened : last]).replace("\r\n", "\n"))
    if not said and not whole:
        return None
    while last < len(lines) and not lines[last].strip():
        last += 1
    begin = starts[heading.line] if whole else below + sum(map(len, lines[:first]))
    stop = below + sum(map(len, lines[:last]))
    kept = "" if whole else text[starts[heading.line] : begin]
    return UnreleasedText(begin, stop, text[begin:stop], _with_definitions(said, text), kept)


def _with_definitions(said: str, text: str) -> str:
    """A part of a changelog with the definitions of its links, which stand at the end of the whole."""
    labels = {label.casefold() for label in re.findall(r"\[([^\[\]]+)\](?!:)", said)}
    used = [each for each in list_definitions(text) if each.label.casefold() in labels] if labels else []
    return "\n\n".join(filter(None, (said, "\n".join(f"[{each.label}]: {each.url}" for each in used))))


def section_titles(text: str) -> list[str]:
    """The titles of the sections of a taken text, "" for what stands above the first of them."""
    headings = find_headings(text)
    above = "\n".join(text.split("\n")[: headings[0].line] if headings else [text])
    return [*([""] if above.strip() else []), *(heading.text for heading in headings)]


def part_of_title(title: str) -> str:
    """The part of the version that a section raises whose heading is none of the project's types."""
    return "major" if _BREAKS.search(title) else "minor" if _ADDS.search(title) else "patch"


def _without_empty_sections(text: str) -> str:
    """A text without headings that have nothing below them, as templates of changelogs do; "" if only placeholders are left."""
    lines = text.split("\n")
    headings = find_headings(text)
    for number in range(len(headings) - 1, -1, -1):
        heading = headings[number]
        begin = heading.line + heading.lines
        end = next((each.line for each in headings[number + 1 :] if each.level <= heading.level), len(lines))
        if not any(says_something(line) for line in lines[begin:end]):
            del lines[heading.line : end]
    kept = "\n".join(lines).strip("\n")
    return kept if any(says_something(line) for line in kept.split("\n")) else ""


def says_something(line: str) -> bool:
    """Whether a line is more than blank, a comment, the definition of a link, or a placeholder such as `Nothing yet`."""
    return not _is_aside(line) and not _PLACEHOLDER.fullmatch(line)


def _is_aside(line: str) -> bool:
    """Whether readers see nothing of a line. What defines a link stays where it is: all of the changelog may use it."""
    return _ASIDE.fullmatch(line) is not None or defines_link(line)


def put_back(text: str, taken: TakenText, entry_at: int) -> str:
    """The changelog with what a build took: below its heading again, else where the entry of the release stood."""
    if not taken.heading:
        return text[:entry_at] + taken.removed + text[entry_at:]
    exact = re.search(rf"^{re.escape(taken.heading)}", text, re.MULTILINE) if "\n" in taken.heading else None
    at = exact.end() if exact else _below_heading(text, taken.heading.splitlines()[0])
    at = entry_at if at is None else at
    return text[:at] + taken.removed + text[at:]


def _below_heading(text: str, heading: str) -> int | None:
    """Where the text below a heading begins, after what readers do not see; None if the heading is gone."""
    found = re.search(rf"^{re.escape(heading)}[ \t]*\r?(?:\n|\Z)", text, re.MULTILINE)
    if found is None:
        return None
    at = found.end()
    for line in text[at:].splitlines(keepends=True):
        if not _is_aside(line.rstrip("\r\n")):
            break
        at += len(line)
    return at
