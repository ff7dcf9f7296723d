"""Versions that code and packages demand of what is beside them: databases, agents, languages, other packages."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from relbot.detect.engine.model import ChangeSet, Evidence, FileChange
from relbot.detect.engine.path_roles import is_production
from relbot.detect.engine.phrases import quote_name, quote_names
from relbot.detect.runtime.manifests import manifest_reader
from relbot.schema import lazy_re as re

if TYPE_CHECKING:
    from collections.abc import Iterator

_ID = "runtime"
_PROGRAMS = (
    ".py",
    ".rb",
    ".js",
    ".ts",
    ".go",
    ".java",
    ".kt",
    ".rs",
    ".php",
    ".cs",
    ".ex",
    ".exs",
    ".erl",
    ".scala",
    ".c",
    ".cc",
    ".cpp",
)
_OLDEST = re.compile(
    r"\bmin(imum|imal)?_?(\w*version|postgres\w*|pg\w*|mysql\w*|mariadb\w*|mongo\w*|redis\w*|sqlite\w*|agent\w*|client\w*|server\w*|protocol\w*)",
    re.I,
)


def _is_higher(before: str, after: str) -> bool:
    """Whether the first number that differs is larger: the oldest version that is accepted is a newer one."""
    was, now = ([int(part) for part in re.findall(r"\d{1,12}", text)] for text in (before, after))
    return now > was


_MINIMUM = re.compile(
    r"\b(min(imum|imal)?|required?|oldest|lowest|supported)[_-]?\w*(version|major)\w*\b|\b\w+_(min|minimum|required)_version\b",
    re.I,
)
_LANGUAGE = re.compile(
    r"\b(?:rvm_)?(ruby|node|nodejs|python|java|php)(?:[-_ ]?(?:version|string|v))?[\W_]{1,4}(?:ruby-|node-)?v?(\d+\.\d+)", re.I
)


def find_minimums(changes: ChangeSet) -> Iterator[Evidence]:
    """Evidence about lines of code that demand another version of something than before."""
    for change in changes.files:
        if change.before is None or change.after is None or not is_production(change.path) or manifest_reader(change.path):
            continue
        if _has_code(change):
            yield from _of_lines(change)


def _of_lines(change: FileChange) -> Iterator[Evidence]:
    if not _may_demand(change.added_text):
        return
    demanding = [line for line in change.added if _may_demand(line.text[:_LONGEST])]
    removed = change.removed if demanding else ()
    was = {_line_key(line.text): line.text for line in removed if _NUMBER.search(line.text[:_LONGEST])}
    for line in demanding if was else ():
        before = was.get(_line_key(line.text))
        if before is None or _ENTRY.findall(before) == _ENTRY.findall(line.text):
            continue
        fact = (
            "minimum-raised"
            if _OLDEST.search(line.text[:_LONGEST]) and change.path.endswith(_PROGRAMS) and _is_higher(before, line.text)
            else "minimum-in-code"
            if _MINIMUM.search(line.text[:_LONGEST])
            else "language-in-code"
            if _names_other_language(before, line.text)
            else ""
        )
        if fact:
            message = (
                f"{quote_name(change.path)} requires another version:"
                f" {quote_name(line.text.strip())} instead of {quote_name(before.strip())}."
            )
            yield Evidence(_ID, fact, change.path, line.number, message, (), (_line_key(line.text),))
            return


def _may_demand(text: str) -> bool:
    """Whether one of the expressions for lines may fit: to look for a part of each takes a tenth of the time."""
    lower = text.lower()
    return any(part in lower for part in _DEMANDING)


def _names_other_language(before: str, after: str) -> bool:
    old, new = _LANGUAGE.findall(before[:_LONGEST]), _LANGUAGE.findall(after[:_LONGEST])
    return bool(old and new) and old != new


_LONGEST = 400
_DEMANDING = ("min", "require", "oldest", "lowest", "supported", "ruby", "node", "python", "java", "php")
_NUMBER = re.compile(r"\d")
_ENTRY = re.compile(r"\d+(?:\.\d+)*")


def _has_code(change: FileChange) -> bool:
    if "ockerfile" in change.path:
        return False
    return change.path.endswith(_CODE) or "." not in change.path.rpartition("/")[2]


_CODE = (*_PROGRAMS, ".sh", ".yml", ".yaml", ".toml", ".json", ".mk", "Makefile")


def _line_key(line: str) -> str:
    return re.sub(r"[\d.,\s()'\"]+", " ", line[:_LONGEST]).strip()


_SPEC = re.compile(r"\.spec(\.in)?$|(^|/)debian/control$|(^|/)nfpm[^/]*\.ya?ml$|\.gemspec$")
_REQUIRES = re.compile(r"^(Requires(?:\([^)]*\))?|Depends|Recommends|PreReq|Obsoletes|Conflicts|Provides):\s*(.+)", re.I)


_DEBIAN = re.compile(r"(?m)^(?:Pre-)?(?:Depends|Recommends|Conflicts|Provides|Breaks|Replaces):([^\n]*(?:\n[ \t]+[^\n]+){0,200})")


def _debian_packages(text: str) -> set[str]:
    """The packages that the control file of Debian's packages names, in whichever order and lines."""
    return {name.strip() for listed in _DEBIAN.findall(text) for name in listed.split(",") if name.strip()}


def _extensions(text: str) -> set[str]:
    """The extensions of PHP without which Composer installs nothing."""
    try:
        required = json.loads(text).get("require", {})
    except (ValueError, AttributeError):
        return set()
    return {name for name in required if name.startswith("ext-")} if isinstance(required, dict) else set()


def _required_extensions(change: FileChange) -> Iterator[Evidence]:
    if change.path.rpartition("/")[2] != "composer.json" or change.before is None or change.after is None:
        return
    if fresh := sorted(_extensions(change.new) - _extensions(change.old)):
        message = f"{quote_name(change.path)} requires {quote_names(fresh)}, which each host must have."
        yield Evidence(_ID, "extension-required", change.path, None, message, tuple(fresh), tuple(fresh))


def find_required_packages(changes: ChangeSet) -> Iterator[Evidence]:
    """Evidence about packages of an operating system that ask for other packages than before, and extensions of PHP."""
    for change in changes.files:
        yield from _required_extensions(change)
        if not _SPEC.search(change.path) or change.before is None or change.after is None:
            continue
        if change.path.endswith("debian/control"):
            before, after = _debian_packages(change.old), _debian_packages(change.new)
            lost, fresh = sorted(before - after), sorted(after - before)
            if lost or fresh:
                message = f"The dependencies of the package of {quote_name(change.path)} change: {quote_names(fresh or lost)}."
                details = (*(f"- {name}" for name in lost), *(f"+ {name}" for name in fresh))
                yield Evidence(_ID, "package-requires", change.path, None, message, details, (change.path,))
            continue
        gone = [f"- {line.text.strip()}" for line in change.removed if _REQUIRES.match(line.text)]
        come = [f"+ {line.text.strip()}" for line in change.added if _REQUIRES.match(line.text)]
        if gone or come:
            message = (
                f"The dependencies of the package of {quote_name(change.path)}"
                f" change: {quote_names([each[2:] for each in come or gone])}."
            )
            yield Evidence(_ID, "package-requires", change.path, None, message, tuple(gone + come), (change.path,))
