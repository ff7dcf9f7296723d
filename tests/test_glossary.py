"""The glossary has the words of the code, and the code has no words that the glossary's took the place of."""

from __future__ import annotations

import ast
import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import relbot
from relbot.cli.exits import Exit
from relbot.config.model import Config
from relbot.deploy.log.progress import StepState
from relbot.deploy.log.record import DeedKind, Direction
from relbot.deploy.plan.model import Reversibility, StepKind
from relbot.detect.engine.facts import FactLevel, FactScope
from relbot.finding import Level
from relbot.fragment.keys import fragment_keys
from relbot.fragment.model import Compat, Phase
from relbot.fragment.steps import STEP_KEYS
from relbot.review.rules.model import Verdict
from tests.syntax_trees import parse_file

if TYPE_CHECKING:
    from collections.abc import Iterable

PACKAGE = Path(relbot.__file__).parent
PAGE = (PACKAGE.parent / "docs/glossary.md").read_text("utf-8")
CONFIG = Config()
WORDS: dict[str, Iterable[object]] = {
    "Phases": Phase,
    "Keys of a fragment": [key.name for key in fragment_keys(CONFIG.type_names, CONFIG.component_names)],
    "Keys of a step": [key.name for key in STEP_KEYS],
    "Compatibility": Compat,
    "Levels of facts": FactLevel,
    "Scopes of facts": FactScope,
    "Verdicts": Verdict,
    "Levels of findings": Level,
    "Kinds of steps in a plan": StepKind,
    "Rollback": Reversibility,
    "Directions of a deploy": [direction for direction in Direction if direction],
    "States of a step": StepState,
    "Deeds": DeedKind,
    "Exit codes": [int(code) for code in Exit],
}
RETIRED = frozenset(
    (
        "judged judge_changes Judgement Judged weigh families circumstances likeness told spoken see Seen astray corrected"
        " Standing Mark Between planned informed Opened how_far chapter carry void turned writers Apart meanwhile traces"
        " sound Here forges whereabouts Since Runs would_add origins merged NoAnswer printed fetched quick thorough unseen"
        " Hub Remark patience waive Ruling keep ours left_at Said Around beside survey refusal part mended stamp counted"
    ).split()
)
"""Names that said too little or something else; the glossary or the usual term took their place."""


def section_words(title: str) -> list[str]:
    body = re.search(rf"^## {re.escape(title)}\n(.*?)(?=^## |\Z)", PAGE, re.DOTALL | re.MULTILINE)
    assert body, f"docs/glossary.md has no section `{title}`"
    return re.findall(r"^\| `([^`]+)` \| ", body[1], re.MULTILINE)


@pytest.mark.parametrize("title", WORDS)
def test_a_section_has_all_words_of_the_code_and_no_other(title: str) -> None:
    assert sorted(section_words(title)) == sorted(map(str, WORDS[title]))


def test_every_section_is_held_to_the_code() -> None:
    assert re.findall(r"^## (.+)", PAGE, re.MULTILINE) == ["Things", *WORDS]


def test_the_things_are_in_order() -> None:
    things = re.findall(r"^\| ([a-z -]+) \| ", PAGE, re.MULTILINE)
    assert len(things) > 15
    assert things == sorted(things)


def test_no_module_and_no_name_of_a_module_is_a_retired_word() -> None:
    found = []
    for path in PACKAGE.rglob("*.py"):
        names = [path.stem, *path.relative_to(PACKAGE).parent.parts]
        body = parse_file(path).body
        names += [node.name for node in body if isinstance(node, ast.FunctionDef | ast.ClassDef)]
        found += [f"{path.relative_to(PACKAGE)}: {name}" for name in names if name.strip("_") in RETIRED]
    assert not found
