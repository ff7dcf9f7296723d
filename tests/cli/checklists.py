"""Two revisions with steps between them, and what a checklist says of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.repository import Repo


CACHE = """---
type: changed
breaking: true
migration: true
{more}deploy:
  - phase: before-restart
    run: bin/shop convert-sessions
    on: web
    check: bin/shop check-sessions
    undo: bin/shop restore-sessions
    restart: [shopd, worker]
  - phase: before-restart
    run: bin/shop warm-cache
    undo: bin/shop drop-cache
    restart: [shopd]
---

Sessions are stored as JSON.

## Migration

Convert the sessions **before** the restart. The old ones stay beside them.

### On failure

Ask Jane.
"""
QUIET = "---\ntype: fixed\n---\n\nThe basket adds up.\n"


def told(repo: Repo, more: str = "") -> None:
    """What runs is `v1`, then comes the change that needs somebody, then `main`."""
    repo.write("changes/.gitkeep")
    repo.commit("Begin")
    repo.tag("v1")
    repo.write("changes/77.md", CACHE.format(more=more))
    repo.write("changes/78.md", QUIET)
    repo.commit("Sessions as JSON")
    repo.tag("broken")


def configured(repo: Repo, more: str = "") -> None:
    repo.write("relbot.toml", f'[environments.production]\ndeployed = "tag"\ntag = "production"\n{more}')


def in_order(text: str, *parts: str) -> None:
    at = -1
    for part in parts:
        assert part in text[at + 1 :], f"{part!r} does not follow in:\n{text}"
        at = text.index(part, at + 1)
