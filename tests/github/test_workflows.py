"""The workflows and the action, executed by `act` on this machine, against the fake GitHub; its state is what counts."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from relbot import __version__
from tests.commandline import ROOT
from tests.github.fake.actions import Actions
from tests.github.init_workflows import ACTION, BY_ACTION
from tests.github.site import FIXED
from tests.repository import Repo

if TYPE_CHECKING:
    from tests.github.fake.actions import Run
    from tests.github.fake.objects import Pull
    from tests.github.site import Site

pytestmark = [pytest.mark.loopback, pytest.mark.slow]
BIN = Path(sys.executable).parent
WORKFLOW = ".github/workflows/relbot.yml"
COMMENT = ".github/workflows/relbot-comment.yml"
BY_EVENT = {"pull_request": WORKFLOW, "pull_request_target": COMMENT}
RELEASE = ".github/workflows/release.yml"
SETUP = "actions/setup-python@ece7cb06caefa5fff74198d8649806c4678c61a1"
CHECKOUT = "actions/checkout@d23441a48e516b6c34aea4fa41551a30e30af803"
CODE: dict[str, str | bytes | None] = {"app/login.rb": "remember = true\n"}
STUB = "name: stub\nruns:\n  using: composite\n  steps:\n    - shell: bash\n      run: 'true'\n"
STUB_OF_CHECKOUT = """name: stub
inputs:
  ref: {}
runs:
  using: composite
  steps:
    - shell: bash
      env:
        REF: ${{ inputs.ref }}
      run: test "$REF" = "$BASE_OF_PULL" && cp -R "$RUNNER_REPO"/. "$GITHUB_WORKSPACE"
"""
"""Gives nothing but the base: whoever asks for another commit fails."""


class Runner:
    """Runs a workflow of a repository of its own as GitHub would at an event of the site's pull request."""

    def __init__(self, site: Site, folder: Path, contents: dict[str, str]) -> None:
        self.site = site
        self.folder = folder
        self.repo = Repo(folder / "runner")
        for path, text in contents.items():
            self.repo.write(path, text)
        self.repo.commit()
        self.stubs = {SETUP: folder / "setup-python", CHECKOUT: folder / "checkout"}
        for action, stub in self.stubs.items():
            stub.mkdir()
            (stub / "action.yml").write_text(STUB_OF_CHECKOUT if action == CHECKOUT else STUB)

    def __call__(self, event: str, pull: Pull) -> tuple[int, str]:
        """At an event of the pull request: the exit code of `act`, and what it printed."""
        payload = self.site.payload(pull)
        payload["pull_request"]["base"] = {"sha": pull.base_sha, "ref": "main"}
        payload["pull_request"]["labels"] = [{"name": name} for name in self.site.state.issues[pull.number].labels]
        payload["pull_request"]["merged"] = pull.merged is not None
        payload["action"] = "closed" if pull.merged else "synchronize"
        return self.at(event, payload, BY_EVENT[event], BASE_OF_PULL=pull.base_sha)

    def at(self, event: str, payload: dict[str, Any], workflow: str, *words: str, **more: str) -> tuple[int, str]:
        """The exit code of `act` with a workflow at an event, and what it printed."""
        self.site.event.write_text(json.dumps(payload))
        self.site.github.requests.clear()
        # GIT_CONFIG_… tells git where the commits are, PYTHONPATH tells pip that everything is installed.
        passed = {name: value for name, value in os.environ.items() if name.startswith(("GIT_", "http", "no_proxy"))}
        passed |= {"GITHUB_API_URL": self.site.github.url, "PYTHONPATH": sysconfig.get_path("purelib"), "PIP_NO_INDEX": "1"}
        passed |= {"RUNNER_REPO": str(self.repo.path), **more}
        options = [word for name, value in passed.items() for word in ("--env", f"{name}={value}")]
        stubs = [word for action, stub in self.stubs.items() for word in ("--local-repository", f"{action}={stub}")]
        done = subprocess.run(
            [BIN / "act", event, *words, "--workflows", workflow, "--eventpath", self.site.event, "--secret", "GITHUB_TOKEN",
             "--platform", "ubuntu-latest=-self-hosted", "--platform", "ubuntu-24.04=-self-hosted", *options, *stubs],
            cwd=self.repo.path,
            env=os.environ | {"HOME": str(self.folder), "PATH": f"{BIN}:{os.environ['PATH']}"},
            capture_output=True,
            encoding="utf-8",
            timeout=180,
            check=False,
        )  # fmt: skip
        return done.returncode, done.stdout + done.stderr


@pytest.fixture(params=["the workflow of relbot init", pytest.param("relbot's own workflow and action", marks=pytest.mark.long)])
def runner(request: pytest.FixtureRequest, site: Site, tmp_path: Path) -> Runner:
    """Both ways to set the bot up."""
    if request.param == "the workflow of relbot init":
        theirs = Runner(site, tmp_path, {path: BY_ACTION[path] for path in (WORKFLOW, COMMENT)})
        (tmp_path / "action").mkdir()
        _copy_action(tmp_path / "action")
        theirs.stubs[f"{ACTION.repository}@{ACTION.commit}"] = tmp_path / "action"
        return theirs
    own = Runner(site, tmp_path, {path: (ROOT / path).read_text() for path in (WORKFLOW, COMMENT)})
    _copy_action(own.repo.path)
    own.repo.commit()
    return own


def _copy_action(folder: Path) -> None:
    """Puts what the action consists of into a folder."""
    for name in ("action.yml", "requirements.txt"):
        shutil.copy(ROOT / name, folder / name)
    shutil.copytree(ROOT / "relbot", folder / "relbot", ignore=shutil.ignore_patterns("__pycache__"))


def test_each_workflow_of_relbots_own_is_there() -> None:
    """Its own checks run in a longer tier: one that is gone would be noticed by nobody who changes something."""
    there = {path.relative_to(ROOT).as_posix() for path in (ROOT / ".github/workflows").iterdir()}
    assert there == {WORKFLOW, COMMENT, RELEASE, ".github/workflows/ci.yml"}


@pytest.mark.long
def test_the_pair_of_jobs_keeps_one_comment(site: Site, runner: Runner) -> None:
    pull = site.pull(CODE, fork="ada/widgets")
    code, said = runner("pull_request", pull)
    assert code == 1, said
    assert "::error" in said
    assert site.github.writes == []
    for _ in range(2):
        code, said = runner("pull_request_target", pull)
        assert code == 1, said
        assert "**Required**" in site.said(pull)
    assert site.github.writes == []
    site.push(pull, {"changes/login.md": FIXED})
    assert runner("pull_request", pull)[0] == 0
    assert runner("pull_request_target", pull)[0] == 0
    assert "nothing is missing any more" in site.said(pull)


@pytest.mark.long
def test_the_events_of_a_pull_request_carried_out_by_act(site: Site, runner: Runner) -> None:
    """Opened with labels, labelled, pushed, retargeted, ready, from a fork, queued, answered, merged with a waiver."""

    def carry_out(run: Run, job: str, token: str) -> bool:
        site.use_token(token)
        about = run.payload.get("pull_request", {}).get("base") or {"sha": run.payload.get("merge_group", {}).get("base_sha", "")}
        return runner.at(run.event, run.payload, run.path, "--job", job, BASE_OF_PULL=about["sha"])[0] == 0

    for path in (WORKFLOW, COMMENT):
        site.upstream.write(path, (runner.repo.path / path).read_text())
    site.configure('"docs/**" = "ask"\n')
    site.upstream.branch("1.0.x")
    site.upstream.write("relbot.toml", "")
    site.upstream.commit("Ask for nothing")
    site.upstream.switch("main")
    actions = Actions(site, carry_out)
    pull = site.pull(CODE, draft=True, branch="topic", fork="ada/widgets")
    site.state.label(pull.number, "bug", "maria")
    actions.open(pull)
    actions.finish()
    assert (actions.required("relbot check", pull.head_sha), site.said(pull)) == ("success", "")
    actions.ready(pull)
    actions.finish()
    assert (actions.required("relbot check", pull.head_sha), "**Required**" in site.said(pull)) == ("failure", True)
    actions.retarget(pull, "1.0.x")
    actions.finish()
    assert (actions.required("relbot check", pull.head_sha), "any more" in site.said(pull)) == ("success", True)
    actions.retarget(pull, "main")
    pull.head_repo = site.state.repository
    actions.push(pull, {"docs/notes.txt": "1\n"})
    actions.label(pull, "relbot: waived")
    actions.comment(pull, "/relbot waive The table is empty.", "maria")
    actions.queue(pull)
    actions.finish()
    assert actions.runs[-1].jobs == {"check": "success"}
    assert "The table is empty." in site.said(pull)
    actions.merge(pull)
    actions.finish()
    assert actions.runs[-1].jobs == {"comment": "skipped", "record": "success"}
    assert "The table is empty." in site.upstream.git("show", f"main:changes/waived-{pull.number}.md")
    asked = site.pull({"docs/more.txt": "1\n"}, branch="asked")
    actions.open(asked)
    actions.finish()
    actions.comment(asked, "/relbot none Nobody reads it.", "ada")
    actions.finish()
    assert "answered by `@ada`" in site.said(asked)


@pytest.mark.long
def test_a_waiver_that_was_merged_is_recorded(site: Site, runner: Runner) -> None:
    unlabelled = site.pull({"app/other.rb": "1\n"}, branch="other")
    site.merge(unlabelled)
    assert runner("pull_request_target", unlabelled)[0] == 0
    assert site.github.requests == []
    pull = site.pull(CODE)
    site.state.add_comment(pull.number, "/relbot waive The table is empty.", "maria")
    site.state.label(pull.number, "relbot: waived", "maria")
    site.merge(pull)
    code, said = runner("pull_request_target", pull)
    assert code == 0, said
    assert "The table is empty." in site.upstream.git("show", f"main:changes/waived-{pull.number}.md")


def test_nothing_that_a_pull_request_says_is_run(site: Site, runner: Runner, tmp_path: Path) -> None:
    trap = tmp_path / "trapped"
    shell = f'$(touch {trap})`touch {trap}`"; touch {trap}; #'
    python = f"import pathlib\npathlib.Path({str(trap)!r}).touch()\n"
    pull = site.pull(
        {**CODE, "relbot/__init__.py": python, "yaml.py": python, "pip/__main__.py": python}, title=shell, branch="a;touch${IFS}x"
    )
    code, said = runner("pull_request_target", pull)
    assert code == 1, said
    assert "**Required**" in site.said(pull)
    assert not trap.exists()


UPLOAD = "actions/upload-artifact@bbbca2ddaa5d8feaa63e36b76fdaad77386f024f"
DOWNLOAD = "actions/download-artifact@3e5f45b2cfb9172054b4087a40e8e0b5a5461e7c"
PUBLISH = "pypa/gh-action-pypi-publish@76f52bc884231f62b9a034ebfe128415bbaabdfc"
COPIES = """name: stub
inputs:
  path: {{default: dist/}}
  name: {{}}
  if-no-files-found: {{}}
  fetch-depth: {{}}
  ref: {{}}
  persist-credentials: {{}}
runs:
  using: composite
  steps:
    - shell: bash
      run: {script}
"""


@pytest.fixture
def releaser(site: Site, tmp_path: Path) -> Runner:
    """relbot's own repository, as far as its release needs it, and the actions that it uses."""
    paths = ["Makefile", "pyproject.toml", "README.md", "LICENSE", "CHANGELOG.md", "CONTRIBUTING.md"]
    paths += ["requirements.txt", "requirements-build.txt", RELEASE, ".gitignore"]
    runner = Runner(site, tmp_path, {path: (ROOT / path).read_text() for path in paths})
    shutil.copytree(ROOT / "relbot", runner.repo.path / "relbot", ignore=shutil.ignore_patterns("__pycache__"))
    runner.repo.write("relbot.toml", "[links]\nhistory = false\n")
    runner.repo.write("CHANGELOG.md", "# Changes\n\n<!-- relbot: releases below -->\n")
    runner.repo.write("changes/login.md", FIXED)
    runner.repo.commit("Begin")
    site.state.git = runner.repo.path / ".git"
    site.state.actions_open_pulls = True
    scripts = {
        CHECKOUT: 'cp -R "$RUNNER_REPO"/. "$GITHUB_WORKSPACE"',
        UPLOAD: f'cp -R "${{{{ inputs.path }}}}" {tmp_path}/artifact',
        DOWNLOAD: f'rm -rf dist && cp -R {tmp_path}/artifact "${{{{ inputs.path }}}}"',
        PUBLISH: f"cp -R dist {tmp_path}/uploaded",
    }
    for action, script in scripts.items():
        runner.stubs[action] = tmp_path / action.partition("@")[0].replace("/", "-")
        runner.stubs[action].mkdir()
        (runner.stubs[action] / "action.yml").write_text(COPIES.format(script=json.dumps(script)))
    return runner


@pytest.mark.long
def test_the_release_is_proposed_then_published_and_uploaded_once(site: Site, releaser: Runner, tmp_path: Path) -> None:
    uploaded = tmp_path / "uploaded"

    def push() -> str:
        payload = {"ref": "refs/heads/main", "after": releaser.repo.head, "repository": {"full_name": "acme/widgets"}}
        code, said = releaser.at("push", payload, RELEASE, GITHUB_REPOSITORY="acme/widgets", GITHUB_REF_NAME="main")
        assert code == 0, said
        return said

    push()
    [proposed] = [pull for pull in site.state.pulls.values() if site.state.issues[pull.number].title == f"Release {__version__}"]
    assert site.state.releases == {}
    releaser.repo.merge(proposed.head)
    said = push()
    [release] = site.state.releases.values()
    assert release.tag == f"v{__version__}", said
    assert "The login page remembers you." in (release.body or "")
    names = [f"relbot-{__version__}-py3-none-any.whl", f"relbot-{__version__}.tar.gz"]
    assert sorted(file.name for file in uploaded.iterdir()) == names, said
    shutil.rmtree(uploaded)
    push()
    assert not uploaded.exists()
    assert len(site.state.releases) == 1
