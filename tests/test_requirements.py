"""The pinned requirements fit the ranges of pyproject.toml, have hashes, and name no place to get them from."""

from __future__ import annotations

import ast
import re
import sys
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.syntax_trees import relbot_trees

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
    """Names and versions. Fails at what is not NAME==VERSION with hashes: an option, an address, a path."""
    text = "".join(line for line in (ROOT / file).read_text("utf-8").splitlines(keepends=True) if not line.startswith("#"))
    found: dict[str, str] = {}
    for entry in filter(None, text.replace(" \\\n", "").split("\n")):
        pinned = re.fullmatch(r"([\w.-]+)==([\w.+!]+)(?: +--hash=sha256:[0-9a-f]{64})+", entry)
        assert pinned, f"{file}: {entry[:200]}"
        found[canonicalize_name(pinned[1])] = pinned[2]
    return found


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


COME_WITH = {"markupsafe": "jinja2", "urllib3": "requests"}
"""What is a part of the interface of a dependency, by its documentation."""


def imported_modules() -> set[str]:
    """The first part of the name of each module that relbot imports, also in functions and for types."""
    nodes = [node for tree in relbot_trees().values() for node in ast.walk(tree)]
    names = [alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names]
    names += [node.module for node in nodes if isinstance(node, ast.ImportFrom) and node.module]
    return {name.partition(".")[0] for name in names}


def test_whatever_relbot_imports_is_declared() -> None:
    """What only another dependency brings is gone one day, with a release of that one."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    asked_for = [*project["dependencies"], *(each for extra in project["optional-dependencies"].values() for each in extra)]
    declared = {canonicalize_name(Requirement(each).name) for each in asked_for}
    brought_by = packages_distributions()
    foreign = imported_modules() - sys.stdlib_module_names - {"relbot"} - COME_WITH.keys()
    assert len(foreign) > 10
    found = {name: {canonicalize_name(each) for each in (name, *brought_by.get(name, ()))} for name in foreign}
    assert [name for name, distributions in found.items() if not distributions & declared] == []


@pytest.mark.parametrize("file", FILES.values())
def test_pins_are_sorted(file: str) -> None:
    names = list(pins(file))
    assert names == sorted(names)


def test_what_is_installed_is_compared_with_its_hash() -> None:
    """In CI and releases by make, in the action by pip."""
    for file in ("Makefile", "action.yml"):
        text = (ROOT / file).read_text("utf-8").replace(" \\\n", " ")
        installs = [line for line in text.splitlines() if re.search(r"(-r|--requirement) \S*requirements[\w-]*\.txt", line)]
        assert installs
        assert all("--require-hashes" in line or "$(HASHED)" in line or "benchmarks/" in line for line in installs), installs
