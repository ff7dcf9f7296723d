"""The statements of Python that are parsed alone: they have the nodes that they have within their file."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from relbot.config.model import Config
from relbot.detect.engine import syntax
from relbot.detect.engine.model import ChangeSet, FileChange
from relbot.detect.engine.statements import PartialTree, split_statements
from relbot.detect.engine.syntax import parse_sides
from relbot.review.rules.evaluate import evaluate_change_set
from tests.tiers import examples

if TYPE_CHECKING:
    from tree_sitter import Node

    from relbot.detect.engine.tree import SyntaxTree

STATEMENTS = (
    "import os\n",
    "# One more ( word\n",
    "\n",
    "@a\n\n# b\n@c(1,\n)\ndef d():\n    return 1\n",
    'class A:\n    """Text (\ndef no():\n"""\n\n    b = "("\n',
    "if a:\n    b\n# c\nelif d:\n    e\nelse:\n    f\n",
    "try:\n    a\nexcept B:\n    c\nfinally:\n    d\n",
    "a = [\n1,\n# ]\n]\n",
    "a = \\\nb\n",
    "a = 'it\\'s' + \"(\\\n\"; b = r'\\'\n",
    "def f(a=')', *, b):\n    x = f'{a}{b!r:>{10}}'\n\n    return x\n",
    "async def a():\n    async with b as c:\n        await c\n",
    "a = )\n",
    "a = = b\n",
)


def tree_of(source: bytes) -> SyntaxTree:
    tree = parse_sides(FileChange("A", "a.py", None, source)).new
    assert tree is not None
    return tree


def describe(tree: SyntaxTree, numbers: set[int]) -> list[tuple[str, int, int, tuple[str, ...]]]:
    """The nodes that lines touch, with what is above them, without the root."""
    return [
        (node.type, node.start_byte, node.end_byte, tuple(above.type for above in tree.ancestors_of(node)))
        for node in list(tree.walk(tree.lines(numbers)))
        if tree.parent_of(node) is not None
    ]


@settings(max_examples=examples(60), deadline=None)
@given(st.lists(st.sampled_from(STATEMENTS), max_size=9), st.data())
def test_a_statement_alone_has_the_nodes_that_it_has_within_its_file(statements: list[str], data: st.DataObject) -> None:
    source = "".join(statements).encode()
    part, whole = tree_of(source), tree_of(source)
    assert whole.root is not None
    numbers = data.draw(st.sets(st.integers(1, source.count(b"\n") + 1), max_size=3))
    assert describe(part, numbers) == describe(whole, numbers)


@pytest.mark.parametrize(
    ("source", "count"),
    [(b"a = 1\n'''\n", 0), (b"a = (\nb\n", 0), (b"(\nb\n)))\n", 0), (b"a\nb", 2), (b"a = ')'\nb # (\n", 2), (b"", 0)],
)
def test_what_cannot_be_told_apart_is_one(source: bytes, count: int) -> None:
    assert len(split_statements(source) or ()) == count


def test_only_what_is_looked_at_is_parsed(monkeypatch: pytest.MonkeyPatch) -> None:
    parsed: list[int] = []
    parse = syntax._parse_in_time

    def measure(parser: object, content: bytes) -> Node | None:
        spans = parser.included_ranges  # type: ignore[attr-defined]  # tree-sitter's
        parsed.append(sum(min(span.end_byte, len(content)) - span.start_byte for span in spans))
        return parse(parser, content)  # type: ignore[arg-type]  # likewise

    monkeypatch.setattr(syntax, "_parse_in_time", measure)
    source = b"a = 1\n" * 90 + b"b = os.environ['C']\n" + b"a = 1\n" * 90
    tree = tree_of(source)
    assert [node.type for node in tree.walk(tree.lines([91]))][:2] == ["expression_statement", "assignment"]
    assert 0 < sum(parsed) < 40
    assert tree.root.end_byte == len(source)
    assert sum(parsed) > len(source)


def test_a_statement_that_cannot_be_parsed_in_time_is_unknown(monkeypatch: pytest.MonkeyPatch) -> None:
    parse = syntax._parse_in_time
    slow = b"b = os.environ['C']\n"
    monkeypatch.setattr(
        syntax, "_parse_in_time", lambda parser, content: None if parser.included_ranges[0].end_byte else parse(parser, content)
    )
    rest = b"a = 1\n" * 90
    evaluation = evaluate_change_set(ChangeSet((FileChange("M", "app/a.py", slow + rest, rest),)), [], Config())
    assert isinstance(tree_of(slow + rest), PartialTree)
    assert evaluation.unknown == ("relbot cannot parse `app/a.py`, so what changed in it is unknown. Look at the file.",)
