"""Detector `environment`: variables of the environment and keys of the configuration, as code of all languages reads them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relbot.detect.engine import syntax
from relbot.detect.engine.model import ChangeSet, Detector, Evidence, FileChange, Todo
from relbot.detect.engine.path_roles import is_documentation, is_vendored
from relbot.detect.engine.phrases import quote_names
from relbot.detect.environment.facts import FACTS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from relbot.detect.engine.tree import SyntaxTree
    from relbot.detect.environment.compare import BothSides, Happened
    from relbot.detect.environment.reads import FileReads

_ID = "environment"
_MESSAGES = {
    "renamed": "{pairs}: set the new name wherever the old one is set",
    "removed": "The changed code no longer reads {names}: where it is set, it has no effect",
    "newly-required": "{names} must now be set: the program fails without it",
    "added-required": "{names} is new, without a default: set it",
    "switch-narrowed": "Fewer values switch something on: {pairs}",
    "checked": "Values must now be of a certain form ({pairs}): the program fails with others",
    "prefix-changed": "The prefix changes ({pairs}): values under the old prefix have no effect",
    "address-default-changed": "A default changes: {pairs}",
    "retention-lowered": "Data is kept for a shorter time by default: {pairs}",
    "default-changed": "A default changes: {pairs}",
    "default-reworked": "A default is computed differently: {pairs}",
    "old-name-read": "{pairs}: the old name is still read",
    "read-elsewhere": "Another file of the change set reads {names}",
    "default-kept": "The code keeps the old default as a literal: {pairs}",
    "added": "{names} can now be set",
}
_STEPS = {
    "renamed": "Rename in the environment or the configuration: {pairs}.",
    "removed": "Remove {names} from the environment or the configuration.",
    "newly-required": "Set {names}.",
    "added-required": "Set {names}.",
    "switch-narrowed": "Look whether your values still switch it on: {pairs}.",
    "checked": "Look whether your values fit: {pairs}.",
    "prefix-changed": "Rename the variables with the old prefix: {pairs}.",
    "address-default-changed": "Set the old value if installations rely on it: {pairs}.",
    "retention-lowered": "Set the old value to keep the data: {pairs}.",
    "default-changed": "Decide whether the new default suits you: {pairs}.",
    "old-name-read": "Rename when convenient: {pairs}.",
}
_MOST_DETAILS = 60


def find_environment(changes: ChangeSet) -> Iterator[Evidence]:
    """One evidence for each fact, with all the names that it is about."""
    from relbot.detect.environment.compare import compare_reads  # what a change set without such files need not load

    files = [both for change in changes.files if (both := _read_both(change)) is not None]
    by_fact: dict[str, list[Happened]] = {}
    for happened in compare_reads(files):
        by_fact.setdefault(happened.fact, []).append(happened)
    for fact in _MESSAGES:
        if fact in by_fact:
            yield _make_evidence(fact, by_fact[fact])


def _read_both(change: FileChange) -> BothSides | None:
    # Change sets without such files need not load the grammars.
    from relbot.detect.config_structure.entry import Unreadable
    from relbot.detect.environment.compare import BothSides
    from relbot.detect.environment.reads import NO_READS, read_file
    from relbot.detect.environment.texts import reader_for
    from relbot.detect.environment.touched import asks_differently

    if change.before == change.after or is_documentation(change.path) or is_vendored(change.path):
        return None
    language = syntax.language_of(change.path)
    if language is None:
        reader = reader_for(change.path)
        if reader is None:
            return None
        try:
            return BothSides(reader(change.old, change.old_path), reader(change.new, change.path))
        except Unreadable:
            syntax.note_unparsed(change)
            return None
    if not asks_differently(change, language):
        return None
    sides = syntax.parse_sides(change)
    if (change.before is not None and sides.old is None) or (change.after is not None and sides.new is None):
        return None

    def read(tree: SyntaxTree | None, path: str) -> FileReads:
        return NO_READS if tree is None else read_file(tree, language, path)

    return BothSides(read(sides.old, change.old_path), read(sides.new, change.path))


def _make_evidence(fact: str, hits: list[Happened]) -> Evidence:
    names = tuple(dict.fromkeys(hit.name for hit in hits))
    pairs = list(dict.fromkeys(hit.words for hit in hits))
    shown = ", ".join(pairs) if len(pairs) <= 3 else f"{', '.join(pairs[:2])} and {len(pairs) - 2} more"
    words = {"names": quote_names(names), "pairs": shown}
    step = _STEPS.get(fact)
    phase = "later" if fact == "old-name-read" else "before-install"
    first = hits[0].read
    return Evidence(
        _ID,
        fact,
        first.path,
        first.line,
        f"{_MESSAGES[fact].format(**words)}.",
        tuple(f"{hit.read.path}: {hit.words}" for hit in hits)[:_MOST_DETAILS],
        names,
        Todo(phase, text=step.format(**words)) if step else None,
    )


DETECTOR = Detector(
    _ID,
    "Environment variables and keys of the configuration, as code in eleven languages, shell scripts and Spring files read them.",
    "Operators have set them or rely on their defaults. The project's tests do not cover these installations.",
    FACTS,
    find=find_environment,
)
