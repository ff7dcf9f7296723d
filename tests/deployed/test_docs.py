"""Every configuration in docs/deployed.md is one."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from relbot.config.read import read_config

PAGE = (Path(__file__).parents[2] / "docs" / "deployed.md").read_text("utf-8")
EXAMPLES = re.findall(r"```toml\n(.*?)```", PAGE, re.DOTALL)


@pytest.mark.parametrize("example", EXAMPLES)
def test_an_example(example: str) -> None:
    config = read_config("relbot.toml", example)
    assert config
    assert config.environments


def test_there_are_examples() -> None:
    assert len(EXAMPLES) > 5
