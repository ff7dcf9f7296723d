"""How often detectors do the same work: counts, which a busy machine does not change."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from relbot.detect.engine import syntax
from relbot.detect.engine.expressions import string_value
from relbot.detect.engine.model import FileChange
from relbot.detect.engine.registry import run_detectors
from relbot.detect.engine.statements import PartialTree
from relbot.detect.engine.syntax import parse_sides
from relbot.detect.literals.detector import DETECTOR as LITERALS
from tests.detect.changes import change_set

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pytest

    from relbot.detect.engine.tree import SyntaxTree

BEFORE = 'import os\n\nQUEUE_NAME = "mail"\nPORT = os.environ["MAIL_PORT"]\n@app.get("/a")\ndef a():\n    requests.get(PORT)\n'


def test_each_side_of_a_file_is_parsed_once_for_all_detectors(monkeypatch: pytest.MonkeyPatch) -> None:
    parsed: list[str] = []
    parse = syntax._parse_text

    def count(path: str, text: str) -> SyntaxTree | None:
        parsed.append(path)
        return parse(path, text)

    monkeypatch.setattr(syntax, "_parse_text", count)
    after = BEFORE.replace('"mail"', '"letters"').replace("MAIL_PORT", "LETTER_PORT").replace("/a", "/b")
    found = run_detectors(change_set({f"app/m{number}.py": (BEFORE, after) for number in range(3)}))
    assert {seen.detector for seen in found.evidence} >= {"environment", "literals", "interfaces"}
    assert Counter(parsed) == {f"app/m{number}.py": 2 for number in range(3)}


def test_arguments_that_share_nothing_are_not_looked_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """A look-up walks the file: in a change set of 395 files, one for each argument took twenty of thirty seconds."""
    walked: list[str] = []
    walk = PartialTree.walk

    def count(tree: PartialTree, lines: Any) -> Iterator[Any]:
        walked.append("")
        return walk(tree, lines)

    monkeypatch.setattr(PartialTree, "walk", count)
    calls = "".join(f"register(name_{number}, size_{number})\n" for number in range(50))
    (found,) = LITERALS.find(
        change_set({"app/queue.py": (f'QUEUE_NAME = "a"\n{calls}', f'QUEUE_NAME = "b"\n# more\n{calls[:-3]})\n')})
    )
    assert found.fact == "queue-renamed"
    assert len(walked) == 2


def test_a_string_says_the_same_in_every_notation() -> None:
    texts = ("'a'", '"a"', "'''a'''", '"""a"""', "b'a'", "''", '"\'"', "'a' 'b'", "'")
    found = []
    for text in texts:
        tree = parse_sides(FileChange("A", "a.py", None, f"x = {text}\n".encode())).new
        assert tree is not None
        found.append(next((value for node in tree.nodes if (value := string_value(node)) is not None), None))
    assert found == ["a", "a", "a", "a", "a", "", "'", "a' 'b", None]
