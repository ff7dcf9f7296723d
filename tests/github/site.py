"""A project on the fake GitHub, with a pull request whose commits git can fetch."""

from __future__ import annotations

import json
import os
import re
from typing import TYPE_CHECKING, Any

from tests.repository import Repo

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

    from tests.commandline import Result, Run
    from tests.github.conftest import FakeGitHub
    from tests.github.fake.objects import Comment, Pull

FIXED = (
    "---\ntype: fixed\nissues: [4075]\nmigration: true\n---\n\nThe login page remembers you.\n"
    "\n## Migration\n\nRun `bin/rake sessions:clear` once.\n"
)
CODE: dict[str, str | bytes | None] = {"app/login.rb": "remember = true\n"}
NOTED: dict[str, str | bytes | None] = {**CODE, "changes/login.md": FIXED}
FAULTY = "---\ntype: fixd\n---\n\nThe login page remembers you.\n"
STEPS = """---
type: changed
migration: true
deploy:
  - phase: before-restart
    run: bundle exec rake migrate_options_yml
    undo: cp config/options.yml.bkp config/options.yml
---

`config/options.yml` groups its keys per environment.
"""
REQUIRE = '[rules.paths]\n"app/**" = "require"\n"lib/**" = "require"\n'


class Site:
    """`upstream` is the repository on GitHub; pull requests are branches of it. `relbot pr` runs in `empty`, beside it."""

    def __init__(self, github: FakeGitHub, run: Run, folder: Path, monkeypatch: pytest.MonkeyPatch, template: Repo) -> None:
        self.github = github
        self.state = github.state
        self._run = run
        self._patch = monkeypatch
        self.empty = folder / "empty"
        self.empty.mkdir()
        self.summary = folder / "summary.md"
        self.output = folder / "output"
        self.event = folder / "event.json"
        self.upstream = template.copy_to(folder / "upstream")
        self.state.git = self.upstream.path / ".git"
        for number, (key, value) in enumerate(
            [
                (f"url.{self.upstream.path.as_uri()}.insteadOf", "https://github.com/acme/widgets.git"),
                ("uploadpack.allowAnySHA1InWant", "true"),
            ]
        ):
            monkeypatch.setenv(f"GIT_CONFIG_KEY_{number}", key)
            monkeypatch.setenv(f"GIT_CONFIG_VALUE_{number}", value)
        monkeypatch.setenv("GIT_CONFIG_COUNT", "2")
        monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(self.summary))
        monkeypatch.setenv("GITHUB_OUTPUT", str(self.output))

    @staticmethod
    def begin(folder: Path) -> Repo:
        """The repository with which each project begins."""
        upstream = Repo(folder)
        upstream.write("relbot.toml", REQUIRE)
        upstream.write("app/login.rb", "remember = false\n")
        upstream.write("changes/released/1.0.0/first.md", FIXED)
        upstream.commit("Begin")
        return upstream

    def configure(self, text: str) -> None:
        """What `relbot.toml` says on the base branch, on top of what it says already."""
        file = self.upstream.path / "relbot.toml"
        self.upstream.write("relbot.toml", f"{file.read_text()}{text}")
        self.upstream.commit("Configure")

    def pull(self, files: dict[str, str | bytes | None], **more: Any) -> Pull:
        """A pull request that changes these files; None removes one."""
        base = self.upstream.head
        branch = more.pop("branch", "fix/login")
        self.upstream.branch(branch)
        head = self._commit(files, more.pop("message", "Change"))
        self.upstream.switch("main")
        return self.state.add_pull(more.pop("title", "Remember who logs in"), head=branch, head_sha=head, base_sha=base, **more)

    def pull_into(self, target: str, files: dict[str, str | bytes | None], *, branch: str = "fix/old") -> Pull:
        """A pull request into another branch than the default one."""
        self.upstream.switch(target)
        base = self.upstream.head
        self.upstream.branch(branch)
        head = self._commit(files)
        self.upstream.switch("main")
        return self.state.add_pull(head=branch, base=target, head_sha=head, base_sha=base)

    def know_as(self, name: str, server: str = "https://github.com") -> None:
        """Lets git find the commits under a further name of the repository."""
        self._patch.setenv("GIT_CONFIG_KEY_2", f"url.{self.upstream.path.as_uri()}.insteadOf")
        self._patch.setenv("GIT_CONFIG_VALUE_2", f"{server}/{name}.git")
        self._patch.setenv("GIT_CONFIG_COUNT", "3")

    def use_token(self, token: str) -> None:
        """Lets relbot ask with another token."""
        self._patch.setenv("GITHUB_TOKEN", token)

    def push(self, pull: Pull, files: dict[str, str | bytes | None]) -> str:
        """A further commit on the branch."""
        self.upstream.switch(pull.head)
        pull.head_sha = self._commit(files)
        self.upstream.switch("main")
        return pull.head_sha

    def merge(self, pull: Pull) -> str:
        """Somebody merges it."""
        merged = self.upstream.merge(pull.head)
        pull.merged = self.state.now()
        self.state.issues[pull.number].state = "closed"
        return merged

    def _commit(self, files: dict[str, str | bytes | None], message: str = "Change") -> str:
        for path, text in files.items():
            if text is None:
                self.upstream.remove(path)
            else:
                self.upstream.write(path, text)
        return self.upstream.commit(message)

    def waive(self, pull: Pull, login: str = "maria") -> None:
        """A person gives the reason, and a maintainer sets the label."""
        self.state.add_comment(pull.number, "/relbot waive The table is empty.", login)
        self.state.label(pull.number, "relbot: waived", "maria")

    def run(self, pull: Pull, *options: str) -> Result:
        """`relbot pr` for the newest commit, as if somebody had pushed it."""
        return self.at_event(self.payload(pull), *options)

    def at_event(self, payload: dict[str, Any], *options: str) -> Result:
        """`relbot pr` at an event."""
        self.event.write_text(json.dumps(payload))
        self.github.requests.clear()
        for file in (self.summary, self.output):
            file.write_bytes(b"")
        return self._run("pr", "--event", str(self.event), *options, cwd=self.empty)

    def payload(self, pull: Pull) -> dict[str, Any]:
        """The event of a push to the pull request."""
        return {
            "action": "synchronize",
            "number": pull.number,
            "pull_request": {"number": pull.number, "head": {"sha": pull.head_sha}},
            "repository": {"full_name": self.state.repository},
        }

    @property
    def outputs(self) -> dict[str, str]:
        """The outputs of the last run."""
        return dict(line.split("=", 1) for line in self.output.read_text().splitlines())

    def comments(self, pull: Pull) -> list[Comment]:
        """Those of relbot's."""
        return [each for each in self.state.comments_of(pull.number) if each.author == "github-actions[bot]"]

    def said(self, pull: Pull) -> str:
        """The one comment of relbot's, "" if there is none."""
        bodies = [each.body for each in self.comments(pull)]
        assert len(bodies) < 2, bodies
        return bodies[0] if bodies else ""


def annotated(out: str) -> list[tuple[str, str]]:
    """Level and file of the annotations."""
    return [(level, file) for level, file in re.findall(r"^::(\w+) file=([^,:]*)", out, re.MULTILINE)]


def secrets_in(*texts: str) -> list[str]:
    """The token, in whatever form it may have got out."""
    token = os.environ["GITHUB_TOKEN"]
    return [text for text in texts if token in text]
