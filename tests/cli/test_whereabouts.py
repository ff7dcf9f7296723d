"""Since when an old way still works, and where a change runs."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from tests.cli.fragments import DAY, FIXED, fragment

if TYPE_CHECKING:
    from pathlib import Path

    from tests.commandline import Run
    from tests.repository import Repo

SHIM = fragment("changed", "Options are grouped.", "breaking: true", "compat: shim", "migration: false", "reason: Both work.")
STEP = fragment("changed", "An index.", "deploy:", "  - phase: before-restart", "    run: rake index", "    on: [db, web]")


@pytest.fixture
def project(repo: Repo, relbot: Run) -> Repo:
    """Two shims: one of the release 1.0, one not released; and what ends a third."""
    repo.write("changes/grouped.md", SHIM)
    repo.write("changes/ended.md", SHIM)
    repo.commit()
    assert relbot("build", "1.0", *DAY).code == 0
    repo.commit()
    repo.write("changes/drop.md", fragment("removed", "The third way is gone.", "needs: [ended]"))
    repo.write("changes/young.md", SHIM)
    repo.commit()
    return repo


def environments(repo: Repo, more: str = "") -> None:
    repo.write(
        "relbot.toml",
        '[environments.production]\ndeployed = "file"\nfile = "runs"\n\n'
        f'[environments.staging]\ndeployed = "tag"\ntag = "staging"\n\n{more}',
    )
    repo.write("runs", f"{repo.git('rev-parse', 'HEAD~1')}\n")


def shown(relbot: Run, identity: str) -> dict[str, dict[str, Any]]:
    data = json.loads(relbot("show", identity, "--format", "json").out)
    return {each["environment"]: each for each in data["environments"]}


def test_open_contracts_are_listed_with_the_release_the_day_and_the_commit(project: Repo, relbot: Run) -> None:
    listed = relbot("list", "--contracts")
    assert listed.code == 0
    first, last = (project.git("rev-parse", "--short=12", name) for name in ("HEAD~2", "HEAD"))
    lines = listed.out.splitlines()
    assert [line.split()[0] for line in lines] == ["grouped", "young"], "what takes the old way of `ended` away needs it"
    assert f"since 1.0, arrived 2018-08-15 with {first}" in lines[0]
    assert f"  arrived 2018-08-15 with {last}" in lines[1]
    told = json.loads(relbot("list", "--contracts", "--format", "json").out)["fragments"]
    assert told[0]["since"] == {
        "release": "1.0",
        "commit": project.git("rev-parse", "HEAD~2"),
        "day": "2018-08-15",
        "hidden": False,
    }


def test_the_other_options_of_list_choose_among_the_contracts(project: Repo, relbot: Run) -> None:
    assert relbot("list", "--contracts", "--type", "fixed").out == "No compatibility code matches.\n"


def test_a_contract_that_is_not_committed_says_so(repo: Repo, relbot: Run) -> None:
    repo.write("changes/young.md", SHIM)
    assert "not committed" in relbot("list", "--contracts").out
    repo.commit()
    repo.write("changes/younger.md", SHIM)
    assert "not committed" in relbot("list", "--contracts").out.splitlines()[1]


def test_no_contract_is_open(repo: Repo, relbot: Run) -> None:
    repo.write("changes/a.md", FIXED)
    said = relbot("list", "--contracts")
    assert (said.code, said.out) == (0, "No compatibility code is left to remove.\n")


def test_since_when_is_not_known_in_a_shallow_clone(project: Repo, relbot: Run, tmp_path: Path) -> None:
    project.git("clone", "--quiet", "--depth=1", f"file://{project.path}", str(tmp_path / "shallow"))
    said = relbot("list", "--contracts", cwd=tmp_path / "shallow")
    assert said.code == 3
    assert "since 1.0, arrived before the oldest commit of this shallow clone" in said.out
    assert "arrived: grouped, young.\n" in said.err
    assert "git fetch --unshallow" in said.err


def test_show_tells_where_a_change_runs(project: Repo, relbot: Run) -> None:
    environments(project)
    project.git("tag", "staging")
    released, new = relbot("show", "grouped"), relbot("show", "young")
    assert (released.code, new.code) == (0, 0)
    before, now = (project.git("rev-parse", "--short=12", name) for name in ("HEAD~1", "HEAD"))
    assert f"  in production: yes, {before} runs there\n  in staging:    yes, {now} runs there\n" in released.out
    assert "  released:      1.0\n" in released.out
    assert f"  in production: not yet, {before} runs there\n  in staging:    yes, {now} runs there\n" in new.out
    assert [each["deployed"] for each in shown(relbot, "young").values()] == [False, True]


def test_what_an_environment_does_not_tell_is_shown_as_unknown(project: Repo, relbot: Run) -> None:
    environments(project)
    said = relbot("show", "grouped")
    assert said.code == 3
    assert "in production: yes, " in said.out
    assert "in staging:    not known: relbot does not know what is installed in `staging`" in said.out
    assert shown(relbot, "grouped")["staging"]["deployed"] is None


def test_an_environment_of_another_component_is_not_concerned(repo: Repo, relbot: Run) -> None:
    repo.write("changes/a.md", fragment("fixed", "A call.", "component: api"))
    repo.commit()
    repo.write("relbot.toml", '[components.api]\n[components.ui]\n[environments.x]\ndeployed = "ledger"\ncomponent = "ui"\n')
    said = relbot("show", "a")
    assert said.code == 0
    assert "in x:          not concerned: only ui is deployed there\n" in said.out


def test_show_tells_where_a_step_is_done(repo: Repo, relbot: Run) -> None:
    repo.write("changes/index.md", STEP)
    said = relbot("show", "index").out
    assert (
        "\n  Before restarting (the new code is on disk, the old processes still run), on db and web:\n      rake index\n" in said
    )


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--type", "chnaged"), "There is no type `chnaged`.\nDid you mean `changed`? There are: added, changed,"),
        (("--component", "ap"), "There is no component `ap`.\nDid you mean `api`? There are: api."),
    ],
)
def test_list_refuses_what_nothing_can_have(repo: Repo, relbot: Run, options: tuple[str, ...], said: str) -> None:
    repo.write("relbot.toml", "[components.api]\n")
    refused = relbot("list", *options)
    assert (refused.code, refused.out) == (2, "")
    assert said in refused.err
