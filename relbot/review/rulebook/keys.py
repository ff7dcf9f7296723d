"""Rules about keys and their values, in front matter and configuration."""

from __future__ import annotations

from relbot.review.rulebook.model import Example, File, Rule, config_example, fragment_example

_TEXT = "---\n\nThe option `colour` is gone.\n"

KEY_RULES = (
    Rule(
        "config-ambiguous",
        "Two files of one folder configure relbot.",
        "One of them would be ignored without a word.",
        bad=Example((File("relbot.toml", 'changelog = "NEWS.md"\n'), File("pyproject.toml", "[tool.relbot]\n"))),
        good=config_example('changelog = "NEWS.md"\n'),
    ),
    Rule(
        "missing-key",
        "A key that is needed is missing.",
        "`type` decides where a change stands in the notes; `phase` decides when a step is done. Neither can be guessed.",
        bad=fragment_example("---\nissues: [4075]\n" + _TEXT),
        good=fragment_example("---\ntype: removed\nissues: [4075]\n" + _TEXT),
    ),
    Rule(
        "unknown-key",
        "A key is not known.",
        "A key with a slip of the pen would be ignored, and what it should have said with it.",
        bad=fragment_example("---\ntype: removed\nisues: [4075]\n" + _TEXT),
        good=fragment_example("---\ntype: removed\nissues: [4075]\n" + _TEXT),
    ),
    Rule(
        "duplicate-key",
        "A key is written twice.",
        "Readers of YAML differ in which of the two they take, so one of them is lost without a word.",
        bad=fragment_example("---\ntype: removed\nissues: [4075]\nissues: [4080]\n" + _TEXT),
        good=fragment_example("---\ntype: removed\nissues: [4075, 4080]\n" + _TEXT),
    ),
    Rule(
        "unknown-value",
        "A value is none of those allowed.",
        "Types and components are what the project has configured; an unknown value would be in no list.",
        bad=fragment_example("---\ntype: remove\n" + _TEXT),
        good=fragment_example("---\ntype: removed\n" + _TEXT),
    ),
    Rule(
        "wrong-type",
        "A value is of the wrong kind: a list where a text is needed, a text where it is true or false.",
        "What is read as something else than its author meant causes mistakes you do not see. Quotes turn true into a text.",
        bad=config_example('[links]\nhistory = "false"\n'),
        good=config_example("[links]\nhistory = false\n"),
    ),
    Rule(
        "surprising-value",
        "An unquoted value that some readers of YAML take for something else than it shows.",
        "In YAML 1.1 `no` is false, `1.10` is 1.1 and `1:30` is 90, in YAML 1.2 they are not. relbot guesses neither way.",
        bad=fragment_example("---\ntype: removed\nauthors: [jane, no]\n" + _TEXT),
        good=fragment_example('---\ntype: removed\nauthors: [jane, "no"]\n' + _TEXT),
    ),
)
