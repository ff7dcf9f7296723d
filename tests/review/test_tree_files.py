"""Merging the files of two sides, as laws."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from relbot.review.tree_files import EditedTwice, MergedFiles, TreeFile, merge_files

FILES = st.dictionaries(
    st.sampled_from(["a", "b", "released/a", "released/b"]), st.sampled_from("12").map(lambda blob: TreeFile("100644", blob))
)


def merged(start: dict[str, TreeFile], ours: dict[str, TreeFile], theirs: dict[str, TreeFile]) -> MergedFiles:
    return merge_files(start, ours, theirs, lambda path: path.rpartition("/")[2])


@given(FILES, FILES)
def test_a_side_that_changes_nothing_takes_what_the_other_has(start: dict[str, TreeFile], other: dict[str, TreeFile]) -> None:
    assert merged(start, other, start) == merged(start, start, other) == MergedFiles(other, ())
    assert merged(start, other, other) == MergedFiles(other, ())


@given(FILES, FILES, FILES)
def test_the_sides_count_the_same(start: dict[str, TreeFile], ours: dict[str, TreeFile], theirs: dict[str, TreeFile]) -> None:
    one, other = merged(start, ours, theirs), merged(start, theirs, ours)
    edited = {each.path for each in one.edited}
    assert one.files.keys() == other.files.keys()
    assert all(one.files[path] == other.files[path] for path in one.files if path not in edited)
    assert len(one.conflicts) == len(other.conflicts)
    assert [(each.path, each.ours, each.theirs) for each in one.edited] == [
        (each.path, each.theirs, each.ours) for each in other.edited
    ]


def test_what_one_side_moves_and_the_other_edits_is_edited_where_it_was_moved_to() -> None:
    first, second = TreeFile("100644", "1"), TreeFile("100644", "2")
    assert merged({"a": first}, {"a": second}, {"released/a": first}) == MergedFiles({"released/a": second}, ())
    third = TreeFile("100644", "3")
    assert merged({"a": first}, {"a": second}, {"released/a": third}) == MergedFiles(
        {"released/a": second}, (), (EditedTwice("released/a", first, second, third),)
    )
    assert merged({"a": first}, {"a": second}, {}) == MergedFiles({}, ("a",))
    assert merged({}, {"a": first}, {"a": second}) == MergedFiles({}, ("a",))
    assert merged({}, {"a": first}, {"released/a": second}) == MergedFiles({"a": first, "released/a": second}, ())
