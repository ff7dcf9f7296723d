"""How a project writes its changelog: where it is, its format, the headings of its releases, what it has not released."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relbot.adoption.note_tools import towncrier_news
from relbot.adoption.repository_facts import CHANGELOG_NAME
from relbot.fragment.body import find_headings
from relbot.release.version_headings import is_unreleased_heading, version_of_heading
from relbot.schema import lazy_re as re
from relbot.schema.named_tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

    from relbot.adoption.repository_facts import RepositoryFacts

_ENDINGS = {"md": "markdown", "markdown": "markdown", "rst": "rst"}
_ORDER = ("changelog", "changes", "history", "news", "releases", "release")
_RELEASE = re.compile(
    r"(?P<before>[^\d{}]{0,40}?)(?P<version>\d+(?:\.\d+)+(?:[-.+]?[A-Za-z]+[\w.+-]*)?)(?P<after>[^{}]{0,120})", re.IGNORECASE
)
_LINKED = re.compile(r"[^\]\n]*\]\((?P<address>https?://[^\s()]+)\)")
_PREVIOUS = re.compile(r"(/compare/[^\d./]{0,9})\d[\w.+-]*?\.\.\.")
_DATE = re.compile(r"\d{4}-\d\d-\d\d")
_MARKER = re.compile(
    r"^(?:<!-- (?:towncrier release notes start|scriv-insert-here|next-(?:header|release)) -->"
    r"|\.\. (?:towncrier release notes start|scriv-insert-here))[ \t]*$",
    re.MULTILINE,
)
_RULE = re.compile(r"([=\-~^\"'#*+.:_`])\1{2,}")


class ChangelogHeading(NamedTuple):
    """A heading of a changelog: its text, its level from 1 (in reStructuredText by the order of the marks), its line from 0.

    `lines` are how many lines it takes.
    """

    text: str
    level: int
    line: int
    lines: int = 1


class ChangelogStyle(NamedTuple):
    """The changelog at `path`. `form` is its format, "" for one that relbot does not write.

    `title` is the pattern of its headings of releases, "" where they do not show one; `level` is theirs, 0 if there is none.
    `marker` is a line below which another tool puts releases, "" without one; `unreleased` counts the items of the part that
    is not released, None where there is no such part.
    """

    path: str
    form: str
    title: str = ""
    level: int = 0
    marker: str = ""
    unreleased: int | None = None


def find_changelog(facts: RepositoryFacts) -> ChangelogStyle | None:
    """The changelog of a repository: the news file of towncrier, or the one whose name is the most usual; None without any."""
    news = towncrier_news(facts)
    if news in facts.texts:
        return describe_changelog(news, facts.texts[news])
    found = sorted((path for path in facts.texts if CHANGELOG_NAME.fullmatch(path)), key=_rank)
    return describe_changelog(found[0], facts.texts[found[0]]) if found else None


def _rank(path: str) -> tuple[bool, int, int, str]:
    """Formats that relbot writes first, then the root's, then the most usual name."""
    name = path.rpartition("/")[2].lower()
    usual = next((number for number, word in enumerate(_ORDER) if name.startswith(word)), len(_ORDER))
    return not changelog_form(path), path.count("/"), usual, path


def changelog_form(path: str) -> str:
    """The format that the name of a changelog tells: `markdown`, `rst`, `debian`; "" for another."""
    if path == "debian/changelog":
        return "debian"
    name, dot, ending = path.rpartition("/")[2].lower().rpartition(".")
    return _ENDINGS.get(ending, "") if dot and name else ""


def describe_changelog(path: str, text: str) -> ChangelogStyle:
    """How the changelog with this text is written."""
    form = changelog_form(path)
    if form not in ("markdown", "rst"):
        return ChangelogStyle(path, form)
    headings = list_changelog_headings(text, form)
    marker = _MARKER.search(text)
    release = next((heading for heading in headings if is_release_heading(heading.text)), None)
    return ChangelogStyle(
        path,
        form,
        title_pattern(release.text) if release else "",
        release.level if release else 0,
        marker.group().strip() if marker else "",
        _count_unreleased(text, headings),
    )


def list_changelog_headings(text: str, form: str) -> list[ChangelogHeading]:
    """The headings of a changelog in Markdown or reStructuredText."""
    plain = text.replace("\r\n", "\n").removeprefix("\ufeff")
    if form == "markdown":
        return [ChangelogHeading(found.text, found.level, found.line, found.lines) for found in find_headings(plain)]
    return list(_rst_headings(plain.split("\n")))


def _rst_headings(lines: list[str]) -> Iterator[ChangelogHeading]:
    marks: list[str] = []
    for number in range(1, len(lines)):
        title, below = lines[number - 1].rstrip(), lines[number].rstrip()
        above = lines[number - 2].rstrip() if number > 1 else ""
        rule = _RULE.fullmatch(below)
        if rule is None or not title or _RULE.fullmatch(title) or len(below) < len(title.strip()):
            continue
        if above == below:
            mark, start, lines_taken = rule[1] * 2, number - 2, 3
        elif not above and not title.startswith(" "):
            mark, start, lines_taken = rule[1], number - 1, 2
        else:
            continue
        if mark not in marks:
            marks.append(mark)
        yield ChangelogHeading(title.strip(), marks.index(mark) + 1, start, lines_taken)


def is_release_heading(text: str) -> bool:
    """Whether the heading is that of a release: a version, perhaps with a word before it and a date behind."""
    return release_version(text) != ""


def release_version(text: str) -> str:
    """The version that a heading names, without a `v`; "" if it names none."""
    return version_of_heading(text)


def release_date(text: str) -> str:
    """The date in a heading, as YYYY-MM-DD; "" if it has none in this form."""
    found = _DATE.search(text)
    return found.group() if found else ""


def title_pattern(heading: str) -> str:
    """The pattern of a heading of a release, such as `[{version}] - {date}`; "" where it holds more than version and date.

    The version may be a link to its tag, or to what changed since the release before.
    """
    link = _LINKED.match(heading)
    match = _RELEASE.fullmatch(f"{heading[: link.start('address')]}{heading[link.end('address') :]}" if link else heading)
    if match is None or ("](" in heading and link is None):
        return ""
    after = _DATE.sub("{date}", match["after"], count=1)
    if re.search(r"[A-Za-z0-9]", after.replace("{date}", "")):
        return ""
    address = link["address"].replace(match["version"], "{version}") if link else ""
    address = _PREVIOUS.sub(r"\1{previous}...", address)
    if link and ("{version}" not in address or re.search(r"\d\.\d", address)):
        return ""
    return f"{match['before']}{{version}}{after.replace('](', f']({address}', 1)}"


def _count_unreleased(text: str, headings: list[ChangelogHeading]) -> int | None:
    for number, heading in enumerate(headings):
        if is_release_heading(heading.text):
            return None
        if is_unreleased_heading(heading.text):
            end = next((other.line for other in headings[number + 1 :] if other.level <= heading.level), None)
            lines = text.replace("\r\n", "\n").split("\n")[heading.line + heading.lines : end]
            return sum(bool(re.match(r"[-*+] ", line)) for line in lines)
    return None
