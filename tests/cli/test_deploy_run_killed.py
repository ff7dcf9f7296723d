"""The power goes in the middle of `relbot deploy run`, or Ctrl-C comes: right before and right after everything that writes."""

from __future__ import annotations

import os
import shutil
from typing import TYPE_CHECKING

import pytest

from relbot.deploy.log.record import DeedKind
from tests.ledger.clones import ledger_in
from tests.terminal import Terminal
from tests.tiers import note_points, sample

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.cli.deployed import Site
    from tests.commandline import Run

WRITES = 12
"""`run` begins, starts a step, records it and is done: each changes the ref here, there, and in what this clone has seen."""
ASKED = ("[q]uit?", "[Y/n]:")
_GIT = """#!/bin/sh
for word in "$@"; do
    case $word in
    update-ref | push)
        echo >> {count}
        if [ "$(wc -l < {count})" -eq {at} ]; then
            {after} && {git} "$@"
            {end}
            exit 1
        fi
        ;;
    esac
done
exec {git} "$@"
"""


POWER_CUT = "kill -9 $PPID"
CTRL_C = "kill -INT 0"
"""To all processes of the group, as a terminal does."""


EVERY_CUT = [
    (at, after, end, exits)
    for at in (1, 2, 3, 5, 7, 8, 9, 11, WRITES + 1)
    for after in (False, True)
    for end, exits in ((POWER_CUT, -9), (CTRL_C, 130))
]
CUTS = [EVERY_CUT[number] for number in sample(range(len(EVERY_CUT)), 6)]


def deadly_git(folder: Path, at: int, end: str, *, after: bool) -> None:
    """A git that ends who calls it when it is to write for the `at`th time."""
    git = shutil.which("git")
    folder.mkdir()
    script = folder / "git"
    script.write_text(_GIT.format(count=folder / "count", at=at, git=git, end=end, after="true" if after else "false"))
    script.chmod(0o755)


def walk(site_folder: Path) -> int:
    """Answers every question with yes, and gives the exit code."""
    at = Terminal(("deploy", "run", "production", "--to", "newer"), site_folder)
    while words := at.until_any(ASKED):
        at.type("d\n" if words == ASKED[0] else "y\n")
    return at.end()


@pytest.mark.slow
@pytest.mark.parametrize(("at", "after", "end", "exits"), CUTS)
def test_ended_at_a_write_it_goes_on_elsewhere(
    site: Site,
    relbot: Run,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    at: int,
    after: bool,
    end: str,
    exits: int,
    record_property: Callable[[str, object], None],
) -> None:
    assert relbot("deploy", "adopt", "production", "--at", "new", cwd=site.ada.path).code == 0
    deadly_git(tmp_path / "bin", at, end, after=after)
    with monkeypatch.context() as power_cut:
        power_cut.setenv("PATH", f"{tmp_path / 'bin'}{os.pathsep}{os.environ['PATH']}")
        code = walk(site.ada.path)
    assert code == (0 if at > WRITES else exits), "there is no other write"
    at_the_cut = set(ledger_in(site.ada).entries())
    if all(
        entry.deed.target != site.id("newer") or entry.deed.kind is not DeedKind.ENDED for entry in ledger_in(site.bob).synced()
    ):
        assert walk(site.bob.path) == 0
    ledger_in(site.ada).synced()
    ledger_in(site.ada).publish()
    entries = ledger_in(site.bob).synced()
    assert at_the_cut <= set(entries)
    found = {
        (entry.deed.kind, entry.deed.step, entry.deed.target) for entry in entries if entry.deed.kind is not DeedKind.STARTED
    }
    new, newer = site.id("new"), site.id("newer")
    assert found == {
        (DeedKind.ADOPTED, "", new),
        (DeedKind.BEGUN, "", newer),
        (DeedKind.DONE, "index#1", newer),
        (DeedKind.ENDED, "", newer),
    }
    note_points(record_property, "deploy run", killed=1)
