"""No regular expression of relbot backtracks more than linearly: from one place, its time grows with the text and no faster.

The judge is regexploit (https://github.com/doyensec/regexploit). It reads an expression as a tree and looks for parts beside or
inside each other that repeat the same character. It tells what is cubic and worse; here each repetition counts twice, so that it
tells what is quadratic. A possessive repetition never gives back: it begins nothing, but what stands before it walks it again.
"""

from __future__ import annotations

import ast
import importlib
import pkgutil
import re
import warnings
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

import pytest

import relbot
from relbot.detect.engine.lazy_re import _Late
from tests.commandline import ROOT

with warnings.catch_warnings():
    warnings.simplefilter("ignore", DeprecationWarning)  # it reads trees with a module that Python calls its own
    from regexploit.ast.repeat import InfiniteRepeat, Repeat
    from regexploit.ast.sequence import Sequence
    from regexploit.ast.sre import SreOpParser
    from regexploit.redos import find

if TYPE_CHECKING:
    from collections.abc import Iterator

_FUNCTIONS = {"compile", "match", "search", "fullmatch", "sub", "subn", "split", "findall", "finditer"}
_BUILT = {
    "adoption/notes/changesets.py": "a folder, escaped",
    "adoption/notes/type_names.py": "words of a table",
    "cli/output.py": "the pattern of a caller, judged there",
    "config/environments.py": "compiles what a project writes, to say whether it is one",
    "detect/demands/sign_ins.py": "names of letters alone, or escaped",
    "detect/documented_settings/settings.py": "a name, escaped",
    "detect/engine/globs.py": "made of a glob: see test_globs",
    "detect/engine/lazy_re.py": "what a module gives: judged there",
    "detect/engine/shared_constants.py": "a name, escaped",
    "detect/environment/lookup_words.py": "words of tables",
    "detect/interfaces/route_words.py": "words of a table",
    "detect/jobs/detector.py": "a name, escaped",
    "detect/lone_changes/detector.py": "a name, escaped",
    "detect/services/detector.py": "the patterns of a table",
    "detect/settings_read/compare.py": "names, escaped",
    "detect/tasks/one_off.py": "a column, escaped",
    "detect/values_files/detector.py": "a name, escaped",
    "detect/wording/detector.py": "a pattern of a table",
    "fragment/invisible_characters.py": "a class of characters",
    "git/merge_messages.py": "a number",
    "git/tags.py": "what stands before and after a version, escaped",
    "release/tag_names.py": "what stands before and after a version, escaped",
    "release/version.py": "versions, escaped",
    "render/common/invisible_characters.py": "classes of characters",
    "render/common/media.py": "a class of characters",
    "render/notes/changelog_layout.py": "a marker, escaped",
    "release/comparison_links.py": "a version, escaped",
    "release/unreleased_text.py": "a heading, escaped",
    "release/version_files.py": "a version, escaped",
    "review/check.py": "a key of relbot's own",
    "review/rules/begin.py": "what the base branch writes into its rules",
    "schema/kinds.py": "the pattern of a kind, judged there",
    "sources/extract.py": "what a project writes for the answers of its own source",
}
"""Where an expression is built while relbot runs, and of what."""


@dataclass(frozen=True)
class _Possessive(Repeat):  # type: ignore[misc]  # regexploit has no types
    """A repetition that gives nothing back."""

    @property
    def starriness(self) -> int:
        """As that of one that does: what stands before it may give back, and it is walked anew each time."""
        return 2


def _counted_twice(made: Any) -> Any:
    if isinstance(made, Sequence):
        return Sequence([_counted_twice(each) for each in made.elements])
    if isinstance(made, InfiniteRepeat) and made.forced_starriness is None:
        return InfiniteRepeat(made.repeat, made.minimum_repeats, 2 + 10 * made.repeat.starriness)
    return made


class _Parser(SreOpParser):  # type: ignore[misc]  # regexploit has no types
    """Counts each repetition twice, and knows those that never give back."""

    def from_MAX_REPEAT(self, positional: Any) -> Any:  # noqa: N802  # named by regexploit
        return _counted_twice(super().from_MAX_REPEAT(positional))

    def from_POSSESSIVE_REPEAT(self, positional: Any) -> Any:  # noqa: N802  # named by regexploit
        made = self.from_MAX_REPEAT(positional)
        inside = made.repeat.starriness if isinstance(made, InfiniteRepeat) else 0
        return _Possessive(made.repeat, made.minimum_repeats) if isinstance(made, InfiniteRepeat) and inside <= 2 else made


def _backtracks(pattern: str | bytes, flags: int = 0) -> bool:
    """Whether the same characters can be divided anew more often than once for each."""
    text = pattern.decode("latin-1") if isinstance(pattern, bytes) else pattern
    tree = _Parser().parse_sre(text, flags & ~re.UNICODE if isinstance(pattern, bytes) else flags)
    return bool(find(tree))


def _patterns_in(value: Any, depth: int = 0) -> Iterator[re.Pattern[Any]]:
    """The compiled expressions in a value of a module, and in what it holds."""
    if isinstance(value, _Late):
        yield re.compile(*value._source)
    elif isinstance(value, re.Pattern):
        yield value
    elif depth < 5:
        inside: Any = ()
        if isinstance(value, dict):
            inside = (*value, *value.values())
        elif isinstance(value, tuple | list | set | frozenset):
            inside = value
        elif type(value).__module__.startswith("relbot") and hasattr(value, "__dict__"):
            inside = vars(value).values()
        for part in inside:
            yield from _patterns_in(part, depth + 1)


def _loaded_patterns() -> dict[tuple[Any, int], str]:
    """Every expression that a module of relbot keeps, with the module that has it."""
    found: dict[tuple[Any, int], str] = {}
    for module in pkgutil.walk_packages(relbot.__path__, "relbot."):
        if not module.name.endswith("__main__"):
            for name, value in list(vars(importlib.import_module(module.name)).items()):
                for pattern in _patterns_in(value):
                    found.setdefault((pattern.pattern, pattern.flags), f"{module.name}.{name}")
    return found


@cache
def _calls_in_functions() -> list[tuple[str, ast.expr]]:
    """Each expression that a function of relbot gives to `re`, with its file."""
    found = []
    for path in sorted((ROOT / "relbot").rglob("*.py")):
        tree = ast.parse(path.read_text("utf-8"))
        functions = (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef))
        for node in {id(part): part for function in functions for part in ast.walk(function)}.values():
            if not isinstance(node, ast.Call):
                continue
            called = node.func
            if isinstance(called, ast.Attribute) and called.attr in _FUNCTIONS and ast.unparse(called.value) == "re":
                found.append((path.relative_to(ROOT / "relbot").as_posix(), node.args[0]))
    return found


def test_no_expression_of_a_module_backtracks() -> None:
    patterns = _loaded_patterns()
    assert len(patterns) > 600
    assert [(where, pattern) for (pattern, flags), where in patterns.items() if _backtracks(pattern, flags)] == []


def test_no_expression_that_is_written_in_a_function_backtracks() -> None:
    written = {(path, said.value) for path, said in _calls_in_functions() if isinstance(said, ast.Constant)}
    assert len(written) > 50
    assert [each for each in written if _backtracks(str(each[1]), re.MULTILINE | re.DOTALL)] == []


def test_expressions_are_built_where_it_is_known_of_what() -> None:
    assert {path for path, said in _calls_in_functions() if not isinstance(said, ast.Constant)} == set(_BUILT)


@pytest.mark.parametrize(
    "pattern", [r"(a+)+$", r"(?:a|b)*a*b*a*$", r"(\w+\s*)*;", rb"^\s*\s*x", r"(.*)(.*)x", r"\s*,?\s*$", r"a*a*+b", r"(?:a*a*)*+b"]
)
def test_an_expression_that_takes_long_is_found(pattern: str | bytes) -> None:
    assert _backtracks(pattern)


@pytest.mark.parametrize("pattern", [r"\s*+,?\s*$", r"a*+b*c", r"[^,]*,\s*x"])
def test_an_expression_that_gives_nothing_back_is_none(pattern: str) -> None:
    assert not _backtracks(pattern)
