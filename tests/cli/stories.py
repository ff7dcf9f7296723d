"""A story of deploys: a bare remote, and two clones of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from tests.ledger.clones import clone_of, make_bare

if TYPE_CHECKING:
    from pathlib import Path

    from tests.commandline import Result, Run
    from tests.repository import Repo

LEDGER = '[environments.production]\ndeployed = "ledger"\ntarget = "origin/main"\n'
GATE_INSTALL, GATE_RESTART = ("--before", "install"), ("--before", "restart")


class Story:
    """A bare remote and two clones of it: `a`, where changes are made, and `b` of somebody else. `v1` is the first commit."""

    _beginning: ClassVar[dict[str, bytes]] = {}
    """The files of the remote and of `a` after the first commit, by their paths: made once, since each story begins with it."""

    def __init__(self, folder: Path, relbot: Run) -> None:
        self.folder = folder
        self.bare = make_bare(folder / "remote.git")
        self.a = clone_of(self.bare, folder / "a")
        self.relbot = relbot
        if self._beginning:
            self._copy_beginning()
        else:
            self._begin()
            made = (file for repo in (self.bare, self.a.path) for file in repo.rglob("*") if file.is_file())
            files = {file.relative_to(folder).as_posix(): file.read_bytes() for file in made}
            self._beginning.update({path: content for path, content in files.items() if not path.endswith("/config")})
        self.b = self.a

    def _begin(self) -> None:
        self.a.write("changes/README.md", "x\n")
        self.configure(LEDGER)
        self.a.tag("v1")
        self.a.git("push", "--quiet", "--tags", "origin")

    def _copy_beginning(self) -> None:
        for path, content in self._beginning.items():
            file = self.folder / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(content)
        self.a.git("update-index", "-q", "--refresh")  # the copies have other inodes
        self.a._minutes = 2  # a commit and a tag

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
