"""Notes that stand in a changelog alone: of https://keepachangelog.com, and of projects that write like it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relbot.adoption.changelog_style import find_changelog
from relbot.adoption.notes.changelog_history import read_history
from relbot.adoption.notes.model import ForeignNote, ForeignNotes, ForeignRelease
from relbot.adoption.notes.type_names import asks_to_act, breaks_something, meant_type, name_of_text, named_issues
from relbot.errors import UsageError
from relbot.schema.named_tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from relbot.adoption.notes.changelog_history import ChangelogHistory, HistoryEntry, HistoryItem
    from relbot.adoption.notes.model import ToolMaterial


class HeadingMeaning(NamedTuple):
    """What the headings of a changelog mean: `type_of` gives a type, "" for none; `components` are names by title."""

    type_of: Callable[[str], str]
    components: Mapping[str, str] = {}


def read_keep_a_changelog(material: ToolMaterial) -> ForeignNotes:
    """The notes of a changelog: its releases, and what is not released, which leaves the changelog for fragments.

    UsageError if the repository has no changelog in Markdown or reStructuredText.
    """
    style = find_changelog(material.facts)
    if style is None or style.form not in ("markdown", "rst"):
        tip = "Allowed: a changelog in Markdown or reStructuredText with a heading for each release."
        raise UsageError("There is no changelog to import.", tip=tip, example="CHANGELOG.md")
    text = material.facts.texts[style.path]
    history = read_history(text, style.form)
    unreleased = history.unreleased
    items = unreleased.items if unreleased else ()
    meaning = HeadingMeaning(meant_type)
    notes = tuple(make_note(style.path, item, name_of_text(item.text), meaning) for item in items)
    return ForeignNotes(
        notes,
        history_releases(history, style.path, meaning),
        path=style.path,
        changelog=_without_unreleased(text, history) if notes else None,
        left_out=name_other_parts(history, style.path),
    )


def history_releases(
    history: ChangelogHistory, path: str, meaning: HeadingMeaning, component: str | None = None
) -> tuple[ForeignRelease, ...]:
    """The releases of a changelog with their notes. The entries of a version that has several are one release."""
    found: dict[str, ForeignRelease] = {}
    for entry in history.releases:
        known = found.get(entry.version)
        stem = f"{component}-{entry.version}" if component else entry.version
        start = len(known.notes) + 1 if known else 1
        notes = tuple(
            make_note(path, item, f"{stem}-{number}", meaning, component) for number, item in enumerate(entry.items, start)
        )
        if known:
            found[entry.version] = known._replace(notes=(*known.notes, *notes), entries=known.entries + 1)
        else:
            whole = "\n".join(history.lines[entry.begin : entry.end]).rstrip("\n") + "\n"
            found[entry.version] = ForeignRelease(entry.version, entry.day, notes, whole, component)
    return tuple(found.values())


def name_other_parts(history: ChangelogHistory, path: str) -> tuple[str, ...]:
    """A sentence for each part of a changelog that is no release."""
    return tuple(f"{path}:{line}: the part `{heading}` names no version." for line, heading in history.others)


def make_note(path: str, item: HistoryItem, name: str, meaning: HeadingMeaning, component: str | None = None) -> ForeignNote:
    """The note that an item of a changelog is. A heading that means no type and no component stands before its text."""
    titles = [title for title in (item.title, item.section) if title]
    meant = next(filter(None, map(meaning.type_of, titles)), "")
    text, remark = item.text, item.problem and f"kept as reStructuredText: {item.problem}"
    for title in titles:
        if not meaning.type_of(title) and title not in meaning.components:
            text = f"**{title}:** {text}" if text[:1].isalnum() or text[:2] == "**" else f"**{title}:**\n\n{text}"
            remark = remark or f"its heading `{title}` is not a type"
    return ForeignNote(
        f"{path}:{item.line}",
        name,
        meant,
        text,
        named_issues(item.text),
        component or next((meaning.components[title] for title in titles if title in meaning.components), None),
        acts=asks_to_act(item.title),
        breaking=breaks_something(item.title),
        remark=remark,
    )


def _without_unreleased(text: str, history: ChangelogHistory) -> str:
    """The changelog without the items of its part that is not released; its heading stays."""
    entry = history.unreleased
    assert entry is not None
    end = "\r\n" if "\r\n" in text else "\n"
    mark = "\ufeff" if text.startswith("\ufeff") else ""
    kept = [*history.lines[: _below_heading(entry, history)], "", *history.lines[entry.end :]]
    return mark + end.join(kept)


def _below_heading(entry: HistoryEntry, history: ChangelogHistory) -> int:
    """The line behind the heading: one further where a line of marks underlines it."""
    below = entry.begin + 1
    line = history.lines[below] if below < len(history.lines) else ""
    return below + 1 if line and not line.strip("=-~^") else below
