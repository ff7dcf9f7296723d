"""Background jobs that wait in queues under the names and with the arguments that the old code gave them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relbot.detect.engine.items import Item, ItemChange, compare_items, report_items
from relbot.detect.engine.model import ChangeSet, Detector, Evidence, FileChange
from relbot.detect.engine.path_roles import is_documentation, is_vendored
from relbot.detect.engine.syntax import language_of, parse_sides
from relbot.detect.jobs.facts import FACTS, PHASES, SENTENCES
from relbot.detect.jobs.names import BY_MODULE
from relbot.schema import lazy_re as re

if TYPE_CHECKING:
    from collections.abc import Iterator


def find_jobs(changes: ChangeSet) -> Iterator[Evidence]:
    """Evidence over all code of a change set: a job that moved to another file keeps its name."""
    old: list[Item] = []
    new: list[Item] = []
    texts: list[str] = []
    for change in changes.files:
        before, after = _read_both(change)
        old += [item._replace(path=change.old_path) for item in before]
        new += [item._replace(path=change.path) for item in after]
        texts += [change.new] if before or _NAMES_ENDPOINT in change.added_text else []
    yield from report_items("jobs", _classify(old, new, texts), SENTENCES, PHASES)


def _read_both(change: FileChange) -> tuple[list[Item], list[Item]]:
    from relbot.detect.jobs.reading import may_declare_jobs, read_jobs, read_schedules  # grammars, for code with such words

    language = language_of(change.path)
    unchanged = change.before == change.after and change.old_path == change.path
    if language is None or unchanged or is_documentation(change.path) or is_vendored(change.path):
        return [], []
    if not any(may_declare_jobs(side, language, change.path) for side in (change.before or b"", change.after or b"")):
        return [], []
    sides = parse_sides(change)
    found = [
        [*read_jobs(side, language, change.path), *read_schedules(side)] if side is not None else []
        for side in (sides.old, sides.new)
    ]
    return found[0], found[1]


def _with_modules(items: list[Item], explicit: set[str]) -> list[Item]:
    """The items, those jobs under their whole names that a side also names so: Celery puts the module before a name."""
    found: list[Item] = []
    for item in items:
        module = item.path.removesuffix(".py").removeprefix("src/").replace("/", ".")
        whole = f"{module}.{item.name}"
        if BY_MODULE in item.value and whole in explicit:
            item = item._replace(name=whole, value=item.value.removesuffix(f" {BY_MODULE}"))  # noqa: PLW2901  # as it is called
        found.append(item)
    return found


def _classify(old: list[Item], new: list[Item], texts: list[str]) -> Iterator[tuple[str, ItemChange]]:
    kept = any(_NAMES_ENDPOINT in text for text in texts)
    explicit = {item.name for item in (*old, *new) if "." in item.name and BY_MODULE not in item.value}
    for change in compare_items(_with_modules(old, explicit), _with_modules(new, explicit)):
        name = change.name
        if change.group == "schedule":
            if change.happened in ("changed", "removed"):
                yield f"schedule-{change.happened}", change
        elif change.happened == "renamed" or (change.happened == "moved" and _is_named_by_module(change)):
            yield "renamed", change
            if kept or any(re.search(rf"(?m)^\s*{re.escape(name)}\s*=|class_alias\(.*{re.escape(name)}", text) for text in texts):
                yield "old-name-kept", change
        elif change.happened == "removed":
            yield "removed", change
        elif change.old is not None and change.new is not None and not _takes_as_before(change.old.value, change.new.value):
            yield "arguments-changed", change


_NAMES_ENDPOINT = ".Endpoint("
"""What gives a consumer of MassTransit a queue whose name is not that of its class."""


def _is_named_by_module(change: ItemChange) -> bool:
    """Whether a job that moved to another file is called otherwise in the queue: Celery puts the module before its name."""
    return change.new is not None and change.new.path.endswith(".py") and BY_MODULE in change.new.value


def _takes_as_before(old: str, new: str) -> bool:
    """Whether a job that waits with the old arguments fits: no fewer are possible, no more are demanded."""
    if not old or not new:
        return True
    (was, *known), (now, *demanded) = (text.removesuffix(f" {BY_MODULE}").split(" ") for text in (old, new))
    (least_was, most_was), (least, most) = ([int(part) for part in each.split("-")] for each in (was, now))
    return least <= least_was and most >= most_was and set(demanded) <= set(known)


DETECTOR = Detector(
    "jobs",
    "Background jobs and schedules in code: their names, their arguments, when they start.",
    "The new code processes the jobs that the old code put into a queue.",
    FACTS,
    find=find_jobs,
)
