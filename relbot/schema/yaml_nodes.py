"""The text of a YAML document to nodes, by PyYAML and libyaml."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import yaml
from yaml.composer import Composer
from yaml.error import Mark, MarkedYAMLError
from yaml.parser import Parser
from yaml.reader import Reader, ReaderError
from yaml.scanner import Scanner

from relbot.schema import lazy_re as re
from relbot.schema.nodes import MappingNode, Node, Position, ScalarNode, SequenceNode

try:
    from yaml.cyaml import CParser  # type: ignore[attr-defined]  # the stubs do not export it
except ImportError:  # PyYAML built without libyaml: slower, same nodes
    CParser = None  # type: ignore[misc, assignment]  # a missing class

if TYPE_CHECKING:
    from relbot.schema.faults import Faults

LONGEST = 16_000
"""Characters of front matter: with fewer, not even one bracket a character overflows libyaml's stack."""
MOST_BRACKETS = 1_000
"""Opening brackets of front matter: libyaml takes quadratic time to open them inside each other."""


_HIDDEN = re.compile(r"\[(?:[^\]\n#]{0,80}[\s,])?#([^\s,\]]{1,80}+)[^\]\n]{0,80}\]")
"""A list that somebody closed behind a `#`."""


class _Unresolved:
    """Leaves tags as they were written: "" unless somebody wrote one."""

    def resolve(self, kind: type[yaml.Node], value: str | None, implicit: Any) -> str:
        return ""

    def descend_resolver(self, parent: yaml.Node | None, index: object) -> None: ...

    def ascend_resolver(self) -> None: ...


if CParser is not None:

    class NodeLoader(_Unresolved, CParser):
        """Composes nodes with libyaml. Takes the place of a PyYAML loader class."""

        def get_single_data(self) -> Node | None:
            return _own_nodes(self.get_single_node())

        def dispose(self) -> None: ...

else:

    class NodeLoader(_Unresolved, Reader, Scanner, Parser, Composer):  # type: ignore[no-redef]  # the other branch
        """Composes nodes in Python. Takes the place of a PyYAML loader class."""

        def __init__(self, stream: str) -> None:
            Reader.__init__(self, stream)
            Scanner.__init__(self)
            Parser.__init__(self)
            Composer.__init__(self)

        def get_single_data(self) -> Node | None:
            return _own_nodes(self.get_single_node())

        def dispose(self) -> None: ...


def _own_nodes(root: yaml.Node | None) -> Node | None:
    """PyYAML's nodes as relbot's. One that an alias stands for stays one, so that a few lines cannot become millions of nodes."""
    if root is None:
        return None
    found: list[Any] = [root]
    own: dict[int, Node] = {}
    for node in found:  # which grows
        if id(node) in own:
            continue
        start = Position(node.start_mark.line, node.start_mark.column)
        if isinstance(node, yaml.ScalarNode):
            own[id(node)] = ScalarNode(node.value, start, node.style, _shown_tag(node))
        elif isinstance(node, yaml.MappingNode):
            own[id(node)] = MappingNode([], start, tag=_shown_tag(node))
            found += (each for pair in node.value for each in pair)
        else:
            own[id(node)] = SequenceNode([], start, tag=_shown_tag(node))
            found += node.value
    for node in found:
        if isinstance(node, yaml.MappingNode):
            own[id(node)].value = [(own[id(key)], own[id(value)]) for key, value in node.value]
        elif isinstance(node, yaml.SequenceNode):
            own[id(node)].value = [own[id(item)] for item in node.value]
    return own[id(root)]


def _shown_tag(node: yaml.Node) -> str:
    """The tag of a node as somebody wrote it, "" without one."""
    return str(node.tag or "").replace("tag:yaml.org,2002:", "!!")


def _report_tags(root: Node | None, faults: Faults) -> None:
    """Reports each tag: what it makes of a value depends on who reads it. What an alias stands for is looked at once."""
    seen: set[int] = set()
    left = [root] if root is not None else []
    while left:
        node = left.pop()
        if id(node) in seen:
            continue
        seen.add(id(node))
        if node.tag:
            message = f"YAML parsers read a value with the tag `{node.tag[:60]}` in different ways."
            faults.at(node, "surprising-value", message, "Remove the tag, or put a text that begins with `!` into quotes.")
        if isinstance(node, MappingNode):
            left += [part for pair in node.value for part in pair]
        elif isinstance(node, SequenceNode):
            left += node.value


_PROBLEMS = {
    "found unexpected end of stream": "a text in quotes has no closing quote",
    "mapping values are not allowed in this context": "there is a `: ` too many, or the indentation is wrong",
    "did not find expected '-' indicator": "a line of this list does not begin with `- `",
    "did not find expected ',' or ']'": "this list has no closing `]`, or lacks a comma",
    "did not find expected ',' or '}'": "this table has no closing `}`, or lacks a comma",
    "found character that cannot start any token": "a text without quotes cannot begin with this character",
    "could not find expected ':'": "this key has no `: ` after it",
    "found unknown escape character": "a text in double quotes has a backslash before a letter that YAML does not know there",
    "found undefined alias": "`*` begins an alias, and there is no anchor of that name",
}
"""What libyaml says, in words for people who do not know how YAML is parsed."""


def _too_much(text: str) -> str:
    """Why `text` is more than any fragment needs, judged before libyaml recurses into it; "" if it is not."""
    if len(text) > LONGEST:
        return f"it has {len(text)} characters, and {LONGEST} are the most"
    brackets = text.count("[") + text.count("{")
    return f"it has {brackets} brackets, and {MOST_BRACKETS} are the most" if brackets > MOST_BRACKETS else ""


def parse_yaml(text: str, faults: Faults, loader: Any) -> Node | None:
    """The root node of a YAML document, None if it is empty or broken. `loader` is called as `loader(text)`.

    A syntax error becomes one fault `yaml-syntax`.
    """
    if excess := _too_much(text):
        faults.on_line(faults.first_line, "yaml-syntax", f"relbot does not read this: {excess}.")
        return None
    try:
        node: Node | None = loader(text)
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = faults.first_line + (mark.line if mark else 0)
        problem = _PROBLEMS.get(error.problem or "") or ", ".join(part for part in (error.context, error.problem) if part)
        if hidden := _HIDDEN.search(text):
            line = faults.first_line + text.count("\n", 0, hidden.start())
            tip = f"`#` begins a comment in YAML. Write `{hidden[1]}` alone, or put it into quotes."
            column = hidden.start() - text.rfind("\n", 0, hidden.start())
            message = "A comment hides the end of this list."
            faults.on_line(line, "yaml-syntax", message, tip, f"[{hidden[1]}]", column=column)
            return None
        tip, column = _yaml_tip(text, mark), mark.column + 1 if mark else 1
        faults.on_line(line, "yaml-syntax", f"This is not YAML: {problem}.", tip, 'type: "fixed"', column=column)
        return None
    except ReaderError as error:
        line = faults.first_line + text.count("\n", 0, error.position)
        code = error.character if isinstance(error.character, int) else ord(error.character)
        column = error.position - text.rfind("\n", 0, error.position)
        faults.on_line(line, "yaml-syntax", f"The character U+{code:04X} is not allowed in YAML.", "Remove it.", column=column)
        return None
    except (yaml.YAMLError, RecursionError) as error:
        faults.on_line(faults.first_line, "yaml-syntax", f"This is not YAML: {error}.")
        return None
    _report_tags(node, faults)
    return node


def _yaml_tip(text: str, mark: Mark | None) -> str:
    lines = text.splitlines()
    line = lines[mark.line] if mark and mark.line < len(lines) else ""
    if "\t" in line[: len(line) - len(line.lstrip())]:
        return "Indent with spaces: YAML does not allow tabs there."
    if re.search(r":\s++[^'\"\[{|>].{0,500}(: |[`@%])", line) or re.search(r":\s+[`@%&*!]", line):
        return "Put a text with `: `, `@`, `%`, `*`, `&`, `!` or a backtick into quotes, or below a `|`."
    return "One `key: value` a line; put a text with special characters into quotes."
