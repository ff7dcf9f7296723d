"""Writes the tables of docs/detection.md from what `relbot backtest` and `benchmarks/tune.py` measured.

    relbot backtest --dir REPOSITORY --labels PROJECT.jsonl --format json > PROJECT.json    # once for each project
    python benchmarks/tune.py --json unseen.json PROJECT.jsonl:REPOSITORY ...
    python benchmarks/detection.py unseen.json PROJECT.json ...

`unseen.json` has what each project gets by weights that were fitted to the others; the JSON of a backtest, what it gets by the
weights that relbot has. A table stands between `<!-- NAME -->` and `<!-- /NAME -->`.
"""

from __future__ import annotations

import json
import re
import sys
from collections import Counter, defaultdict
from pathlib import Path
from typing import Any

PAGE = Path(__file__).resolve().parent.parent / "docs" / "detection.md"
COUNTS = ("total", "require", "flagged")

Counts = Counter[str]


def by_project(unseen: dict[str, Any], backtests: list[dict[str, Any]]) -> str:
    """Each project, and all: of changes that needed a note and of random ones, the shares that are spoken of."""
    fitted = {"".join(backtest["labels"]["repos"]): backtest["labels"]["rows"] for backtest in backtests}
    columns = ("Project", *(name for scope in ("deploy", "random") for name in (scope, "required", "flagged", "with own")))
    rows = [f"| {' | '.join(columns)} |", "|---" * len(columns) + "|"]
    for project in sorted(unseen):
        own = {row["scope"]: Counter({name: row[name] for name in COUNTS}) for row in fitted[project] if not row["kind"]}
        rows.append(_project(project, {scope: Counter(counts) for scope, counts in unseen[project].items()}, own))
    together = {scope: _sum(unseen[project][scope] for project in unseen) for scope in ("deploy", "random")}
    every = [row for rows in fitted.values() for row in rows if not row["kind"]]
    own = {scope: _sum(row for row in every if row["scope"] == scope) for scope in ("deploy", "random")}
    return "\n".join([*rows, _project("**all**", together, own)])


def by_kind(backtests: list[dict[str, Any]], scope: str) -> str:
    """Each kind of change that needed a note: how many there are, and the shares that are spoken of."""
    kinds: dict[str, Counts] = defaultdict(Counter)
    for backtest in backtests:
        for row in backtest["labels"]["rows"]:
            if row["scope"] == scope and row["kind"]:
                kinds[row["kind"]].update({name: row[name] for name in COUNTS})
    rows = ["| Kind | changes | required | flagged |", "|---|---|---|---|"]
    for kind, counts in sorted(kinds.items(), key=lambda one: (-one[1]["total"], one[0])):
        rows.append(f"| {kind} | {counts['total']} | {_share(counts, 'require')} | {_share(counts, 'flagged')} |")
    return "\n".join(rows)


def _project(name: str, unseen: dict[str, Counts], own: dict[str, Counts]) -> str:
    cells = [name]
    for scope in ("deploy", "random"):
        counts = unseen[scope]
        cells += [str(counts["total"]), _share(counts, "require"), _share(counts, "flagged"), _share(own[scope], "flagged")]
    return f"| {' | '.join(cells)} |"


def _sum(rows: Any) -> Counts:
    total: Counts = Counter()
    for row in rows:
        total.update({name: row[name] for name in COUNTS})
    return total


def _share(counts: Counts, name: str) -> str:
    return f"{counts[name] / counts['total']:.2f}".removeprefix("0") if counts["total"] else "-"


def written(page: str, name: str, table: str) -> str:
    """The page with a table between its two marks. SystemExit if they are not there."""
    marks = re.compile(rf"(<!-- {name} -->\n).*?(\n<!-- /{name} -->)", re.DOTALL)
    if not marks.search(page):
        sys.exit(f"{PAGE.name} has no <!-- {name} --> and <!-- /{name} -->.")
    return marks.sub(lambda found: f"{found[1]}\n{table}\n{found[2]}", page)


def main() -> None:
    unseen, *backtests = [json.loads(Path(path).read_text("utf-8")) for path in sys.argv[1:]]
    page = PAGE.read_text("utf-8")
    page = written(page, "by project", by_project(unseen, backtests))
    page = written(page, "by kind: deploy", by_kind(backtests, "deploy"))
    page = written(page, "by kind: interface", by_kind(backtests, "interface"))
    PAGE.write_text(page, "utf-8")


if __name__ == "__main__":
    main()
