"""The versions that headings of changelogs name, as projects write them.

`## [v1.3.0] (unreleased)`, `v1.2.0 - January 5, 2025`, `Version 1.2.0`, `### [2.10.2] 2026-07-01`, `Sphinx 8.0 (Jul 29)`.
"""

from __future__ import annotations

from relbot.schema import lazy_re as re

_DAY = r"\d{4}[-/.]\d\d?[-/.]\d\d?|\d{1,2}[-/.]\d\d?[-/.]\d{4}"
_MONTH = r"(?:\d{1,2}(?:[a-z]{2})? )?(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.? "
_DATE = re.compile(f"{_DAY}|{_MONTH}", re.IGNORECASE)
_VERSION = r"\d+(?:\.\d+)+(?:[-.+!]?[A-Za-z]+[\w.+!-]*|[-+][\w.+-]+)?"
_NAMED = re.compile(rf"(?P<before>[^\d{{}}]{{0,40}}?)(?P<version>{_VERSION})(?P<after>[^{{}}]{{0,200}})", re.DOTALL)
_PROSE = frozenset(
    "since from to before until after for with in of on support supports drop drops require requires upgrade upgrading".split()
)
_LINK = re.compile(r"\[([^\]]{0,400})\](?:\([^)]{0,1000}\)|\[[^\]]{0,400}\])")
_MARKUP = re.compile(r"</?[A-Za-z][^<>]*>|[*_`]+(?=\S)|(?<=\S)[*_`]+")
_MOST_WORDS = 2
_NOT_YET = re.compile(
    r"\b(?:not (?:yet )?|to be )released\b|\b(?:in|under) (?:progress|development)\b"
    r"|\b(?:TBD|TBA|WIP|upcoming|planned|pending|draft|coming soon)\b"
    r"|(?:\b(?:xxxx|yyyy|20xx)|\?{4})-|\?{3}",
    re.IGNORECASE,
)
"""What stands behind a version in place of its day."""
_DEV = re.compile(r"[-.+]?(?:dev|snapshot)[.]?\d*$", re.IGNORECASE)
_UNRELEASED = re.compile(
    r"\[?(?:unreleased|v?\.?next|(?:next|upcoming|future|pending|development)(?: release| version| changes)?|develop|head|master"
    r"|main|trunk|pending|not (?:yet )?released(?: yet)?|(?:in|under) development|(?:work )?in progress|coming soon)\]?\W*",
    re.IGNORECASE,
)


def version_of_heading(text: str) -> str:
    """The version that a heading names, without a `v`; "" if it names none, or is about a version and not that of a release.

    Before it may stand a word or two (`Version`, the name of the project), behind it a date, or what begins with a mark.
    """
    match = _NAMED.fullmatch(_MARKUP.sub("", _LINK.sub(r"\1", text)).strip())
    if match is None:
        return ""
    words = re.findall(r"[A-Za-z]+", match["before"].lower())
    if len(match["before"].split()) > _MOST_WORDS + 1 or len(words) > _MOST_WORDS + 1 or _PROSE.intersection(words):
        return ""
    rest = match["after"].lstrip(" \t]*_`)")
    if not rest or rest[0] in "-–—(,:/[|\"'“‘" or _DATE.match(rest) or rest.lower().startswith(("released", "unreleased")):
        return match["version"]
    return ""


def is_unreleased_heading(text: str) -> bool:
    """Whether the heading is that of what is not released yet."""
    plain = _LINK.sub(r"\1", text).strip("*_` ")
    named = version_of_heading(text)
    open_yet = bool(named) and (_NOT_YET.search(text.replace(named, "")) is not None or without_dev(named) != named)
    return _UNRELEASED.fullmatch(plain) is not None or "unreleased" in text.lower() or open_yet


_OPEN_LINE = re.compile(
    r"(?:(?:release(?:d| date)?|date)[ :]*)?(?:unreleased|(?:to be|not yet|not) (?:released|determined)|not yet|TBA|TBD)[.]?",
    re.IGNORECASE,
)


def is_open_line(line: str) -> bool:
    """Whether the line below a heading says that its version is not released yet: `Unreleased`, `*Release date: TBD*`."""
    return _OPEN_LINE.fullmatch(line.strip("*_`() \t\r\n")) is not None


def without_dev(version: str) -> str:
    """The release that a development version leads to (`1.3.0-dev`, `1.3.0.dev0`, `1.3.0-SNAPSHOT`); another version itself."""
    return _DEV.sub("", version)
