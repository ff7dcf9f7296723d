"""What no parser can read in time is left out, and said."""

from __future__ import annotations

from relbot.config.model import Config
from relbot.detect.engine.model import ChangeSet, FileChange
from relbot.detect.engine.registry import run_detectors
from relbot.detect.engine.syntax import MOST_BYTES, MOST_KEPT, parse_sides
from relbot.review.rules.evaluate import evaluate_change_set

CODE = b"const host = process.env.MAIL_HOST\n"
SLOW = b"const port = process.env.MAIL_PORT\n" + b"'" * 80_000
"""Half a minute for the parser of TypeScript: its time grows with the square of what it cannot make sense of."""


def test_what_cannot_be_parsed_in_time_is_left_out_and_said() -> None:
    fine, slow = FileChange("M", "app/mail.ts", CODE, b""), FileChange("M", "app/slow.ts", CODE, SLOW)
    changes = ChangeSet((fine, slow))
    assert {seen.path for seen in run_detectors(changes, ["environment"]).evidence} == {"app/mail.ts"}
    assert evaluate_change_set(changes, [], Config()).left_out == ("1 file that cannot be parsed",)


def test_the_trees_of_as_many_files_as_memory_allows_are_kept() -> None:
    """They take forty times as much memory as the text, and a change set may have sixty megabytes of it."""
    one, other = (FileChange("A", f"app/{name}.ts", None, CODE) for name in ("one", "other"))
    first = parse_sides(one)
    parse_sides(other)
    assert parse_sides(one) is first
    blank = b"\n" * MOST_BYTES
    large = [FileChange("A", f"app/large{number}.ts", None, blank) for number in range(MOST_KEPT // MOST_BYTES + 2)]
    trees = [parse_sides(change) for change in large]
    assert parse_sides(large[0]) is trees[0]
    assert parse_sides(large[-1]) is trees[-1]
    assert parse_sides(large[-2]) is not trees[-2]


def test_what_no_clock_stops_is_left_out_and_said() -> None:
    code = b'import os\n\nPORT = os.environ["MAIL_PORT"]\n'
    changes = ChangeSet((FileChange("M", "app/slow.py", code, b"PORT = 25\n" + b"/*\n" * 8_000),))
    assert run_detectors(changes, ["environment"]).evidence == ()
    assert evaluate_change_set(changes, [], Config()).left_out == ("1 file that cannot be parsed",)
