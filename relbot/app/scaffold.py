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

_WORKFLOW = """\
# Says on a pull request what it lacks. It is safe on forks: nothing of a pull request is checked out or run. relbot fetches its
# commits, reads them as data, and judges them by the relbot.toml of the base branch.
name: relbot

on:
  pull_request:
    types: [opened, synchronize, reopened, ready_for_review, labeled, unlabeled]
  pull_request_target: # zizmor: ignore[dangerous-triggers] the pull request is never checked out
    types: [opened, synchronize, reopened, ready_for_review, labeled, unlabeled, closed]
  merge_group:

permissions: {{}}

concurrency:
  group: >-
    relbot-${{{{ github.event_name }}}}-${{{{ github.event.number || github.sha }}}}-${{{{ github.event.action == 'closed' }}}}
  cancel-in-progress: true

jobs:
  # Annotates the changed files and fails if something is required. Its token only reads.
  check:
    if: github.event_name != 'pull_request_target'
    runs-on: ubuntu-latest
    timeout-minutes: 10
    permissions:
      contents: read
      pull-requests: read
    steps:
      - uses: actions/setup-python@a26af69be951a213d495a4c3e4e4022e16d87065 # v5.6.0
        with:
          python-version: "3.13"
      - run: pip install relbot=={version}
      - run: relbot pr --no-comment
        env:
          GITHUB_TOKEN: ${{{{ github.token }}}}

  # Keeps one comment on the pull request, also on those from forks. Never check out the pull request in this job.
  comment:
    if: github.event_name == 'pull_request_target' && github.event.action != 'closed'
    runs-on: ubuntu-latest
    timeout-minutes: 10
    permissions:
      contents: read
      pull-requests: write
    steps:
      - uses: actions/setup-python@a26af69be951a213d495a4c3e4e4022e16d87065 # v5.6.0
        with:
          python-version: "3.13"
      - run: pip install relbot=={version}
      - run: relbot pr
        env:
          GITHUB_TOKEN: ${{{{ github.token }}}}

  # Once a pull request with a waiver is merged, commits the fragment that shows the waiver to whoever deploys. Without this
  # job's `contents: write` relbot asks on the pull request that somebody adds it.
  record:
    if: >-
      github.event_name == 'pull_request_target' && github.event.action == 'closed' && github.event.pull_request.merged
      && contains(github.event.pull_request.labels.*.name, '{waiver}')
    runs-on: ubuntu-latest
    timeout-minutes: 10
    permissions:
      contents: write
      pull-requests: write
    steps:
      - uses: actions/setup-python@a26af69be951a213d495a4c3e4e4022e16d87065 # v5.6.0
        with:
          python-version: "3.13"
      - run: pip install relbot=={version}
      - run: relbot pr
        env:
          GITHUB_TOKEN: ${{{{ github.token }}}}
"""


def scaffold_files(config: Config) -> dict[str, str]:
    """Path to text, of all files that a set-up repository has."""
    return {
        "relbot.toml": _CONFIG,
        f"{config.directory}/README.md": _README.format(types=", ".join(config.type_names)),
        ".github/workflows/relbot.yml": _WORKFLOW.format(version=__version__, waiver=config.pr.waiver.replace("'", "''")),
    }
