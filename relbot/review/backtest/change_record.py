"""The facts of a change as a line of a file, and back."""

from __future__ import annotations

import json

from relbot.detect.engine.model import Evidence
from relbot.review.backtest.model import ChangeRecord
from relbot.review.rules.evaluate import Observed
from relbot.schema.json_text import load_json

_LONGEST = 200


def make_record(observed: Observed, noted: tuple[str, ...], reverted: tuple[str, ...] = ()) -> ChangeRecord:
    """What is kept of a change: the first evidence of each fact in each file, with its message cut, and no content.

    It has the subjects of all evidence of that fact and file: they decide its level.
    """
    first: dict[tuple[str, str], Evidence] = {}
    for evidence in observed.evidence:
        known = first.get((evidence.id, evidence.path))
        subjects = tuple(dict.fromkeys((*(known.subjects if known else ()), *evidence.subjects)))
        first[evidence.id, evidence.path] = (known or evidence)._replace(subjects=subjects)
    kept = tuple(
        Evidence(one.detector, one.fact, one.path, one.line, _cut_text(one.message), (), one.subjects) for one in first.values()
    )
    unknown = tuple(map(_cut_text, observed.unknown))
    return ChangeRecord(observed._replace(evidence=kept, unknown=unknown), noted, reverted)


def unreadable_record(why: str) -> ChangeRecord:
    """The trace of a change that could not be looked at."""
    return ChangeRecord(Observed((), (_cut_text(why),), ()))


def record_as_line(trace: ChangeRecord) -> bytes:
    """A line of JSON, without its end."""
    observed = trace.observed
    evidence = [[one.detector, one.fact, one.path, one.line, one.message, one.subjects] for one in observed.evidence]
    data = [evidence, observed.unknown, observed.paths, observed.known, observed.left_out, trace.noted, trace.reverted]
    return json.dumps(data, separators=(",", ":")).encode("ascii")


def record_from_line(line: bytes) -> ChangeRecord:
    """What `as_line` wrote."""
    evidence, unknown, paths, known, left_out, noted, reverted = load_json(line)
    seen = tuple(
        Evidence(detector, fact, path, line, message, (), tuple(subjects))
        for detector, fact, path, line, message, subjects in evidence
    )
    places = tuple((name, place) for name, place in known)
    return ChangeRecord(Observed(seen, tuple(unknown), tuple(paths), places, tuple(left_out)), tuple(noted), tuple(reverted))


def _cut_text(text: str) -> str:
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"
