"""Versions: SemVer (https://semver.org), PEP 440, and calendar versions (https://calver.org).

`packaging` and `semver` read and compare; they are imported only when a version is looked at.
"""

from __future__ import annotations

from functools import total_ordering
from typing import TYPE_CHECKING, Any

from relbot.errors import UsageError
from relbot.schema import lazy_re as re

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from relbot.config.model import Versions
    from relbot.fragment.model import Fragment

_FOLDER = re.compile(r"[A-Za-z0-9][A-Za-z0-9._+!-]{0,99}")
ORDER = ("major", "minor", "patch", "none")


@total_ordering
class Version:
    """A version as written (`text`), comparable with others of the same scheme.

    `release` are its numbers, `final` the text of the release that a prerelease leads to (its own for a final one).
    """

    __slots__ = ("final", "order", "prerelease", "release", "text")

    def __init__(self, text: str, order: Any, release: tuple[int, ...], *, prerelease: bool, final: str) -> None:
        self.text = text
        self.order = order
        self.release = release
        self.prerelease = prerelease
        self.final = final

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Version) and bool(self.order == other.order)

    def __lt__(self, other: Version) -> bool:
        return bool(self.order < other.order)

    def __hash__(self) -> int:
        return hash(self.order)

    def leads_to(self, other: Version) -> bool:
        """Whether this is a prerelease of `other`."""
        return self.prerelease and not other.prerelease and _pad_release(self.release) == _pad_release(other.release)


def _pad_release(release: tuple[int, ...]) -> tuple[int, ...]:
    return release + (0,) * (6 - len(release))


def parse_version(text: str, versions: Versions) -> Version:
    """Reads a version by the project's scheme. UsageError, with an example, if it is none, or cannot name a folder."""
    if not _FOLDER.fullmatch(text):
        raise UsageError(
            f"`{text}` is not a version.", tip="Allowed: letters, digits, `.`, `+`, `-` and `!`.", example="relbot build 1.4.0"
        )
    if versions.scheme in ("auto", "semver"):
        found = _parse_semver(text)
        if found is not None:
            return found
        if versions.scheme == "semver":
            raise UsageError(
                f"`{text}` is not a semantic version.", tip="Allowed: MAJOR.MINOR.PATCH.", example="relbot build 2.10.0"
            )
    if versions.scheme == "calendar" and not _calendar_pattern(versions.calendar).fullmatch(_without_prerelease(text)):
        raise UsageError(
            f"`{text}` does not follow `{versions.calendar}`.", tip="Change it, or `versions.calendar` in the configuration."
        )
    return _parse_pep440(text)


_PLAIN = {"auto": re.compile(r"\d+(\.\d+)*"), "pep440": re.compile(r"\d+(\.\d+)*")}


def is_version(text: str, versions: Versions) -> bool:
    """Whether `parse` reads it; what is plainly one is seen without importing the libraries that read the others."""
    if versions.scheme in _PLAIN and _PLAIN[versions.scheme].fullmatch(text) and _FOLDER.fullmatch(text):
        return True
    return bool(readable_versions((text,), versions))


def require_version(text: str, versions: Versions) -> None:
    """Raises what `parse` raises, and imports the libraries no sooner than `is_version` does."""
    if not is_version(text, versions):
        parse_version(text, versions)


def readable_versions(texts: Iterable[str], versions: Versions) -> list[Version]:
    """Those of the texts that are versions: the names of tags may be anything."""
    found = []
    for text in texts:
        try:
            found.append(parse_version(text, versions))
        except UsageError:
            continue
    return found


def _without_prerelease(text: str) -> str:
    return re.sub(r"[-.]?(?:a|b|rc|alpha|beta|dev|post)[-.]?\d*$", "", text)


def _parse_semver(text: str) -> Version | None:
    import semver  # only where a version is looked at, as all imports in this module

    try:
        found = semver.Version.parse(text)
    except ValueError:
        return None
    return Version(
        text,
        _CrossSchemeOrder(found),
        (found.major, found.minor, found.patch),
        prerelease=bool(found.prerelease),
        final=str(found.finalize_version()),
    )


def _parse_pep440(text: str) -> Version:
    from packaging.version import InvalidVersion  # as above
    from packaging.version import Version as Found

    try:
        found = Found(text)
    except InvalidVersion:
        tip = "Allowed: SemVer (2.10.0, 2.0.0-rc.1), PEP 440 (2.10, 2.0.0rc1) and calendar versions (2026.11.0)."
        raise UsageError(f"`{text}` is not a version.", tip=tip, example="relbot build 2.10") from None
    prefix = re.match(r"v?", text)
    final = (prefix.group() if prefix else "") + (f"{found.epoch}!" if found.epoch else "") + found.base_version.split("!")[-1]
    order, early = _CrossSchemeOrder(found), found.is_prerelease
    return Version(text, order, found.release, prerelease=early, final=final if early else text)


@total_ordering
class _CrossSchemeOrder:
    """Orders versions of one scheme by that scheme, and across the two by PEP 440, which reads most of SemVer."""

    def __init__(self, found: Any) -> None:
        self.found = found

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, _CrossSchemeOrder):
            return NotImplemented
        mine, theirs = self._with(other)
        return bool(mine == theirs)

    def __lt__(self, other: _CrossSchemeOrder) -> bool:
        mine, theirs = self._with(other)
        return bool(mine < theirs)

    def __hash__(self) -> int:
        return hash(str(self.found))

    def _with(self, other: _CrossSchemeOrder) -> tuple[Any, Any]:
        if type(self.found) is type(other.found):
            return self.found, other.found
        return self._loose(), other._loose()

    def _loose(self) -> Any:
        from packaging.version import InvalidVersion, Version  # as above

        text = str(self.found)
        try:
            return Version(text)
        except InvalidVersion:
            return Version(re.split(r"[-+]", text, maxsplit=1)[0] + "a0")


def wanted_bump(fragments: Iterable[Fragment], bumps: dict[str, str]) -> str:
    """The highest part that these fragments raise: `major` for a breaking change, else what their types say."""
    parts = {"major" if fragment.breaking else bumps.get(fragment.type, "minor") for fragment in fragments}
    return min(parts, key=ORDER.index, default="none")


def bump_version(current: Version, part: str, pre: str | None, day: date, versions: Versions) -> str:
    """The version after `current`: `part` raised, or the calendar's for `day`; `pre` (`rc`) makes it a prerelease.

    Before 1.0.0 a breaking change raises the minor part (SemVer 4: anything may change there). A prerelease of the
    very release that is due goes on counting: 2.0.0rc1, 2.0.0rc2, 2.0.0.
    """
    if versions.scheme == "calendar":
        text = _next_in_calendar(current, day, versions.calendar)
        return f"{text}{pre}{_prerelease_number(current, text, pre)}" if pre else text
    numbers = list(current.release) + [0] * (3 - len(current.release))
    if part == "major" and numbers[0] == 0:
        part = "minor"
    target = _raise_part(numbers, part)
    text = ".".join(map(str, target[: max(len(current.release), 2 if part != "patch" else 3)]))
    kept = re.match(r"v?(?:\d+!)?", current.text)  # an epoch (PEP 440) stays for ever
    text = kept.group() + text if kept else text
    if current.prerelease and _reaches_part(numbers, part):
        text = current.final
    if not pre:
        return text
    semver_style = versions.scheme != "pep440" and _parse_semver(current.text) is not None
    count = _prerelease_number(current, text, pre)
    return f"{text}-{pre}.{count}" if semver_style else f"{text}{pre}{count}"


def _prerelease_number(current: Version, final: str, pre: str) -> int:
    """The number of the next prerelease that leads to `final`."""
    last = re.fullmatch(rf"{re.escape(final)}[-.]?{re.escape(pre)}\.?(\d+)", current.text)
    return int(last.group(1)) + 1 if last else 1


def _raise_part(numbers: list[int], part: str) -> list[int]:
    major, minor, patch = numbers[:3]
    match part:
        case "major":
            return [major + 1, 0, 0]
        case "minor":
            return [major, minor + 1, 0]
        case _:
            return [major, minor, patch + 1]


def _reaches_part(numbers: list[int], part: str) -> bool:
    """Whether the release that a prerelease leads to already raises `part`."""
    _, minor, patch = numbers[:3]
    return {"major": minor == 0 and patch == 0, "minor": patch == 0}.get(part, True)


_CALENDAR = {
    "YYYY": r"\d{4}",
    "YY": r"\d{1,2}",
    "0M": r"\d{2}",
    "MM": r"\d{1,2}",
    "0D": r"\d{2}",
    "DD": r"\d{1,2}",
    "WW": r"\d{1,2}",
    "MICRO": r"\d+",
}


def _calendar_pattern(calendar: str) -> re.Pattern[str]:
    return re.compile(r"\.".join(_CALENDAR.get(word, re.escape(word)) for word in calendar.split(".")))


def _next_in_calendar(current: Version, day: date, calendar: str) -> str:
    today = {
        "YYYY": f"{day.year}",
        "YY": f"{day.year % 100}",
        "0M": f"{day.month:02}",
        "MM": f"{day.month}",
        "0D": f"{day.day:02}",
        "DD": f"{day.day}",
        "WW": f"{day.isocalendar().week}",
    }
    words = calendar.split(".")
    dated = [today.get(word, word) for word in words]
    if "MICRO" not in words:
        return ".".join(dated)
    at = words.index("MICRO")
    same = [str(number) for number in current.release[:at]] == [
        str(int(word)) if word.isdecimal() else word for word in dated[:at]
    ]
    dated[at] = str(current.release[at] + (0 if current.prerelease else 1) if same and at < len(current.release) else 0)
    return ".".join(dated)
