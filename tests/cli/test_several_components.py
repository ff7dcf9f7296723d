"""One change in several components: checked, listed, deployed, told and released in each of them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from tests.cli.fragments import DAY, fragment, tree

if TYPE_CHECKING:
    from tests.commandline import Run
    from tests.repository import Repo

HEADINGS = '[components.api]\ntitle = "The API"\n[components.web]\ntitle = "The web pages"\n'
ALONE = (
    '[components.api]\nchangelog = "api/CHANGELOG.md"\n[components.worker]\nchangelog = "worker/CHANGELOG.md"\n[components.web]\n'
)
BOTH = fragment("fixed", "Dates are UTC.", "component: [api, web]\ndeploy:\n  - phase: later\n    run: make utc")


@pytest.fixture
def bare(repo: Repo) -> Repo:
    repo.write("relbot.toml", f"[links]\nhistory = false\n{HEADINGS}")
    repo.commit("Use relbot")
    repo.tag("start")
    return repo


def test_it_stands_below_each_heading_and_counts_once(bare: Repo, relbot: Run) -> None:
    bare.write("changes/dates.md", BOTH)
    bare.commit()
    assert relbot("check").code == 0
    done = relbot("build", "1.0", *DAY)
    assert done.out == "1.0 (2018-08-15): 1 change in CHANGELOG.md.\n"
    entry = "#### Fixed\n\n- Dates are UTC.\n"
    assert (bare.path / "CHANGELOG.md").read_text().endswith(f"### The API\n\n{entry}\n### The web pages\n\n{entry}")
    [told] = json.loads(relbot("notes", "1.0", "--format", "json").out)["groups"][0]["entries"]
    assert (told["component"], told["other_components"]) == ("api", ["web"])
    assert relbot("build", "--refresh", "1.0").out.endswith("Nothing changed.\n")
    assert relbot("build", "--undo", "1.0").code == 0
    assert bare.git("status", "--porcelain") == ""


@pytest.mark.parametrize("component", ["api", "web"])
def test_a_deploy_of_each_needs_its_steps(bare: Repo, relbot: Run, component: str) -> None:
    bare.write("changes/dates.md", BOTH)
    bare.commit()
    assert "make utc" in relbot("checklist", "--from", "start", "--to", "main", "--component", component).out
    assert "dates" in relbot("list", "--component", component).out


@pytest.mark.parametrize(("where", "code"), [("component: [api, nowhere]", 1), ("component: api", 0), ("component: []", 0)])
def test_each_of_them_has_to_be_one(bare: Repo, relbot: Run, where: str, code: int) -> None:
    bare.write("changes/dates.md", fragment("fixed", "Dates are UTC.", where))
    assert relbot("check").code == code


def test_each_release_takes_it_and_the_last_one_moves_it(repo: Repo, relbot: Run) -> None:
    repo.write("relbot.toml", f"[links]\nhistory = false\n{ALONE}")
    repo.write("changes/dates.md", fragment("fixed", "Dates are UTC.", "component: [api, worker, web]"))
    repo.write("changes/other.md", fragment("fixed", "Only here.", "component: api"))
    repo.commit()
    before = tree(repo)
    assert relbot("build", "1.0", *DAY, "--component", "api").out == "1.0 (2018-08-15): 2 changes in api/CHANGELOG.md.\n"
    assert (repo.path / "changes/dates.md").exists()
    assert relbot("check").code == 0, relbot("check").out
    assert relbot("build", "1.0", "--component", "api").out == "1.0 is already built. Nothing changed.\n"
    repo.write("changes/more.md", fragment("fixed", "And more.", "component: api"))
    assert "Dates" not in relbot("build", "--draft", "--component", "api").out
    (repo.path / "changes/more.md").unlink()
    assert relbot("build", "1.0", *DAY, "--component", "worker").code == 0
    assert relbot("build", "5.0", *DAY).code == 0
    assert not (repo.path / "changes/dates.md").exists()
    for path in ("api/CHANGELOG.md", "worker/CHANGELOG.md", "CHANGELOG.md"):
        assert "- Dates are UTC.\n" in (repo.path / path).read_text()
    assert "### web" in (repo.path / "CHANGELOG.md").read_text()
    assert relbot("check").code == 0, relbot("check").out
    assert relbot("build", "--draft").code == 4
    for version, options in (("5.0", ()), ("1.0", ("--component", "worker")), ("1.0", ("--component", "api"))):
        assert relbot("build", "--undo", version, *options).code == 0
    assert tree(repo) == before


def test_the_upgrade_guide_has_it_once_with_all_its_components(bare: Repo, relbot: Run) -> None:
    bare.write("changes/dates.md", fragment("fixed", "Dates are UTC.\n\n## Migration\n\nConvert them.", "component: [api, web]"))
    bare.commit()
    guide = relbot("upgrade", "start", "HEAD").out
    assert guide.count("Dates are UTC (The API and The web pages)") == 1
    assert guide.count("Convert them.") == 1
