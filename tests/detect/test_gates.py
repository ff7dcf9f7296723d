"""Looks at words that stand in front of expressions are complete: whatever an expression matches passes its gate.

A gate that lets too little through hides a fact, and no example of the detector may show that.
"""

from __future__ import annotations

import gc
import re
from functools import cache
from importlib import import_module
from pkgutil import walk_packages
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import relbot.detect
from relbot.detect import demands
from relbot.detect.demands import reading, sign_ins
from relbot.detect.environment import lookup_words
from relbot.detect.interfaces import route_words
from relbot.detect.jobs import reading as jobs
from relbot.detect.literals import call_words, kinds, plain_calls, stored_values, telling_values
from relbot.detect.runtime import backends, in_code
from relbot.schema import lazy_re
from relbot.schema.lazy_re import AtWords
from tests.tiers import examples

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

ASCII = st.characters(codec="ascii")


def matching(pattern: re.Pattern[str] | re.Pattern[bytes]) -> st.SearchStrategy[str | bytes]:
    """Texts in which a pattern has a match."""
    plain = re.compile(pattern.pattern, pattern.flags)
    return st.from_regex(plain, alphabet=ASCII) if isinstance(plain.pattern, str) else st.from_regex(plain)


@cache
def placed_patterns() -> list[AtWords]:
    """Every expression of a detector that is tried where words stand."""
    for module in walk_packages(relbot.detect.__path__, "relbot.detect."):
        import_module(module.name)
    found = {one.pattern: one for one in gc.get_objects() if isinstance(one, AtWords) and len(one.words) > 1}
    return [found[pattern] for pattern in sorted(found)]


@settings(max_examples=examples(12, 300))
@given(data=st.data())
def test_an_expression_finds_the_same_with_its_words(data: st.DataObject) -> None:
    for placed in placed_patterns():
        plain = re.compile(placed.pattern)
        matches = st.lists(st.from_regex(plain, fullmatch=True), min_size=len(placed.words) // 2 + 1, max_size=len(placed.words))
        content = b" ;\n".join(data.draw(matches))
        assert [found.span() for found in placed.finditer(content)] == [found.span() for found in plain.finditer(content)]


def test_an_expression_is_tried_at_its_words_alone() -> None:
    content = b"one two One"
    both = lazy_re.compile_at_words(rb"(?i)one|two", "one two")
    assert [found[0] for found in both.finditer(content)] == [b"one", b"two", b"One"]
    assert lazy_re.compile_at_words(b"one|two", "one").search(b"two") is None
    assert lazy_re.compile_at_words(b"(?!)", "").search(content) is None


def has_any(words: Iterable[str]) -> Callable[[str], bool]:
    return lambda text: any(word in text for word in words)


def reads_file(text: str) -> bool:
    """Whether the detector `demands` is loaded for a file with this text."""
    return any(word in text.encode() for pattern in demands.READS for word in pattern.words)


def names_shared_call(text: str) -> bool:
    """Whether a line with a call of this name passes, in a spelling that people use: what they are called by has any in it."""
    name = text.strip()
    return any(call_words.names_shared_call(f"{written}(") for written in (name, name.lower(), f"@{re.split('[.:>]', name)[-1]}"))


_SIGN_INS = (sign_ins._FILTER, sign_ins._ROUTED, sign_ins._MARK)
_CALLS = (
    *(kinds._QUEUE_CALLS, kinds._STORE_CALLS, kinds._COOKIE_CALLS, kinds._FILE_CALLS, kinds._BASE_CALLS, kinds._LOG_CALLS),
    *(kinds._STRICT_CALLS, kinds._TASK_CALLS, kinds._LISTENING_CALLS),
    *(plain_calls._LIMITERS, plain_calls._FEATURES, plain_calls._EXITS),
)
GATES: dict[str, tuple[tuple[re.Pattern[str], ...], Callable[[str], bool]]] = {
    "demands: sign-ins": (_SIGN_INS, has_any(sign_ins._LIKELY)),
    "demands: files with sign-ins": (_SIGN_INS, reads_file),
    "demands: files": (
        (reading._PARAMETER, reading._ROUTE, reading._GO_FLAG, reading._SIGNATURE),
        reads_file,
    ),
    "demands: flags of Go": ((reading._GO_FLAG,), has_any(["FlagRequired"])),
    "runtime: minimums": ((in_code._OLDEST, in_code._MINIMUM, in_code._LANGUAGE), in_code._may_demand),
    "runtime: stores": ((backends._NAMED, *(pattern for _, pattern in backends._STORES)), backends.names_store),
    "literals: calls": (_CALLS, names_shared_call),
}


@pytest.mark.parametrize("gate", GATES)
@settings(max_examples=examples(20, 1000))
@given(data=st.data())
def test_what_expressions_match_passes_their_gate(gate: str, data: st.DataObject) -> None:
    patterns, passes = GATES[gate]
    pattern = data.draw(st.sampled_from(patterns))
    text = data.draw(matching(pattern))
    assert isinstance(text, str)
    assert passes(text), f"{pattern.pattern} matches {text!r}"


BYTES: dict[str, tuple[tuple[re.Pattern[bytes], ...], tuple[bytes, ...]]] = {
    "literals: stored values": ((stored_values._DECLARES,), stored_values._WORDS),
    "jobs": ((jobs._JOB_WORDS,), jobs._LIKELY_JOBS),
    **{f"environment: {name}": ((words.hint,), words.parts) for name, words in lookup_words.LOOKUPS.items()},
}


@pytest.mark.parametrize("gate", BYTES)
@settings(max_examples=examples(8, 300))
@given(data=st.data())
def test_what_expressions_of_bytes_match_passes_their_gate(gate: str, data: st.DataObject) -> None:
    patterns, words = BYTES[gate]
    pattern = data.draw(st.sampled_from(patterns))
    content = data.draw(matching(pattern))
    assert isinstance(content, bytes)
    assert any(word in content for word in words)


@settings(max_examples=examples(20, 1000))
@given(data=st.data())
def test_a_value_that_tells_by_itself_passes_the_look_at_lines(data: st.DataObject) -> None:
    pattern = data.draw(st.sampled_from([pattern for _, pattern in telling_values._KINDS]))
    text = data.draw(st.from_regex(re.compile(pattern.pattern), fullmatch=False, alphabet=ASCII))
    if telling_values.kind_of_value(text) is not None and "\n" not in text:
        assert telling_values.has_telling_value(f'"{text}"')


@settings(max_examples=examples(20, 1000))
@given(st.from_regex(re.compile(route_words.VERB.pattern), fullmatch=True))
def test_every_verb_of_a_route_is_looked_for(word: str) -> None:
    assert all(word.strip().encode() in words.spoken for words in route_words.WORDS.values())
