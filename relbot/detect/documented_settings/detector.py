"""Detector `documented-settings`: what documentation says of settings, defaults, commands and upgrading.

It often tells what the code alone does not. Notes for users (changelogs, release notes, upgrade notes) are no evidence:
they are what relbot asks for.
"""

from __future__ import annotations

from difflib import SequenceMatcher
from typing import TYPE_CHECKING

from relbot.detect.documented_settings.facts import FACTS
from relbot.detect.documented_settings.pages import is_page
from relbot.detect.documented_settings.settings import Mention, default_of, find_mentions, split_cells, told_names
from relbot.detect.engine.model import ChangeSet, Detector, Evidence, FileChange, Todo
from relbot.detect.engine.phrases import quote_name, quote_names
from relbot.schema import lazy_re as re

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from relbot.detect.engine.model import Line

ID = "documented-settings"
_MOST_COMPARED = 900
_ALIKE = 0.8


def find_documented(changes: ChangeSet) -> Iterator[Evidence]:
    """Evidence on settings over all pages together, then on each page that there was before."""
    pages = [file for file in changes.files if is_page(file.path)]
    if not pages:
        return
    gone = _first_mentions(pages, "removed")
    come = _first_mentions(pages, "added")
    yield from _compare_mentions(pages, gone, come)
    yield from _compare_defaults(gone, come)
    for file in pages:
        if file.before is not None:
            yield from _compare_page(file)


def _first_mentions(pages: list[FileChange], side: str) -> dict[str, Mention]:
    found: dict[str, Mention] = {}
    for file in pages:
        lines: tuple[Line, ...] = getattr(file, side)
        for mention in find_mentions(file, lines):
            known = found.get(mention.name)
            if known is None or (mention.default and not known.default):
                found[mention.name] = mention
    return found


def _compare_mentions(pages: list[FileChange], gone: dict[str, Mention], come: dict[str, Mention]) -> Iterator[Evidence]:
    lost = _not_told(gone, come, (page.new for page in pages))
    new = _not_told(come, gone, (page.old for page in pages))
    renamed = _pair_mentions(lost, new)
    was, now = {pair[0].name for pair in renamed}, {pair[1].name for pair in renamed}
    if renamed:
        yield _renamed_evidence(renamed)
    for fact, mentions, says in (
        ("removed", [mention for mention in lost if mention.name not in was], "no longer knows"),
        ("added", [mention for mention in new if mention.name not in now], "now tells of"),
    ):
        if mentions:
            names = tuple(mention.name for mention in mentions)
            yield _mention_evidence(mentions[0], fact, f"The documentation {says} {quote_names(names)}.", names, names)


def _not_told(mentions: dict[str, Mention], others: dict[str, Mention], texts: Iterable[str]) -> list[Mention]:
    """Those that the changed lines of the other side do not tell of, nor the pages there, anywhere."""
    left = {name: mention for name, mention in mentions.items() if name not in others}
    for text in texts if left else ():
        for name in told_names(text, left):
            del left[name]
    return list(left.values())


def _renamed_evidence(renamed: list[tuple[Mention, Mention]]) -> Evidence:
    arrows = [f"{old.name} → {new.name}" for old, new in renamed]
    names = tuple(mention.name for pair in renamed for mention in pair)
    todo = Todo(text=f"Rename in your configuration: {quote_names(arrows)}.")
    message = f"The documentation renames {quote_names([old.name for old, _ in renamed])}: {quote_names(arrows)}."
    return _mention_evidence(renamed[0][1], "renamed", message, arrows, names, todo)


def _pair_mentions(lost: list[Mention], new: list[Mention]) -> list[tuple[Mention, Mention]]:
    if len(lost) * len(new) > _MOST_COMPARED:
        return []
    pairs: list[tuple[Mention, Mention]] = []
    left = list(new)
    for old in lost:
        rated = [(_rate_mentions(old, other), -at) for at, other in enumerate(left)]
        best = max(rated, default=(0.0, 0))
        if best[0] >= _ALIKE:
            pairs.append((old, left.pop(-best[1])))
    return pairs


def _rate_mentions(old: Mention, new: Mention) -> float:
    if (
        old.file is not new.file
        or old.name.startswith("-") != new.name.startswith("-")
        or old.name.isupper() != new.name.isupper()
    ):
        return 0
    return SequenceMatcher(None, old.name[:80], new.name[:80]).ratio()


def _compare_defaults(gone: dict[str, Mention], come: dict[str, Mention]) -> Iterator[Evidence]:
    pairs = [(old, come[name]) for name, old in gone.items() if old.default and name in come and come[name].default]
    pairs = [(old, new) for old, new in pairs if old.default != new.default]
    versions = [pair for pair in pairs if _is_version(pair[0].default, pair[1].default)]
    for fact, found in (("default-changed", [pair for pair in pairs if pair not in versions]), ("version-changed", versions)):
        if found:
            old, new = found[0]
            more = f"; {len(found) - 1} more changed too" if len(found) > 1 else ""
            values = f"the default {quote_name(new.default)} now, {quote_name(old.default)} before"
            message = f"The documentation gives {quote_name(new.name)} {values}{more}."
            details = [f"{old.name}: {old.default} → {new.default}" for old, new in found]
            yield _mention_evidence(new, fact, message, details, tuple(new.name for _, new in found))


def _is_version(old: str, new: str) -> bool:
    return bool(_DOTTED.search(new)) and _DIGITS.sub("", old) == _DIGITS.sub("", new)


def _mention_evidence(
    place: Mention, fact: str, message: str, details: Iterable[str], names: tuple[str, ...], todo: Todo | None = None
) -> Evidence:
    line = None if fact == "removed" else place.line
    return Evidence(ID, fact, place.file.path, line, message, tuple(details)[:40], names[:40], todo)


def _compare_page(file: FileChange) -> Iterator[Evidence]:
    added, removed = file.added, file.removed
    yield from _compare_cells(file, removed, added)
    yield from _rewritten_defaults(file, removed, added)
    for fact, pattern, says in _SAYS:
        line = next((line for line in added if pattern.search(line.text[:1000]) and not _LINK.search(line.text[:1000])), None)
        if line is not None and line.text not in file.old:
            yield _line_evidence(file, fact, line, says)
    versions = [line for line in added if _VERSION.search(line.text[:1000])]
    if versions and any(_VERSION.search(line.text[:1000]) for line in removed):
        yield _line_evidence(file, "version", versions[0], "The documentation now names another version of a platform")
    line = next((line for line in removed if _DEFAULT_WORD.search(line.text[:1000])), None)
    if line is not None:
        message = f"The documentation no longer states this default: {quote_name(line.text.strip())}."
        yield Evidence(ID, "no-default", file.path, None, message)
    lost = _not_shown(_shell_commands(removed), file.new)
    if lost:
        message = f"The documentation no longer shows the command {quote_names(lost)}."
        yield Evidence(ID, "command-removed", file.path, None, message, tuple(lost[:20]))


def _not_shown(commands: list[str], text: str) -> list[str]:
    """The commands of which a text has not all words one after the other."""
    words = _COMMAND_WORD.findall(text) if commands else []
    lengths = {len(command.split()) for command in commands}
    shown = {" ".join(words[at : at + length]) for length in lengths for at in range(len(words))}
    return [command for command in commands if command not in shown]


def _line_evidence(file: FileChange, fact: str, line: Line, says: str) -> Evidence:
    names = tuple(mention.name for mention in find_mentions(file, (line,)))
    return Evidence(ID, fact, file.path, line.number, f"{says}: {quote_name(line.text.strip())}.", (), names)


def _compare_cells(file: FileChange, removed: tuple[Line, ...], added: tuple[Line, ...]) -> Iterator[Evidence]:
    """Rows of a table of settings of which one short cell changed: mostly the default."""
    before = {row[0]: row for line in removed if (row := split_cells(line.text)) and not default_of(line.text)}
    for line in added:
        row = split_cells(line.text)
        old = before.get(row[0]) if row else None
        if old is None or len(old) != len(row):
            continue
        changed = [(a, b) for a, b in zip(old, row, strict=True) if a != b]
        if len(changed) == 1 and all(len(cell.split()) <= 2 and len(cell) < 40 for cell in changed[0]):
            was, now = changed[0]
            message = (
                f"The table of settings gives {quote_name(row[0])} as"
                f" {quote_name(now or 'empty')} now, {quote_name(was or 'empty')} before."
            )
            yield Evidence(ID, "cell-changed", file.path, line.number, message, (f"{row[0]}: {was} → {now}",), (row[0],))
            return


def _rewritten_defaults(file: FileChange, removed: tuple[Line, ...], added: tuple[Line, ...]) -> Iterator[Evidence]:
    """Lines on a default that only differ in a value, whatever they are about."""
    before = {_VALUE.sub("", line.text): line for line in removed if _DEFAULT_WORD.search(line.text[:1000])}
    for line in added:
        old = before.get(_VALUE.sub("", line.text))
        if old is not None and old.text.strip() != line.text.strip() and not _is_version(old.text, line.text):
            details = (f"- {old.text.strip()}", f"+ {line.text.strip()}")
            message = f"The documentation gives another default: {quote_name(line.text.strip())}."
            yield Evidence(ID, "default-reworded", file.path, line.number, message, details)
            return


def _shell_commands(lines: tuple[Line, ...]) -> list[str]:
    found: list[str] = []
    for line in lines:
        if line.text.startswith(("    ", "\t", "$ ")) or "`" in line.text:
            match = _COMMAND.match(line.text[:1000].strip(" `"))
            if match and match[1].split()[0].islower():
                found.append(match[1])
    return list(dict.fromkeys(found))


_DEFAULT_WORD = re.compile(r"\bdefaults?\b", re.I)
_DIGITS = re.compile(r"\d+")
_DOTTED = re.compile(r"\w\.\d")
_VALUE = re.compile(r"\d[\w.]*|true|false|\"[^\"]*\"|`[^`]*`|'[^']*'", re.I)
_LINK = re.compile(r"^\s*+(?:[-*]\s*+)?\[[^\]]*\]\([^)]*\)\s*$|^\s*\.\. _")
_COMMAND = re.compile(r"\s*+(?:[$#>]\s*+)?((?:sudo )?(?:[a-z][\w-]+)(?: [a-z][\w:-]+){1,3})", re.I)
_COMMAND_WORD = re.compile(r"[\w:-]+")
_VERSION = re.compile(
    r"\b(python|ruby|node(\.?js)?|go|postgres(ql)?|mysql|mariadb|mongodb|redis|docker|helm|kubernetes|elasticsearch|rabbitmq|java|rails|django)"
    r"(?![\w-])\D{0,20}\d+(\.\d+)*",
    re.I,
)
_SAYS = (
    (
        "deprecated",
        re.compile(r"\b(deprecat\w+|no longer|removed in|will be removed|has been removed|obsolete\w*)\b", re.I),
        "The documentation now says that something is deprecated or gone",
    ),
    (
        "upgrade-section",
        re.compile(r"^(#+|=+)\s.*\b(upgrad\w+|migrat\w+|breaking)\b", re.I),
        "The documentation has a new section on upgrading",
    ),
    (
        "upgrading",
        re.compile(
            r"\b((when|before|after|while|if you) (you )?(are )?(upgrad|migrat|updat)\w+|breaking change"
            r"|backwards?[- ]?(in)?compatib\w+)\b",
            re.I,
        ),
        "The documentation now says what to do during an upgrade",
    ),
    (
        "demands",
        re.compile(
            r"\b(you (must|need to|should now|have to|will need)|operators? (must|need|should)"
            r"|(must|has to|needs to) be (set|re\w+|run))\b",
            re.I,
        ),
        "The documentation now states a requirement",
    ),
    (
        "mentions-upgrade",
        re.compile(r"\b(upgrad\w+|migrat\w+|rebuild|reindex|recreate)\b", re.I),
        "The documentation now mentions upgrading or rebuilding",
    ),
)

DETECTOR = Detector(
    id=ID,
    summary="Documentation of settings, defaults, commands and upgrades.",
    why="A documented default is one that people rely on. Operators rarely read the page again before they deploy.",
    facts=FACTS,
    bad={
        "docs/configuration.md": (
            "- `--cache.max-size`: how much is kept, 100 by default.\n",
            "- `--session.lifetime`: how long, 1h by default.\n",
        ),
        "docs/flags.md": ("- `--keep.days` (default: 7)\n", "- `--keep.days` (default: 30)\n"),
        "README.md": ("# The shop\n", "# The shop\n\n## Upgrading\n\nRun it once more.\n"),
    },
    good={
        "docs/configuration.md": ("`--cache.max-size` is how much is kept.\n", "How much is kept: `--cache.max-size`.\n"),
        "docs/upgrade-notes.md": ("", "You must run it once more when you upgrade.\n"),
    },
    find=find_documented,
)
