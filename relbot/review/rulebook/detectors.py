"""The detectors and their facts as rules: what each is there for, what a fact does to an installation, and how it looks."""

from __future__ import annotations

from difflib import unified_diff
from typing import TYPE_CHECKING

from relbot.detect.engine.registry import DETECTOR_IDS, load_detector
from relbot.review.rulebook.model import Example, File, Rule

if TYPE_CHECKING:
    from relbot.detect.engine.facts import Fact, Table
    from relbot.detect.engine.model import Detector


def detector_rules() -> dict[str, Rule]:
    """A rule for each detector, by its id. Imports all of them."""
    return {name: _describe_detector(load_detector(name)) for name in DETECTOR_IDS}


def fact_rules() -> dict[str, Rule]:
    """A rule for each fact that a detector declares, by its whole id. Imports all detectors."""
    return {f"{name}/{fact.id}": _describe_fact(name, fact) for name in DETECTOR_IDS for fact in load_detector(name).facts}


def list_facts(detector: str) -> str:
    """A Markdown list of the facts of this detector: id, level, summary and meaning, each on one line."""
    facts = load_detector(detector).facts
    return "\n".join(f"- `{fact.id}` ({fact.level.value}): {fact.summary}. {fact.meaning}" for fact in facts)


def _describe_detector(known: Detector) -> Rule:
    shown = next((fact for fact in known.facts if fact.wrong), None)
    bad = known.bad or (shown.wrong if shown else {})
    good = known.good or next((fact.right for fact in known.facts if fact.right), {})
    return Rule(known.id, known.summary, known.why, _make_example(bad), _make_example(good), _sort_by_level(known))


def _sort_by_level(known: Detector) -> str:
    """The ids of the detector's facts, the highest level first: some detectors have more facts than a screen has lines."""
    lines = [f"Its facts (`relbot explain {known.id}/{known.facts[0].id}` explains one):"]
    for level, does in _LEVELS.items():
        facts = ", ".join(f"`{fact.id}`" for fact in known.facts if fact.level.value == level)
        lines += [f"`{level}`: {does}\n{facts}"] if facts else []
    return "\n\n".join(lines)


def _describe_fact(detector: str, fact: Fact) -> Rule:
    why = [fact.meaning, _LEVELS[fact.level.value]]
    why += [f"It is lowered to `{answer.level.value}` where {answer.because} (`{answer.fact}`)." for answer in fact.answers]
    if fact.known is not None:
        why.append(f"It is raised to `{fact.known.value}` where the base's documentation, samples or schemas know its name.")
    if fact.phases:
        why.append(f"A step about it may have the phase {', '.join(f'`{phase}`' for phase in fact.phases)}.")
    summary = f"{fact.summary[:1].upper()}{fact.summary[1:]}. Level `{fact.level.value}`, scope `{fact.scope.value}`."
    return Rule(f"{detector}/{fact.id}", summary, " ".join(why), _make_example(fact.wrong), _make_example(fact.right))


_LEVELS = {
    "require": "A note is required.",
    "ask": "relbot asks for a note and does not block.",
    "note": "For information: relbot asks for nothing.",
}


def _make_example(files: Table) -> Example:
    return Example(tuple(File(path, _diff_texts(before, after)) for path, (before, after) in files.items()))


def _diff_texts(before: str | None, after: str | None) -> str:
    lines = unified_diff((before or "").splitlines(), (after or "").splitlines(), n=2, lineterm="")
    return "".join(f"{line}\n" for line in list(lines)[2:])
