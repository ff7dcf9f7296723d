"""Text below *Unreleased* in a changelog in reStructuredText: a build takes it into the release as it was written."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from tests.cli.builds import changelog
from tests.cli.fragments import ADDED, DAY, FIXED, tree

if TYPE_CHECKING:
    from tests.commandline import Run
    from tests.repository import Repo

CONFIG = 'changelog = "NEWS.rst"\n[links]\nhistory = false\n'
OLD = ".. _v1-1-0:\n\n1.1.0 (2018-01-01)\n------------------\n\n- Old.\n"
TEXT = """Fixed
~~~~~

* A crash of :class:`~x.Login`, see docs_. :issue:`12`
  More of it.

  .. code-block:: sh

     x --fix

Thanks
~~~~~~

To all.
"""
ABOVE = "News\n====\n\n.. towncrier is\n   not used\n\nUnreleased\n----------\n\n.. Write below.\n\n"
FOOT = "\n.. _docs: https://docs.example.org\n.. |x| replace:: X\n"


def built(repo: Repo, relbot: Run, text: str, end: str = "\n") -> str:
    """What a build makes of a changelog; taking it back leaves nothing changed."""
    repo.write("relbot.toml", CONFIG)
    repo.write("NEWS.rst", text.replace("\n", end).encode())
    repo.write("changes/login.md", FIXED)
    repo.write("changes/theme.md", ADDED)
    repo.commit()
    before = tree(repo)
    assert relbot("build", "1.2.0", *DAY).code == 0
    assert relbot("check").out == ""
    assert relbot("build", "--refresh", "1.2.0").out.endswith("Nothing changed.\n")
    made = (repo.path / "NEWS.rst").read_bytes().decode()
    assert made.count("\r\n") == made.count("\n") * (end == "\r\n")
    repo.git("add", "--all")
    assert relbot("build", "--undo", "1.2.0").code == 0
    assert tree(repo) == before
    return made.replace("\r\n", "\n")


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_the_text_moves_as_it_was_written(repo: Repo, relbot: Run, end: str) -> None:
    fixed, thanks = TEXT.split("\n\nThanks\n~~~~~~\n\n")
    title = "1.2.0 (2018-08-15)\n------------------\n\n"
    added = "Added\n~~~~~\n\n- There is a dark theme.\n\n"
    first = f"{title}Thanks\n~~~~~~\n\n{thanks}\n{added}{fixed}\n\n- The login page remembers you.\n"
    assert built(repo, relbot, f"{ABOVE}{TEXT}\n{OLD}{FOOT}", end) == f"{ABOVE}{first}\n{OLD}{FOOT}"
    assert relbot("build", "1.2.0", *DAY).out.endswith("with its unreleased text.\n")
    notes = relbot("notes", "1.2.0", "--format", "markdown").out
    assert "### Thanks\n\nTo all.\n\n### Added\n\n- There is a dark theme.\n\n### Fixed\n\n" in notes
    assert "A crash of" in notes
    assert relbot("notes", "1.2.0", "--format", "rst").out == first
    assert "eval-rst" not in json.loads(relbot("notes", "1.2.0", "--format", "json").out)["release"]["prose"]


@pytest.mark.parametrize(
    ("heading", "below"),
    [("Version 1.2.0", "Unreleased\n\n"), ("1.2.0 (unreleased)", ""), ("v1.2.0", "*Release date: TBD*\n\n"), ("1.2.0.dev0", "")],
)
def test_a_version_that_is_not_out_yet_becomes_the_release(repo: Repo, relbot: Run, heading: str, below: str) -> None:
    label = ".. _v1-2-0:\n\n"
    part = f"{label}{heading}\n{'-' * len(heading)}\n\n{below}-   A crash. :issue:`12`\n\n"
    made = built(repo, relbot, f"News\n====\n\n{part}{OLD}")
    assert made.startswith(f"News\n====\n\n{label}1.2.0 (2018-08-15)\n------------------\n\n-   A crash. :issue:`12`\n\nAdded\n")
    assert made.endswith(f"- The login page remembers you.\n\n{OLD}")
    assert made.count("1.2.0") == 1
    assert "TBD" not in made


@pytest.mark.parametrize("part", ["", "* Nothing yet.\n\n", ".. Add yours.\n\n   Here.\n\n", "Fixed\n~~~~~\n\n"])
def test_a_part_that_says_nothing_stays(repo: Repo, relbot: Run, part: str) -> None:
    text = f"News\n====\n\nUnreleased\n----------\n\n{part}"
    assert built(repo, relbot, f"{text}{OLD}").startswith(f"{text}1.2.0 (2018-08-15)\n")


def test_the_text_alone_raises_the_version(repo: Repo, relbot: Run) -> None:
    repo.write("relbot.toml", CONFIG)
    repo.write("NEWS.rst", "Unreleased\n==========\n\nFixed\n-----\n\n- A.\n\n1.1.0\n=====\n\n- Old.\n")
    assert relbot("build", "--bump", "auto", *DAY).code == 0
    assert changelog(repo, "NEWS.rst").startswith(
        "Unreleased\n==========\n\n1.1.1 (2018-08-15)\n==================\n\nFixed\n-----\n\n- A.\n"
    )
    assert relbot("build", "--bump", "auto", *DAY).code == 4


def test_a_fragment_cannot_write_restructuredtext(repo: Repo, relbot: Run) -> None:
    repo.write("relbot.toml", CONFIG)
    repo.write("changes/a.md", "---\ntype: fixed\n---\n\n```{eval-rst}\n.. include:: /etc/passwd\n```\n")
    assert relbot("build", "1.2.0", *DAY).code == 0
    assert "\n  ::\n\n     .. include:: /etc/passwd\n" in changelog(repo, "NEWS.rst").replace("- ::", "\n  ::")
