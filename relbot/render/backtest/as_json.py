"""A backtest for programs. The shape is that of `relbot schema backtest`."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from relbot._version import __version__
from relbot.review.backtest.suggest_rules import suggestion_as_toml

if TYPE_CHECKING:
    from relbot.review.backtest.model import ChangeOutcome, PastChange
    from relbot.review.backtest.report import BacktestReport
    from relbot.review.backtest.tally import FactTally, LabelFigures, LabelRow, NoteFigures, VerdictShare

VERSION = 1
_COUNT: dict[str, Any] = {"type": "integer", "minimum": 0}
_TEXT: dict[str, Any] = {"type": "string"}
_TEXTS: dict[str, Any] = {"type": "array", "items": _TEXT}


def _object_schema(properties: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"type": "object", "required": list(properties), "properties": properties, **more}


def _array_schema(items: dict[str, Any]) -> dict[str, Any]:
    return {"type": "array", "items": items}


_VERDICTS = ("require", "ask", "clean", "unknown", "exempt")
_SHARES = {"total": _COUNT, "require": _COUNT, "flagged": _COUNT, "unknown": _COUNT}
_ROWS = _array_schema(_object_schema({"scope": _TEXT, "kind": _TEXT, **_SHARES}))
_CHANGE = {"base": _TEXT, "head": _TEXT, "date": _TEXT, "subject": _TEXT}
_LABEL = _object_schema(
    {
        "needs_note": {"type": "boolean"},
        **dict.fromkeys(("kind", "subkind", "scope", "stratum"), _TEXT),
        "bot": {"type": "boolean"},
        "repo": _TEXT,
        "why": _TEXT,
    }
)
SCHEMA: dict[str, Any] = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "title": "relbot backtest",
    **_object_schema(
        {
            "version": {"const": VERSION},
            "relbot": _TEXT,
            "of": _TEXT,
            "rules": _TEXT,
            "cut": {"type": "boolean"},
            "first": _TEXT,
            "last": _TEXT,
            "changes": _object_schema({"total": _COUNT, **dict.fromkeys(_VERDICTS, _COUNT)}),
            "comments": _COUNT,
            "reverts": _COUNT,
            "facts": _array_schema(
                _object_schema(
                    {
                        "fact": _TEXT,
                        **dict.fromkeys(("seen", "require", "ask", "noted"), _COUNT),
                        "examples": _array_schema(_object_schema({**_CHANGE, "path": _TEXT, "message": _TEXT})),
                    }
                )
            ),
            "notes": {
                "anyOf": [
                    {"type": "null"},
                    _object_schema({"globs": _TEXTS, "with_note": _object_schema(_SHARES), "without": _object_schema(_SHARES)}),
                ]
            },
            "labels": {"anyOf": [{"type": "null"}, _object_schema({"repos": _TEXTS, "rows": _ROWS, "without_bots": _ROWS})]},
            "left_out": _array_schema(_object_schema({"why": _TEXT, "changes": _COUNT, "files": _COUNT})),
            "told": _array_schema(
                _object_schema(
                    {
                        **_CHANGE,
                        "verdict": {"enum": list(_VERDICTS)},
                        "noted": {"type": "boolean"},
                        "label": {"anyOf": [{"type": "null"}, _LABEL]},
                        "facts": _TEXTS,
                        "unknown": _TEXTS,
                    }
                )
            ),
            "suggestion": {"type": ["string", "null"]},
        }
    ),
}
"""`told` are the changes that are labelled, noted, flagged or unknown; `suggestion` is TOML."""


def render(report: BacktestReport) -> str:
    """One JSON object."""
    return json.dumps(_report_data(report), indent=1) + "\n"


def _report_data(report: BacktestReport) -> dict[str, Any]:
    tally = report.tally
    return {
        "version": VERSION,
        "relbot": __version__,
        "of": report.of,
        "rules": report.rules,
        "cut": report.cut,
        "first": tally.first,
        "last": tally.last,
        "changes": {"total": tally.total, **tally.verdicts},
        "comments": tally.comments,
        "reverts": tally.reverts,
        "facts": [_fact_data(fact) for fact in tally.facts],
        "notes": None if tally.noted is None else _notes_data(tally.noted, report.notes),
        "labels": None if tally.labelled is None else _labels_data(tally.labelled),
        "left_out": [{"why": why, "changes": changes, "files": files} for why, (changes, files) in tally.left_out.items()],
        "told": [_outcome_data(outcome) for outcome in report.told],
        "suggestion": None if report.suggestion is None else suggestion_as_toml(report.suggestion),
    }


def _change_data(change: PastChange) -> dict[str, str]:
    return {"base": change.base, "head": change.head, "date": change.date, "subject": change.subject}


def _fact_data(fact: FactTally) -> dict[str, Any]:
    examples = [
        {**_change_data(one.change), "path": one.evidence.path, "message": one.evidence.message}
        for one in fact.examples
        if one.evidence is not None
    ]
    return {**fact._asdict(), "examples": examples}


def _share_data(share: VerdictShare) -> dict[str, int]:
    return share._asdict()


def _notes_data(noted: NoteFigures, globs: tuple[str, ...]) -> dict[str, Any]:
    return {"globs": list(globs), "with_note": _share_data(noted.with_note), "without": _share_data(noted.without)}


def _labels_data(labelled: LabelFigures) -> dict[str, Any]:
    return {
        "repos": list(labelled.repos),
        "rows": [_row_data(row) for row in labelled.rows],
        "without_bots": [_row_data(row) for row in labelled.without_bots],
    }


def _row_data(row: LabelRow) -> dict[str, Any]:
    return {"scope": row.scope, "kind": row.kind, **_share_data(row.share)}


def _outcome_data(outcome: ChangeOutcome) -> dict[str, Any]:
    return {
        **_change_data(outcome.change),
        "verdict": outcome.verdict,
        "noted": outcome.noted,
        "label": None if outcome.change.label is None else outcome.change.label._asdict(),
        "facts": sorted({evidence.id for evidence in outcome.trace.observed.evidence}),
        "unknown": list(outcome.trace.observed.unknown),
    }
