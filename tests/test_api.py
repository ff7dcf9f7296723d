"""The Python API: what `relbot` exports, what docs/api.md says of it, and that its examples run."""

from __future__ import annotations

import ast
import doctest
import inspect
import re
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import relbot

if TYPE_CHECKING:
    from tests.repository import Repo

ROOT = Path(relbot.__file__).parent.parent
PAGE = (ROOT / "docs/api.md").read_text("utf-8")


def _documented() -> set[str]:
    """The names in the first column of the page's tables."""
    return set(re.findall(r"^\| `(\w+)", PAGE, re.MULTILINE))


def test_the_page_names_what_is_exported_and_nothing_else() -> None:
    assert _documented() == set(relbot.__all__) - {"__version__"}


def test_type_checkers_see_what_is_exported() -> None:
    tree = ast.parse(Path(relbot.__file__).read_text("utf-8"))
    typed = {
        alias.name: (node.module or "").removeprefix("relbot.")
        for block in tree.body
        if isinstance(block, ast.If)
        for node in block.body
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }
    assert typed == relbot._MODULE_OF
    assert set(relbot.__all__) == {*typed, "__version__"}
    assert (ROOT / "relbot/py.typed").exists()


@pytest.mark.parametrize("name", sorted(set(relbot.__all__) - {"__version__"}))
def test_an_export_is_there_and_says_what_it_is(name: str) -> None:
    exported = getattr(relbot, name)
    assert (exported.__module__, exported.__name__) == (f"relbot.{relbot._MODULE_OF[name]}", name)
    assert inspect.getdoc(exported)


@pytest.mark.parametrize("name", sorted(set(relbot.__all__) - {"__version__"}))
def test_the_page_calls_a_function_as_it_is_declared(name: str) -> None:
    exported = getattr(relbot, name)
    if not inspect.isfunction(exported):
        assert f"| `{name}` |" in PAGE
        return
    shown = re.search(rf"^\| `{name}\(([^)]*)\)", PAGE, re.MULTILINE)
    assert shown
    parameters = inspect.signature(exported).parameters.values()
    declared = [each.name if each.default is each.empty else f"{each.name}={each.default}" for each in parameters]
    assert shown[1] == ", ".join(declared)


def test_what_is_not_exported_is_not_there() -> None:
    with pytest.raises(AttributeError, match="no attribute 'relaese'"):
        _ = relbot.relaese
    assert "build_release" in dir(relbot)


def test_importing_relbot_imports_none_of_its_rooms() -> None:
    code = "import sys, relbot; print(*(name for name in sys.modules if name.startswith('relbot.')))"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["relbot._version"]


def test_the_examples_of_the_page_run(repo: Repo, monkeypatch: pytest.MonkeyPatch) -> None:
    repo.commit("Begin")
    monkeypatch.chdir(repo.path)
    examples = "\n".join(re.findall(r"^```pycon\n(.*?)^```", PAGE, re.DOTALL | re.MULTILINE))
    test = doctest.DocTestParser().get_doctest(examples, {}, "docs/api.md", None, None)
    assert len(test.examples) > 15
    told: list[str] = []
    result = doctest.DocTestRunner().run(test, out=told.append)
    assert not result.failed, "".join(told)
