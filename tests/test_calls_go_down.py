"""A call goes down through the rooms and comes back: what a lower room calls in a higher one is declared here, with the reason.

Imports point downward, which tests/test_architecture.py holds. A function that was handed down may still lead back up, and so may
an object: both are seen while commands run.
"""

from __future__ import annotations

import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

import relbot as package
from tests.cli.stories import Story
from tests.github.conftest import begun, github, site
from tests.github.site import NOTED
from tests.rooms import FLOORS

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import FrameType

    from tests.commandline import Run
    from tests.github.site import Site
    from tests.repository import Repo

__all__ = ["begun", "github", "site"]
FLOOR_OF = {room.name: number for number, floor in enumerate(reversed(FLOORS)) for room in floor}
ROOT = f"{Path(package.__file__).parent}/"
CLIMBS = {
    ("app", "cli/deploy/options.py"): "the clock and who asks come from the edge, so that a test can set them",
    ("ledger", "cli/deploy/options.py"): "the same",
    ("ledger", "app/deploys/begin.py"): "who may begin is decided between reading the ledger and writing it, so that one wins",
    ("schema", "config/environments.py"): "a table of keys carries the check of its own values",
    ("schema", "config/keys.py"): "the same",
    ("schema", "config/rules.py"): "the same",
    ("review", "git/fragment_tree.py"): "of ten thousand fragments those are read that a check turns out to need",
    ("review", "git/known_names.py"): "names are looked up in the base once detectors have found them",
    ("release", "app/release_inputs.py"): "released fragments are parsed where a build turns out to need them",
    ("files", "app/apply_operations.py"): "the index changes within the transaction of the files",
}
"""From the room that calls to the file that is called, and why."""


@contextmanager
def climbs() -> Iterator[dict[tuple[str, str], str]]:
    """The calls from a room to a file of a higher one while this is open, with an example of each."""
    found: dict[tuple[str, str], str] = {}

    def look(frame: FrameType, event: str, _: Any) -> None:
        code = frame.f_code
        if event != "call" or code.co_name in ("<module>", "<genexpr>") or not code.co_filename.startswith(ROOT):
            return
        caller = frame.f_back
        while caller is not None and not caller.f_code.co_filename.startswith(ROOT):
            caller = caller.f_back  # through click and the standard library
        if caller is None:
            return
        below, above = (each.co_filename.removeprefix(ROOT) for each in (caller.f_code, code))
        room, higher = (name.split("/")[0].removesuffix(".py") for name in (below, above))
        if FLOOR_OF[higher] > FLOOR_OF[room]:
            found[room, above] = f"{below}: {caller.f_code.co_qualname} -> {above}: {code.co_qualname}"

    sys.setprofile(look)
    try:
        yield found
    finally:
        sys.setprofile(None)


def undeclared(found: dict[tuple[str, str], str]) -> list[str]:
    return [example for edge, example in found.items() if edge not in CLIMBS]


@pytest.mark.parametrize(
    "command", [("checklist", "production"), ("deploy", "tick", "production", "1-a#1"), ("check", "--base", "v1")]
)
def test_commands_of_a_deploy_and_a_check_go_down(tmp_path: Path, relbot: Run, home: Path, command: tuple[str, ...]) -> None:
    story = Story(tmp_path, relbot)
    story.deploy("adopt", "--at", "v1")
    story.change("1-a")
    with climbs() as found:
        assert story(*command).code in (0, 1)
    assert undeclared(found) == []
    assert (("app", "cli/deploy/options.py") in found) == (command[0] != "check")  # else nothing would have been looked at


def test_a_build_goes_down(repo: Repo, relbot: Run) -> None:
    repo.write("relbot.toml", "")
    repo.write("changes/1.md", "---\ntype: fixed\n---\n\nOne.\n")
    repo.commit("Start")
    with climbs() as found:
        assert relbot("build", "1.0").code == 0
    assert undeclared(found) == []


@pytest.mark.loopback
def test_a_review_goes_down(site: Site) -> None:
    pull = site.pull(NOTED)
    with climbs() as found:
        assert site.run(pull).code in (0, 1)
    assert undeclared(found) == []
