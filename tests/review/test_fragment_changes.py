"""What became of fragments, from the files of two sides alone."""

from __future__ import annotations

import pytest

from relbot.config.model import Config, Rules
from relbot.finding import Finding, Level, Place
from relbot.fragment.file import FragmentFile
from relbot.fragment.location import Folder
from relbot.review.changed_paths import ChangedPath, of_change_set, only_fragments
from relbot.review.check import check_fragments
from relbot.review.every_change import apply_every_change, warrants_comment
from relbot.review.fragment_changes import list_fragment_changes, report_fragment_changes
from relbot.review.tree_files import TreeFile

FOLDERS = (Folder("changes"),)
A, B, RELEASED = "changes/a.md", "changes/b.md", "changes/released/1.0/a.md"
RECORD = "changes/released/1.0/release.json"
[HARMLESS] = check_fragments([FragmentFile(A, b"---\ntype: fixed\n---\n\nText.\n")], Config()).fragments


def told(before: dict[str, str], after: dict[str, str], **renames: str) -> list[str]:
    """What is said of each change: its rule, level and path."""
    old, new = ({path: TreeFile("100644", blob) for path, blob in side.items()} for side in (before, after))
    paths = {"a": A, "b": B}
    changes = list_fragment_changes((old, FOLDERS), (new, FOLDERS), {paths[one]: paths[other] for one, other in renames.items()})
    readable = {A: HARMLESS, B: HARMLESS}
    return [f"{each.rule} {each.level} {each.place.path}" for each in report_fragment_changes(changes, readable)]


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ({A: "1"}, {A: "1"}, []),
        ({A: "1"}, {A: "2"}, [f"fragment-edited note {A}"]),
        ({RELEASED: "1"}, {RELEASED: "2"}, [f"fragment-edited error {RELEASED}"]),
        ({A: "1"}, {}, [f"fragment-deleted warning {A}"]),
        ({RELEASED: "1"}, {}, [f"fragment-deleted error {RELEASED}"]),
        ({A: "1"}, {B: "1"}, [f"fragment-renamed warning {B}"]),
        ({A: ""}, {B: ""}, [f"fragment-deleted warning {A}"]),
        ({A: "1", B: "1"}, {B: "1"}, [f"fragment-deleted warning {A}"]),
        ({A: "1"}, {RELEASED: "1"}, [f"fragment-released warning {RELEASED}"]),
        ({RELEASED: "1"}, {A: "1"}, [f"fragment-released error {A}"]),
        ({}, {RELEASED: "1"}, [f"fragment-in-release error {RELEASED}"]),
        ({}, {RELEASED: "1", RECORD: "1"}, []),
        ({RECORD: "1"}, {RELEASED: "1", RECORD: "2"}, [f"fragment-in-release error {RELEASED}"]),
        ({}, {A: "1", "changes/notes.txt": "1", "changes/x y.md": "1"}, []),
        ({B: "1", A: "1"}, {B: "2", A: "2"}, [f"fragment-edited note {A}", f"fragment-edited note {B}"]),
    ],
)
def test_each_change_has_its_word(before: dict[str, str], after: dict[str, str], said: list[str]) -> None:
    assert told(before, after) == said


def test_a_fragment_of_a_release_that_is_moved_was_not_released_by_that() -> None:
    later = RELEASED.replace("1.0", "2.0")
    for before, after, kind in ((A, RELEASED, "released"), (RELEASED, A, "moved"), (RELEASED, later, "moved")):
        old, new = (({path: TreeFile("100644", "1")}, FOLDERS) for path in (before, after))
        assert [each.kind for each in list_fragment_changes(old, new, {})] == [kind]


def test_what_cannot_be_read_may_be_corrected_and_not_deleted() -> None:
    old, new = {A: TreeFile("100644", "1")}, {A: TreeFile("100644", "2")}
    for after, level in ((new, Level.NOTE), ({}, Level.ERROR)):
        [finding] = report_fragment_changes(list_fragment_changes((old, FOLDERS), (after, FOLDERS), {}), {})
        assert finding.level is level


def test_git_sees_a_renamed_file_of_which_something_was_edited() -> None:
    assert told({A: "1"}, {B: "2"}) == [f"fragment-deleted warning {A}"]
    assert told({A: "1"}, {B: "2"}, a="b") == [f"fragment-renamed warning {B}"]
    assert told({A: "1"}, {RELEASED.replace("/a", "/b"): "1"}) == ["fragment-renamed warning changes/released/1.0/b.md"]


@pytest.mark.parametrize(
    ("keys", "level"),
    [
        ("", Level.NOTE),
        ("breaking: true\nmigration: false\nreason: x", Level.ERROR),
        ("migration: true", Level.ERROR),
        ("deploy: [{phase: before-restart, run: x}]", Level.ERROR),
    ],
)
def test_a_change_of_what_people_act_on_is_grave(keys: str, level: Level) -> None:
    sections = "\n## Migration\n\nText.\n" if keys.startswith("migration") else ""
    source = FragmentFile(A, f"---\ntype: fixed\n{keys}\n---\n\nText.\n{sections}".encode())
    checked = check_fragments([source], Config())
    assert not [each for each in checked.findings if each.level is Level.ERROR], checked.findings
    old, new = (({A: TreeFile("100644", blob)}, FOLDERS) for blob in "12")
    [finding] = report_fragment_changes(list_fragment_changes(old, new, {}), {A: checked.fragments[0]})
    assert (finding.rule, finding.level) == ("fragment-edited", level)


def test_fragments_that_come_with_a_change_answer_for_it() -> None:
    text = b"---\ntype: fixed\n---\n\nText.\n"
    fragments = check_fragments([FragmentFile(path, text) for path in (A, B, "changes/released/1.0/c.md")], Config()).fragments
    changed = [ChangedPath("M", A), ChangedPath("D", B), ChangedPath("A", "changes/released/1.0/c.md")]
    assert [each.path for each in of_change_set(fragments, changed)] == [A]
    assert only_fragments(changed, Config())
    assert not only_fragments([*changed, ChangedPath("A", "changes.md")], Config())


@pytest.mark.parametrize(
    ("changed", "level"),
    [
        ([("M", "x.py")], Level.ERROR),
        ([("M", "x.py"), ("A", A)], None),
        ([("M", "x.py"), ("D", A)], Level.ERROR),
        ([("M", "x.py"), ("A", "changes/README.md")], Level.ERROR),
        ([("M", "x.py"), ("A", "changes/notes.txt")], Level.ERROR),
        ([("M", "x.py"), ("A", "docs/a.md")], Level.ERROR),
        ([], None),
    ],
)
def test_every_change_brings_a_fragment_where_that_is_wanted(changed: list[tuple[str, str]], level: Level | None) -> None:
    for policy, wanted in (("require", level), ("ask", level and Level.WARNING), ("off", None)):
        found = apply_every_change([ChangedPath(*each) for each in changed], Config(rules=Rules(every_change=policy)))
        assert [each.level for each in found] == ([wanted] if wanted else [])
        assert not warrants_comment(found)
    asked = found_at(Level.WARNING)
    assert warrants_comment([asked])
    assert not warrants_comment([found_at(Level.NOTE)])


def found_at(level: Level) -> Finding:
    return Finding("a-rule", Place("a"), "What.", level=level)
