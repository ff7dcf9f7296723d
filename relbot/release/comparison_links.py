"""The links of releases in a changelog, as https://keepachangelog.com has them: each release compared with the one before.

`[1.2.0]: https://git.example.org/compare/v1.1.0...v1.2.0`, above them `[Unreleased]: https://…/compare/v1.2.0...HEAD`.
Most changelogs have them at the foot, some above the first release, some below each of them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from relbot.release.tag_names import same_version
from relbot.release.version import parse_version, readable_versions
from relbot.release.version_headings import is_unreleased_heading, version_of_heading
from relbot.schema import lazy_re as re
from relbot.schema.named_tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from relbot.config.model import Links, Versions
    from relbot.release.version import Version

_DEFINITION = re.compile(r"^[ ]{0,3}\[([^\]\n]+)\]:[ \t]*<?([^\s<>]+)>?[ \t]*\r?$", re.MULTILINE)
_FENCE = re.compile(r"^ {0,3}(?P<fence>`{3,}+(?=[^`\n]*$)|~{3,}+)(?P<info>[^\n]*)$", re.MULTILINE)
_ASIDE = re.compile(r"(?:<!--[^\n]*-->)?")
"""A line between definitions that readers do not see."""
_RANGE = re.compile(r"(?P<start>.*/)(?P<old>[^/?#]*?)(?P<dots>\.{2,3})(?P<new>[^/?#]*)")
_TAG_OF_RANGE = ((re.compile(r"/-/compare/[^/]*?\.{2,3}"), "/-/tags/"), (re.compile(r"/compare/[^/]*?\.{2,3}"), "/releases/tag/"))
"""How GitLab and GitHub name the page of one tag, from their page that compares two."""
_VERSION_IN_TAG = re.compile(r"(?<!\d)\d{1,20}(?:\.\d{1,20}){0,20}(?:[-.+!]?[A-Za-z]{1,40}[\w.+!-]{0,80}|[-+][\w.+-]{1,80})?$")
PREVIOUS = "{previous}"


class LinkDefinition(NamedTuple):
    """One definition of a link: where its line begins and ends, its label, its address."""

    begin: int
    end: int
    label: str
    url: str


class AddedLinks(NamedTuple):
    """What a build did to the links: the text that it added, and the line of *Unreleased* before and after."""

    added: str = ""
    before: str = ""
    after: str = ""


class NewRelease(NamedTuple):
    """A release whose link is due: its version, the one before ("" for none), and the heading of its entry."""

    version: str
    previous: str
    heading: str

    @property
    def label(self) -> str:
        """The label of the link in the heading: `[v1.2.0]`; "" for none."""
        found = re.search(rf"\[([^\[\]]*{re.escape(self.version)}[^\[\]]*)\](?![(\[])", self.heading)
        return found[1] if found else ""


def foot_begin(text: str) -> int:
    """Where the definitions of links at the end of a Markdown text begin; its length if there are none."""
    begin = len(text)
    lines = text.splitlines(keepends=True)
    at = len(text)
    for line in reversed(lines):
        at -= len(line)
        if _DEFINITION.fullmatch(line.rstrip("\r\n")):
            begin = at
        elif not _ASIDE.fullmatch(line.strip()):
            break
    return begin


def list_definitions(text: str) -> list[LinkDefinition]:
    """The definitions of a Markdown text outside of fenced code, in their order."""
    found = [LinkDefinition(each.start(), each.end(), each[1], each[2]) for each in _DEFINITION.finditer(text)]
    if not found or not _FENCE.search(text, 0, found[-1].begin):
        return found
    code = list(_fenced_parts(text))
    return [each for each in found if not any(begin < each.begin < end for begin, end in code)]


def _fenced_parts(text: str) -> Iterator[tuple[int, int]]:
    """Where fenced code begins and ends (CommonMark 4.5)."""
    fences = [(each["fence"], each) for each in _FENCE.finditer(text)]
    while fences:
        mark, opening = fences.pop(0)
        closing = next((n for n, (other, each) in enumerate(fences) if other.startswith(mark) and not each["info"].strip()), None)
        yield opening.start(), len(text) if closing is None else fences[closing][1].end()
        fences = [] if closing is None else fences[closing + 1 :]


def defines_link(line: str) -> bool:
    """Whether a line defines a link, which readers do not see."""
    return _DEFINITION.fullmatch(line) is not None


def is_linked(text: str, links: AddedLinks) -> bool:
    """Whether a changelog has the link that a build added, whatever its address is now; True if it added none."""
    added = _DEFINITION.search(links.added)
    return added is None or any(each.label.casefold() == added[1].casefold() for each in list_definitions(text))


def defined_versions(text: str) -> list[str]:
    """The versions that the definitions of a changelog name."""
    return [version for each in list_definitions(text) if (version := version_of_heading(each.label))]


def put_links(text: str, of: NewRelease, links: Links, versions: Versions, known: AddedLinks) -> tuple[str, AddedLinks]:
    """The changelog with the link of a release, and that of *Unreleased* moved on to it; what was done, to be taken back.

    The address is that of `known`, which an earlier build added, else it follows `compare` of the configuration, else the
    definitions that are there. Nothing is done where none of them tells how, or the release has its link.
    """
    defined = _read_links(text, versions)
    if any(same_version(version.text, of.version, versions) for _, version in defined.dated):
        return text, known
    new = parse_version(of.version, versions)
    latest = max(defined.dated, key=lambda each: each[1], default=None)
    lower = max((each for each in defined.dated if each[1] < new), key=lambda each: each[1], default=None)
    alike = lower or latest
    line = known.added.strip() or _new_line(of, links, defined.unreleased, alike and (alike[0], alike[1].text))
    if not line:
        return text, known
    before, after = _moved_on(text, defined.unreleased, of) if latest is None or latest[1] < new else ("", "")
    place = _place_of(text, [each for each, _ in defined.dated], defined.unreleased, lower and lower[0], latest and latest[0])
    made, added = _insert_line(text, place, line)
    made = made.replace(before, after, 1) if before else made
    if before == after:  # an earlier build moved it on
        before, after = known.before, known.after
    return made, AddedLinks(added, before, after)


class _LinksOfReleases(NamedTuple):
    """The definitions of a changelog: that of *Unreleased*, and those of releases with their versions."""

    unreleased: LinkDefinition | None
    dated: list[tuple[LinkDefinition, Version]]


def _read_links(text: str, versions: Versions) -> _LinksOfReleases:
    defined = list_definitions(text)
    unreleased = next((each for each in defined if is_unreleased_heading(each.label)), None)
    named = ((each, version_of_heading(each.label)) for each in defined)
    dated = [(each, version) for each, name in named for version in readable_versions([name], versions)]
    return _LinksOfReleases(unreleased, dated)


def _new_line(of: NewRelease, links: Links, unreleased: LinkDefinition | None, known: tuple[LinkDefinition, str] | None) -> str:
    """The definition for a release; "" where nothing tells its address, or no heading uses it."""
    url = _configured_url(of, links) if links.compare else _alike_url(of, unreleased, known)
    spelled = known[0].label.replace(known[1], of.version) if known else of.version
    label = of.label or ("" if links.compare and not known else spelled)
    return f"[{label}]: {url}" if url and label else ""


def remove_links(text: str, links: AddedLinks) -> str:
    """The changelog without the link that a build added, and *Unreleased* as it was; what was edited since stays."""
    if links.after and links.after in text:
        text = text.replace(links.after, links.before, 1)
    at = text.rfind(links.added) if links.added else -1
    return text if at < 0 else text[:at] + text[at + len(links.added) :]


def fill_pattern(pattern: str, version: str, previous: str, repository: str, component: str) -> str:
    """An address or a heading from its pattern. A link in a heading that needs what is not known becomes its text."""
    unknown = [name for name, value in ((PREVIOUS, previous), ("{repository}", repository)) if not value and name in pattern]
    if unknown:
        pattern = re.sub(r"\[([^\]]{0,400})\]\(([^()]{0,1000})\)", lambda link: _linked(link, unknown), pattern)
    values = {"{version}": version, PREVIOUS: previous, "{repository}": repository, "{component}": component}
    return re.sub(r"\{\w+\}", lambda found: values.get(found[0], found[0]), pattern)


def _linked(link: re.Match[str], unknown: Iterable[str]) -> str:
    return link[1] if any(name in link[2] for name in unknown) else link[0]


def _configured_url(of: NewRelease, links: Links) -> str:
    """The address by the configured pattern; of a first release, the page of its tag where the pattern tells one."""
    pattern = links.compare
    if "{repository}" in pattern and not links.repository:
        return ""
    if not of.previous and PREVIOUS in pattern:
        found = next(((range_of, page) for range_of, page in _TAG_OF_RANGE if range_of.search(pattern)), None)
        if found is None:
            return ""
        pattern = found[0].sub(found[1], pattern)
    return fill_pattern(pattern, of.version, of.previous, links.repository, "")


def _alike_url(of: NewRelease, unreleased: LinkDefinition | None, known: tuple[LinkDefinition, str] | None) -> str:
    """The address in the manner of *Unreleased*, else of the release before; "" where they do not tell."""
    if unreleased and (parts := _RANGE.fullmatch(unreleased.url)) and (old := _VERSION_IN_TAG.search(parts["old"])):
        tag = parts["old"][: old.start()]
        return f"{parts['start']}{tag}{of.previous}{parts['dots']}{tag}{of.version}" if of.previous else ""
    if known is None:
        return ""
    definition, version = known
    if (parts := _RANGE.fullmatch(definition.url)) and parts["new"].endswith(version):
        tag = parts["new"].removesuffix(version)
        return f"{parts['start']}{tag}{of.previous}{parts['dots']}{tag}{of.version}" if of.previous else ""
    before, found, after = definition.url.rpartition(version)
    return f"{before}{of.version}{after}" if found else ""


def _moved_on(text: str, unreleased: LinkDefinition | None, of: NewRelease) -> tuple[str, str]:
    """The line of *Unreleased* before, and from the new release on; "" where it compares with no release."""
    parts = _RANGE.fullmatch(unreleased.url) if unreleased else None
    old = _VERSION_IN_TAG.search(parts["old"]) if parts else None
    if unreleased is None or parts is None or old is None:
        return "", ""
    before = text[unreleased.begin : unreleased.end].rstrip("\r")
    url = f"{parts['start']}{parts['old'][: old.start()]}{of.version}{parts['dots']}{parts['new']}"
    return before, before.replace(unreleased.url, url)


def _place_of(
    text: str,
    dated: list[LinkDefinition],
    unreleased: LinkDefinition | None,
    lower: LinkDefinition | None,
    latest: LinkDefinition | None,
) -> int:
    """Where the line goes: beside the release before, on the side on which later ones stand; `dated` are those of releases."""
    if lower is not None:
        ascending = len(dated) > 1 and latest is dated[-1]
        return _behind(text, lower) if ascending else lower.begin
    last = unreleased or next(reversed(dated), None)
    foot = [each for each in list_definitions(text) if each.begin >= foot_begin(text)] if last is None else []
    return _behind(text, last or foot[-1]) if last or foot else len(text)


def _behind(text: str, definition: LinkDefinition) -> int:
    end = text.find("\n", definition.begin)
    return len(text) if end < 0 else end + 1


def _insert_line(text: str, place: int, line: str) -> tuple[str, str]:
    """The text with a line at the begin of a line, or at its end; and what was inserted."""
    ending = "\r\n" if "\r\n" in text[:2000] else "\n"
    before = text[:place]
    lead = "" if not before or before.endswith("\n") else ending
    if place == len(text) and foot_begin(text) == len(text) and text.strip():
        lead += ending
    added = f"{lead}{line}{ending}"
    return before + added + text[place:], added
