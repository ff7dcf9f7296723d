"""The commands that messages about a deploy advise, as a shell takes them."""

from __future__ import annotations

import shlex


def tick_command(environment: str, step: str, *options: str) -> str:
    """Writes the command that records a step as done, or as its options say."""
    return shlex.join(("relbot", "deploy", "tick", environment, step, *options))
