"""A ledger that lost a record answers nothing, says what is missing and who wrote it, and goes on once somebody vouches."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from tests.cli.deployed import as_bob

if TYPE_CHECKING:
    from tests.cli.deployed import Deploy, Site
    from tests.commandline import Run
    from tests.github.conftest import FakeGitHub

REF = "refs/relbot/production"
READING = (
    ("gate", "--before", "restart"),
    ("status",),
    ("log",),
    ("tick", "options#2"),
    ("done",),
    ("lock", "--reason", "x", "--for", "1h"),
)


def hashes(said: str) -> list[str]:
    """Those that the answer says to vouch for."""
    return re.findall(r"--vouch ([0-9a-f]{64})", said)


def git(site: Site, *words: str) -> str:
    return site.ada.git("--git-dir", str(site.bare), *words)


def test_a_whole_ledger_is_said_to_be_whole(site: Site, deploy: Deploy) -> None:
    site.environment('deployed = "ledger"')
    deploy("tick", "options#1", "--to", "new")
    said = deploy("verify")
    assert (said.code, said.err) == (0, "")
    assert "The ledger of production is complete: 3 records. The newest: " in said.out
    site.bare.rename(site.bare.with_name("gone"))
    assert [deploy("verify").code, deploy("verify", "--offline").code] == [3, 0]
    site.bare.with_name("gone").rename(site.bare)
    assert deploy("verify", "--vouch", "a" * 64).code == 2
    assert deploy("verify", "--vouch", "a" * 64, "--reason", "x").code == 2, "there is no gap of that hash"


def test_a_ref_that_lost_what_a_clone_saw_is_refused(
    site: Site, deploy: Deploy, relbot: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    site.environment('deployed = "ledger"')
    deploy("tick", "options#1", "--to", "new")
    before = git(site, "rev-parse", REF)
    deploy("tick", "options#2", "--failed", "disk full")
    git(site, "update-ref", REF, before)
    for command in READING:
        said = deploy(*command)
        assert (said.code, said.out) == (3, ""), command
        assert "(failed options#2, by Cora Committer on " in said.err, command
        assert "is missing: it was removed or edited. It is named by this clone, which saw it on `origin`." in said.err
    assert git(site, "rev-parse", REF) == before, "nothing was recorded"
    assert "relbot cannot rely on the ledger" in relbot("motd", "production", cwd=site.ada.path).out
    as_bob(monkeypatch)
    assert relbot("deploy", "tick", "production", "options#2", cwd=site.bob.path).code == 0, "who never saw it cannot know"
    assert deploy("status").code == 3, "and a record by somebody who did not know it changes nothing"
    (lost,) = hashes(deploy("verify").out)
    said = deploy("verify", "--vouch", lost[:12], "--reason", "I saw it fail")
    assert said.code == 0, said
    assert f"Vouched: {lost[:12]}, Bob on " in said.out
    assert "I saw it fail" in said.out
    log = relbot("deploy", "log", "production", cwd=site.bob.path)
    assert "failed options#2: disk full" in log.out, "it is published again"
    assert deploy("status").code == 1


def test_a_ref_that_is_gone_is_refused(site: Site, deploy: Deploy) -> None:
    site.environment('deployed = "ledger"')
    git(site, "update-ref", "-d", REF)
    assert deploy("status").code == 3
    assert deploy("gate", "--before", "install", "--to", "new").code == 3
    assert git(site, "for-each-ref", REF) == ""


def rewrite(site: Site, old: str, new: str | None) -> None:
    """Somebody pushes a ledger in which the record with the text `old` is another one, or is not there at all."""
    ada = site.ada
    ada.git("fetch", "--quiet", "origin", f"+{REF}:refs/heads/forged")
    here = ada.git("symbolic-ref", "HEAD")
    ada.git("stash", "--quiet", "--include-untracked")
    ada.git("checkout", "--quiet", "forged")
    (path,) = (each for each in ada.git("ls-files").split() if old in (ada.path / each).read_text())
    text = (ada.path / path).read_text()
    ada.git("rm", "--quiet", path)
    if new is not None:
        ada.write(path, text.replace(old, new))
        ada.git("add", path)
    ada.git("commit", "--quiet", "--allow-empty", "--message", "tidy")
    ada.git("push", "--quiet", "--force", "origin", f"HEAD:{REF}")
    ada.git("checkout", "--quiet", here.removeprefix("refs/heads/"))
    ada.git("stash", "pop", "--quiet")


@pytest.mark.parametrize("new", [None, '"kind": "done"'])
def test_a_record_that_somebody_removed_or_edited_on_top_is_told(
    site: Site, deploy: Deploy, relbot: Run, monkeypatch: pytest.MonkeyPatch, new: str | None
) -> None:
    """The ref moved forward, so git itself has nothing against it."""
    site.environment('deployed = "ledger"')
    deploy("tick", "options#2", "--failed", "disk full", "--to", "new")
    deploy("tick", "options#1")
    rewrite(site, '"kind": "failed"', new)
    as_bob(monkeypatch)
    said = relbot("deploy", "status", "production", cwd=site.bob.path)
    assert (said.code, said.out) == (3, ""), "a clone that never saw it knows it from the next record"
    assert ("is missing" if new is None else "was changed after it was written") in said.err
    said = relbot("deploy", "verify", "production", cwd=site.bob.path)
    assert said.code == 3
    found = hashes(said.out)
    assert len(found) == (1 if new is None else 2), "what is missing, and what stands there"
    vouch = [word for each in found for word in ("--vouch", each)]
    assert relbot("deploy", "verify", "production", *vouch, "--reason", "looked", cwd=site.bob.path).code == 0
    assert relbot("deploy", "status", "production", cwd=site.bob.path).code == 1


class TestOnGitHub:
    pytestmark = pytest.mark.loopback

    @pytest.fixture(autouse=True)
    def _on_github(self, site: Site, github: FakeGitHub) -> None:
        github.state.git = site.bare
        site.store = "github"
        site.environment('deployed = "ledger"')

    def test_a_done_that_is_removed_with_the_issue_wiped_is_told_by_the_deployment(
        self, github: FakeGitHub, deploy: Deploy
    ) -> None:
        for step in ("options#1", "options#2", "restart:apache2"):
            deploy("tick", step, "--to", "new")
        assert deploy("done").code == 0
        (issue,) = github.state.issues.values()
        del github.state.comments[max(github.state.comments)]
        issue.body = ""
        for command in (("status",), ("gate", "--before", "install", "--to", "newer"), ("verify",)):
            said = deploy(*command)
            assert said.code == 3, command
            assert "(ended: " in said.out + said.err
            assert ", by @github-actions[bot]) is missing" in said.out + said.err
            assert "It is named by a state of deployment " in said.out + said.err
        (lost,) = hashes(deploy("verify").out)
        assert deploy("verify", "--vouch", lost, "--reason", "it was a test").code == 0
        assert deploy("status").code == 0, "the deploy goes on, all of its steps are done"

    def test_the_next_deployment_names_what_was_known(self, github: FakeGitHub, deploy: Deploy) -> None:
        deploy("lock", "--reason", "incident", "--for", "1h")
        deploy("tick", "options#1", "--to", "new")
        lock = next(number for number, each in github.state.comments.items() if "locked" in each.body)
        for number in [each for each in github.state.comments if each >= lock]:
            del github.state.comments[number]
        (issue,) = github.state.issues.values()
        issue.body = ""
        for deployment in github.state.deployments.values():
            deployment.statuses.clear()
        said = deploy("status")
        assert said.code == 3
        assert "(locked, by Cora Committer on " in said.err

    def test_the_records_of_somebody_who_left_need_a_voucher_by_somebody_with_rights(
        self, github: FakeGitHub, deploy: Deploy, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        github.state.permissions["bob"] = "write"
        mine = github.token
        as_bob(monkeypatch)
        monkeypatch.setenv("GITHUB_TOKEN", github.add_token("bob", "issues", "deployments"))
        for step in ("options#1", "options#2"):
            assert deploy("tick", step, "--to", "new").code == 0
        monkeypatch.setenv("GITHUB_TOKEN", mine)
        deploy("tick", "restart:apache2")
        del github.state.permissions["bob"]
        said = deploy("status")
        assert (said.code, said.out) == (3, "")
        assert "does not count: GitHub does not say that @bob may write to acme/widgets" in said.err
        found = hashes(deploy("verify").out)
        assert len(found) == 1, "the newest of them covers what came before"
        monkeypatch.setenv("GITHUB_TOKEN", github.add_token("bob", "issues", "deployments"))
        assert deploy("verify", "--vouch", found[0], "--reason", "it was me").code == 3
        assert deploy("status").code == 3, "his own word is none"
        monkeypatch.setenv("GITHUB_TOKEN", mine)
        assert deploy("verify", "--vouch", found[0], "--reason", "I was there").code == 0
        said = deploy("status")
        assert said.code == 0, said
        assert "options#2        done" in said.out
