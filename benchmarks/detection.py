"""Writes the tables of docs/detection.md from what `relbot backtest` measured on labelled changes.

    relbot backtest --dir REPOSITORY --labels PROJECT.jsonl --format json > PROJECT.json    # once for each project
    python benchmarks/detection.py PROJECT.json ...

The levels of facts are declared by what a fact does; no project had a part in them. A table stands between `<!-- NAME -->` and
`<!-- /NAME -->`. Intervals hold in 19 of 20 cases (E. B. Wilson, 1927).
"""

from __future__ import annotations

import json
import re
import sys
from collections import Counter, defaultdict
from math import sqrt
from pathlib import Path
from typing import Any

from relbot.detect.engine.facts import FactLevel
from relbot.detect.engine.registry import DETECTOR_IDS, facts_of

PAGE = Path(__file__).resolve().parent.parent / "docs" / "detection.md"
COUNTS = ("total", "require", "flagged")
SCOPES = ("deploy", "interface", "random", "hard")
LANGUAGES = {
    "cortex": "Go", "oauth2-proxy": "Go", "woodpecker": "Go", "diaspora": "Ruby", "open-build-service": "Ruby",
    "etherpad-lite": "JavaScript", "parse-server": "JavaScript",
}  # fmt: skip
"""The language of each project; Python where it is not named."""
_Z = 1.96

Counts = Counter[str]


def scopes_table(backtests: list[dict[str, Any]]) -> str:
    """All projects together: of each kind of label, the shares that are required and flagged, with their intervals."""
    rows = ["| Changes | number | required | required or asked |", "|---|---|---|---|"]
    for scope in SCOPES:
        counts = _sum_scope(backtests, scope)
        if counts["total"]:
            rows.append(f"| {scope} | {counts['total']} | {_interval(counts, 'require')} | {_interval(counts, 'flagged')} |")
    return "\n".join(rows)


def projects_table(backtests: list[dict[str, Any]]) -> str:
    """Each project: how many changes needed a note or were taken at random, and the shares that are required and flagged."""
    rows = ["| Project | deploy | required | flagged | random | required | flagged |", "|---|---|---|---|---|---|---|"]
    for backtest in sorted(backtests, key=lambda one: "".join(one["labels"]["repos"])):
        cells = ["".join(backtest["labels"]["repos"])]
        for scope in ("deploy", "random"):
            counts = _sum_scope([backtest], scope)
            cells += [str(counts["total"]), _share(counts, "require"), _share(counts, "flagged")]
        rows.append(f"| {' | '.join(cells)} |")
    return "\n".join(rows)


def languages_table(backtests: list[dict[str, Any]]) -> str:
    """Each language: the shares of its projects' changes that are required and flagged."""
    groups: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for backtest in backtests:
        groups[LANGUAGES.get("".join(backtest["labels"]["repos"]), "Python")].append(backtest)
    rows = ["| Language | deploy | required | flagged | random | required | flagged |", "|---|---|---|---|---|---|---|"]
    for language, group in sorted(groups.items()):
        cells = [language]
        for scope in ("deploy", "random"):
            counts = _sum_scope(group, scope)
            cells += [str(counts["total"]), _interval(counts, "require"), _interval(counts, "flagged")]
        rows.append(f"| {' | '.join(cells)} |")
    return "\n".join(rows)


def kinds_table(backtests: list[dict[str, Any]], scope: str) -> str:
    """Each kind of change that needed a note: how many there are, and the shares that are required and flagged."""
    kinds: dict[str, Counts] = defaultdict(Counter)
    for row in _label_rows(backtests):
        if row["scope"] == scope and row["kind"]:
            kinds[row["kind"]].update({name: row[name] for name in COUNTS})
    rows = ["| Kind | changes | required | flagged |", "|---|---|---|---|"]
    for kind, counts in sorted(kinds.items(), key=lambda one: (-one[1]["total"], one[0])):
        rows.append(f"| {kind} | {counts['total']} | {_share(counts, 'require')} | {_share(counts, 'flagged')} |")
    return "\n".join(rows)


def missed_table(backtests: list[dict[str, Any]]) -> str:
    """Changes whose operators were told to act and of which relbot says nothing: how many showed no fact at all."""
    missed: Counter[str] = Counter()
    for outcome in (one for backtest in backtests for one in backtest["told"]):
        label = outcome["label"] or {}
        if label.get("needs_note") and label["scope"] == "deploy" and outcome["verdict"] == "clean":
            code = [fact for fact in outcome["facts"] if not fact.startswith(("documented-settings/", "wording/"))]
            missed["facts of code, all of them notes" if code else "only words" if outcome["facts"] else "no fact"] += 1
    rows = ["| What relbot saw in them | changes |", "|---|---|"]
    return "\n".join([*rows, *(f"| {what} | {count} |" for what, count in missed.most_common())])


def detectors_table(backtests: list[dict[str, Any]]) -> str:
    """Each detector: in how many changes it saw a fact that asks or requires where it is declared, by what the team did."""
    seen: dict[str, Counts] = defaultdict(Counter)
    for outcome in (one for backtest in backtests for one in backtest["told"] if one["label"]):
        label = outcome["label"]
        scope = label["scope"] if label["needs_note"] else label["stratum"]
        for detector in {fact.partition("/")[0] for fact in outcome["facts"] if _speaks(fact)}:
            seen[detector][scope] += 1
    rows = ["| Detector | deploy | interface | random | hard |", "|---|---|---|---|---|"]
    for detector, counts in sorted(seen.items(), key=lambda one: -one[1]["deploy"]):
        rows.append(f"| {detector} | {' | '.join(str(counts[scope]) for scope in SCOPES)} |")
    return "\n".join(rows)


def _speaks(fact: str) -> bool:
    detector, _, name = fact.partition("/")
    return detector in DETECTOR_IDS and facts_of(detector)[name].level is not FactLevel.NOTE


def unknown_share(backtests: list[dict[str, Any]]) -> str:
    """In how many changes something was unknown."""
    total, unknown = (sum(backtest["changes"][name] for backtest in backtests) for name in ("total", "unknown"))
    return f"Something was unknown in {unknown} of {total:,} changes."


def _label_rows(backtests: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [row for backtest in backtests for row in backtest["labels"]["rows"]]


def _sum_scope(backtests: list[dict[str, Any]], scope: str) -> Counts:
    total: Counts = Counter()
    for row in _label_rows(backtests):
        if row["scope"] == scope and not row["kind"]:
            total.update({name: row[name] for name in COUNTS})
    return total


def _share(counts: Counts, name: str) -> str:
    return _as_share(counts[name] / counts["total"]) if counts["total"] else "-"


def _interval(counts: Counts, name: str) -> str:
    share, total = counts[name] / counts["total"], counts["total"]
    middle = share + _Z * _Z / (2 * total)
    width = _Z * sqrt(share * (1 - share) / total + _Z * _Z / (4 * total * total))
    low, high = ((middle + sign * width) / (1 + _Z * _Z / total) for sign in (-1, 1))
    return f"{_as_share(share)} ({_as_share(low)} to {_as_share(high)})"


def _as_share(share: float) -> str:
    return f"{share:.2f}".removeprefix("0")


def replace_table(page: str, name: str, table: str) -> str:
    """The page with a table between its two marks. SystemExit if they are not there."""
    marks = re.compile(rf"(<!-- {name} -->\n).*?(\n<!-- /{name} -->)", re.DOTALL)
    if not marks.search(page):
        sys.exit(f"{PAGE.name} has no <!-- {name} --> and <!-- /{name} -->.")
    return marks.sub(lambda found: f"{found[1]}\n{table}\n{found[2]}", page)


def main() -> None:
    backtests = [json.loads(Path(path).read_text("utf-8")) for path in sys.argv[1:]]
    page = PAGE.read_text("utf-8")
    page = replace_table(page, "together", scopes_table(backtests))
    page = replace_table(page, "by project", projects_table(backtests))
    page = replace_table(page, "by language", languages_table(backtests))
    page = replace_table(page, "by kind: deploy", kinds_table(backtests, "deploy"))
    page = replace_table(page, "by kind: interface", kinds_table(backtests, "interface"))
    page = replace_table(page, "by detector", detectors_table(backtests))
    page = replace_table(page, "unknown", unknown_share(backtests))
    page = replace_table(page, "missed", missed_table(backtests))
    PAGE.write_text(page, "utf-8")


if __name__ == "__main__":
    main()
