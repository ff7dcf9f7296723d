"""Ctrl-C at a prompt of `relbot deploy run`: a question without an answer is no answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from relbot.deploy.log.record import DeedKind
from tests.cli.test_deploy_run import ASKED, running, ticks
from tests.ledger.clones import ledger_in
from tests.terminal import Terminal

if TYPE_CHECKING:
    from tests.cli.deployed import Site
    from tests.commandline import Run


@pytest.fixture(autouse=True)
def _known(site: Site, relbot: Run) -> None:
    assert relbot("deploy", "adopt", "production", "--at", "old", cwd=site.ada.path).code == 0


@pytest.mark.parametrize(
    ("answers", "prompt"),
    [
        ((), ASKED),
        (("d\n", "s\n"), "Why:"),
        (("d\n", "f\n"), "What went wrong:"),
        (("d\n", "d\n", "d\n"), "[Y/n]:"),
    ],
)
def test_interrupted_at_any_prompt_it_goes_on_where_it_was(site: Site, answers: tuple[str, ...], prompt: str) -> None:
    at = Terminal(("deploy", "run", "production", "--to", "new"), site.ada.path)
    for answer in answers:
        at.until(ASKED)
        at.type(answer)
    at.until(prompt)
    said = ticks(site)
    at.interrupt()
    assert at.end() == 130
    assert at.screen.endswith("To continue, here or in another clone:\n    relbot deploy run production --to new")
    assert ticks(site) == said, "a question without an answer is no answer"
    assert site.id("new") not in running(site)
    at = Terminal(("deploy", "run", "production"), site.bob.path)
    done = answers.count("d\n")
    assert (f"step {done + 1}/3" if done < 3 else "[Y/n]:") in (at.until(ASKED) if done < 3 else at.until("[Y/n]:"))
    at.kill()


def test_interrupted_when_asked_to_take_the_place_of_another_deploy(site: Site, relbot: Run) -> None:
    assert relbot("deploy", "tick", "production", "options#1", "--to", "new", cwd=site.ada.path).code == 0
    at = Terminal(("deploy", "run", "production", "--to", "newer"), site.bob.path)
    at.until("[y/N]:")
    at.interrupt()
    assert at.end() == 130
    begun = [entry.deed.target for entry in ledger_in(site.ada).synced() if entry.deed.kind is DeedKind.BEGUN]
    assert begun == [site.id("new")]
