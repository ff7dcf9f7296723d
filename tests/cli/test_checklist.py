"""`relbot checklist`, `motd` and `upgrade`, on a story like the one that relbot was made for."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import jsonschema
import pytest

if TYPE_CHECKING:
    from tests.commandline import Run
    from tests.repository import Repo

CACHE = """---
type: changed
breaking: true
migration: true
{more}deploy:
  - phase: before-restart
    run: bin/shop convert-sessions
    on: web
    check: bin/shop check-sessions
    undo: bin/shop restore-sessions
    restart: [shopd, worker]
  - phase: before-restart
    run: bin/shop warm-cache
    undo: bin/shop drop-cache
    restart: [shopd]
---

Sessions are stored as JSON.

## Migration

Convert the sessions **before** the restart. The old ones stay beside them.

### On failure

Ask Jane.
"""
QUIET = "---\ntype: fixed\n---\n\nThe basket adds up.\n"


def told(repo: Repo, more: str = "") -> None:
    """What runs is `v1`, then comes the change that needs somebody, then `main`."""
    repo.write("changes/.gitkeep")
    repo.commit("Begin")
    repo.tag("v1")
    repo.write("changes/77.md", CACHE.format(more=more))
    repo.write("changes/78.md", QUIET)
    repo.commit("Sessions as JSON")
    repo.tag("broken")


def configured(repo: Repo, more: str = "") -> None:
    repo.write("relbot.toml", f'[environments.production]\ndeployed = "tag"\ntag = "production"\n{more}')


def in_order(text: str, *parts: str) -> None:
    at = -1
    for part in parts:
        assert part in text[at + 1 :], f"{part!r} does not follow in:\n{text}"
        at = text.index(part, at + 1)


def test_the_deploy(repo: Repo, relbot: Run) -> None:
    told(repo)
    result = relbot("checklist", "--from", "v1")
    assert (result.code, result.err) == (1, "")
    in_order(
        result.out,
        "Deploy v1 (",
        "BEFORE RESTART",
        "  bin/shop convert-sessions\n",
        "  bin/shop check-sessions\n",
        "  bin/shop restore-sessions\n",
        "  bin/shop warm-cache\n",
        "Restart ",
    )
    assert result.out.count("Restart shopd") == result.out.count("Restart worker") == 1


@pytest.mark.parametrize("form", ["text", "markdown", "motd"])
def test_what_the_author_says_of_the_migration_is_read_before_the_first_step(repo: Repo, relbot: Run, form: str) -> None:
    told(repo)
    said = relbot("checklist", "--from", "v1", "--to", "broken", "--format", form).out
    in_order(
        said, "Read first:", "Convert the sessions ", "**before**", " the restart.", "Ask Jane.", "bin/shop convert-sessions"
    )
    assert said.count("Ask Jane.") == 1
    assert "Ask Jane." not in relbot("checklist", "--from", "broken", "--to", "v1", "--format", form).out


def test_the_rollback(repo: Repo, relbot: Run) -> None:
    told(repo)
    result = relbot("checklist", "--from", "main", "--to", "v1")
    assert result.code == 1
    in_order(result.out, "Deploy main (", "-> v1 (", "  bin/shop drop-cache\n", "  bin/shop restore-sessions\n", "Restart ")


def test_the_page_has_the_deploy_and_the_way_back(repo: Repo, relbot: Run) -> None:
    told(repo)
    result = relbot("checklist", "--from", "v1", "--to", "broken", "--format", "html")
    assert (result.code, result.err) == (1, "")
    in_order(
        result.out, "Deploy: v1 → broken", 'id="deploy"', "bin/shop convert-sessions", 'id="way-back"', "bin/shop drop-cache"
    )
    assert "relbot checklist --from v1 --to broken --format html &gt; checklist.html" in result.out
    configured(repo)
    repo.tag("production", "v1")
    of_environment = relbot("checklist", "production", "--format", "html")
    in_order(of_environment.out, "Deploy of production: ", "Environment", "Made by", "This clone has no remote")


def test_a_release_between_changes_nothing(repo: Repo, relbot: Run) -> None:
    told(repo)
    before = [relbot("checklist", "--from", *pair).out for pair in (("v1", "--to", "broken"), ("broken", "--to", "v1"))]
    assert relbot("build", "2.0.0").code == 0
    repo.commit("Release 2.0.0")
    repo.tag("v2.0.0")
    after = [relbot("checklist", "--from", *pair).out for pair in (("v1", "--to", "v2.0.0"), ("v2.0.0", "--to", "v1"))]
    body = [[text.split("\n", 2)[2].replace("v2.0.0", "broken") for text in texts] for texts in (before, after)]
    assert body[0] == body[1]
    result = relbot("checklist", "--from", "broken")
    assert result.code == 0


STEP = (
    "---\ntype: {kind}\ndeploy:\n  - phase: before-restart\n    run: bin/shop {name}\n    undo: bin/shop un{name}\n---\n\nText.\n"
)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("", 'directory = "news"\n'),
        ('directory = "news"\n', 'directory = "changes"\n'),
        ('[components.api]\ndirectory = "api/changes"\n', ""),
        ('[components.api]\ndirectory = "api/changes"\n', '[components.api]\ndirectory = "api/news"\n'),
    ],
)
def test_each_revision_has_its_fragments_where_its_own_configuration_says(
    repo: Repo, relbot: Run, before: str, after: str
) -> None:
    """A folder that got another name brings nothing, and neither does what lies in a folder that is none of fragments."""
    folders = [re.search(r'directory = "(.*)"', each) for each in (before, after)]
    old, new = (found[1] if found else "changes" for found in folders)
    repo.write("relbot.toml", before)
    repo.write(f"{old}/one.md", STEP.format(kind="fixed", name="one"))
    repo.write(f"{old}/two.md", STEP.format(kind="fixed", name="two"))
    repo.commit()
    repo.tag("v1")
    repo.write("relbot.toml", after)
    repo.path.joinpath(new).mkdir(parents=True, exist_ok=True)
    repo.path.joinpath(old, "one.md").rename(repo.path / new / "one.md")
    repo.path.joinpath(old, "two.md").unlink()
    repo.write(f"{old}/guide.md", "No fragment any more.\n")
    repo.write(f"{new}/three.md", STEP.format(kind="fixed", name="three"))
    repo.commit("Take two back\n\nRelbot-Reverted: two")
    repo.tag("v2")
    for revision in ("v1", "v2"):
        repo.switch(revision)
        said = relbot("checklist", "--from", "v1", "--to", "v2")
        assert [line.strip() for line in said.out.splitlines() if line.startswith("          bin/shop")] == [
            "bin/shop untwo",
            "bin/shop three",
            "bin/shop unthree",
        ]
        assert "guide" not in said.out


def test_each_revision_has_its_own_types(repo: Repo, relbot: Run) -> None:
    repo.write("relbot.toml", "[types.moved]\n")
    repo.write("changes/one.md", STEP.format(kind="moved", name="one"))
    repo.commit()
    repo.tag("v1")
    repo.write("relbot.toml", "[types.gone]\n")
    repo.path.joinpath("changes/one.md").unlink()
    repo.write("changes/two.md", STEP.format(kind="gone", name="two"))
    repo.commit("Take one back\n\nRelbot-Reverted: one")
    repo.tag("v2")
    for revision in ("v1", "v2"):
        repo.switch(revision)
        in_order(relbot("checklist", "--from", "v1", "--to", "v2").out, "bin/shop unone", "bin/shop two")
    repo.write("relbot.toml", "[types\n")
    repo.commit("Broken")
    repo.tag("v3")
    repo.switch("v2")
    assert "bin/shop two" in relbot("checklist", "--from", "v1", "--to", "v3").out


def test_nothing_to_do_is_one_line_that_names_both(repo: Repo, relbot: Run) -> None:
    told(repo)
    result = relbot("checklist", "--from", "broken")
    short = repo.head[:12]
    assert (result.code, result.err) == (0, "")
    assert result.out.count("\n") == 1
    assert f"broken ({short}) -> HEAD ({short})" in result.out


def test_a_hold_refuses(repo: Repo, relbot: Run) -> None:
    told(repo, "hold: [5644]\n")
    result = relbot("checklist", "--from", "v1")
    assert result.code == 1
    assert "77 waits for 5644, which is not in HEAD" in result.out
    repo.commit("Merge pull request #5644 from jane/shim")
    assert "waits for" not in relbot("checklist", "--from", "v1").out


def test_an_environment_is_asked(repo: Repo, relbot: Run) -> None:
    told(repo)
    repo.git("tag", "production", "v1^{commit}")
    configured(repo, 'target = "broken"\n')
    by_name, alone = relbot("checklist", "production"), relbot("checklist")
    assert by_name == alone
    assert "Deploy production (" in alone.out
    assert "-> broken (" in alone.out
    assert relbot("checklist", "--to", "v1").code == 0
    assert "Deploy main (" in relbot("checklist", "production", "--from", "main", "--to", "v1").out


def test_what_is_not_known_is_told(repo: Repo, relbot: Run) -> None:
    told(repo)
    configured(repo)
    result = relbot("checklist")
    assert (result.code, result.out) == (3, "")
    in_order(
        result.err,
        "relbot does not know what runs in `production`",
        "no tag in this clone fits",
        "checklist production --from REV",
    )
    for words in (["--from", "nowhere"], ["--from", "v1", "--to", "nowhere"]):
        result = relbot("checklist", *words)
        assert (result.code, result.out) == (3, ""), words
    for words in (["--from", ""], ["--from", "v1", "--to", ""]):
        assert relbot("checklist", *words).code == 2, words


def test_without_a_configuration_both_ways_out_are_shown(repo: Repo, relbot: Run) -> None:
    told(repo)
    result = relbot("checklist")
    assert result.code == 2
    in_order(
        result.err,
        "so relbot does not know which revision runs.",
        "--from REV",
        "relbot.toml",
        "[environments.production]",
        "deployed =",
    )


def test_where_nobody_ever_wrote_anything_down_nothing_is_known(repo: Repo, relbot: Run) -> None:
    """In the wrong folder, in a bare clone, in a project that does not use relbot: "Nothing to do" would be a guess."""
    repo.commit()
    repo.write("src/news/1.md", "A note.\n")
    repo.commit()
    said = relbot("checklist", "--from", "HEAD~1")
    assert (said.code, said.out) == (3, "")
    assert "has a fragment in changes/" in said.err
    repo.write("relbot.toml", "")
    assert relbot("checklist", "--from", "HEAD~1").code == 3, "what was made before relbot was adopted is not known"
    repo.commit()
    assert relbot("checklist", "--from", "HEAD").code == 0


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
    assert f"Deploy {expand} first" in " ".join(relbot("checklist", "--from", "v1.0").out.split())
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
    assert "relbot does not know what production needs. relbot does not know what runs" in " ".join(result.out.split())
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
        result.out, "production runs ", "of 2018-08-15.\nDeployed 20", " UTC by Cora Committer.\n", "bin/shop convert-sessions"
    )
    assert all(len(line) <= 78 for line in result.out.splitlines())


def test_a_terminal(repo: Repo, run_relbot: Run, relbot: Run) -> None:
    told(repo)
    assert run_relbot("checklist", "--from", "v1").out == relbot("checklist", "--from", "v1").out


def test_a_fragment_that_is_not_committed_is_named(repo: Repo, relbot: Run) -> None:
    repo.write("changes/README.md", "Here.\n")
    repo.commit()
    assert relbot("checklist", "--from", "HEAD").err == ""
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
