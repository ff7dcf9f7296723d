"""The recipe for GitHub Actions, carried out by act on this machine."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.recipes.gated import recipe
from tests.repository import Repo

if TYPE_CHECKING:
    from tests.recipes.gated import Gated

pytestmark = pytest.mark.recipe
STUB = "name: stub\nruns:\n  using: composite\n  steps:\n    - shell: bash\n      run: 'true'\n"
STEP = '#!/bin/sh\necho "$(basename "$0") $*" >> "$CALLED"\n'


def dispatch(gated: Gated, repo: Repo) -> tuple[bool, list[str]]:
    options = [word for name, value in gated.told.items() for word in ("--env", f"{name}={value}")]
    code, said = gated.run(
        Path(sys.executable).with_name("act"), "workflow_dispatch", "--platform", "ubuntu-24.04=-self-hosted",
        "--local-repository", f"actions/checkout@v6={gated.folder / 'checkout'}", *options, cwd=repo.path,
    )  # fmt: skip
    called = gated.called()
    assert called, said
    return code == 0, called


def test_the_gates_of_a_job_are_asked_each_time_it_runs(gated: Gated) -> None:
    repo = Repo(gated.folder / "repo")
    repo.write(".github/workflows/deploy.yml", recipe("github-actions"))
    for name in ("install", "restart"):
        repo.write(name, STEP)
        (repo.path / name).chmod(0o755)
    gated.rev = repo.commit("deploy")
    (gated.folder / "checkout").mkdir()
    (gated.folder / "checkout/action.yml").write_text(STUB)
    gated.answer(install=1, restart=0)
    assert dispatch(gated, repo) == (False, ["gate install"])
    gated.answer(install=0, restart=3)
    assert dispatch(gated, repo) == (False, ["gate install", f"install {gated.rev}", "gate restart"])
    gated.answer(install=0, restart=0)
    assert dispatch(gated, repo) == (True, ["gate install", f"install {gated.rev}", "gate restart", "restart "])
