"""What `relbot init` writes, and with which action."""

from __future__ import annotations

COMMIT = "5" * 40
ACTION = ("--action", f"someone/relbot@{COMMIT} # v0.1.0")
HUB = "git@github.com:acme/widgets.git"


def written(out: str) -> list[str]:
    return [line.split()[1] for line in out.splitlines() if line.startswith("written ")]
