"""A repository of several projects, and a change that is renamed in the middle of a deploy."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.cli.stories import LEDGER, Story

if TYPE_CHECKING:
    import pytest


def test_at_the_root_of_several_projects_relbot_says_where_they_are(story: Story, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(story.a.path)
    story.a.remove("relbot.toml")
    for folder in ("services/api", "services/worker"):
        story.a.write(f"{folder}/relbot.toml", LEDGER.replace("production", folder.rpartition("/")[2]))
    story.commit("several projects")
    for command in (("checklist",), ("deploy", "status"), ("deploy", "gate", "api"), ("motd", "api")):
        said = story(*command)
        assert said.code == 2, command
        assert "There is one in: services/api, services/worker." in said.err
        assert "--dir services/api" in said.err
    assert story("deploy", "adopt", "--at", "HEAD", "--dir", "services/api").code == 0
    assert story("checklist", "--dir", "services/api").code == 0


def test_a_step_is_recorded_under_each_name_of_a_change_that_was_renamed_on_the_way(story: Story) -> None:
    story.deploy("adopt", "--at", "v1")
    first = story.change("1-a")
    assert story.deploy("tick", "1-a#1", "--failed", "disk full", "--to", first).code == 0
    story.a.git("mv", "changes/1-a.md", "changes/4711-a.md")
    second = story.commit("rename")
    assert story.deploy("begin", "--to", second, "--replaces", first, "--reason", "a name").code == 0
    assert "4711-a#1  failed" in story.deploy("status").out
    assert story.deploy("tick", "4711-a#1", "--failed", "disk full again").code == 0
    assert story.deploy("tick", "1-a#1", "--undone").code == 0
    assert "4711-a#1  open" in story.deploy("status").out
    assert story.deploy("tick", "4711-a#1", "--skip", "not here").code == 0
    assert story.deploy("done").code == 0
    assert story.codes(("deploy", "status", "production"), ("checklist", "production")) == [0, 0]
    assert "undo-1-a" not in story("checklist", "production", "--to", "v1").out, "what was skipped is not taken back"
