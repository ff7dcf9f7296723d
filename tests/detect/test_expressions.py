"""Expressions of detectors are compiled late; a broken one must not be found late."""

from __future__ import annotations

import importlib
import pkgutil
import re
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

import relbot.detect
import relbot.review.rules
from relbot.schema import lazy_re

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import ModuleType


def modules() -> Iterator[ModuleType]:
    for package in (relbot.detect, relbot.review.rules):
        for found in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            yield importlib.import_module(found.name)


def test_every_expression_compiles() -> None:
    count = 0
    for module in modules():
        for value in vars(module).values():
            if type(value).__name__ == "_Late":
                count += 1
                assert value.search
    assert count > 150


def test_it_is_what_re_compiles() -> None:
    late = lazy_re.compile(r"(?P<word>\w+) (\d+)", re.I)
    assert late.sub(r"\2", "a 1") == "1"
    assert [found.group("word") for found in late.finditer("a 1 b 2")] == ["a", "b"]
    assert (late.pattern, late.groups, dict(late.groupindex)) == (r"(?P<word>\w+) (\d+)", 2, {"word": 1})
    with pytest.raises(re.error):
        lazy_re.compile("(").search("")
    with pytest.raises(AttributeError):
        assert late.nothing  # type: ignore[attr-defined]  # it has none


def test_importing_all_detectors_compiles_nothing() -> None:
    code = """
import re, sys
from relbot.detect.engine.registry import DETECTOR_IDS, load_detector
compile = re.compile
def listening(source, flags=0):
    by = sys._getframe(1).f_globals["__name__"]
    assert not by.startswith("relbot."), (by, source)
    return compile(source, flags)
re.compile = listening
for name in DETECTOR_IDS:
    load_detector(name)
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
