"""Which tests reach which lines: a plugin of pytest that `benchmarks/mutants.py` uses to choose the tests of a change."""

from __future__ import annotations

import os
import sys
import threading
from collections import defaultdict
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator


def _spent() -> float:
    """The seconds that this process and those it waited for have computed: a busy machine changes little of them."""
    return sum(os.times()[:4])


class ReachedLines:
    """Notes for each line of these files the tests that reach it, and for each test its seconds of computing."""

    def __init__(self, files: set[str]) -> None:
        self.files = files
        self.tests_of: defaultdict[tuple[str, int], set[str]] = defaultdict(set)
        self.seconds: dict[str, float] = {}

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Iterator[None]:
        """Traces one test with its fixtures."""
        reached: set[tuple[str, int]] = set()

        def trace_line(frame: Any, event: str, _: object) -> Any:
            if event == "line":
                reached.add((frame.f_code.co_filename, frame.f_lineno))
            return trace_line

        def trace_call(frame: Any, _event: str, _: object) -> Any:
            return trace_line if frame.f_code.co_filename in self.files else None

        begun = _spent()
        threading.settrace(trace_call)
        sys.settrace(trace_call)
        try:
            return (yield)
        finally:
            sys.settrace(None)
            threading.settrace(None)
            self.seconds[item.nodeid] = _spent() - begun
            for place in reached:
                self.tests_of[place].add(item.nodeid)


class ChosenTests:
    """Keeps these tests alone, in this order."""

    def __init__(self, order: list[str]) -> None:
        self.place = {test: number for number, test in enumerate(order)}

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Leaves out all others, and sorts."""
        items[:] = sorted((item for item in items if item.nodeid in self.place), key=lambda item: self.place[item.nodeid])
