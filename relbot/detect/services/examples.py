"""What the examples of `services` share."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from relbot.detect.engine.facts import Table

NEW_PLACE = "Data is looked for at another place; what is at the old one stays there."
NEW_ADDRESS = "It is not reachable at its old address: proxies, firewalls and health checks point there."


def edit_example(path: str, text: str, old: str, new: str) -> Table:
    """The change of one part of an example."""
    return {path: (text, text.replace(old, new))}
