"""A story of deploys: a bare remote, and two clones of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.ledger.clones import clone_of, make_bare

if TYPE_CHECKING:
    from pathlib import Path

    from tests.commandline import Result, Run
    from tests.repository import Repo

LEDGER = '[environments.production]\ndeployed = "ledger"\ntarget = "origin/main"\n'
GATE_INSTALL, GATE_RESTART = ("--before", "install"), ("--before", "restart")


class Story:
    """A bare remote and two clones of it: `a`, where changes are made, and `b` of somebody else. `v1` is the first commit."""

    def __init__(self, folder: Path, relbot: Run) -> None:
        self.folder = folder
        self.bare = make_bare(folder / "remote.git")
        self.a = clone_of(self.bare, folder / "a")
        self.relbot = relbot
        self.a.write("changes/README.md", "x\n")
        self.configure(LEDGER)
        self.a.tag("v1")
        self.a.git("push", "--quiet", "--tags", "origin")
        self.b = self.a

    def configure(self, text: str) -> str:
        self.a.write("relbot.toml", text)
        return self.commit("configure")

    def second(self) -> None:
        self.b = clone_of(self.bare, self.folder / "b")
        self.b.git("fetch", "--quiet", "--tags", "origin", "+refs/heads/*:refs/remotes/origin/*")
        self.b.git("switch", "--quiet", "--create", "main", "origin/main")

    def change(self, name: str, phase: str = "before-restart", *, front: str = "", step: str = "") -> str:
        """A commit with a change that has one step, pushed."""
        self.a.write(
            f"changes/{name}.md",
            f"---\ntype: changed\nmigration: true\n{front}deploy:\n  - phase: {phase}\n    run: do-{name}\n"
            f"    undo: undo-{name}\n{step}---\n\nChange {name}.\n",
        )
        return self.commit(name)

    def other(self, name: str) -> str:
        """A commit without a fragment, pushed."""
        self.a.write(name, f"{name}\n")
        return self.commit(name)

    def commit(self, message: str) -> str:
        commit = self.a.commit(message)
        self.a.git("push", "--quiet", "origin", "HEAD:refs/heads/main")
        return commit

    def __call__(self, *args: str, by: Repo | None = None) -> Result:
        return self.relbot(*args, cwd=(by or self.a).path)

    def deploy(self, command: str, *args: str, by: Repo | None = None) -> Result:
        return self("deploy", command, "production", *args, by=by)

    def codes(self, *commands: tuple[str, ...], by: Repo | None = None) -> list[int]:
        return [self(*command, by=by).code for command in commands]
