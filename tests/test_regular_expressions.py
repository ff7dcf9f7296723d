"""No regular expression of relbot backtracks more than linearly: from one place, its time grows with the text and no faster.

The judge is regexploit (https://github.com/doyensec/regexploit). It reads an expression as a tree and looks for parts beside or
inside each other that repeat the same character. It tells what is cubic and worse; here each repetition counts twice, so that it
tells what is quadratic. A possessive repetition never gives back: it begins nothing, but what stands before it walks it again.

A search begins everywhere, and the judge does not see what that adds, nor every way to go back. So each expression is tried, too,
on texts that are made to hurt it: twice the text may not take more than three times as long.
"""

from __future__ import annotations

import ast
import importlib
import pkgutil
import re
import warnings
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, cast

import pytest

import relbot
from relbot.schema.lazy_re import _Late
from tests.adversarial_texts import adversaries, grows_too_fast
from tests.commandline import ROOT
from tests.syntax_trees import parse_file

with warnings.catch_warnings():
    warnings.simplefilter("ignore", DeprecationWarning)  # it reads trees with a module that Python calls its own
    from regexploit.ast.repeat import InfiniteRepeat, Repeat
    from regexploit.ast.sequence import Sequence
    from regexploit.ast.sre import SreOpParser
    from regexploit.redos import find

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_FUNCTIONS = {"compile", "match", "search", "fullmatch", "sub", "subn", "split", "findall", "finditer"}
_BUILT = {
    "adoption/notes/changesets.py": "a folder, escaped",
    "adoption/notes/type_names.py": "words of a table",
    "cli/output.py": "the pattern of a caller, judged there",
    "config/environments.py": "compiles what a project writes, to say whether it is one",
    "detect/config_structure/old_keys.py": "a name, escaped",
    "detect/demands/sign_ins.py": "names of letters alone, or escaped",
    "detect/engine/globs.py": "made of a glob: see test_globs",
    "detect/engine/shared_constants.py": "a name, escaped",
    "detect/environment/lookup_words.py": "words of tables",
    "detect/interfaces/detector.py": "a path, escaped, and parts of it without repetition",
    "detect/interfaces/route_words.py": "words of a table",
    "detect/jobs/detector.py": "a name, escaped",
    "detect/services/detector.py": "the patterns of a table",
    "detect/settings_read/compare.py": "names, escaped",
    "detect/settings_read/named_defaults.py": "a name, escaped",
    "detect/tasks/one_off.py": "a column, escaped",
    "detect/terraform/detector.py": "names and a value, escaped",
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
    "schema/lazy_re.py": "what a module gives: judged there",
}
"""Where an expression is built while relbot runs, and of what."""
_SHORT = {
    "adoption.notes.fragment_text._SENTENCE": "2,000 characters of a text",
    "adoption.repository_facts._MANIFEST": "matched whole",
    "adoption.repository_facts._SERVICES": "matched whole",
    "adoption.workflows._STEP": "a text of relbot's own",
    "detect.config_structure.lines._SHOWN_COLON": "matched at the beginning of a line",
    "detect.config_structure.lines._SHOWN_EQUALS": "matched at the beginning of a line",
    "detect.config_structure.values._DIGITS": "200 characters of a value",
    "detect.demands.sign_ins._ROUTED": "500 characters of a line",
    "detect/engine/expressions.py": "60 characters of a product",
    "detect.literals.kinds._KEPT_FOR": "100 characters of a name, and what parts its words",
    "detect.literals.kinds._KINDS": "100 characters of a name, and what parts its words",
    "detect.literals.reading._LAST_WORD": "80 characters of what is called",
    "detect/runtime/manifests.py": "300 characters of a line",
    "detect.runtime.manifests._REQUIREMENT": "300 characters of a line",
    "detect.settings_read.option_trees._CONVICT_PART": "2,000 characters below a name",
    "detect.settings_read.option_trees._NIX_DEFAULT": "2,000 characters below a name",
    "fragment.fast_parser._LINE": "front matter of at most 1,000 characters",
    "git.merge_messages._SUBJECTS": "matched whole",
    "release.tag_names._NAMED": "matched whole",
    "release/unreleased_rst.py": "matched at one place",
}
"""Expressions that would take long in a long text, and what they are given."""


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

    def from_FAILURE(self, positional: Any) -> None:  # noqa: N802  # named by Python, from 3.13 on: what fits nothing
        """It repeats nothing."""

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
def _calls_in_functions() -> list[tuple[str, ast.expr, str]]:
    """Each expression that a function of relbot gives to `re`, with its file before and what `re` does with it behind."""
    found = []
    for path in sorted((ROOT / "relbot").rglob("*.py")):
        tree = parse_file(path)
        functions = (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef))
        for node in {id(part): part for function in functions for part in ast.walk(function)}.values():
            if not isinstance(node, ast.Call):
                continue
            called = node.func
            if isinstance(called, ast.Attribute) and called.attr in _FUNCTIONS and ast.unparse(called.value) == "re":
                found.append((path.relative_to(ROOT / "relbot").as_posix(), node.args[0], called.attr))
    return found


def test_no_expression_of_a_module_backtracks() -> None:
    patterns = _loaded_patterns()
    assert len(patterns) > 600
    assert [(where, pattern) for (pattern, flags), where in patterns.items() if _backtracks(pattern, flags)] == []


def test_no_expression_that_is_written_in_a_function_backtracks() -> None:
    written = {(path, said.value) for path, said, _ in _calls_in_functions() if isinstance(said, ast.Constant)}
    assert len(written) > 50
    assert [each for each in written if _backtracks(str(each[1]), re.MULTILINE | re.DOTALL)] == []


def _begins_anywhere(where: str) -> bool:
    """Whether an expression of a module may be searched for: something else than `match` or `fullmatch` is done with its name."""
    module, _, name = where.rpartition(".")
    path = ROOT / f"{module.replace('.', '/')}.py"
    read = path if path.exists() else path.with_suffix("") / "__init__.py"
    places = [read] if name.startswith("_") else list((ROOT / "relbot").rglob("*.py"))
    used = rf"(?m)(?<!^)\b{name}\b(?!\.(?:full)?match\b)"
    return any(re.search(used, text) for place in places if name in (text := place.read_text("utf-8")))


def _tried_expressions() -> Iterator[tuple[str, re.Pattern[Any], tuple[str, ...]]]:
    """Each expression with its place, and how it is applied where it takes longest."""
    for (pattern, flags), where in _loaded_patterns().items():
        yield (
            where.removeprefix("relbot."),
            re.compile(pattern, flags),
            ("findall",) if _begins_anywhere(where) else ("match", "fullmatch"),
        )
    for path, said, way in _calls_in_functions():
        if isinstance(said, ast.Constant):
            ways = (way,) if way in ("match", "fullmatch") else ("findall",)
            yield path, re.compile(cast("str", said.value), re.MULTILINE | re.DOTALL), ways


def test_no_expression_takes_long_for_a_text_that_is_made_to_hurt_it() -> None:
    slow = []
    for where, pattern, ways in _tried_expressions():
        for adversary in adversaries(pattern.pattern, pattern.flags) if where not in _SHORT else ():
            if any(grows_too_fast(_applied(pattern, way), adversary) for way in ways):
                slow.append((where, pattern.pattern, adversary))
                break
    assert slow == []


def _applied(pattern: re.Pattern[Any], way: str) -> Callable[[str], object]:
    apply: Callable[[Any], object] = getattr(pattern, way)
    return (lambda text: apply(text.encode("latin-1", "replace"))) if isinstance(pattern.pattern, bytes) else apply


@pytest.mark.parametrize("pattern", [r"\s+$", r"(\w+):", r"\[[^\]]*\]\(", r"/\*.*?\*/", r"x\s*([^)]*)\)"])
def test_a_search_that_takes_long_is_found(pattern: str) -> None:
    tried = re.compile(pattern)
    assert any(grows_too_fast(tried.findall, each) for each in adversaries(pattern, tried.flags))


def test_expressions_are_built_where_it_is_known_of_what() -> None:
    assert {path for path, said, _ in _calls_in_functions() if not isinstance(said, ast.Constant)} == set(_BUILT)


@pytest.mark.parametrize(
    "pattern", [r"(a+)+$", r"(?:a|b)*a*b*a*$", r"(\w+\s*)*;", rb"^\s*\s*x", r"(.*)(.*)x", r"\s*,?\s*$", r"a*a*+b", r"(?:a*a*)*+b"]
)
def test_an_expression_that_takes_long_is_found(pattern: str | bytes) -> None:
    assert _backtracks(pattern)


@pytest.mark.parametrize("pattern", [r"\s*+,?\s*$", r"a*+b*c", r"[^,]*,\s*x"])
def test_an_expression_that_gives_nothing_back_is_none(pattern: str) -> None:
    assert not _backtracks(pattern)
