from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.git.histories import fragment

if TYPE_CHECKING:
    from tests.repository import Repo


@pytest.fixture
def base(repo: Repo, monkeypatch: pytest.MonkeyPatch) -> Repo:
    """`a` has the change `old`. A forge makes the commits."""
    monkeypatch.setenv("GIT_COMMITTER_EMAIL", "noreply@github.com")
    repo.write("README.md", "Hello\n")
    repo.write("changes/old.md", fragment("old"))
    repo.commit("Start")
    repo.tag("a")
    return repo
