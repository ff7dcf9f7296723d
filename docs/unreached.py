"""Writes into unreached.json what no test reaches, for docs/reliability.md, from a report of coverage.

python -m coverage run -m pytest && python -m coverage json -o REPORT && python -m docs.unreached REPORT
"""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
FIGURES = ROOT / "docs" / "unreached.json"
KINDS = {
    "excluded": r"assert_never|case _:|AssertionError",
    "errors": r"raise\b|except\b|(tip|what|message|why) =|return (RevisionUnknown|UsageError|Unknown|SetupCheck)\b|faults\.",
    "nothing": r"return( None| \"\"| \(\)| \[\]| False| set\(\)| \{\}| 0| True)?$|continue\b|break$|pass$",
}
"""How a line begins that types exclude, that tells of an error or passes it on, or that has found nothing."""


def count_lines(report: dict[str, dict[str, dict[str, list[int]]]]) -> dict[str, int]:
    """How many statements there are, how many of them no test reaches, and how many of these are of each kind."""
    found = dict.fromkeys(("statements", "unreached", *KINDS, "others"), 0)
    for path, of in report["files"].items():
        lines = (ROOT / path).read_text("utf-8").split("\n")
        found["statements"] += len(of["executed_lines"]) + len(of["missing_lines"])
        for number in of["missing_lines"]:
            said = lines[number - 1].strip()
            found["unreached"] += 1
            found[next((kind for kind, begin in KINDS.items() if re.match(begin, said)), "others")] += 1
    return found


if __name__ == "__main__":
    FIGURES.write_text(json.dumps(count_lines(json.loads(Path(sys.argv[1]).read_text("utf-8"))), indent=1) + "\n", "utf-8")
