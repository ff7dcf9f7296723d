"""A project with two deploys ahead: the one of the incident, and one with steps in every phase."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from typing import TYPE_CHECKING

from tests.commandline import Result
from tests.ledger.clones import clone_of, make_bare

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

Deploy = Callable[..., Result]
"""`relbot deploy COMMAND production ARGS` in Ada's clone."""
OPTIONS = """---
type: changed
breaking: true
compat: none
deploy:
  - phase: before-install
    run: cp options.yml options.yml.bkp
  - phase: before-restart
    run: rake migrate_options_yml
    check: grep -q '^production:' options.yml
    undo: cp options.yml.bkp options.yml
    restart: [apache2]
  - phase: later
    run: rm options.yml.bkp
---

Options are grouped per environment.

## Migration

Convert the file.

## Compatibility

The old file cannot be read.
"""


def small(run: str, more: str = "", phase: str = "before-restart") -> str:
    return f"---\ntype: changed\n{more}deploy:\n  - phase: {phase}\n    run: {run}\n---\n\nSomething changes.\n"


class Site:
    """Ada's clone and Bob's, with the tags `old`, `new`, `newer` and `held`, all on one line.

    `store` is where the ledger is kept once an environment is configured.
    """

    store = "ref"

    def __init__(self, folder: Path) -> None:
        self.bare = make_bare(folder / "bare")
        self.ada = clone_of(self.bare, folder / "ada")
        ada = self.ada
        ada.write("relbot.toml", "")
        ada.commit("Begin")
        ada.tag("old")
        ada.write("changes/options.md", OPTIONS)
        ada.commit("Group the options")
        ada.tag("new")
        ada.write("changes/index.md", small("rake index"))
        ada.commit("Index")
        ada.tag("newer")
        ada.write("changes/wait.md", small("rake wait", "hold: ['5644']\n"))
        ada.commit("Wait")
        ada.tag("held")
        ada.git("push", "--quiet", "origin", "main", "--tags")
        self.bob = clone_of(self.bare, folder / "bob")
        self.bob.git("config", "user.name", "x")
        self.bob.git("fetch", "--quiet", "--tags", "origin", "main")
        self.bob.switch("FETCH_HEAD")
        for clone in (self.ada, self.bob):
            clone.git("repack", "-adq")  # two files for a copy instead of fifty
        self.ada.git("-C", str(self.bare), "repack", "-adq")

    def copy_to(self, folder: Path) -> Site:
        """A site with the same history in another folder, made with two processes."""
        made = object.__new__(type(self))
        made.bare = folder / "bare"
        shutil.copytree(self.bare, made.bare)
        made.ada, made.bob = self.ada.copy_to(folder / "ada"), self.bob.copy_to(folder / "bob")
        for clone in (made.ada, made.bob):
            file = clone.path / ".git" / "config"
            file.write_text(file.read_text().replace(str(self.bare), str(made.bare)))
            clone.git("update-index", "-q", "--refresh")  # the copies have other inodes
        return made

    def environment(self, about: str) -> None:
        """What `relbot.toml` says of production in both clones."""
        for clone in (self.ada, self.bob):
            clone.write("relbot.toml", f'[environments.production]\n{about}\nstore = "{self.store}"\n')

    def id(self, name: str) -> str:
        return self.ada.git("rev-parse", f"{name}^{{commit}}")


def as_bob(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_COMMITTER_NAME", "Bob")
    monkeypatch.setenv("GIT_COMMITTER_EMAIL", "bob@example.org")
