"""Who notes are for: the public, operators, the team."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from tests.cli.fragments import DAY, fragment

if TYPE_CHECKING:
    from tests.commandline import Run
    from tests.repository import Repo

STEPS = "deploy:\n  - phase: before-restart\n    run: rake convert\n    on: [db1]"
BODY = "\n\n## For operators\n\nIt needs 2 GB of memory."


@pytest.fixture
def told(repo: Repo) -> Repo:
    """A repository with a change for each kind of reader."""
    repo.write("relbot.toml", "[links]\nhistory = false\n[types.security]\n[types.fixed]\n[types.misc]\nhidden = true\n")
    repo.commit("Use relbot")
    repo.write("changes/steps.md", fragment("fixed", f"Logins are fast.{BODY}", STEPS))
    repo.write("changes/cron.md", fragment("fixed", "The cron job is gone.", "audience: operators"))
    repo.write("changes/waived-7.md", fragment("fixed", "No note was needed, says @ada.", "audience: team"))
    repo.write("changes/misc.md", "---\ntype: misc\nissues: [12]\n---\n")
    repo.write("changes/misc-2.md", fragment("misc", "Tests are faster."))
    breaks = "breaking: true\nmigration: true"
    repo.write("changes/token.md", fragment("security", "Tokens in URLs are refused.\n\n## Migration\n\nUse a header.", breaks))
    repo.write("changes/api.md", fragment("fixed", "Dates are UTC.\n\n## Migration\n\nConvert them.", breaks))
    repo.write("changes/alarm.md", fragment("misc", "A new licence.\n\n## Migration\n\nAccept it.", "migration: true"))
    repo.commit()
    return repo


PUBLIC = """\
## 1.0 (2018-08-15)

### Breaking changes and migrations

#### Security

- Tokens in URLs are refused.

  **Migration:** Use a header.

#### Fixed

- Dates are UTC.

  **Migration:** Convert them.

#### Misc

- A new licence.

  **Migration:** Accept it.

### Fixed

- Logins are fast.
"""


def test_the_public_reads_neither_steps_nor_hosts_nor_waivers(told: Repo, relbot: Run) -> None:
    assert relbot("build", "1.0", *DAY, "--draft").out == PUBLIC
    built = relbot("build", "1.0", *DAY)
    assert built.out == "1.0 (2018-08-15): 4 changes in CHANGELOG.md.\n4 more are hidden: not public, or of a hidden type.\n"
    assert (told.path / "CHANGELOG.md").read_text().endswith(PUBLIC)
    assert len(list((told.path / "changes/released/1.0").glob("*.md"))) == 8
    assert relbot("notes", "1.0").out == PUBLIC
    for form in ("json", "rst"):
        shown = relbot("notes", "1.0", "--format", form).out
        assert not [word for word in ("rake", "db1", "2 GB", "cron", "@ada", "Tests are") if word in shown]
    assert json.loads(relbot("notes", "1.0", "--format", "json").out)["release"]["left_out"] == 4


def test_each_audience_reads_what_is_for_those_before_it(told: Repo, relbot: Run) -> None:
    relbot("build", "1.0", *DAY)
    for_operators = relbot("notes", "1.0", "--audience", "operators").out
    for_team = relbot("notes", "1.0", "--audience", "team").out
    for words in ("rake convert", "`db1`", "**For operators:** It needs 2 GB", "cron job", "Logins are fast"):
        assert words in for_operators
        assert words in for_team
    for words in ("@ada", "Tests are faster", "[#12]" if "[#12]" in for_team else "#12"):
        assert words not in for_operators
        assert words in for_team


def test_a_project_says_who_its_changelog_is_for(told: Repo, relbot: Run) -> None:
    told.write("relbot.toml", 'audience = "operators"\n' + (told.path / "relbot.toml").read_text())
    draft = relbot("build", "1.0", *DAY, "--draft").out
    assert "rake convert" in draft
    assert "@ada" not in draft


def test_operators_read_theirs_before_the_deploy(told: Repo, relbot: Run) -> None:
    checklist = relbot("checklist", "--from", "main~1", "--to", "main").out
    assert "It needs 2 GB of memory." in checklist
    assert "It needs 2 GB of memory." in relbot("upgrade", "main~1", "main").out


def test_a_release_of_hidden_changes_alone(repo: Repo, relbot: Run) -> None:
    repo.write("relbot.toml", "[types.misc]\nhidden = true\n")
    repo.write("changes/misc.md", "---\ntype: misc\n---\n")
    repo.commit()
    assert relbot("check").code == 0
    assert relbot("build", "1.0", *DAY).out == (
        "1.0 (2018-08-15): 0 changes in CHANGELOG.md.\n1 more is hidden: not public, or of a hidden type.\n"
    )
    assert relbot("build", "1.0", *DAY).out == "1.0 is already built. Nothing changed.\n"
    repo.write("changes/other.md", "---\ntype: misc\naudience: nobody\n---\n")
    refused = relbot("check")
    assert refused.code == 1
    assert "public, operators, team" in refused.out


def test_why_nobody_has_to_act_is_not_public(told: Repo, relbot: Run) -> None:
    waived = "migration: false\nreason: Ada checked the hosts."
    told.write("changes/quiet.md", fragment("fixed", "Pages are smaller.", waived))
    assert relbot("build", "1.0", *DAY).code == 0
    said = {name: relbot("notes", "1.0", "--format", "json", "--audience", name).out for name in ("public", "operators")}
    assert ["Ada checked" in each for each in said.values()] == [False, True]


def test_a_change_without_a_text_is_named(told: Repo, relbot: Run) -> None:
    told.write("changes/bare.md", "---\ntype: misc\n---\n")
    assert relbot("build", "1.0", *DAY).code == 0
    assert "- `bare`\n" in relbot("notes", "1.0", "--audience", "team").out


def test_drafts_lists_and_new_fragments_have_an_audience(told: Repo, relbot: Run) -> None:
    assert "The cron job is gone." not in relbot("build", "--draft").out
    draft = relbot("build", "--draft", "--audience", "operators").out
    assert "The cron job is gone." in draft
    assert "rake convert" in draft
    listed = {name: relbot("list", "--audience", name).out for name in ("public", "operators", "team")}
    assert [sum(each in out for out in listed.values()) for each in ("steps", "cron", "waived-7", "misc-2")] == [3, 2, 1, 1]
    assert relbot("new", "disk", "-t", "fixed", "-m", "Disks.", "--audience", "operators").code == 0
    assert "\naudience: operators\n" in (told.path / "changes/disk.md").read_text()
    assert relbot("check").code == 0
