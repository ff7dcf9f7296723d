"""What a build leaves behind, read by tests."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.repository import Repo


ENTRY = "## 1.0 (2018-08-15)\n\n### Fixed\n\n- The login page remembers you. (by Ada Author)\n"
MARKER = "<!-- relbot: releases below -->"


def changelog(repo: Repo, path: str = "CHANGELOG.md") -> str:
    return (repo.path / path).read_bytes().decode()


def released(repo: Repo) -> list[str]:
    return sorted(path.relative_to(repo.path).as_posix() for path in repo.path.glob("changes/released/*/*.md"))
