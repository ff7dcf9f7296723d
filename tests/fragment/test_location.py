"""What a path says about a fragment."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from relbot.finding import Finding, Level
from relbot.fragment.location import Folder, Location, as_identity, identity_problem, in_natural_order, locate_fragment

ROOT, API = Folder("changes"), Folder("changes/api", "api")
FOLDERS = (ROOT, API)


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("changes/4075.md", Location("changes/4075.md", "4075", ROOT)),
        ("changes/released/1.0/a.b.md", Location("changes/released/1.0/a.b.md", "a.b", ROOT, "1.0")),
        ("changes/api/x.md", Location("changes/api/x.md", "x", API)),
        ("changes/api/released/2/x.md", Location("changes/api/released/2/x.md", "x", API, "2")),
        ("changes/README.md", None),
        ("changes/.gitkeep", None),
        ("changes/released/1.0/release.json", None),
        ("other/4075.md", None),
        ("changesets/4075.md", None),
    ],
)
def test_a_path_that_is_fine(path: str, expected: object) -> None:
    assert locate_fragment(path, FOLDERS) == expected
    assert locate_fragment(path, FOLDERS[::-1]) == expected


@pytest.mark.parametrize(
    ("path", "rule", "level"),
    [
        ("changes/web/4075.md", "misplaced-fragment", Level.ERROR),
        ("changes/released/4075.md", "misplaced-fragment", Level.ERROR),
        ("changes/released/1/2/4075.md", "misplaced-fragment", Level.ERROR),
        ("changes/4075.markdown", "file-name", Level.ERROR),
        ("changes/4075", "file-name", Level.ERROR),
        ("changes/config.toml", "file-name", Level.WARNING),
        ("changes/a b.md", "file-name", Level.ERROR),
        ("changes/-x.md", "file-name", Level.ERROR),
        ("changes/nul.md", "file-name", Level.ERROR),
        ("changes/COM1.x.md", "file-name", Level.ERROR),
        ("changes/x..md", "file-name", Level.ERROR),
        (f"changes/{'x' * 101}.md", "file-name", Level.ERROR),
    ],
)
def test_a_path_that_is_not(path: str, rule: str, level: object) -> None:
    found = locate_fragment(path, FOLDERS)
    assert isinstance(found, Finding)
    assert (found.rule, found.level, found.place.path) == (rule, level, path)
    assert isinstance(locate_fragment(found.example, FOLDERS), Location), "the example is no valid path"


@given(st.text())
def test_any_text_has_an_identity_near_it(text: str) -> None:
    assert identity_problem(as_identity(text)) == ""


def test_numbers_are_ordered_as_numbers() -> None:
    assert sorted(["10-x", "9-x", "a", "9-a"], key=in_natural_order) == ["9-a", "9-x", "10-x", "a"]
