"""All detectors: which there are, and what all of them see in a change set."""

from __future__ import annotations

from contextlib import suppress
from importlib import import_module
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable

    from relbot.detect.engine.model import ChangeSet, Detector, Evidence

MODULES = {
    "config-structure": "config_structure",
    "documented-settings": "documented_settings",
    "migrations": "migrations",
    "interfaces": "interfaces",
    "runtime": "runtime",
    "services": "services",
    "settings-read": "settings_read",
    "tasks": "tasks",
    "wording": "wording",
}
"""The module below `relbot.detect` of each detector, by its id. One is imported when it is used."""


class DetectorResults(NamedTuple):
    """What detectors saw, in the order of their ids, and a sentence for each that failed: what it would have seen is unknown."""

    evidence: tuple[Evidence, ...]
    unknown: tuple[str, ...]


NO_RESULTS = DetectorResults((), ())


def load_detector(name: str) -> Detector:
    """The detector of that id."""
    found: Detector = import_module(f"relbot.detect.{MODULES[name]}.detector").DETECTOR
    return found


def load_detectors() -> None:
    """Imports all of them, which takes a while: for those who have to wait for something else before they ask `see`."""
    for name in MODULES:
        with suppress(Exception):  # `see` tells of it
            load_detector(name)


def run_detectors(changes: ChangeSet, names: Iterable[str] = tuple(MODULES)) -> DetectorResults:
    """What the detectors of these ids see in a change set. One that crashes is told of, and the others go on."""
    evidence: list[Evidence] = []
    unknown: list[str] = []
    for name in sorted(names):
        try:
            evidence += load_detector(name).find(changes)
        except Exception as error:  # noqa: BLE001  # a detector that crashed saw nothing, which is not "nothing there"
            unknown.append(f"The detector `{name}` failed: {type(error).__name__}: {error}")
    return DetectorResults(tuple(evidence), tuple(unknown))
