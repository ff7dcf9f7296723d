"""What the documentation says of settings, and of upgrading: it often tells what the code alone does not.

Notes for users (changelogs, release notes) are no evidence: they are what relbot asks for.
"""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING

from relbot.detect.model import ChangeSet, Detector, Evidence, Fact, FileChange
from relbot.detect.places import is_documentation, is_test, is_translation, is_vendored
from relbot.detect.wording import named

if TYPE_CHECKING:
    from collections.abc import Iterator

    from relbot.detect.model import Line

_NOTES = re.compile(
    r"(^|/)(change[-_]?log|changes|news|history|release[-_]?notes?|upgrad\w*[-_]?notes?)[^/]*(/|$)|(^|/)changelog\.d/", re.I
)
_SETTING = re.compile(
    r"(?<![\w/.-])-{1,2}[a-z][a-z0-9]*(?:[-._][a-z0-9]+)+(?![\w/])"  # --store.shard-by, -ingester.max-series
    r"|(?<![\w/])[A-Z][A-Z0-9]*_[A-Z0-9_]*[A-Z0-9](?!\w)"  # PARSE_SERVER_MASTER_KEY
    r"|(?<=`)[a-z][a-z0-9]*(?:[_.][a-z0-9]+)+(?=`)"  # `rc_message.per_second`
    r"|^\s*(?:#\s*)?[a-z][a-z0-9_]*(?=:\s)"  # max_size: 1
)
_DEFAULT = re.compile(r"\bdefaults?\b", re.I)
_DEPRECATED = re.compile(r"\b(deprecat\w+|no longer|removed in|will be removed|obsolete)\b", re.I)
_UPGRADING = re.compile(
    r"\b(upgrad\w+|migrat\w+|breaking|you (must|need to|should now|have to)|operators? (must|need|should)"
    r"|before (upgrading|restarting)"
    r"|rebuild|reindex|recreate|backwards?[- ]?(in)?compatib\w+)\b",
    re.I,
)
_COMMAND = re.compile(r"^\s*(?:\$|#|>)?\s*((?:sudo )?(?:[a-z][\w-]+)(?: [a-z][\w:-]+){1,3})", re.I)
_VERSION = re.compile(
    r"\b(python|ruby|node(\.?js)?|go|postgres\w*|mysql|mariadb|mongodb|redis|docker|helm|kubernetes)"
    r"\b\D{0,20}\d+(\.\d+)*",
    re.I,
)
_FENCED = re.compile(r"^\s*(```|~~~|\.\. code)")
_MOST_LINES = 1_500


def _find(changes: ChangeSet) -> Iterator[Evidence]:
    files = [file for file in changes.files if _is_told(file)]
    if not files:
        return
    gone: dict[str, tuple[FileChange, int]] = {}
    come: dict[str, tuple[FileChange, int]] = {}
    kept = set[str]()
    for file in files:
        for name, number in _settings(file.removed[:_MOST_LINES]):
            gone.setdefault(name, (file, number))
        for name, number in _settings(file.added[:_MOST_LINES]):
            come.setdefault(name, (file, number))
    for file in files:
        kept.update(name for name in (*gone, *come) if _in_both(file, name))
    lost = [name for name in gone if name not in come and name not in kept]
    new = [name for name in come if name not in gone and name not in kept]
    if lost:
        yield _about(gone[lost[0]], "removed", f"The documentation no longer knows {named(lost)}.", lost)
    if new:
        yield _about(come[new[0]], "added", f"The documentation now tells of {named(new)}.", new)
    for file in files:
        yield from _of_file(file)


def _is_told(file: FileChange) -> bool:
    path = file.path
    return is_documentation(path) and not (_NOTES.search(path) or is_test(path) or is_vendored(path) or is_translation(path))


def _settings(lines: tuple[Line, ...]) -> Iterator[tuple[str, int]]:
    for line in lines:
        for match in _SETTING.finditer(line.text):
            yield match.group().strip(" #\t"), line.number


def _in_both(file: FileChange, name: str) -> bool:
    return name in file.old and name in file.new


def _about(place: tuple[FileChange, int], fact: str, message: str, names: list[str]) -> Evidence:
    file, number = place
    line = number if fact != "removed" else None
    return Evidence("documented-settings", fact, file.path, line, message, tuple(names[:40]), tuple(names[:40]))


def _of_file(file: FileChange) -> Iterator[Evidence]:
    added, removed = file.added[:_MOST_LINES], file.removed[:_MOST_LINES]
    before = defaultdict(list)
    for line in removed:
        if _DEFAULT.search(line.text):
            before[_without_values(line.text)].append(line.text.strip())
    for line in added:
        same = before.get(_without_values(line.text))
        if same and line.text.strip() not in same:
            details = (f"- {same[0]}", f"+ {line.text.strip()}")
            yield Evidence(
                "documented-settings", "default-changed", file.path, line.number, "A documented default changes.", details
            )
            break
    if file.before is None:
        return
    yield from _first(file, added, "deprecated", _DEPRECATED, "The documentation now says that something is deprecated or gone")
    yield from _first(file, added, "upgrading", _UPGRADING, "The documentation now tells what to do at an upgrade")
    yield from _first(file, added, "version", _VERSION, "The documentation now names another version of what it runs on", removed)
    yield from _first(file, removed, "no-default", _DEFAULT, "The documentation said something else of a default")
    old_commands, new_commands = _commands(removed), _commands(added)
    lost = [command for command in old_commands if command not in new_commands and command not in file.new]
    if lost:
        message = f"The documentation no longer shows the command {named(lost)}."
        yield Evidence("documented-settings", "command-removed", file.path, None, message, tuple(lost[:20]))


def _first(
    file: FileChange, lines: tuple[Line, ...], fact: str, words: re.Pattern[str], says: str, needs: tuple[Line, ...] | None = None
) -> Iterator[Evidence]:
    if needs is not None and not any(words.search(line.text) for line in needs):
        return
    for line in lines:
        if words.search(line.text):
            number = line.number if lines is not file.removed else None
            yield Evidence("documented-settings", fact, file.path, number, f"{says}: {named([line.text.strip()])}.")
            return


def _without_values(text: str) -> str:
    return re.sub(r"\d[\w.]*|true|false|\"[^\"]*\"|`[^`]*`|'[^']*'", "", text, flags=re.I).strip()


def _commands(lines: tuple[Line, ...]) -> list[str]:
    found = []
    for line in lines:
        if line.text.startswith(("    ", "\t", "$ ")) or "`" in line.text:
            match = _COMMAND.match(line.text.strip(" `"))
            if match and match.group(1).split()[0].islower():
                found.append(match.group(1))
    return list(dict.fromkeys(found))


DETECTOR = Detector(
    "documented-settings",
    "Looks at what the documentation says of settings, defaults, commands and upgrading.",
    "Whoever changes a default and its documentation knows that people rely on it; whoever deploys seldom reads that page again.",
    (
        Fact("removed", "a setting is no longer documented"),
        Fact("added", "a setting is newly documented"),
        Fact("default-changed", "the documentation gives another default"),
        Fact("no-default", "a line that told of a default is gone"),
        Fact("deprecated", "the documentation newly says that something is deprecated or gone"),
        Fact("upgrading", "the documentation newly tells what to do at an upgrade"),
        Fact("version", "the documentation names another version of what it runs on"),
        Fact("command-removed", "the documentation no longer shows a command"),
    ),
    {
        "docs/configuration.md": (
            "- `--cache.max-size`: how much is kept, 100 by default.\n",
            "- `--cache.max-age`: how long, 1h by default.\n",
        )
    },
    {"docs/configuration.md": ("`--cache.max-size` is how much is kept.\n", "How much is kept: `--cache.max-size`.\n")},
    _find,
)
