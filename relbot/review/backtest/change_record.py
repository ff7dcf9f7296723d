"""What was seen in a change as a line of a file, and back."""

from __future__ import annotations

import json

from relbot.detect.engine.model import Evidence
from relbot.review.backtest.model import ChangeRecord
from relbot.review.rules.evaluate import Observed

_LONGEST = 200


def make_record(observed: Observed, noted: tuple[str, ...], left_out: tuple[str, ...]) -> ChangeRecord:
    """What is kept of a change: the first evidence of each fact in each file, with its message cut, and no content."""
    first: dict[tuple[str, str], Evidence] = {}
    for evidence in observed.evidence:
        first.setdefault((evidence.id, evidence.path), evidence)
    kept = tuple(Evidence(one.detector, one.fact, one.path, one.line, _cut_text(one.message)) for one in first.values())
    unknown = tuple(map(_cut_text, observed.unknown))
    return ChangeRecord(observed._replace(evidence=kept, unknown=unknown), noted, left_out)


def unreadable_record(why: str) -> ChangeRecord:
    """The trace of a change that could not be looked at."""
    return ChangeRecord(Observed((), (_cut_text(why),), (), frozenset()))


def record_as_line(trace: ChangeRecord) -> bytes:
    """A line of JSON, without its end."""
    observed = trace.observed
    evidence = [[one.detector, one.fact, one.path, one.line, one.message] for one in observed.evidence]
    about = " ".join(sorted(observed.circumstances))
    data = [evidence, observed.unknown, observed.paths, about, trace.noted, trace.left_out]
    return json.dumps(data, separators=(",", ":")).encode("ascii")


def record_from_line(line: bytes) -> ChangeRecord:
    """What `as_line` wrote."""
    evidence, unknown, paths, about, noted, left_out = json.loads(line)
    seen = tuple(Evidence(*one) for one in evidence)
    return ChangeRecord(Observed(seen, tuple(unknown), tuple(paths), frozenset(about.split())), tuple(noted), tuple(left_out))


def _cut_text(text: str) -> str:
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"
