"""All detectors, found by their folders, and what all of them see in a change set."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from typing import TYPE_CHECKING

import relbot.detect
from relbot.detect.engine.file_patterns import reads_any
from relbot.detect.engine.syntax import share_work
from relbot.schema.named_tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable

    from relbot.detect.engine.facts import Fact
    from relbot.detect.engine.file_patterns import FilePattern
    from relbot.detect.engine.model import ChangeSet, Detector, Evidence


def _find_detector_ids() -> tuple[str, ...]:
    """The ids of all folders below `relbot/detect`, but the engine, in order: a folder is named like its detector's id."""
    folders = (module.name for module in iter_modules(relbot.detect.__path__) if module.ispkg and module.name != "engine")
    return tuple(sorted(folder.replace("_", "-") for folder in folders))


DETECTOR_IDS = _find_detector_ids()


class DetectorResults(NamedTuple):
    """What detectors saw, in the order of their ids, and a sentence for each that failed: what it would have seen is unknown."""

    evidence: tuple[Evidence, ...]
    unknown: tuple[str, ...]


NO_RESULTS = DetectorResults((), ())


def load_detector(name: str) -> Detector:
    """The detector of that id. ModuleNotFoundError if there is none."""
    found: Detector = import_module(f"relbot.detect.{name.replace('-', '_')}.detector").DETECTOR
    return found


def patterns_of(name: str) -> tuple[FilePattern, ...]:
    """Which files the detector of that id reads. ModuleNotFoundError if there is none."""
    found: tuple[FilePattern, ...] = import_module(f"relbot.detect.{name.replace('-', '_')}").READS
    return found


@cache
def facts_of(name: str) -> dict[str, Fact]:
    """The facts that the detector of that id declares, by their ids without the detector's."""
    return {fact.id: fact for fact in load_detector(name).facts}


def fact_of(seen: Evidence) -> Fact | None:
    """The declaration of the fact that a piece of evidence is; None for what other tools or the project's paths say."""
    return facts_of(seen.detector).get(seen.fact) if seen.detector in DETECTOR_IDS else None


def run_detectors(changes: ChangeSet, names: Iterable[str] = DETECTOR_IDS) -> DetectorResults:
    """What the detectors of these ids see in a change set. One that crashes is reported, and the others go on.

    One that reads none of the files is not loaded, which would take longer than to look at them.

    A fact that its detector does not declare has no level: that it is there is unknown, too.
    """
    share_work(changes.files)
    evidence: list[Evidence] = []
    unknown: list[str] = []
    for name in sorted(names):
        try:
            if not reads_any(patterns_of(name), changes.files):
                continue
            found = list(load_detector(name).find(changes))
            undeclared = sorted({seen.id for seen in found if seen.fact not in facts_of(name)})
        except Exception as error:  # noqa: BLE001  # a detector that crashed saw nothing, which is not "nothing there"
            unknown.append(f"The detector `{name}` failed: {type(error).__name__}: {error}")
            continue
        evidence += [seen for seen in found if seen.id not in undeclared]
        unknown += [f"The detector `{name}` reported `{fact}`, which it does not declare." for fact in undeclared]
    return DetectorResults(tuple(evidence), tuple(unknown))
