"""The detectors as rules, each with what it is there for and how it looks."""

from __future__ import annotations

from difflib import unified_diff
from typing import TYPE_CHECKING

from relbot.detect.engine.registry import DETECTOR_IDS, load_detector
from relbot.review.rulebook.model import Example, File, Rule

if TYPE_CHECKING:
    from relbot.detect.engine.facts import Table
    from relbot.detect.engine.model import Detector


def detector_rules() -> dict[str, Rule]:
    """A rule for each detector, by its id. Imports all of them."""
    return {name: _describe_detector(load_detector(name)) for name in DETECTOR_IDS}


def _describe_detector(known: Detector) -> Rule:
    facts = "\n".join(f"- `{fact.id}`: {fact.summary}" for fact in known.facts)
    return Rule(
        known.id, known.summary, f"{known.why}\n\nWhat it sees:\n\n{facts}", _make_example(known.bad), _make_example(known.good)
    )


def _make_example(files: Table) -> Example:
    return Example(tuple(File(path, _diff_texts(before, after)) for path, (before, after) in files.items()))


def _diff_texts(before: str | None, after: str | None) -> str:
    lines = unified_diff((before or "").splitlines(), (after or "").splitlines(), n=2, lineterm="")
    return "".join(f"{line}\n" for line in list(lines)[2:])
