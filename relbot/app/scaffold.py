"""The files that `relbot init` writes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relbot._version import __version__

if TYPE_CHECKING:
    from relbot.config.model import Config

_CONFIG = """\
# What relbot does by default; every key is explained by `relbot schema config`.
# Remove the `#` in front of what you want to change.

# directory = "changes"
# changelog = "CHANGELOG.md"
# title = "{version} ({date})"
# tag = "v{version}"

# [types.added]
# title = "Added"
# bump = "minor"

# [components.api]
# title = "The API"

# [links]
# issue = "https://github.com/owner/repository/issues/{number}"

# [rules]
# every-change = "ask"            # or "require": a fragment with every change; default: "off"
"""

_README = """\
# One change, one file

Who changes something that a user or an operator notices adds a file here: Markdown, with a few keys above it.

    ---
    type: fixed
    ---

    The login page no longer forgets who you are.

The easiest way is `relbot new`. The types are: {types}.

Where somebody has to act, say so, and say what to do:

    ---
    type: changed
    breaking: true
    migration: true
    deploy:
      - phase: before-restart
        run: bundle exec rake convert_options
        check: test -s config/options.yml
        undo: cp config/options.yml.bkp config/options.yml
        restart: [apache2]
    ---

    `config/options.yml` groups its keys per environment.

    ## Migration

    Run the rake task after installing and before restarting. It keeps a backup.

The phases are `before-install` (the old code runs), `before-restart` (the new code is on disk, the old processes still
run), `after-restart` (the new code runs) and `later` (when convenient).

A release moves the files to `released/VERSION/`. They stay there: later deploys and upgrade guides read them.
"""

_CHECK_WORKFLOW = """\
# Checks a pull request. It is safe on forks: nothing of a pull request is checked out or run. relbot fetches its commits, reads
# them as data, and judges them by the relbot.toml of the base branch. Require the check "relbot check" for merging.
name: relbot

on:
  pull_request:
    types: [opened, synchronize, reopened, ready_for_review, edited, labeled, unlabeled]
  merge_group:

permissions: {{}}

# A newer commit stops the run for an older one. Runs for one commit do not stop each other: a cancelled check would block it.
concurrency:
  group: relbot-${{{{ github.event.action == 'synchronize' && github.event.number || github.run_id }}}}
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
      - uses: actions/setup-python@ece7cb06caefa5fff74198d8649806c4678c61a1 # v6.3.0
        with:
          python-version: "3.13"
      - run: pip install relbot=={version}
      - run: relbot pr --no-comment
        env:
          GITHUB_TOKEN: ${{{{ github.token }}}}
"""

_FRAGMENTS_WORKFLOW = """\
# Checks every fragment of the default branch: one that no pull request touches any more may not fit what others changed since.
name: relbot fragments

on:
  push:
    branches: [main, master]

permissions: {{}}

concurrency:
  group: relbot-fragments-${{{{ github.ref }}}}
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
      - uses: actions/setup-python@ece7cb06caefa5fff74198d8649806c4678c61a1 # v6.3.0
        with:
          python-version: "3.13"
      - run: pip install relbot=={version}
      - run: relbot check
"""

_COMMENT_WORKFLOW = """\
# Keeps one comment on each pull request, also on those from forks. GitHub takes this file from the default branch, whatever the
# base of the pull request is. Never check out the pull request here: these tokens may write.
name: relbot comment

on:
  pull_request_target: # zizmor: ignore[dangerous-triggers] the pull request is never checked out
    types: [opened, synchronize, reopened, ready_for_review, edited, labeled, unlabeled, closed]

permissions: {{}}

concurrency:
  group: relbot-comment-${{{{ github.event.action == 'synchronize' && github.event.number || github.run_id }}}}
  cancel-in-progress: true

jobs:
  # `edited` is of interest only where the base branch changed.
  comment:
    name: relbot comment
    if: github.event.action != 'closed' && (github.event.action != 'edited' || github.event.changes.base)
    runs-on: ubuntu-latest
    timeout-minutes: 10
    permissions:
      contents: read
      pull-requests: write
    steps:
      - uses: actions/setup-python@ece7cb06caefa5fff74198d8649806c4678c61a1 # v6.3.0
        with:
          python-version: "3.13"
      - run: pip install relbot=={version}
      - run: relbot pr
        env:
          GITHUB_TOKEN: ${{{{ github.token }}}}

  # Once a pull request with a waiver is merged, commits the fragment that shows the waiver to whoever deploys. Without this
  # job's `contents: write` relbot asks on the pull request that somebody adds it.
  record:
    name: relbot record
    if: >-
      github.event.action == 'closed' && github.event.pull_request.merged
      && contains(github.event.pull_request.labels.*.name, '{waiver}')
    runs-on: ubuntu-latest
    timeout-minutes: 10
    permissions:
      contents: write
      pull-requests: write
    steps:
      - uses: actions/setup-python@ece7cb06caefa5fff74198d8649806c4678c61a1 # v6.3.0
        with:
          python-version: "3.13"
      - run: pip install relbot=={version}
      - run: relbot pr
        env:
          GITHUB_TOKEN: ${{{{ github.token }}}}
"""


def scaffold_files(config: Config, own: str = "") -> dict[str, str]:
    """Path to text, of all files that a set-up repository has. `own` are lines of TOML for the configuration."""
    waiver = config.pr.waiver.replace("'", "''")
    return {
        "relbot.toml": f"{own}\n{_CONFIG}" if own else _CONFIG,
        f"{config.directory}/README.md": _README.format(types=", ".join(config.type_names)),
        ".github/workflows/relbot.yml": _CHECK_WORKFLOW.format(version=__version__),
        ".github/workflows/relbot-fragments.yml": _FRAGMENTS_WORKFLOW.format(version=__version__),
        ".github/workflows/relbot-comment.yml": _COMMENT_WORKFLOW.format(version=__version__, waiver=waiver),
    }
