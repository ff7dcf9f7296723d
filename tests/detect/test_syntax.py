"""What a detector reads and could not parse is unknown; what is only read in part is said."""

from __future__ import annotations

from itertools import count
from types import SimpleNamespace
from typing import TYPE_CHECKING, cast

import pytest

from relbot.config.model import Config
from relbot.detect.engine import syntax
from relbot.detect.engine.model import ChangeSet, FileChange
from relbot.detect.engine.registry import DETECTOR_IDS, load_detector, run_detectors
from relbot.detect.engine.syntax import MOST_BYTES, MOST_KEPT, parse_sides
from relbot.detect.engine.unread import describe_unread_kinds
from relbot.review.rules.evaluate import evaluate_change_set
from relbot.review.rules.model import Verdict

if TYPE_CHECKING:
    from tree_sitter import Parser

CODE = b"const host = process.env.MAIL_HOST\n"
SLOW = b"const port = process.env.MAIL_PORT\n" + b"'" * 80_000
"""Half a minute for the parser of TypeScript: its time grows with the square of what it cannot make sense of."""


@pytest.fixture(autouse=True)
def little_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """A tenth of the time for a parser: what is slow needs a hundred times more, and what is not a tenth of it."""
    monkeypatch.setattr(syntax, "MOST_SECONDS", 0.1)


def test_what_cannot_be_parsed_in_time_is_unknown() -> None:
    fine, slow = FileChange("M", "app/mail.ts", CODE, b""), FileChange("M", "app/slow.ts", CODE, SLOW)
    changes = ChangeSet((fine, slow))
    assert {seen.path for seen in run_detectors(changes, ["environment"]).evidence} == {"app/mail.ts"}
    evaluation = evaluate_change_set(changes, [], Config())
    assert evaluation.unknown == ("relbot cannot parse `app/slow.ts`, so what changed in it is unknown. Look at the file.",)
    assert evaluation.verdict is Verdict.REQUIRE, "what is required stays required"


@pytest.mark.parametrize(
    ("path", "before", "after", "unknown", "said"),
    [
        ("app/slow.ts", CODE, SLOW, True, ""),
        ("tests/slow.ts", CODE, SLOW, False, "1 file for tests, development or readers, which cannot be parsed"),
        ("app/large.ts", CODE, CODE * 20_000, False, "1 file too large to be parsed"),
        ("src/main/resources/application.yml", b"a: 1\n", b"a: [\n", True, ""),
        ("src/main/resources/application.yml", b"a: 1\n", b"{% if x %}\na: [\n{% endif %}\n", False, "1 file with places that a"),
        ("src/main/resources/logback.xml", b"<a/>", b"<a>", True, ""),
        ("compose.yaml", b"a: $A\n", b"a: [\n", True, ""),
        ("deploy/compose.yaml.j2", b"a: $A\n", b"a: [\n", False, ""),
        ("src/schema.graphql", b"type A { b: Int }", b"type A { b: ", True, ""),
        ("web/page.svelte", b"a", b"b", False, "1 file of kinds that no detector reads (`.svelte`)"),
    ],
)
def test_what_a_detector_reads_and_could_not_is_unknown(
    path: str, before: bytes, after: bytes, unknown: bool, said: str
) -> None:  # a column
    evaluation = evaluate_change_set(ChangeSet((FileChange("M", path, before, after),)), [], Config())
    assert bool(evaluation.unknown) is unknown
    assert ("; ".join(evaluation.left_out)).startswith(said)
    assert bool(evaluation.left_out) is bool(said)


def test_each_path_of_an_example_is_of_a_kind_that_is_said_to_be_read() -> None:
    paths = [path for name in DETECTOR_IDS for fact in load_detector(name).facts for path in (*fact.wrong, *fact.right)]
    assert describe_unread_kinds(paths) == ()


def test_the_trees_of_as_many_files_as_memory_allows_are_kept() -> None:
    """They take forty times as much memory as the text, and a change set may have sixty megabytes of it."""
    blank = b"\n" * MOST_BYTES
    count = MOST_KEPT // MOST_BYTES
    files = [FileChange("A", f"app/large{number}.ts", None, blank) for number in range(count + 2)]
    run_detectors(ChangeSet(tuple(files)), [])
    trees = [parse_sides(change) for change in files]
    again = [parse_sides(change) for change in files]
    assert [one is other for one, other in zip(trees, again, strict=True)] == [True] * count + [False] * 2


class Interrupted:
    """A parser whose time by the clock is over many times before it is done, as on a machine with other work."""

    def __init__(self, times: int) -> None:
        self.left = times
        self.gave_up = False

    def parse(self, _content: bytes) -> SimpleNamespace:
        if self.left:
            self.left -= 1
            raise ValueError("Parsing failed")
        return SimpleNamespace(root_node="root")

    def reset(self) -> None:
        self.gave_up = True


@pytest.mark.parametrize(("seconds", "looks", "found"), [(0.001, 90, "root"), (0.03, 90, None), (0.03, 2, "root")])
def test_the_time_of_the_processor_counts_not_that_of_the_clock(
    monkeypatch: pytest.MonkeyPatch, seconds: float, looks: int, found: str | None
) -> None:
    """`seconds` of the processor between two looks: on a busy machine, the clock goes on without them."""
    clock = count()
    monkeypatch.setattr(syntax, "thread_time", lambda: next(clock) * seconds)
    parser = Interrupted(looks)
    assert syntax._parse_in_time(cast("Parser", parser), b"") == found
    assert parser.gave_up is (found is None)


def test_a_tree_is_the_same_however_often_its_parser_was_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    code = "".join(f"const a{number} = process.env.MAIL_{number} || [1, 2, {number}]\n" for number in range(2_000))
    whole = syntax._parse_text("app/a.ts", code)
    syntax._load_parser.cache_clear()
    monkeypatch.setattr(syntax, "_LOOK_SECONDS", 0.001)
    stopped = syntax._parse_text("app/a.ts", code)
    syntax._load_parser.cache_clear()
    assert whole is not None
    assert stopped is not None
    assert str(stopped.root) == str(whole.root)


def test_what_no_clock_stops_is_unknown() -> None:
    code = b'import os\n\nPORT = os.environ["MAIL_PORT"]\n'
    changes = ChangeSet((FileChange("M", "app/slow.py", code, b"PORT = 25\n" + b"/*\n" * 8_000),))
    assert run_detectors(changes, ["environment"]).evidence == ()
    assert evaluate_change_set(changes, [], Config()).verdict is Verdict.UNKNOWN
