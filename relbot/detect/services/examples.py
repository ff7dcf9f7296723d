"""What the examples of `services` share."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from relbot.detect.engine.facts import Table

NEW_PLACE = "The program looks for its data in the new location. The existing data stays in the old one."
NEW_ADDRESS = "It is not reachable at its old address, which proxies, firewalls and health checks still use."


def edit_example(path: str, text: str, old: str, new: str) -> Table:
    """The change of one part of an example."""
    return {path: (text, text.replace(old, new))}
