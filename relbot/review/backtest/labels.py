"""Labelled changes: lines of JSON to changes, or to every fault they have."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from relbot.errors import ConfigError
from relbot.finding import Finding, Place
from relbot.review.backtest.model import Label, PastChange
from relbot.schema import lazy_re as re
from relbot.schema.json_text import load_json

if TYPE_CHECKING:
    from collections.abc import Iterator

_ID = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}")
_LABELS = {"needs_note": True, "no_note": False}
_EXAMPLE = '{"base": "<40 digits>", "head": "<40 digits>", "label": "needs_note", "kind": "db-migration", "scope": "deploy"}'


def read_labels(path: str, text: str) -> tuple[PastChange, ...]:
    """The changes in a file of labels, one JSON object a line. ConfigError with all faults.

    `base`, `head` and `label` are needed; `kind`, `subkind`, `scope`, `stratum`, `bot`, `repo`, `date`, `evidence` and
    `note_paths` (the answer: not looked at) may be there, and anything else.
    """
    changes: list[PastChange] = []
    findings: list[Finding] = []
    for number, line in enumerate(text.split("\n"), 1):
        if line.strip():
            data, faults = _parse_object(line)
            findings += [Finding("labels", Place(path, number), fault, "", _EXAMPLE) for fault in faults]
            if not faults:
                changes.append(_as_change(data))
    if findings:
        raise ConfigError(f"relbot cannot use {path}.", findings)
    return tuple(changes)


def _parse_object(line: str) -> tuple[dict[str, Any], list[str]]:
    try:
        data = load_json(line)
    except ValueError as error:
        return {}, [f"This line is not JSON: {error}."]
    return (data, list(_object_faults(data))) if isinstance(data, dict) else ({}, ["This line is not a JSON object."])


def _object_faults(data: dict[str, Any]) -> Iterator[str]:
    for key in ("base", "head"):
        if not isinstance(data.get(key), str) or not _ID.fullmatch(data[key]):
            yield f"`{key}` is not a full commit id of 40 hexadecimal digits."
    if data.get("label") not in tuple(_LABELS):
        yield "`label` must be `needs_note` or `no_note`."
    paths = data.get("note_paths") or []
    if not isinstance(paths, list) or not all(isinstance(path, str) for path in paths):
        yield "`note_paths` is not a list of paths."


def _as_change(data: dict[str, Any]) -> PastChange:
    kind, subkind, scope, stratum, repo, why, date, subject = (
        str(data.get(key) or "") for key in ("kind", "subkind", "scope", "stratum", "repo", "evidence", "date", "subject")
    )
    label = Label(_LABELS[data["label"]], kind, subkind, scope, stratum, bool(data.get("bot")), repo, why)
    return PastChange(data["base"], data["head"], date, subject, (), tuple(data.get("note_paths") or ()), label)
