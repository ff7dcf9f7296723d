"""The recipe for Capistrano, which deploys a git repository on this machine, without SSH."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.recipes.gated import recipe
from tests.repository import Repo

if TYPE_CHECKING:
    from pathlib import Path

    from tests.recipes.gated import Gated

pytestmark = pytest.mark.recipe
CAPFILE = """require "capistrano/setup"
require "capistrano/deploy"
require "capistrano/scm/git"
install_plugin Capistrano::SCM::Git
# Capistrano names a release after the second in which it is made: two in one second would be one.
Capistrano::Configuration.env.instance_variable_set(:@timestamp, Time.at(ENV.fetch("SECOND").to_i).utc)
"""
DEPLOY = """require "sshkit/backends/local"
set :sshkit_backend, SSHKit::Backend::Local
set :application, "app"
set :repo_url, "{source}"
set :deploy_to, "{root}"
set :format_options, log_file: nil
"""


class Site:
    """A project with two commits, and the folder to which it is deployed."""

    def __init__(self, gated: Gated) -> None:
        self.gated = gated
        self.root = gated.folder / "srv"
        self.source = Repo(gated.folder / "source")
        gated.program("systemctl")
        self.revisions = []
        self.second = 0
        for text in ("old", "new"):
            self.source.write("code", text)
            self.revisions.append(self.source.commit(text))
        (gated.folder / "config/deploy").mkdir(parents=True)
        (gated.folder / "Capfile").write_text(CAPFILE)
        (gated.folder / "config/deploy.rb").write_text(
            DEPLOY.format(source=self.source.path, root=self.root) + recipe("capistrano")
        )
        (gated.folder / "config/deploy/production.rb").write_text('server "localhost", roles: %w[app]\n')

    def cap(self, task: str, revision: str, release: str = "") -> tuple[bool, list[str]]:
        self.gated.rev = revision
        self.second += 1
        code, said = self.gated.run("cap", "production", task, ROLLBACK_RELEASE=release, SECOND=str(self.second))
        called = self.gated.called()
        assert called, said
        return code == 0, called

    def releases(self) -> list[str]:
        folder = self.root / "releases"
        return sorted(each.name for each in folder.iterdir()) if folder.is_dir() else []

    def current(self) -> Path:
        return (self.root / "current").resolve()


ALL = ["gate install", "gate restart", "systemctl restart app"]


def test_both_gates_on_the_way_there_and_back(gated: Gated) -> None:
    site = Site(gated)
    old, new = site.revisions
    gated.answer(install=1, restart=0)
    assert site.cap("deploy", old) == (False, ["gate install"])
    assert site.releases() == []
    gated.answer(install=0, restart=0)
    assert site.cap("deploy", old) == (True, ALL)
    first = site.current()
    assert (first / "REVISION").read_text().strip() == old
    gated.answer(install=0, restart=3)
    assert site.cap("deploy", new) == (False, ["gate install", "gate restart"])
    assert (site.current() / "REVISION").read_text().strip() == new, "the link is set, and nothing was restarted"
    gated.answer(install=0, restart=0)
    assert site.cap("deploy:rollback", old, first.name) == (True, ALL)
    assert site.current() == first
