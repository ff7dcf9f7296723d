"""What people see of a deploy on GitHub, read by tests: Deployments, the issue, its boxes and records."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.cli.deployed import Deploy
    from tests.github.conftest import FakeGitHub
    from tests.github.fake.objects import Comment, Issue


def shown(github: FakeGitHub) -> list[tuple[str, list[str]]]:
    """The Deployments as GitHub shows them: the commit, and the states one after the other."""
    return [(one.sha, [status[1] for status in one.statuses]) for one in github.state.deployments.values()]


def issue(github: FakeGitHub) -> Issue:
    [found] = github.state.issues.values()
    return found


BOX = re.compile(r"(?m)^- \[([ x])\] `([^`]+)`")


def drawn(github: FakeGitHub) -> dict[str, str]:
    """The boxes of the last issue: the id of the step, and what is in the box."""
    last = max(github.state.issues)
    return {step: mark for mark, step in BOX.findall(github.state.issues[last].body or "")}


def tick_on_github(github: FakeGitHub, step: str, mark: str = "x") -> None:
    """Somebody ticks the box of a step in the browser, or empties it."""
    one = issue(github)
    now = drawn(github)[step]
    assert now != mark
    one.body = (one.body or "").replace(f"- [{now}] `{step}`", f"- [{mark}] `{step}`").replace("\n", "\r\n")
    one.updated = github.state.now()


def records(github: FakeGitHub) -> list[Comment]:
    return github.state.comments_of(issue(github).number)


def kinds(deploy: Deploy) -> list[str]:
    said = deploy("log", "--format", "json")
    assert said.code == 0, said.err
    entries = (each for each in json.loads(said.out)["entries"] if each["kind"] != "started")
    return [" ".join(filter(None, (each["kind"], each["step"]))) for each in entries]
