"""Metrics that code declares, read from syntax trees: names, with what libraries put before them, and labels."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from relbot.detect.engine.expressions import (
    CALLS,
    arguments_of,
    assigned_name,
    assigned_value,
    callee_of,
    constants_of,
    literal_value,
    string_value,
    walk_tree,
)
from relbot.detect.engine.syntax import text_of
from relbot.schema import lazy_re as re

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from relbot.detect.engine.expressions import Arguments
    from relbot.detect.engine.tree import SyntaxTree

_HINT = re.compile_at_words(
    rb"prometheus|promauto|Counter\(|Counter<|Counter\.|Gauge|Timer\.|Histogram\(|Summary\(|MetricFamily|[sS]tats[dD]|[mM]eter\b|[mM]etrics|register_\w{1,40}!|telemetry",
    "prometheus promauto Counter( Counter< Counter. Gauge Timer. Histogram( Summary( MetricFamily stats Stats meter Meter metrics"
    " Metrics register_ telemetry",
)
_DECLARES = re.compile(
    r"(?i)(counter|gauge|histogram|summary|timer|last_value|distribution|metricfamily)(_?vec|func|\.builder|<\w+>)?!?$"
)
_SENDS = re.compile(
    r"(?i)stats_?d?(_?client)?\.(incr(ement)?|decr(ement)?|gauge|timing|measure|histogram|count|distribution)$|^datadog\w*\.\w+$"
)
_WORDS = re.compile_at_words(
    rb"(?i)(?:counter|gauge|histogram|summary|timer|last_value|distribution|metricfamily)(?:_?vec|func)?(?!\w)"
    rb"|stats_?d?(?:_?client)?(?!\w)|datadog|(?-i:Opts)",
    "counter gauge histogram summary timer last_value distribution metricfamily stats datadog opts",
)
"""What is called or built where a file declares a metric or sends one."""
_NAME = re.compile(r"[a-z][\w.:-]{0,200}[._]\w[\w.]*$")
_REGISTERED = re.compile(r"\bregister_\w{1,40}!\s*\(\s*\"([a-z][\w:]{0,200})\"")
"""What the body of a macro of Rust declares: its grammar has tokens alone."""
_BUILT = re.compile(r"\bbuilder\(\s*\"([\w.-]{1,200})\".{0,1000}\)\s*\.tags?$", re.S)
"""A chain of Micrometer's that gives a metric labels."""
_REGISTRY = re.compile(r"(?i)(registry|metrics)\.\w+$")
"""On what Micrometer's short calls are made: names and values of labels follow the metric's own name in turn."""
_LONGEST = 200
_PARTS = ("namespace", "subsystem", "name")
_LABELS = ("labels", "labelnames", "label_names", "labelnames")


def has_metrics(content: bytes) -> bool:
    """Whether a file may declare metrics or send some: a look at its bytes, before it is parsed."""
    return _WORDS.search(content) is not None and _HINT.search(content) is not None


class _Constants:
    """The literals that names of a file stand for, looked for when a name is asked for: most metrics are named where they are."""

    def __init__(self, root: Node) -> None:
        self._root = root

    @cached_property
    def _known(self) -> dict[str, str]:
        return constants_of(walk_tree(self._root))

    def get(self, name: str) -> str | None:
        """The literal that stands for the name, None if it is no constant."""
        return self._known.get(name)


def read_metrics(tree: SyntaxTree) -> Iterator[str]:
    """The metrics of a parsed file, each by its name, and as `name{label}` for each label."""
    constants = _Constants(tree.root)
    for node in tree.walk(tree.lines_with(_WORDS)):
        if node.type == "composite_literal" and "Opts" in text_of(node.child_by_field_name("type")):
            yield from _read_options(node, constants, _labels_beside(node))
        if node.type not in CALLS:
            continue
        callee = callee_of(node)
        if callee == "lazy_static!":
            yield from _REGISTERED.findall(text_of(node))
        if (built := _BUILT.search(callee)) is not None:
            given = arguments_of(node).positional
            yield from (f"{built[1]}{{{label}}}" for each in given[::2] for label in _strings_in(each))
        if _SENDS.search(callee) or _DECLARES.search(callee):
            yield from _read_call(node, constants, sends=_SENDS.search(callee) is not None)


def _read_call(node: Node, constants: _Constants, *, sends: bool) -> Iterator[str]:
    given = arguments_of(node)
    first = given.positional[0] if given.positional else given.named.get("name")
    if first is not None and first.type == "object":
        yield from _read_options(first, constants, ())
        return
    if first is not None and first.type == "composite_literal":
        return  # read where it stands
    name = string_value(first) or (constants.get(text_of(first)) if first is not None else None)
    if name is None or len(name) > _LONGEST or not (_NAME.match(name) or (sends and name)):
        return
    yield name
    yield from (f"{name}{{{label}}}" for label in _labels_in(node, given))


def _labels_in(node: Node, given: Arguments) -> list[str]:
    """The labels that a call gives its metric: by name, in turn with values, or as the third argument."""
    labels = [each for key in _LABELS if key in given.named for each in _strings_in(given.named[key])]
    if not labels and _REGISTRY.search(callee_of(node)):
        labels = [text for each in given.positional[1::2] if (text := string_value(each)) is not None]
    return labels or [text for each in given.positional[2:3] for text in _strings_in(each)]


def _read_options(node: Node, constants: _Constants, labels: tuple[str, ...]) -> Iterator[str]:
    """Go's `CounterOpts{Namespace: "a", Name: "b"}` and Node's `{ name: "a_b", labelNames: ["c"] }`."""
    said: dict[str, Node] = {}
    for each in walk_tree(node):
        key, value = assigned_name(each).lower(), assigned_value(each)
        if key and value is not None:
            said.setdefault(key, value)
    parts = [literal_value(said[key]) or constants.get(text_of(said[key])) for key in _PARTS if key in said]
    if "name" not in said or not parts[-1]:
        return
    name = "_".join(part for part in parts if part)
    yield name
    named = [text for key in _LABELS if key in said for text in _strings_in(said[key])]
    yield from (f"{name}{{{label}}}" for label in (*labels, *named))


def _labels_beside(node: Node) -> tuple[str, ...]:
    """The labels that a call of Go gets after the options."""
    call = node.parent.parent if node.parent is not None else None
    if call is None or call.type not in CALLS:
        return ()
    return tuple(text for each in arguments_of(call).positional[1:2] for text in _strings_in(each))


def _strings_in(node: Node) -> list[str]:
    return [text for each in walk_tree(node) if (text := string_value(each)) is not None or (text := _symbol(each))]


def _symbol(node: Node) -> str:
    return text_of(node).lstrip(":") if node.type in ("simple_symbol", "atom") else ""
