"""Notes of other tools in the folder of the fragments: `relbot check` says what they are, and the way out."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.commandline import Run
    from tests.repository import Repo


@pytest.mark.parametrize(
    ("path", "text", "way"),
    [
        ("12.feature.md", "A theme.\n", "relbot import towncrier"),
        ("12.bugfix.rst", "A theme.\n", "relbot import towncrier"),
        ("brave-lions.md", '---\n"@acme/web": minor\n---\n\nA theme.\n', "relbot import changesets"),
        ("theme-0123456789abcdef.yaml", "features:\n  - A theme.\n", "relbot import reno"),
        ("20180815_101000_ada_theme.rst", "Added\n-----\n\n- A theme.\n", "type: added\n        ---\n\n        A theme."),
        (
            "20180815_101000_ada_theme.md",
            "<!-- -->\n### Fixed\n\n- A theme.\n",
            "type: fixed\n        ---\n\n        A theme.",
        ),
        ("Added-20180815.yaml", 'kind: Added\nbody: "A theme."\ntime: 2018\n', "type: added\n        ---\n\n        A theme."),
    ],
)
def test_a_note_of_another_tool_among_the_fragments_is_one_finding_that_says_the_way(
    repo: Repo, relbot: Run, path: str, text: str, way: str
) -> None:
    repo.write(f"changes/{path}", text)
    checked = relbot("check")
    assert checked.code == 1
    assert checked.out.count("error [") == 1
    assert "foreign-fragment" in checked.out
    assert way in checked.out


def test_where_the_tool_shares_the_folder_its_files_are_named_one_by_one(repo: Repo, relbot: Run) -> None:
    repo.write("pyproject.toml", '[tool.towncrier]\ndirectory = "changes"\n')
    repo.write("changes/12.feature.rst", "A theme.\n")
    repo.commit("Begin")
    out = relbot("import", "towncrier").out
    assert "git rm changes/12.feature.rst\n" in out
    assert "git rm -r" not in out
    repo.git("rm", "-q", "changes/12.feature.rst")
    assert relbot("check").out == ""
