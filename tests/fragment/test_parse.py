"""What each text gives: a fragment, or all of its faults at once with their places."""

import pytest

from relbot.fragment.model import Compat, Phase, Step
from relbot.fragment.prose import PLACEHOLDER
from tests.fragment.parsing import faults, parse, sound

FAULTS = [
    ("", [("front-matter-missing", 1, 1)]),
    ("text\n", [("front-matter-missing", 1, 1)]),
    ("\n---\ntype: fixed\n---\ntext", [("front-matter-missing", 1, 1)]),
    ("---\ntype: fixed\n", [("front-matter-unclosed", 1, 1)]),
    ("---\n---\ntext", [("front-matter-shape", 2, 1)]),
    ("---\n# only a comment\n---\ntext", [("front-matter-shape", 2, 1)]),
    ("---\n- a\n---\ntext", [("front-matter-shape", 2, 1)]),
    ("---\ntype: fixed\n---\n", [("empty-body", 3, 1)]),
    ("---\ntype: fixed\nbreaking: yes\n---\ntext", [("surprising-value", 3, 11)]),
    ("---\ntype: fixed\nbreaking: 'true'\n---\ntext", [("wrong-type", 3, 11)]),
    ("---\ntype: [fixed]\n---\ntext", [("wrong-type", 2, 7)]),
    ("---\ntype: fixes\n---\ntext", [("unknown-value", 2, 7)]),
    ("---\ntype: fixed\nauthors: [jane, 1.10]\n---\ntext", [("surprising-value", 3, 17)]),
    ("---\ntype: fixed\nauthors: [2026-01-01 10:00]\n---\ntext", [("surprising-value", 3, 11)]),
    ("---\ntype: fixed\n? [a, b]\n: c\n---\ntext", [("unknown-key", 3, 3)]),
    ("---\ntype: fixed\nneeds: [4075]\n---\ntext", [("needs-cycle", 3, 8)]),
    ("---\ntype: fixed\nmigration: false\n---\ntext", [("reason-missing", 3, 12)]),
    ("---\ntype: fixed\nmigration: true\n---\ntext", [("migration-missing", 3, 12)]),
    ("---\ntype: fixed\nbreaking: true\n---\ntext", [("migration-missing", 3, 11)]),
    ("---\ntype: fixed\nreason: a: b\n---\ntext", [("yaml-syntax", 3, 10)]),
    ("---\ntype: fixed\nissues: [1, #2]\n---\ntext", [("yaml-syntax", 3, 9)]),
    ("---\ntype: fixed\nissues: #2\n---\ntext", [("wrong-type", 3, 8)]),
    ("---\ntype: fixed\nissues: 1, 2\n---\ntext", [("wrong-type", 3, 9)]),
    (
        "---\ntype: fixed\ndeploy:\n  - phase: before-restart\n    restart: apache2, worker\n---\ntext",
        [("wrong-type", 5, 14)],
    ),
    ("---\ntype: fixed\n---\ntext\n\n<<<<<<< HEAD\na\n\n=======\nb\n>>>>>>> topic\n", [("merge-conflict", 6, 1)]),
    ("---\n<<<<<<< HEAD\ntype: fixed\n=======\ntype: added\n>>>>>>> topic\n---\ntext\n", [("merge-conflict", 2, 1)]),
    ("---\ntype: fixed\n---\ntext\n\n##Migration\n\nRun it.\n", [("heading-level", 6, 1)]),
    ("---\ntype: fixed\n---\ntext\n\n#compatibility:", [("heading-level", 6, 1)]),
    ("---\ntype: fixed\n...\ntext", [("front-matter-unclosed", 3, 1)]),
    ("---\r\ntype: fixed\r\n... \r\ntext\r\n\r\n---\r\n\r\nmore", [("front-matter-unclosed", 3, 1)]),
    ("---\ntype: fixed\n---\n\n<!-- What changes? -->\n", [("empty-body", 3, 1)]),
    ("---\ntype: fixed\n---\n\n<!--\n\nopen", [("empty-body", 3, 1)]),
    ("---\ntype: fixed\n---\n[a]: https://example.org\n", [("empty-body", 3, 1)]),
    *(
        (f"---\ntype: fixed\n---\n\n{shows_nothing}\n", [("empty-body", 5, 1)])
        for shows_nothing in ("\u200b", "&nbsp;", "&#8203;", "<br>", "<span></span>", "\u2800", "***", "- [ ] ")
    ),
    ("---\ntype: fixed\n---\n\nA fix.\n\n- <!--\n", [("html-left-open", 7, 1)]),
    ("---\ntype: fixed\n---\n\n> A fix.\n>\n> <script>\n", [("html-left-open", 7, 1)]),
    ("---\ntype: fixed\n---\n\n1. <!-- a\n2. b -->\n", [("html-left-open", 5, 1)]),
    (f"---\ntype: fixed\n---\n\n{PLACEHOLDER}\n", [("empty-body", 5, 1)]),
    (f"---\ntype: fixed\n---\n\n{PLACEHOLDER}\n\n## Migration\n\nRun it.\n", [("empty-body", 5, 1)]),
    ("---\ntype: fixed\n---\ntext \x1b[1m", [("control-character", 4, 6)]),
    ("---\ntype: fixed\n\tbreaking: true\n---\ntext", [("yaml-syntax", 3, 1)]),
    ("---\ntype: fixed\n---\ntext\n# One\n", [("heading-level", 5, 1)]),
    ("---\ntype: fixed\n---\ntext\n---\nmore", [("heading-level", 5, 1)]),
    ("---\ntype: fixed\n---\ntext\n\n## Migratoin\n\nx", [("heading-level", 6, 1)]),
    ("---\ntype: fixed\ndeploy:\n  - run: x\n---\ntext", [("missing-key", 4, 5)]),
    ("---\ntype: fixed\ndeploy:\n  - phase: before\n    run: x\n---\ntext", [("step-order", 4, 12)]),
    ("---\ntype: fixed\ndeploy: later\n---\ntext", [("wrong-type", 3, 9)]),
    ("---\ntype: fixed\ndeploy:\n  - phase: later\n    run: x\n    duration: soon\n---\ntext", [("unknown-value", 6, 15)]),
    (
        "---\ntype: fixes\nbreaking: on\nisues: [1]\ndeploy:\n  - phase: later\n---\n\n# One\n\n## Migration\n",
        [
            ("unknown-value", 2, 7),
            ("surprising-value", 3, 11),
            ("unknown-key", 4, 1),
            ("step-empty", 6, 5),
            ("heading-level", 9, 1),
            ("empty-section", 11, 1),
        ],
    ),
]


@pytest.mark.parametrize(("text", "expected"), FAULTS, ids=[text[:60] for text, _ in FAULTS])
def test_faults_are_all_told_with_their_places(text: str, expected: object) -> None:
    assert faults(text) == expected


@pytest.mark.parametrize(
    ("text", "tip"),
    [
        ("issues: #2", "`#` begins a comment in YAML. Write `2` alone, or put it into quotes."),
        ("issues: [1, #2]", "`#` begins a comment in YAML. Write `2` alone, or put it into quotes."),
        ("issues: 1, 2", "A list stands in brackets; a text that has a comma, in quotes."),
    ],
)
def test_what_yaml_hides_is_explained(text: str, tip: str) -> None:
    found = parse(f"---\ntype: fixed\n{text}\n---\ntext")
    assert isinstance(found, list)
    assert [fault.tip for fault in found] == [tip]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("deploy: [x, {phase: later, run: make}]", "Entry 1 of `deploy` is `x`."),
        ("authors: 'Jane", "This is not YAML: a text in quotes has no closing quote."),
        ("issues: [1, 2", "This is not YAML: this list has no closing `]`, or lacks a comma."),
        ("reason: a: b", "This is not YAML: there is a `: ` too many, or the indentation is wrong."),
    ],
)
def test_a_fault_is_told_without_the_words_of_a_parser(text: str, message: str) -> None:
    found = parse(f"---\ntype: fixed\n{text}\n---\ntext")
    assert isinstance(found, list)
    assert [fault.message for fault in found] == [message]


@pytest.mark.parametrize(
    "front_matter", ['authors: "Doe, Jane"', "issues: [1, '#2']", "reason: |\n  a\n  ...", "issues: [1] # and [2"]
)
def test_what_only_looks_like_a_surprise_is_none(front_matter: str) -> None:
    sound("---\ntype: fixed\n---\nGit leaves:\n\n```\n<<<<<<< HEAD\na\n=======\nb\n>>>>>>> topic\n```\n")
    sound("---\ntype: fixed\n---\ntext\n\n#migrations are faster\n\n```sh\n##Migration\n```\n")
    sound(f"---\ntype: fixed\n{front_matter}\n---\ntext\n\n...\n\nmore <!-- hidden -->\n")


def test_every_fault_says_what_is_allowed() -> None:
    for text, _ in FAULTS:
        result = parse(text)
        assert isinstance(result, list)
        for fault in result:
            assert fault.message.endswith("."), fault
            assert fault.tip, fault


def test_the_least_fragment() -> None:
    fragment = sound("---\ntype: fixed\n---\ntext\n")
    assert (fragment.type, fragment.text, fragment.summary) == ("fixed", "text", "text")
    assert (fragment.migration, fragment.waived, fragment.steps, fragment.issues) == (False, False, (), ())


def test_a_full_fragment() -> None:
    fragment = sound(
        "---\ntype: changed\nbreaking: true\nissues: [4075, owner/repo#12, '#7']\ncompat: shim\n"
        "needs: 4070-expand\nhold: [5644]\n"
        "deploy:\n  - phase: before-restart\n    run: rake x\n    on: [a, b]\n    duration: 1h30m\n---\n"
        "First\nline.\n\nMore.\n\n## Migration\n\nRun it.\n\n## Compatibility\n\nNone.\n"
    )
    assert fragment.summary == "First line."
    assert fragment.issues == ("4075", "owner/repo#12", "7")
    assert (fragment.needs, fragment.hold, fragment.compat) == (("4070-expand",), ("5644",), Compat.SHIM)
    assert fragment.steps == (Step(Phase.BEFORE_RESTART, run="rake x", on=("a", "b"), duration=5400, line=9),)
    assert (fragment.migration_note, fragment.compatibility_note) == ("Run it.", "None.")


def test_a_component_is_told_by_the_folder() -> None:
    assert sound("---\ntype: fixed\n---\ntext", component="api").component == "api"
    assert faults("---\ntype: fixed\ncomponent: web\n---\ntext", component="api") == [("misplaced-fragment", 3, 12)]
