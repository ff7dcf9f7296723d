"""The table `[rules]`: what the project wants done about what a change set shows, or lacks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from relbot.config.model import DEFAULT_EXEMPT, TOOLS, Rules
from relbot.detect.engine.registry import DETECTOR_IDS, load_detector
from relbot.errors import ConfigError
from relbot.finding import in_reading_order
from relbot.schema.faults import Faults, TomlFaults, did_you_mean
from relbot.schema.kinds import INVALID, Choice, Key, Many, Named, Table, Text
from relbot.schema.named_tuples import NamedTuple
from relbot.schema.nodes import MappingNode
from relbot.schema.toml_nodes import parse_toml

if TYPE_CHECKING:
    from relbot.schema.nodes import Node

LEVELS = ("require", "ask", "off")
NOTE_RULES = {
    "step-phase": "no step of a note has a phase that fits the facts of the change set",
    "migration-vague": "the instructions of a note name neither a command nor a subject of the change set",
    "compat-missing": "a breaking change does not say whether the old way works for a while",
    "compat-reason": "`compat: none` has no reason",
}
"""The rules about the notes of a change set, each with what it reports."""
PRESETS = ("django", "go-service", "node", "openstack", "rails")


class Levels(NamedTuple):
    """A level for all facts of a detector, or a table from its facts to levels."""

    detector: str
    words: Choice = Choice(LEVELS)

    @property
    def allowed(self) -> str:
        return f"{self.words.allowed}, or a table FACT = {self.words.allowed}"

    def read(self, node: Node, key: str, faults: Faults) -> Any:
        if type(node) is not MappingNode:
            level = self.words.read(node, key, faults)
            return level if level is INVALID else {self.detector: level}
        known = {fact.id for fact in load_detector(self.detector).facts}
        levels: dict[str, Any] = {}
        for name_node, value_node in node.value:
            if name_node.value not in known:
                message = f"`{self.detector}` has no fact `{name_node.value}`."
                faults.at(name_node, "unknown-key", message, did_you_mean(name_node.value, sorted(known)))
            levels[f"{self.detector}/{name_node.value}"] = self.words.read(value_node, name_node.value, faults)
        return INVALID if INVALID in levels.values() else levels

    def json_schema(self) -> dict[str, Any]:
        return _level_or_table_schema(self.words)


class ToolLevels(NamedTuple):
    """A level for all that another tool says, or a table from its own rules to levels; what is not in it is asked."""

    tool: str
    words: Choice = Choice(LEVELS)

    @property
    def allowed(self) -> str:
        return f"{self.words.allowed}, or a table RULE = {self.words.allowed}"

    def read(self, node: Node, key: str, faults: Faults) -> Any:
        if type(node) is not MappingNode:
            level = self.words.read(node, key, faults)
            return level if level is INVALID else {self.tool: level}
        read = {name.value: self.words.read(value, name.value, faults) for name, value in node.value}
        return INVALID if INVALID in read.values() else {self.tool: "ask", **{f"{self.tool}/{rule}": read[rule] for rule in read}}

    def json_schema(self) -> dict[str, Any]:
        return _level_or_table_schema(self.words)


def _level_or_table_schema(words: Choice) -> dict[str, Any]:
    one = words.json_schema()
    return {"anyOf": [one, {"type": "object", "additionalProperties": one}]}


def _check_fact_name(name: str) -> str:
    known, _, fact = name.partition("/")
    if known not in DETECTOR_IDS:
        return f"There is no detector `{known}`."
    return "" if not fact or fact in {one.id for one in load_detector(known).facts} else f"`{known}` has no fact `{fact}`."


RULE_KEYS = (
    Key(
        "every-change",
        Choice(("off", "ask", "require")),
        "Whether every change set needs a fragment. Changes of `exempt` authors need none.",
        'every-change = "ask"',
        "off",
    ),
    *(
        Key(name, Choice(LEVELS), f"The level of the finding when {what}. Default: `ask`.", f'{name} = "require"')
        for name, what in NOTE_RULES.items()
    ),
    Key(
        "preset",
        Many(Choice(PRESETS)),
        "Rules for a kind of project. Rules next to this key override them.",
        'preset = ["rails"]',
    ),
    Key(
        "routine",
        Many(Text("a detector, or one of its facts as `detector/fact`", check=_check_fact_name)),
        "Facts that every deploy of this project has. relbot shows them and asks for no note.",
        'routine = ["migrations/new"]',
    ),
    Key(
        "exempt",
        Many(Text("a login or an address, `*` stands for any text")),
        "Authors whose changes relbot does not check, such as robots that raise versions.",
        'exempt = ["*[bot]", "release@example.org"]',
        DEFAULT_EXEMPT,
    ),
    Key(
        "paths",
        Named(Choice(LEVELS), r".+"),
        "Paths whose changes need a note, or never need one. `**` stands for any folders.",
        '[rules.paths]\n"config/routes/**" = "require"\n"examples/**" = "off"',
    ),
    *(
        Key(
            name,
            Levels(name),
            f"The level of the findings of `{name}`. Default: the level of each fact (`relbot explain {name}`).",
            f'{name} = "ask"',
        )
        for name in DETECTOR_IDS
    ),
    *(
        Key(
            tool,
            ToolLevels(tool),
            (
                f"The level of the findings of the tool {tool}: {what}. Default: relbot does not run it. If it fails, the "
                f"answer is `unknown`. Install it with `pip install 'relbot[{tool}]'`."
            ),
            f'{tool} = "ask"',
        )
        for tool, what in TOOLS.items()
    ),
)


def _make_rules(values: dict[str, Any], node: Node) -> Rules:
    levels: dict[str, str] = {}
    for name in (*DETECTOR_IDS, *TOOLS):
        levels |= values[name] or {}
    levels |= {name: values[name] for name in NOTE_RULES if values[name]}
    return Rules(
        tuple(levels.items()),
        tuple((values["paths"] or {}).items()),
        values["routine"] or (),
        values["exempt"],
        values["preset"] or (),
        values["every-change"],
    )


RULES = Table(RULE_KEYS, _make_rules)


def read_rules(path: str, text: str) -> Rules:
    """The rules in a text of TOML that holds what stands below `[rules]`. ConfigError with all faults."""
    faults = TomlFaults(path)
    root = parse_toml(text, faults)
    rules = INVALID if root is None else RULES.read(root, "", faults)
    if faults.findings:
        raise ConfigError(f"relbot cannot use {path}.", in_reading_order(faults.findings))
    assert isinstance(rules, Rules)
    return rules
