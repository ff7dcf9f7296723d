"""An entry of a Debian changelog.

After deb-changelog(5) and the Debian Policy Manual: the changelog (4.4), names (5.6.7)
and versions (5.6.12).
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from relbot.errors import UsageError
from relbot.release.debian_changelog import list_heads
from relbot.render.notes import package_fields
from relbot.render.notes.heading_outline import outline_notes
from relbot.render.notes.plain_text import entry_lines, prose_lines, wrap_entry
from relbot.schema import lazy_re as re

if TYPE_CHECKING:
    from relbot.config.model import Package
    from relbot.release.notes import Notes
    from relbot.render.notes.context import NotesContext
    from relbot.render.notes.plain_text import PlainLine

WIDTH = 80
_AUTHOR = re.compile(r"\[ .+ \]")
"""The line that dch(1) writes above the items of one person."""
_NAME = re.compile(r"[a-z0-9][a-z0-9+.-]+")
_SEMVER = re.compile(r"(\d+\.\d+\.\d+)-([0-9A-Za-z.-]+)((?:\+.*)?)")
_PRE = re.compile(r"(?<=\d)[-_.]?(alpha|beta|preview|pre|rc|dev|a|b|c)(?=[-_.]?\d|\+|$|[-_.])[-_.]?", re.IGNORECASE)
_POST = re.compile(r"(?<=\d)[-_.]?(post|rev|r)(?=[-_.]?\d|\+|$)[-_.]?", re.IGNORECASE)


def render(notes: Notes, context: NotesContext) -> str:
    """The entry of a release, signed at midnight UTC of its day."""
    package = context.package
    if not package.name:
        raise package_fields.missing_key_error("name", "debian", 'name = "obs-api"')
    if not _NAME.fullmatch(package.name):
        what = f"`package.name` is `{package.name}`, which cannot name a Debian package."
        tip = "Allowed: two or more small letters, digits, `+`, `-` and `.`, beginning with a letter or digit."
        raise UsageError(what, tip=tip, example='[package]\nname = "obs-api"')
    signed_by = package_fields.check_maintainer(package.maintainer, "debian")
    version, distribution = _follow_changelog(notes.version, package, context.changelog)
    lines = [f"{package.name} ({version}) {distribution}; urgency={package.urgency}", ""]
    if notes.prose.strip():
        lines += [*_prose_items(notes.prose), ""]
    for part in outline_notes(notes):
        lines.append(f"  [ {' / '.join(' '.join(title.split()) for title in part.path)} ]")
        for entry in part.entries:
            lines += wrap_entry(entry_lines(entry, context.links), "  * ", WIDTH)
        lines.append("")
    if not notes.groups:
        lines += ["  * New release.", ""]
    day = notes.date
    signed = f"{package_fields.weekday_name(day)}, {day.day:02} {package_fields.month_name(day)} {day.year:04} 00:00:00 +0000"
    return "\n".join([*lines, f" -- {signed_by}  {signed}"]) + "\n"


def _follow_changelog(version: str, package: Package, changelog: str) -> tuple[str, str]:
    """The version as Debian's, and the distribution, where nothing is configured as the entries that are there have them."""
    upstream = debian_version(version, "")
    heads = list(list_heads(changelog))
    own = next((head for head in heads if head.upstream == upstream.rpartition(":")[2]), None)
    last = own or next(iter(heads), None)
    released = next((head for head in ([own] if own else []) + heads if not head.unreleased), None)
    native = last is not None and not last.revision
    revision = package.revision if package.revision is not None else "" if native else own.revision if own else "1"
    epoch = package.epoch if package.epoch is not None else last.epoch if last else ""
    made = debian_version(version, revision)
    distribution = package.distribution or (released.distribution if released else "unstable")
    return (f"{epoch}:{made}" if epoch and ":" not in made else made), distribution


def _prose_items(text: str) -> list[str]:
    """What a release says above its changes; items of a list at its margin are items of the entry."""
    items: list[list[PlainLine]] = []
    for line in prose_lines(text):
        if not items or (line.indent == 0 and (line.bullet or _AUTHOR.fullmatch(line.text))):
            items.append([])
        listed = line.indent == 0 and line.bullet.startswith("-")
        items[-1].append(replace(line, bullet="" if listed else line.bullet, indent=max(line.indent - 2, 0)))
    lines: list[str] = []
    for item in items:
        if _AUTHOR.fullmatch(item[0].text):
            lines += [*([""] if lines else []), f"  {item[0].text}"]
        else:
            lines += wrap_entry(item, "  * ", WIDTH)
    return lines


def _tilde_prerelease(match: re.Match[str]) -> str:
    """`~rc`; a development version comes before all others, so `~~dev`."""
    kind = match[1].lower()
    return f"~~{kind}" if kind == "dev" else f"~{kind}"


def debian_version(version: str, revision: str) -> str:
    """A SemVer or PEP 440 version as Debian's, in the same order: `1.2.0-rc.1` and `1.2.0rc1` come before `1.2.0`.

    `~` sorts before the end of a version, `+` after it and before `.` (deb-version(7)).
    """
    text = version.strip().removeprefix("v")
    epoch, separator, rest = text.partition("!")
    text = f"{epoch}:{rest}" if separator and epoch.isdecimal() else text
    if semver := _SEMVER.fullmatch(text):
        text = f"{semver[1]}~{semver[2]}{semver[3]}"
    else:
        text = _POST.sub("+post", _PRE.sub(_tilde_prerelease, text))
    text = re.sub(r"[^A-Za-z0-9.+~:-]", ".", text)
    if revision:
        return f"{text}-{revision}"
    return text.replace("-", ".")
