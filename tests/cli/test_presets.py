"""Presets: rules that a project takes over, and its own above them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from relbot.config.rules import PRESETS

if TYPE_CHECKING:
    from tests.commandline import Run
    from tests.repository import Repo


def test_a_preset_brings_rules_that_the_projects_own_stand_above(repo: Repo, relbot: Run) -> None:
    for own, code in (("", 1), ('[rules.paths]\n"**/lib/tasks/**/migrate_*.rake" = "ask"\n', 0)):
        repo.write("relbot.toml", f'[rules]\npreset = ["rails"]\n{own}')
        repo.write("lib/tasks/migrate_options_yml.rake", "")
        repo.commit()
        repo.write("lib/tasks/migrate_options_yml.rake", f"task :migrate_options_yml do\nend\n# {code}\n")
        repo.git("add", "--all")
        assert relbot("check", "--base", "HEAD").code == code
        repo.git("reset", "--quiet", "--hard")


@pytest.mark.parametrize("name", PRESETS)
def test_every_preset_can_be_used(repo: Repo, relbot: Run, name: str) -> None:
    repo.write("relbot.toml", f'[rules]\npreset = ["{name}"]\n')
    repo.commit()
    assert relbot("check").code == 0
