"""Detector `demands`: what code newly demands of who calls it: a parameter, an argument, a flag, a sign-in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relbot.detect.demands.config_keys import read_keys_in_need
from relbot.detect.demands.facts import FACTS
from relbot.detect.demands.hosts import read_host_limits
from relbot.detect.demands.needed_files import read_needed_files
from relbot.detect.demands.reading import read_caller_demands
from relbot.detect.demands.records import read_required_values
from relbot.detect.demands.sign_ins import read_sign_ins
from relbot.detect.engine.file_patterns import CODE
from relbot.detect.engine.model import ChangeSet, Detector, Evidence, Todo
from relbot.detect.engine.path_roles import is_documentation, is_vendored
from relbot.detect.engine.phrases import quote_names
from relbot.detect.engine.syntax import is_too_large

if TYPE_CHECKING:
    from collections.abc import Iterator

    from relbot.detect.engine.model import FileChange

_ID = "demands"
_MESSAGES = {
    "parameter-required": "Requests must now have {names}",
    "argument-required": "A command must now be called with {names}",
    "flag-required": "The program must now be started with {names}",
    "key-required": "The configuration must now have {names}",
    "value-required": "Records must now have {names}",
    "file-required": "The program now needs the file {names}",
    "host-required": "Requests must now come for certain names of hosts: {names}",
    "sign-in-required": "A sign-in or a permission is now needed: {names}",
}
_PHASES = {"flag-required": "before-install", "key-required": "before-install", "file-required": "before-install"}
_VERBS = {"file-required": "Provide"}


def find_demands(changes: ChangeSet) -> Iterator[Evidence]:
    """One evidence for each fact and file, with all the names that it is about."""
    for change in changes.files:
        if change.before is None or change.after is None or change.before == change.after:
            continue  # what is new has no callers
        if (
            not change.path.lower().endswith(CODE)
            or is_documentation(change.path)
            or is_vendored(change.path)
            or is_too_large(change)
        ):
            continue
        for fact, names in _new_demands(change).items():
            message = f"{_MESSAGES[fact].format(names=quote_names(names))}."
            todo = Todo(_PHASES[fact], text=f"{_VERBS.get(fact, 'Set')} {quote_names(names)}.") if fact in _PHASES else None
            yield Evidence(_ID, fact, change.path, None, message, tuple(names), tuple(names), todo)


def _new_demands(change: FileChange) -> dict[str, list[str]]:
    """What is demanded now and was not, of what was there before."""
    found: dict[str, list[str]] = {}
    if demanded := read_caller_demands(change.new, change.path).demanded:
        before = read_caller_demands(change.old, change.path)
        for demand in sorted(demanded - before.demanded):
            if demand.holder in before.holders:
                found.setdefault(demand.fact, []).append(demand.name)
    if files := list(read_needed_files(change)):
        found["file-required"] = files
    if limits := list(dict.fromkeys(read_host_limits(change))):
        found["host-required"] = limits
    if signed := list(dict.fromkeys(read_sign_ins(change))):
        found["sign-in-required"] = signed
    if keys := list(dict.fromkeys(read_keys_in_need(change))):
        found["key-required"] = keys
    if needed := list(dict.fromkeys(read_required_values(change))):
        found["value-required"] = needed
    return found


DETECTOR = Detector(
    _ID,
    "New demands on callers: parameters of routes, arguments of commands, flags of programs, sign-ins.",
    "Clients, scripts and units still call the program in the old way.",
    FACTS,
    find=find_demands,
)
