"""Legs of an upgrade over several releases: do this, deploy that, go on."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.cli.stories import Story


def changes_with_needs(story: Story, *changes: tuple[str, str]) -> None:
    """Commits with one change each, left for later where nothing is needed: a name, and what it needs; or `tag` and its name."""
    for name, more in changes:
        if name == "tag":
            story.a.tag(more)
        else:
            front = f"needs: [{more}]\n" if more else ""
            story.change(name, "before-restart" if more else "later", front=front)
    story.a.git("push", "--quiet", "--tags", "origin")


def legs_of(story: Story, *command: str) -> list[tuple[str, list[str]]]:
    """The legs that a command shows: where each ends, and its steps."""
    legs = json.loads(story(*command, "--format", "json").out)["legs"]
    return [(leg["target"]["name"], [step["id"] for step in leg["steps"]]) for leg in legs]


def test_an_upgrade_never_turns_back_on_its_way(story: Story) -> None:
    """The backfill and the drop that needs it came with one release; another drop needs what an earlier release brought."""
    changes_with_needs(
        story, ("3-mid", ""), ("tag", "1.1"), ("1-fill", ""), ("2-drop", "1-fill"), ("4-y", "3-mid"), ("tag", "1.2")
    )
    fill = story.a.git("rev-parse", "1.2~2").strip()[:12]
    legs = [(fill, ["3-mid#1", "1-fill#1"]), ("1.2", ["2-drop#1", "4-y#1"])]
    assert legs_of(story, "upgrade", "v1", "1.2") == legs
    story.deploy("adopt", "--at", "v1")
    assert legs_of(story, "checklist", "production", "--to", "1.2") == legs


def test_the_checklist_stops_at_releases_as_the_upgrade_does(story: Story) -> None:
    """The release is tagged at a commit after that of its last change, and the message of the day shows the legs in order."""
    changes_with_needs(story, ("1-fill", ""))
    story.other("release")
    changes_with_needs(
        story, ("tag", "1.1"), ("3-mid", ""), ("2-drop", "1-fill"), ("tag", "1.2"), ("4-y", "3-mid"), ("tag", "1.3")
    )
    legs = [("1.1", ["1-fill#1"]), ("1.2", ["2-drop#1", "3-mid#1"]), ("1.3", ["4-y#1"])]
    assert legs_of(story, "upgrade", "v1", "1.3") == legs
    story.deploy("adopt", "--at", "v1")
    assert legs_of(story, "checklist", "production", "--to", "1.3") == legs
    assert "First deploy 1.1." in story.deploy("gate", "--to", "1.3", "--before", "install").out
    told = story("motd", "production", "--to", "1.3").out
    parts = ("Leg 1 of 3: deploy 1.1.", "do-1-fill", "Leg 2 of 3: deploy 1.2.", "do-2-drop", "Leg 3 of 3: deploy 1.3.", "do-4-y")
    at = [told.index(part) for part in parts]
    assert at == sorted(at)
    story.deploy("adopt", "--at", "1.3")
    back = legs_of(story, "checklist", "production", "--to", "v1")
    assert [target for target, _ in back] == ["1.2", "1.1", "v1"]
