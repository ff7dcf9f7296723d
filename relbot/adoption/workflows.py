"""The workflows of GitHub that `relbot init` writes. What they run is only what `relbot_source` knows to be relbot."""

from __future__ import annotations

import json
from typing import assert_never

from relbot.adoption.relbot_source import FromAction, FromNowhere, FromRequirement, RelbotSource, parse_action
from relbot.schema import lazy_re as re
from relbot.schema.named_tuples import NamedTuple

FOLDER = ".github/workflows"
CHECK_WORKFLOW = f"{FOLDER}/relbot.yml"
_PYTHON = """\
- uses: actions/setup-python@ece7cb06caefa5fff74198d8649806c4678c61a1 # v6.3.0
  with:
    python-version: "3.13"
"""
_GIVEN = """\
  env:
    GITHUB_TOKEN: ${{ github.token }}
"""

# In the texts below, a line such as `<relbot pr>` stands for the steps that run this command.

_CHECK = """\
# Checks a pull request. It is safe on forks: it checks out and runs no code of a pull request. relbot fetches its commits, reads
# them as data, and judges them by the relbot.toml of the base branch. Require the check "relbot check" for merging.
name: relbot

on:
  pull_request:
    types: [opened, synchronize, reopened, ready_for_review, edited, labeled, unlabeled]
  merge_group:

permissions: {}

# A newer commit stops the run for an older one. Runs for one commit do not stop each other: a cancelled check would block it.
concurrency:
  group: relbot-${{ github.event.action == 'synchronize' && github.event.number || github.run_id }}
  cancel-in-progress: true

jobs:
  # Annotates the changed files and fails if something is required. Its token only reads.
  check:
    name: relbot check
    runs-on: ubuntu-latest
    timeout-minutes: 10
    permissions:
      contents: read
      pull-requests: read
    steps:
      <relbot pr --no-comment>
"""

_FRAGMENTS = """\
# Checks every fragment of the default branch: one that no pull request touches any more may not fit what others changed since.
name: relbot fragments

on:
  push:
    branches: [<branch>]

permissions: {}

concurrency:
  group: relbot-fragments-${{ github.ref }}
  cancel-in-progress: true

jobs:
  fragments:
    name: relbot fragments
    runs-on: ubuntu-latest
    timeout-minutes: 10
    permissions:
      contents: read
    steps:
      - uses: actions/checkout@d23441a48e516b6c34aea4fa41551a30e30af803 # v6.1.0
        with:
          persist-credentials: false
      <relbot check>
"""

_COMMENT = """\
# Keeps one comment on each pull request, also on those from forks. GitHub takes this file from the default branch, whatever the
# base of the pull request is. Never check out the pull request here: these tokens may write.
name: relbot comment

on:
  pull_request_target: # zizmor: ignore[dangerous-triggers] the pull request is never checked out
    types: [opened, synchronize, reopened, ready_for_review, edited, labeled, unlabeled, closed]
  issue_comment:
    types: [created]

permissions: {}

concurrency:
  group: relbot-comment-${{ github.event.action == 'synchronize' && github.event.number || github.run_id }}
  cancel-in-progress: true

jobs:
  # `edited` is of interest only where the base branch changed, a comment only where it may be an answer or a waiver.
  comment:
    name: relbot comment
    if: >-
      github.event.action != 'closed' && (github.event.action != 'edited' || github.event.changes.base)
      && (github.event.action != 'created' || github.event.issue.pull_request && contains(github.event.comment.body, '/relbot '))
    runs-on: ubuntu-latest
    timeout-minutes: 10
    permissions:
      contents: read
      pull-requests: write
    steps:
      <relbot pr>

  # Once a pull request with a waiver is merged, commits the fragment that shows the waiver to operators. Without this
  # job's `contents: write` relbot asks on the pull request for that fragment.
  record:
    name: relbot record
    if: >-
      github.event.action == 'closed' && github.event.pull_request.merged
      && contains(github.event.pull_request.labels.*.name, '<waiver>')
    runs-on: ubuntu-latest
    timeout-minutes: 10
    permissions:
      contents: write
      pull-requests: write
    steps:
      <relbot pr>
"""

_STEP = re.compile(r"^( +)<(relbot [^>]+)>\n", re.MULTILINE)


_USES = re.compile(r"^ *- uses: ([\w.-]+/[\w./-]*relbot[\w./-]*@[0-9a-f]{40}(?: # [\w.+-]+)?)$", re.MULTILINE)
_INSTALLS = re.compile(r"pip install (relbot==[\w.]+)$", re.MULTILINE)


class WorkflowSettings(NamedTuple):
    """What the workflows are made for: where relbot comes from, the default branch, and the label of waivers."""

    source: FromAction | FromRequirement
    branch: str
    waiver: str


def make_workflows(settings: WorkflowSettings) -> dict[str, str]:
    """Path to text of the three workflows."""
    texts = {"relbot.yml": _CHECK, "relbot-fragments.yml": _FRAGMENTS, "relbot-comment.yml": _COMMENT}
    return {f"{FOLDER}/{name}": _filled(text, settings) for name, text in texts.items()}


def find_used_action(workflow: str) -> FromAction | None:
    """The action of relbot that a workflow of an earlier run uses; None where it uses none."""
    found = _USES.search(workflow)
    return parse_action(found[1]) if found else None


def find_unheld_requirement(workflow: str) -> str:
    """What a workflow of an older relbot installs from an index by its name alone; "" where it installs nothing like it."""
    found = _INSTALLS.search(workflow)
    return found[1] if found and "--require-hashes" not in workflow else ""


def _filled(text: str, settings: WorkflowSettings) -> str:
    waiver = settings.waiver.replace("'", "''")
    text = text.replace("<waiver>", waiver).replace("<branch>", json.dumps(settings.branch, ensure_ascii=False))
    return _STEP.sub(lambda found: _indented(relbot_steps(settings.source, found[2]), found[1]), text)


def _indented(text: str, by: str) -> str:
    return "".join(f"{by}{line}\n" if line else "\n" for line in text.removesuffix("\n").split("\n"))


def relbot_steps(source: FromAction | FromRequirement, command: str) -> str:
    """The steps of a job that run a command of relbot."""
    match source:
        case FromAction(repository, commit, version):
            if not command.startswith("relbot pr"):
                return _installed(FromRequirement(f"relbot @ git+https://github.com/{repository}@{commit}"), command)
            remark = f" # {version}" if version else ""
            option = '  with:\n    comment: "false"\n' if "--no-comment" in command else ""
            return f"- uses: {repository}@{commit}{remark}\n{option}"
        case FromRequirement():
            return _installed(source, command)
        case _:
            assert_never(source)


def _installed(source: FromRequirement, command: str) -> str:
    token = _GIVEN if command.startswith("relbot pr") else ""
    return f"{_PYTHON}{_run(install_commands(source))}- run: {command}\n{token}"


def _run(commands: list[str]) -> str:
    if len(commands) == 1:
        return f"- run: {commands[0]}\n"
    return "- run: |\n" + "".join(f"    {command}\n" for command in commands)


def install_commands(source: FromRequirement) -> list[str]:
    """The commands that install relbot. pip takes hashes from a file alone; relbot's dependencies come after it."""
    if not source.hashes:
        return [f"pip install '{source.requirement}'"]
    hashes = " ".join(f"--hash={each}" for each in source.hashes)
    return [
        f"echo '{source.requirement} {hashes}' > relbot.txt",
        "pip install --no-deps --require-hashes --requirement relbot.txt",
        f"pip install '{source.requirement}'",
    ]


def other_forge_job(source: RelbotSource, branch: str) -> str:
    """The commands that a job for merge requests runs on another forge, a line each."""
    match source:
        case FromAction(repository, commit, _):
            install = [f"pip install 'relbot @ git+https://github.com/{repository}@{commit}'"]
        case FromRequirement():
            install = install_commands(source)
        case FromNowhere():
            install = []
        case _:
            assert_never(source)
    return "\n".join([*install, f"git fetch origin {branch}", f"relbot check --base origin/{branch}"])
