"""`relbot pr` in processes of its own: many at once, and what gets out of one."""

from __future__ import annotations

import base64
import json
import os
import shutil
import subprocess
import sys
import threading
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from relbot.render.comment.comment_body import MARKER
from tests.commandline import ROOT
from tests.github.fake import faults
from tests.tiers import examples

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.github.conftest import FakeGitHub
    from tests.github.fake.faults import Fault
    from tests.github.fake.objects import Pull
    from tests.github.site import Site

pytestmark = [pytest.mark.loopback, pytest.mark.slow]
RUNS = examples(6, 20)
CODE: dict[str, str | bytes | None] = {"app/login.rb": "remember = true\n"}
RECORDER = """#!/bin/sh
printf '%s\\n' "$@" >>"$ARGUMENTS"
exec {git} "$@"
"""


def started(site: Site, pull: Pull, *options: str, **more: str) -> subprocess.Popen[str]:
    """A run, not waited for."""
    if not site.event.exists():
        site.event.write_text(json.dumps(site.payload(pull)))
    return subprocess.Popen(
        [sys.executable, "-m", "relbot", "pr", "--event", str(site.event), *options],
        cwd=site.empty,
        env=os.environ | {"PYTHONPATH": str(ROOT), **more},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
    )


def meeting(github: FakeGitHub, monkeypatch: pytest.MonkeyPatch) -> threading.Barrier:
    """Lets nobody know which comments there are before all have asked, so that all find none; or before ten seconds."""
    together = threading.Barrier(RUNS)
    answer = github.take

    def take(method: str, target: str, *rest: object) -> object:
        if method == "GET" and "/comments" in target and not together.broken:
            try:
                together.wait(10)
            except threading.BrokenBarrierError:
                pass
            else:
                together.abort()
        return answer(method, target, *rest)  # type: ignore[arg-type]  # passed through

    monkeypatch.setattr(github, "take", take)
    return together


def test_many_at_once_leave_one_comment(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    pull = site.pull(CODE)
    meeting(site.github, monkeypatch)
    clone = str(site.upstream.path)
    processes = [started(site, pull, "--dir", clone) for _ in range(RUNS)]
    ended = [(*process.communicate(timeout=120), process.returncode) for process in processes]
    assert [(err, code) for _, err, code in ended] == [("", 1)] * RUNS
    [comment] = site.comments(pull)
    assert comment.body.startswith(MARKER)
    assert "**Required**" in comment.body
    assert len(site.github.asked("POST", "/comments")) > 1  # or nothing was at once


@pytest.fixture
def arguments(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Where all arguments of every git stand in the end."""
    git = shutil.which("git")
    recorder = tmp_path / "bin" / "git"
    recorder.parent.mkdir()
    recorder.write_text(RECORDER.format(git=git))
    recorder.chmod(0o755)
    monkeypatch.setenv("PATH", f"{recorder.parent}:{os.environ['PATH']}")
    monkeypatch.setenv("ARGUMENTS", str(tmp_path / "arguments"))
    yield tmp_path / "arguments"
    assert (tmp_path / "arguments").read_text()


@pytest.mark.parametrize(
    "fault", [None, faults.BAD_TOKEN, faults.REFUSED, faults.NOT_JSON, faults.SERVER_ERROR], ids=lambda each: each and each.name
)
def test_the_token_gets_nowhere(site: Site, arguments: Path, fault: Fault | None) -> None:
    pull = site.pull(CODE)
    if fault is not None:
        site.github.fail(fault, "POST" if fault is faults.SERVER_ERROR else "GET", times=3)
    talkative = {
        "GIT_TRACE": "2",
        "GIT_TRACE_CURL": "2",
        "GIT_CURL_VERBOSE": "1",
        "RUNNER_DEBUG": "1",
        "ACTIONS_STEP_DEBUG": "true",
    }
    process = started(site, pull, **talkative)
    commandline = Path(f"/proc/{process.pid}/cmdline").read_bytes().decode()
    out, err = process.communicate(timeout=60)
    assert process.returncode == (1 if fault is None else 3), err
    written = [file for file in (site.summary, site.output, arguments) if file.exists()]
    places = [commandline, out, err, *(file.read_text() for file in written)]
    places += [comment.body for comment in site.comments(pull)]
    token = site.github.token
    for form in (token, base64.b64encode(f"x-access-token:{token}".encode()).decode()):
        assert [place for place in places if form in place] == []
