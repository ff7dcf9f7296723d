"""`relbot checklist`, `motd` and `upgrade`, on a story like the one that relbot was made for."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from tests.cli.checklists import configured, in_order, told

if TYPE_CHECKING:
    from tests.commandline import Run
    from tests.repository import Repo


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
    assert "77 must not be deployed without 5644, which is not in HEAD" in result.out
    repo.commit("Merge pull request #5644 from jane/shim")
    assert "must not be deployed without" not in relbot("checklist", "--from", "v1").out


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
        "relbot does not know what is installed in `production`",
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
