"""The keys of `relbot.toml` about releases: types, components, links, versions, packages."""

from __future__ import annotations

from typing import Any

from relbot.schema import lazy_re as re
from relbot.schema.kinds import Choice, Flag, Key, Many, Text

CHANGELOG_FORMATS = ("markdown", "rst", "debian", "rpm")
CALENDAR = ("YYYY", "YY", "MM", "0M", "DD", "0D", "WW", "MICRO")
_NUMBER = re.compile("[0-9]{1,9}")
_LONGEST_NAME = 255
"""Bytes of the name of a file on Linux, macOS and Windows."""
_LONGEST_PATH = 1_000
BUMPS = ("major", "minor", "patch", "none")


def _not_inside(path: str) -> str:
    parts = path.split("/")
    if len(path) > _LONGEST_PATH or max(len(part.encode("utf-8", "replace")) for part in parts) > _LONGEST_NAME:
        return f"`{path[:60]}…` is too long for a path: at most {_LONGEST_NAME} bytes a name, {_LONGEST_PATH} characters in all."
    if not path.isprintable():
        return f"`{path}` has invisible characters."
    if path.startswith(("/", "~")) or "\\" in path or ":" in path or ".." in parts or path.endswith("/"):
        return f"`{path}` is not a path below the repository's root."
    if any(part.lower() == ".git" for part in parts):
        return f"`{path}` is in git's own folder."
    return f"`{path}` is not a plain path." if "" in parts or "." in parts else ""


def _placeholder_check(*names: str) -> Any:
    def check(text: str) -> str:
        import string  # only a configuration with such a key is worth its import

        try:
            fields = [field for field in string.Formatter().parse(text) if field[1] is not None]
        except ValueError as error:
            return f"`{text}`: {error}."
        used = {str(name) for _, name, _, _ in fields}
        if any(form or conversion for _, _, form, conversion in fields):
            return f"In `{text}`, a placeholder is more than its name."
        if unknown := used - set(names):
            return f"`{{{min(unknown)}}}` is not a placeholder here."
        return "" if names[0] in used else f"`{text}` lacks `{{{names[0]}}}`."

    return check


def _tag_name(*names: str) -> Any:
    """What `_placeholders` checks, and that git takes the tag (git-check-ref-format)."""
    placeholders = _placeholder_check(*names)

    def check(text: str) -> str:
        name = re.sub(r"\{\w+\}", "1", text)
        if not name.isprintable() or re.search(r"[\x00-\x20\x7f~^:?*\[\\]|\.\.|@\{|//|^[-/.]|/\.|[/.]$|\.lock(?:/|$)", name):
            return f"`{text}` cannot be the name of a tag."
        return str(placeholders(text))

    return check


def _check_calendar(text: str) -> str:
    words = text.split(".")
    if unknown := [word for word in words if word not in CALENDAR and not _NUMBER.fullmatch(word)]:
        return f"`{unknown[0]}` is not a part of a calendar version."
    first = next((word for word in words if not _NUMBER.fullmatch(word)), "")
    return "" if first in ("YYYY", "YY") else f"`{text}` does not begin with a year, so later versions could be lower."


PATH = Text("a path below the repository's root, with `/`", check=_not_inside)


def pattern_kind(*names: str) -> Text:
    """A text in which these placeholders may stand, the first of them must."""
    allowed = "a text with " + ", ".join(f"`{{{name}}}`" for name in names)
    return Text(allowed, check=_placeholder_check(*names))


def tag_pattern_kind(*names: str) -> Text:
    """The same, of the names of tags."""
    return pattern_kind(*names)._replace(check=_tag_name(*names))


TYPE_KEYS = (
    Key("title", Text("a heading"), "The heading in the notes.", 'title = "Features"'),
    Key("bump", Choice(BUMPS), "The part of the version that `--bump auto` raises.", 'bump = "minor"', "minor"),
    Key("hidden", Flag(), "Whether the notes count these changes without showing them.", "hidden = true", False),
)
COMPONENT_KEYS = (
    Key("title", Text("a heading"), "The heading in the notes.", 'title = "The API"'),
    Key("changelog", PATH, "Its own changelog; it is then released on its own.", 'changelog = "api/CHANGELOG.md"'),
    Key("directory", PATH, "Its own folder of fragments.", 'directory = "api/changes"'),
    Key(
        "tag",
        tag_pattern_kind("version", "component"),
        "The name of its releases' tags.",
        'tag = "api-{version}"',
        "{component}-v{version}",
    ),
    Key("manifests", Many(PATH), "Files in which a build raises its version.", 'manifests = ["api/package.json"]', ()),
)
LINK_KEYS = (
    Key(
        "repository",
        Text("an address"),
        "The repository on the web; by default that of the remote `origin`.",
        'repository = "https://github.com/owner/repo"',
        "",
    ),
    Key("issue", pattern_kind("number"), "The address of an issue.", 'issue = "https://tracker.example.org/{number}"', ""),
    Key("pr", pattern_kind("number"), "The address of a pull request.", 'pr = "https://git.example.org/pulls/{number}"', ""),
    Key("author", pattern_kind("login"), "The address of an author.", 'author = "https://git.example.org/{login}"', ""),
    Key(
        "compare",
        pattern_kind("version", "previous", "repository"),
        "The address of a release compared with the one before, for the links at the foot of a Markdown changelog. Default: like "
        "those that are there.",
        'compare = "{repository}/compare/v{previous}...v{version}"',
        "",
    ),
    Key("history", Flag(), "Whether to ask the git history for pull requests and authors.", "history = false", True),
)
VERSION_KEYS = (
    Key(
        "scheme",
        Choice(("auto", "semver", "pep440", "calendar")),
        "How versions are read; `auto` takes SemVer, else PEP 440.",
        'scheme = "semver"',
        "auto",
    ),
    Key(
        "calendar",
        Text(f"a pattern of {', '.join(CALENDAR[:-1])} and {CALENDAR[-1]} with dots, a year first", check=_check_calendar),
        "The pattern of calendar versions.",
        'calendar = "YYYY.0M.MICRO"',
        "YYYY.0M.MICRO",
    ),
    Key(
        "manifests",
        Many(PATH),
        "Files in which a build raises the version: package.json, pyproject.toml, Cargo.toml, Chart.yaml, lock files, or a line "
        'such as `__version__ = "1.2.0"`.',
        'manifests = ["package.json", "src/app/__init__.py"]',
        (),
    ),
    Key("backports", Choice(("omit", "repeat")), "Changes of older lines in a newer entry.", 'backports = "repeat"', "omit"),
)
PACKAGE_KEYS = (
    Key("name", Text("the name of a package"), "The package, for a Debian changelog.", 'name = "obs-api"', ""),
    Key("maintainer", Text("a name and an address"), "Who signs the entry.", 'maintainer = "Jane Doe <jane@example.org>"', ""),
    Key(
        "distribution",
        Text("a distribution"),
        "The distribution of a Debian changelog. Default: that of the entry before, else `unstable`.",
        'distribution = "unstable"',
    ),
    Key(
        "urgency",
        Choice(("low", "medium", "high", "emergency", "critical")),
        "The urgency of a Debian changelog.",
        'urgency = "medium"',
        "medium",
    ),
    Key(
        "revision",
        Text("a Debian revision", pattern=r"[A-Za-z0-9+.~]*"),
        "The Debian revision behind the version. Default: none if the entry before is native (`1.2.0`), else 1.",
        'revision = "1"',
    ),
    Key(
        "epoch",
        Text("a number", pattern=r"[0-9]{0,9}"),
        "The epoch before the version in a Debian changelog. Default: that of the entry before.",
        'epoch = "2"',
    ),
)
