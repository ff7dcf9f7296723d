"""`relbot checklist` by its options: environments, components, formats, faults; and the commands that show the same plan."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import jsonschema
import pytest

from tests.cli.checklists import CACHE, QUIET, configured, in_order, told

if TYPE_CHECKING:
    from tests.commandline import Run
    from tests.repository import Repo


def test_which_environment(repo: Repo, relbot: Run) -> None:
    told(repo)
    configured(repo, '[environments.staging]\ndeployed = "tag"\ntag = "staging"\n')
    result = relbot("checklist")
    assert (result.code, "There are 2 environments: production, staging" in result.err) == (2, True)
    result = relbot("checklist", "prodution")
    assert (result.code, "Did you mean `production`?" in result.err) == (2, True)


def test_faulty_fragments_are_told_and_do_not_pass(repo: Repo, relbot: Run) -> None:
    told(repo)
    repo.write("changes/79.md", "---\ntype: fxed\n---\n\nx\n")
    repo.commit()
    result = relbot("checklist", "--from", "broken")
    assert result.code == 1
    assert "79" in result.out
    assert relbot("upgrade", "broken", "HEAD").code == 1


def test_json_is_as_its_schema_says(repo: Repo, relbot: Run) -> None:
    told(repo)
    schema = json.loads(relbot("schema", "plan").out)
    for words in (["--from", "v1"], ["--from", "main", "--to", "v1"], ["--from", "main"]):
        plan = json.loads(relbot("checklist", *words, "--format", "json").out)
        jsonschema.validate(plan, schema)


@pytest.mark.parametrize("form", ["text", "markdown", "json", "motd"])
def test_no_format_drops_a_step(repo: Repo, relbot: Run, form: str) -> None:
    told(repo)
    out = relbot("checklist", "--from", "v1", "--format", form).out
    in_order(out, "bin/shop convert-sessions", "bin/shop check-sessions", "bin/shop warm-cache")


def of_components(repo: Repo) -> None:
    repo.write("relbot.toml", '[components.api]\ntitle = "The API"\n[components.worker]\n')
    repo.commit("Begin")
    repo.tag("v1")
    for name, more in (("1", "component: api\n"), ("2", "component: worker\n"), ("3", "")):
        text = CACHE.format(more=more).replace("bin/shop", f"bin/shop{name}")
        repo.write(f"changes/{name}.md", text)
    repo.commit()
    repo.tag("v2")


def commands(out: str) -> set[str]:
    plan: dict[str, Any] = json.loads(out)
    return {step["run"].split()[0] for step in plan["steps"] if step["run"]}


def test_a_component(repo: Repo, relbot: Run) -> None:
    """What belongs to no component may concern every one of them."""
    of_components(repo)
    for command in (["checklist", "--from", "v1", "--to", "v2"], ["upgrade", "1", "2"]):
        out = relbot(*command, "--component", "api", "--format", "json").out
        assert commands(out) == {"bin/shop1", "bin/shop3"}
    result = relbot("checklist", "--from", "v1", "--component", "apj")
    assert (result.code, "Did you mean `api`?" in result.err) == (2, True)


def test_a_component_still_needs_and_awaits_what_belongs_to_others(repo: Repo, relbot: Run) -> None:
    of_components(repo)
    repo.write("changes/4.md", CACHE.format(more="component: api\nneeds: ['2']\nhold: ['2']\n"))
    repo.commit()
    out = relbot("checklist", "--from", "v2", "--component", "api").out
    assert "waits" not in out
    out = relbot("checklist", "--from", "v1", "--component", "api").out
    assert "4 must not be deployed together with 2" in out


def test_the_plain_upgrade_guide_wraps_prose_and_keeps_lists(repo: Repo, relbot: Run) -> None:
    told(repo)
    prose = "10 workers are enough from now on, since each takes as many jobs as it has cores, and no more than that."
    repo.write("changes/6.md", f"---\ntype: changed\n---\n\nx\n\n## Migration\n\n{prose}\n\n2. Then\n3. go on.\n")
    repo.commit()
    said = relbot("upgrade", "HEAD", "v1", "--format", "text").out.splitlines()
    assert max(map(len, said)) <= 80
    assert said[said.index("    2. Then") + 1] == "    3. go on."


def test_the_upgrade_guide(repo: Repo, relbot: Run) -> None:
    of_components(repo)
    repo.write("changes/5.md", QUIET)
    repo.commit()
    result = relbot("upgrade", "1", "HEAD")
    assert (result.code, result.err) == (0, "")
    in_order(
        result.out,
        "# Upgrade from `v1 (",
        "## What changes",
        "### Sessions are stored as JSON (breaking)",
        "What to do: step 5 below.",
        "### Sessions are stored as JSON (The API, breaking)",
        "### Sessions are stored as JSON (worker, breaking)",
        "1 more change without a breaking change",
        "## Deploy `v1 (",
        "### Before restart",
        "bin/shop1 convert-sessions",
    )
    result = relbot("upgrade", "v2", "v2")
    assert result.code == 0
    assert "Nothing to do" in result.out
    assert relbot("upgrade", "v1", "v3").code == 3


def test_the_upgrade_guide_stops_at_a_release(repo: Repo, relbot: Run) -> None:
    repo.write("relbot.toml", 'tag = "v{version}"\n')
    repo.commit("Begin")
    repo.tag("v1.0")
    repo.write("changes/expand.md", CACHE.format(more=""))
    expand = repo.commit("Expand")
    repo.commit("Later")
    repo.tag("v1.9")
    repo.tag("v1.10")
    repo.tag("nightly")
    repo.commit("Later still")
    repo.write("changes/contract.md", QUIET.replace("---\n", "---\nneeds: [expand]\n", 1))
    repo.commit("Contract")
    repo.tag("v2.0")
    assert "Deploy `v1.10` first, then go on." in relbot("upgrade", "1.0", "2.0").out
    assert "Go back to `v1.10` first, then go on." in relbot("upgrade", "2.0", "1.0").out
    assert "once every step above is done and v1.10 runs" in relbot("checklist", "--from", "v1.0").out
    for tag in ("v1.9", "v1.10"):
        repo.git("tag", "--delete", tag)
    repo.tag("v1.5", f"{expand}~1")
    assert f"Deploy `{expand}` first" in relbot("upgrade", "1.0", "2.0").out, "no release lies between"


def test_the_upgrade_guide_is_not_about_the_only_environment(repo: Repo, relbot: Run) -> None:
    of_components(repo)
    repo.write("relbot.toml", '[components.api]\n[components.worker]\n[environments.a]\ndeployed = "ledger"\ncomponent = "api"\n')
    assert commands(relbot("upgrade", "v1", "v2", "--format", "json").out) == {"bin/shop1", "bin/shop2", "bin/shop3"}


def test_the_message_of_the_day(repo: Repo, relbot: Run) -> None:
    told(repo)
    repo.git("tag", "production", "v1^{commit}")
    configured(repo)
    result = relbot("motd")
    assert (result.code, result.err) == (1, "")
    assert result.out.startswith(f"production runs {repo.git('rev-parse', 'production')[:12]} of 2018-08-15.\n")
    assert "bin/shop convert-sessions" in result.out
    assert all(len(line) <= 78 for line in result.out.splitlines())
    assert result.out.isascii()


def test_a_message_of_the_day_that_is_not_known_is_not_empty(repo: Repo, relbot: Run) -> None:
    told(repo)
    configured(repo)
    repo.write("relbot.toml", '[environments.production]\ndeployed = "file"\nfile = "R\u00c9V"\n')
    result = relbot("motd")
    assert result.code == 3
    assert result.out.isascii()
    assert 'the file "R\\xc9V" is not there' in " ".join(result.out.split())
    assert "relbot does not know what production needs. relbot does not know what is installed" in " ".join(result.out.split())
    assert all(len(line) <= 78 for line in result.out.splitlines())


def test_the_ledger_is_asked(repo: Repo, relbot: Run) -> None:
    told(repo)
    repo.write("relbot.toml", '[environments.production]\ndeployed = "ledger"\n')
    result = relbot("checklist")
    assert result.code == 3
    in_order(result.err, "its ledger has no deploy", "relbot deploy adopt production --at REV")
    assert relbot("deploy", "adopt", "production", "--at", "v1").code == 0
    result = relbot("checklist")
    assert result.code == 1
    assert "Deploy production (" in result.out
    result = relbot("motd")
    assert result.code == 1
    in_order(
        result.out, "production runs ", "of 2018-08-15.\nAdopted 20", " UTC by Cora Committer.\n", "bin/shop convert-sessions"
    )
    assert all(len(line) <= 78 for line in result.out.splitlines())


def test_a_terminal(repo: Repo, run_relbot: Run, relbot: Run) -> None:
    told(repo)
    assert run_relbot("checklist", "--from", "v1").out == relbot("checklist", "--from", "v1").out


def test_a_fragment_that_is_not_committed_is_named(repo: Repo, relbot: Run) -> None:
    repo.write("changes/README.md", "Here.\n")
    repo.commit()
    assert relbot("checklist", "--from", "HEAD").err == ""
    repo.write("changes/README.md", "There.\n")
    repo.write("changes/released/1.0/old.md", "---\ntype: fixed\n---\n\nOld.\n")
    assert relbot("checklist", "--from", "HEAD").err == "", "neither is an unreleased fragment"
    repo.write("changes/fix.md", "---\ntype: fixed\nmigration: true\n---\n\nA.\n\n## Migration\n\nB.\n")
    said = "changes/fix.md is not committed, so this checklist does not include it.\n"
    assert relbot("checklist", "--from", "HEAD").err == said
    repo.write("changes/more.md", "---\ntype: fixed\n---\n\nA.\n")
    repo.git("add", "--all")
    assert "changes/fix.md and 1 more are not committed" in relbot("checklist", "--from", "HEAD").err
    repo.commit()
    assert relbot("checklist", "--from", "HEAD").err == ""


def test_where_all_steps_come_before_it_the_installation_is_told_too(repo: Repo, relbot: Run) -> None:
    repo.write("relbot.toml", "")
    repo.commit("Begin")
    step = "deploy:\n  - phase: before-install\n    do: Ask for the role.\n"
    repo.write("changes/role.md", f"---\ntype: changed\nmigration: true\n{step}---\n\nA role is needed.\n")
    repo.commit("Need a role")
    shown = relbot("checklist", "--from", "HEAD~1", "--to", "HEAD").out
    assert shown.endswith("Install HEAD now. Then restart what runs it.\n")
    assert shown.index("Ask for the role.") < shown.index("INSTALL NOW")
