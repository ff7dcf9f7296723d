"""Rules about keys and their values, in front matter and configuration."""

from __future__ import annotations

from relbot.review.rulebook.model import Example, File, Rule, config_example, fragment_example

_TEXT = "---\n\nThe option `colour` is gone.\n"

KEY_RULES = (
    Rule(
        "config-ambiguous",
        "Two files of one folder configure relbot.",
        "relbot would have to ignore one of them silently.",
        bad=Example((File("relbot.toml", 'changelog = "NEWS.md"\n'), File("pyproject.toml", "[tool.relbot]\n"))),
        good=config_example('changelog = "NEWS.md"\n'),
    ),
    Rule(
        "missing-key",
        "A required key is missing.",
        "`type` decides the place of a change in the notes, and `phase` decides when a step is done. relbot cannot guess them.",
        bad=fragment_example("---\nissues: [4075]\n" + _TEXT),
        good=fragment_example("---\ntype: removed\nissues: [4075]\n" + _TEXT),
    ),
    Rule(
        "unknown-key",
        "A key is not known.",
        "relbot would have to ignore a misspelt key, and its value with it.",
        bad=fragment_example("---\ntype: removed\nisues: [4075]\n" + _TEXT),
        good=fragment_example("---\ntype: removed\nissues: [4075]\n" + _TEXT),
    ),
    Rule(
        "duplicate-key",
        "A key is written twice.",
        "YAML parsers differ in which of the two they use, so one of them would be lost silently.",
        bad=fragment_example("---\ntype: removed\nissues: [4075]\nissues: [4080]\n" + _TEXT),
        good=fragment_example("---\ntype: removed\nissues: [4075, 4080]\n" + _TEXT),
    ),
    Rule(
        "unknown-value",
        "A value is not one of the allowed values.",
        "Types and components are what the project has configured; an unknown value would be in no list.",
        bad=fragment_example("---\ntype: remove\n" + _TEXT),
        good=fragment_example("---\ntype: removed\n" + _TEXT),
    ),
    Rule(
        "wrong-type",
        "A value is of the wrong kind: a list where a text is needed, a text where it is true or false.",
        "A value that is read differently than its author meant causes hidden mistakes. Quotes turn `true` into a text.",
        bad=config_example('[links]\nhistory = "false"\n'),
        good=config_example("[links]\nhistory = false\n"),
    ),
    Rule(
        "surprising-value",
        "YAML parsers read an unquoted value in different ways.",
        (
            "In YAML 1.1 `no` is false, `1.10` is 1.1 and `1:30` is 90, in YAML 1.2 they are not. "
            "relbot does not guess. Write it in quotes."
        ),
        bad=fragment_example("---\ntype: removed\nauthors: [jane, no]\n" + _TEXT),
        good=fragment_example('---\ntype: removed\nauthors: [jane, "no"]\n' + _TEXT),
    ),
)
