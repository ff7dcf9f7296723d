"""What a message of the deploy commands advises can be done: as it stands it is neither wrong usage nor refused alike."""

from __future__ import annotations

import re
import shlex
import shutil
from typing import TYPE_CHECKING

import pytest

from tests.cli.deployed import as_bob
from tests.cli.stories import Story
from tests.cli.test_deploy_states import MADE, configure_source, loud
from tests.tiers import LONG

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.commandline import Result, Run

SOON = ("adopt --at nowhere", "adopt --at v1", "done --to v1")
LATER = (
    "begin --to v1", "lift nowhere --reason x", "abort --reason x", "gate --before restart --to nowhere", "status", "log",
    "verify",
    "adopt --at NEW", "begin", "begin --to NEW", "begin --to nowhere", "gate", "gate --to v1",
    "gate --before install --to NEW", "tick 1-a#1", "tick 1-a#1 --to v1", "tick 1-a#7", "tick 1-a#1:undo", "done", "abort",
    "done --to NEW", "done --to nowhere", "lift NEW --reason x", "lift stray:abc --reason x", "lift note:abc --reason x",
    "lock --for 1h --reason x", "unlock", "overrule hold:5 --reason x", "overrule step:1-a#1 --reason x --to nowhere",
    "note x", "run",
)  # fmt: skip
COMMANDS = (*((f"deploy {each}") for each in (*SOON, *LATER)), "checklist", "checklist --to nowhere", "checklist --from nowhere")
"""Commands that may be refused, without the environment. `NEW` is the commit on the remote's default branch."""
FILLED = {"REV": "NEW", "STEP": "1-a#1", "ENV": "production"}
"""What stands in the place of words that a reader fills in."""


def advised(said: Result, asked: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    """The commands that a refusal names, on a line of their own or between backticks. Options are added to what was asked."""
    for line in re.findall(r"(?m)^    (relbot .+|--.+)$|`(relbot deploy [^`]+)`", said.err):
        words = [FILLED.get(each, each) for each in shlex.split(next(filter(None, line)))]
        yield tuple(words[1:]) if words[0] == "relbot" else (*asked, *words)


@pytest.mark.parametrize(
    "state", [each if each == "begun, without deeds" else pytest.param(each, marks=pytest.mark.long) for each in MADE]
)
def test_what_a_refusal_advises_is_possible(relbot: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, state: str) -> None:
    story = Story(tmp_path / "toy", relbot)
    if state == "no record, a source answers":
        configure_source(story)
    loud(story)
    new = story.a.head
    MADE[state](story, new)
    if state == "locked by another person":
        as_bob(monkeypatch)
    kept = shutil.copytree(story.folder, tmp_path / "kept")

    def ask(words: tuple[str, ...]) -> Result:
        shutil.rmtree(story.folder)
        shutil.copytree(kept, story.folder)
        if state == "remote does not answer":
            story.bare.rename(story.bare.with_name("gone"))
        return story(*(new if each == "NEW" else each for each in words))

    for command in COMMANDS if LONG else (f"deploy {each}" for each in SOON):
        asked = tuple(command.split())
        said = ask(asked)
        for words in advised(said, asked) if said.code and asked[-1] != "run" else ():
            then = ask(words)
            assert then.code != 2, (command, words, then.err)
            assert then.code == 0 or then.err != said.err, (command, words, then.err)
