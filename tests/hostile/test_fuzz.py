"""The fuzzer notices what must not happen, and makes the same inputs of the same seed."""

from __future__ import annotations

import random
from itertools import islice
from typing import TYPE_CHECKING

import pytest

from tests.hostile.fuzz import is_wrong, new_inputs, run_once
from tests.hostile.test_corpus import plant_project

if TYPE_CHECKING:
    from tests.repository import Repo


def test_a_bug_is_noticed_and_a_finding_is_not(repo: Repo, monkeypatch: pytest.MonkeyPatch) -> None:
    project = plant_project(repo)
    files = {"changes/2.md": "---\ntype: fixed\nissues: [[1]]\n---\n\nA.\n"}
    assert not is_wrong(run_once(project, ["check"], files))
    monkeypatch.setattr("relbot.schema.yaml_nodes._too_much", lambda text: 1 / 0)
    assert is_wrong(run_once(project, ["check"], files))


class _NeverRaised(Exception):
    """In the place of an error that relbot catches: it is none."""


@pytest.mark.long
@pytest.mark.parametrize(
    ("guard", "instead", "place", "tokens"),
    [
        ("relbot.schema.toml_nodes.RecursionError", _NeverRaised, "relbot.toml", ("\nx = [[", "a.a.b = 1\n")),
        (
            "relbot.schema.json_text.RecursionError",
            _NeverRaised,
            "changes/released/1.0.0/release.json",
            ("[" * 20_000, "{" * 20_000),
        ),
    ],
)
def test_a_guard_that_is_gone_is_found(
    repo: Repo, monkeypatch: pytest.MonkeyPatch, guard: str, instead: object, place: str, tokens: tuple[str, ...]
) -> None:
    project = plant_project(repo)
    inputs = [
        (command, files)
        for command, files in islice(new_inputs(random.Random(1)), 2_500)  # noqa: S311  # inputs of tests
        if any(token in files.get(place, "") for token in tokens)
    ]
    assert inputs
    monkeypatch.setattr(guard, instead, raising=False)
    assert any(is_wrong(run_once(project, command, files)) for command, files in inputs)


def test_a_seed_makes_the_same_inputs_again() -> None:
    first, second = (list(islice(new_inputs(random.Random(7)), 50)) for _ in range(2))  # noqa: S311  # inputs of tests
    assert first == second
    assert len({str(each) for each in first}) > 40
