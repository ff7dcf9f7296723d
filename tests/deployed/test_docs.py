"""Every configuration in docs/deployed.md and docs/sources.md is one, and each kind of source is whole."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from relbot.config.environments import ENVIRONMENT_KEYS, KEYS_OF_SOURCES, SOURCES
from relbot.config.read import read_config
from relbot.sources.registry import all_sources

PAGES = [(Path(__file__).parents[2] / "docs" / name).read_text("utf-8") for name in ("deployed.md", "sources.md")]
EXAMPLES = [example for page in PAGES for example in re.findall(r"```toml\n(.*?)```", page, re.DOTALL)]


@pytest.mark.parametrize("example", EXAMPLES)
def test_an_example(example: str) -> None:
    config = read_config("relbot.toml", example)
    assert config
    assert config.environments


def test_there_are_examples() -> None:
    assert len(EXAMPLES) > 5


def test_every_source_has_its_file_its_keys_and_its_place_in_the_configuration() -> None:
    """Delete a file of relbot/sources, a row of its keys or a key, and this fails."""
    sources = all_sources()
    assert set(sources) == set(SOURCES)
    assert {name: source.keys for name, source in sources.items()} == KEYS_OF_SOURCES
    assert {key for source in sources.values() for key in source.keys} <= {key.name for key in ENVIRONMENT_KEYS}
    modules = {path.stem for path in (Path(__file__).parents[2] / "relbot" / "sources").glob("*.py")}
    shared = {"__init__", "commit", "extract", "model", "package", "registry", "resolve", "version"}
    assert modules - shared == set(sources)


@pytest.mark.parametrize("name", sorted(SOURCES))
def test_the_example_of_a_source_is_a_configuration_of_it(name: str) -> None:
    source = all_sources()[name]
    assert source.title
    assert source.description
    config = read_config("relbot.toml", source.example)
    assert config
    [environment] = config.environments
    assert environment.deployed == name
    assert source.describe(environment)
