"""The pinned requirements fit the ranges of pyproject.toml, and name no place to get them from."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[1]
FILES = {
    "": "requirements.txt",
    "build": "requirements-build.txt",
    "dev": "requirements-dev.txt",
    "ci": "requirements-ci.txt",
    "site": "requirements-site.txt",
    "recipes": "requirements-recipes.txt",
}


def pins(file: str) -> dict[str, str]:
    """Names and versions. Fails at any line that is not NAME==VERSION: an option, an address, a path."""
    lines = [line for line in (ROOT / file).read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
    pinned = [line.split("==") for line in lines]
    assert all(len(pin) == 2 for pin in pinned), lines
    return {canonicalize_name(name): version for name, version in pinned}


def ranges(group: str) -> list[Requirement]:
    """What pyproject.toml asks for."""
    project: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    of_group = {
        "": project["project"]["dependencies"],
        "build": project["build-system"]["requires"],
        **project["dependency-groups"],
    }
    return [Requirement(text) for text in of_group[group]]


@pytest.mark.parametrize("group", FILES)
def test_all_that_is_asked_for_is_pinned_within_its_range(group: str) -> None:
    pinned = pins(FILES[group])
    for requirement in ranges(group):
        version = pinned[canonicalize_name(requirement.name)]
        assert requirement.specifier.contains(version), f"{FILES[group]}: {requirement} is pinned to {version}"


def test_what_is_developed_with_is_what_is_released_with() -> None:
    dev = pins("requirements-dev.txt")
    assert pins("requirements.txt").items() <= dev.items()
    build = pins("requirements-build.txt")
    assert {name: build[name] for name in build.keys() & dev.keys()} == {name: dev[name] for name in build.keys() & dev.keys()}


@pytest.mark.parametrize("file", FILES.values())
def test_pins_are_sorted(file: str) -> None:
    names = list(pins(file))
    assert names == sorted(names)
