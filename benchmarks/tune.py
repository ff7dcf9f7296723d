"""Fits the weights of facts and circumstances to labelled changes, and writes relbot/review/scoring/weights.py.

    python benchmarks/tune.py [--write] [--json FILE] LABELS.jsonl:REPOSITORY ...

Each LABELS file has one change of REPOSITORY (a git folder) a line, with `base`, `head`, `label` (`needs_note`, `no_note`),
`scope`, `stratum` and `note_paths`; one file is one project. What is fitted is a logistic regression with a penalty on the
squares of the weights, by Newton's method. How well it does is told from changes of projects that it was not fitted to: each
project is judged by the weights of the others. The thresholds are those at which, judged so, ASK and REQUIRE of the random
changes that need no note are spoken of. Needs numpy (`pip install --group tune`).
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import subprocess
import sys
from collections import Counter, defaultdict
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from relbot.detect.engine.registry import run_detectors
from relbot.git.change_set import BlobReader, read_change_set
from relbot.git.process import Git
from relbot.review.scoring.features import circumstances
from relbot.review.scoring.model import ids

ASK, REQUIRE = 0.12, 0.03
SEEN_AT_LEAST = {"fact": 4, "circumstance": 12}
HARD, POSITIVE = 0.2, 4.0
"""What a hard negative and a positive weigh in the fit, beside 1 for a random negative."""
SCALE = {"fact": 1.0, "circumstance": 0.3, "word": 0.15}
"""How freely each sort may weigh: the larger, the less it is held back. Words are many and each says little."""
PENALTY = 4.0
ITERATIONS = 25
BY_HAND = {"config-structure/moved": 1.5}
"""Facts that are too rare in labelled changes to be fitted, and that have broken a production by themselves: the incident."""
WEIGHTS = Path(__file__).resolve().parent.parent / "relbot" / "rules" / "weights.py"

Array = np.ndarray[Any, Any]


class Change(NamedTuple):
    project: str
    head: str
    group: str  # deploy, interface, random or hard
    facts: frozenset[str]
    ids: frozenset[str]  # all that has a weight: the facts, their families, circumstances


def read(pair: str) -> list[Change]:
    labels, _, repository = pair.rpartition(":")
    git = Git(Path(repository))
    changes = []
    with BlobReader(git) as blobs:
        for line in Path(labels).read_text("utf-8").splitlines():
            label = json.loads(line)
            change_set = read_change_set(git, label["base"], label["head"], blobs, frozenset(label["note_paths"]))
            seen = run_detectors(change_set)
            if seen.unknown:
                print(label["head"], *seen.unknown, file=sys.stderr)
            group = label["scope"] if label["label"] == "needs_note" else label["stratum"]
            facts = frozenset(evidence.id for evidence in seen.evidence)
            changes.append(Change(Path(labels).stem, label["head"], group, facts, ids(facts, circumstances(change_set))))
    return changes


class Table(NamedTuple):
    """The changes as a matrix: a row a change, a column an id, scaled by how freely it may weigh."""

    columns: list[str]
    scale: Array
    rows: Array
    group: Array
    project: Array


def table(changes: list[Change]) -> Table:
    counts = Counter(name for change in changes for name in change.ids)
    facts = {name for change in changes for name in change.facts}
    columns = sorted(n for n, count in counts.items() if count >= SEEN_AT_LEAST["fact" if n in facts else "circumstance"])
    at = {name: i for i, name in enumerate(columns)}
    scale = np.array(
        [SCALE["fact" if name in facts else "word" if name.startswith("word/") else "circumstance"] for name in columns]
    )
    rows = np.zeros((len(changes), len(columns)))
    for i, change in enumerate(changes):
        for name in change.ids:
            if name in at:
                rows[i, at[name]] = scale[at[name]]
    return Table(columns, scale, rows, np.array([c.group for c in changes]), np.array([c.project for c in changes]))


def fit(rows: Array, group: Array) -> Array:
    """The weights of the columns, the bias last (https://en.wikipedia.org/wiki/Logistic_regression, Newton's method)."""
    used = group != "interface"
    wanted = (group[used] == "deploy").astype(float)
    weight = np.select([group[used] == "deploy", group[used] == "hard"], [POSITIVE, HARD], 1.0)
    x = np.hstack([rows[used], np.ones((int(used.sum()), 1))])
    penalty = np.full(x.shape[1], PENALTY)
    penalty[-1] = 1e-6
    theta = np.zeros(x.shape[1])
    for _ in range(ITERATIONS):
        p = 1 / (1 + np.exp(-np.clip(x @ theta, -30, 30)))
        gradient = x.T @ (weight * (p - wanted)) + penalty * theta
        hessian = (x * (weight * p * (1 - p))[:, None]).T @ x + np.diag(penalty)
        theta = theta - np.linalg.solve(hessian, gradient)
    return theta


def score(rows: Array, theta: Array) -> Array:
    scores: Array = rows @ theta[:-1] + theta[-1]
    return scores


def from_others(of: Table) -> Array:
    """The score of each change by weights that were fitted to the other projects."""
    scores = np.zeros(len(of.rows))
    for project in sorted(set(of.project)):
        own = of.project == project
        scores[own] = score(of.rows[own], fit(of.rows[~own], of.group[~own]))
    return scores


def report(name: str, scores: Array, group: Array) -> None:
    told = []
    for share in (0.03, 0.04, 0.10, 0.15):
        bar = np.quantile(scores[group == "random"], 1 - share)
        told.append(
            f"{share:.2f}: " + " ".join(f"{g} {np.mean(scores[group == g] > bar):.3f}" for g in ("deploy", "interface", "hard"))
        )
    print(f"{name:10}", " | ".join(told))


def by_project(of: Table, scores: Array, ask: float, require: float) -> None:
    print(f"{'project':20} {'deploy':>7} {'require':>8} {'ask':>6} {'random':>7} {'require':>8} {'ask':>6}")
    for project in (*sorted(set(of.project)), "all"):
        told = [f"{project:20}"]
        for group in ("deploy", "random"):
            among = scores[((of.project == project) | (project == "all")) & (of.group == group)]
            told.append(f"{len(among):7} {np.mean(among >= require):8.2f} {np.mean(among >= ask):6.2f}")
        print(*told)


def as_json(of: Table, scores: Array, ask: float, require: float) -> dict[str, dict[str, dict[str, int]]]:
    """By project and group: how many changes there are, for how many a note is required, and for how many required or asked."""
    return {
        project: {
            group: {"total": len(among), "require": int(np.sum(among >= require)), "flagged": int(np.sum(among >= ask))}
            for group in ("deploy", "random")
            for among in [scores[(of.project == project) & (of.group == group)]]
        }
        for project in sorted(set(of.project))
    }


def write(of: Table, theta: Array, ask: float, require: float) -> None:
    weights = {name: round(float(w), 2) for name, w in zip(of.columns, theta[:-1] * of.scale, strict=True)}
    lines = [f'        "{name}": {weight:g},' for name, weight in sorted((weights | BY_HAND).items()) if weight]
    text = WEIGHTS.read_text("utf-8")
    start = text.index("WEIGHTS = ")
    body = "\n".join(lines)
    values = f"bias={theta[-1]:.2f}, ask={ask:.2f}, require={require:.2f}"
    WEIGHTS.write_text(f"{text[:start]}WEIGHTS = Weights(\n    {{\n{body}\n    }},\n    {values},\n)\n", "utf-8")
    subprocess.run([sys.executable, "-m", "ruff", "format", "--quiet", str(WEIGHTS)], check=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("pairs", nargs="+", metavar="LABELS:REPOSITORY")
    parser.add_argument("--write", action="store_true", help="write relbot/review/scoring/weights.py")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the last table into a file, for benchmarks/detection.py")
    parser.add_argument("--weights", action="store_true", help="print what each fact weighs, and how often it was seen")
    given = parser.parse_args()
    with multiprocessing.Pool() as pool:
        changes = [change for part in pool.imap(read, given.pairs) for change in part]
    of = table(changes)
    scores = from_others(of)
    theta = fit(of.rows, of.group)
    report("others", scores, of.group)
    report("fitted", score(of.rows, theta), of.group)
    random = scores[of.group == "random"]
    ask, require = (float(np.quantile(random, 1 - share)) for share in (ASK, REQUIRE))
    by_project(of, scores, ask, require)
    if given.json:
        given.json.write_text(json.dumps(as_json(of, scores, ask, require)), "utf-8")
    if given.weights:
        seen: dict[str, Counter[str]] = defaultdict(Counter)
        for change in changes:
            for name in change.facts:
                seen[name][change.group] += 1
        for weight, name in sorted(zip(theta[:-1] * of.scale, of.columns, strict=True), reverse=True):
            print(f"{weight:6.2f} {name:44} {dict(seen.get(name, {}))}")
    if given.write:
        write(of, theta, ask, require)


if __name__ == "__main__":
    main()
