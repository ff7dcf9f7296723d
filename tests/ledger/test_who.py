from __future__ import annotations

import os
import pwd
from typing import TYPE_CHECKING

from relbot.deploy.log.record import Who
from relbot.git.process import Git
from relbot.ledger.who import identify_user
from tests.ledger.clones import ledger_in, tick

if TYPE_CHECKING:
    import pytest

    from tests.repository import Repo


def test_who_is_whom_git_would_commit_as(repo: Repo) -> None:
    assert identify_user(Git(repo.path)) == Who("Cora Committer", "cora@example.org", os.uname().nodename)


def test_without_an_identity_it_is_the_account_and_it_can_record(repo: Repo, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("AUTHOR", "COMMITTER"):
        monkeypatch.delenv(f"GIT_{name}_NAME")
        monkeypatch.delenv(f"GIT_{name}_EMAIL")
    repo.git("config", "user.useConfigOnly", "true")
    someone = identify_user(Git(repo.path))
    assert (someone.name, someone.email) == (pwd.getpwuid(os.getuid()).pw_name, "")
    ledger_in(repo, someone).record(tick("x#1"))
    assert ledger_in(repo).entries()[0].who == someone


def test_a_name_that_git_cannot_write_is_kept_in_the_entry(repo: Repo) -> None:
    odd = Who("A <b>\nc", "x>y", "h")
    ledger_in(repo, odd).record(tick("x#1"))
    assert ledger_in(repo).entries()[0].who == odd
