"""`relbot detect` and settings: keys that move, and a constant that the documentation names."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from tests.cli.test_detect import detected

if TYPE_CHECKING:
    from tests.commandline import Run
    from tests.repository import Repo

OPTIONS = {f"option_{number}": number for number in range(12)}


def test_moved_keys_of_a_configuration_are_required_and_named(repo: Repo, relbot: Run) -> None:
    """The incident: keys move below new parents, and a task that converts the file appears."""
    keys = "".join(f"{name}: {value}\n" for name, value in OPTIONS.items())
    repo.write("config/options.yml.example", keys)
    repo.write("config/environment.rb", "CONFIG = YAML.load_file('config/options.yml')\n")
    repo.commit()
    inner = "".join(f"  {name}: {value}\n" for name, value in OPTIONS.items())
    repo.write("config/options.yml.example", f"default: &default\n{inner}\nproduction:\n  <<: *default\n")
    repo.write("config/environment.rb", "CONFIG = YAML.load_file('config/options.yml')[Rails.env]\n")
    repo.write("lib/tasks/migrate_options_yml.rake", "task :migrate_options_yml do\n  convert\nend\n")
    repo.commit()
    data = detected(relbot, "HEAD~", "HEAD")
    assert data["verdict"] == "require"
    moved = next(finding for finding in data["findings"] if finding["rule"] == "config-structure")
    assert moved["level"] == "require"
    assert "12 keys" in moved["message"]
    assert any("option_3" in line for line in moved["evidence"])


def test_a_constant_that_the_base_documents_is_asked_about(repo: Repo, relbot: Run) -> None:
    repo.write("shop/limits.py", "DEFAULT_LIMIT = 5\n")
    repo.write("CHANGELOG.md", "DEFAULT_LIMIT is new.\n")
    repo.commit("Add a limit")
    repo.git("branch", "quiet")
    repo.write("docs/limits.md", "`DEFAULT_LIMIT` is how many an hour.\n")
    repo.commit("Document the limit")
    for base, verdict in (("quiet", "clean"), ("main", "ask")):
        repo.git("checkout", "-q", "-B", f"change-{base}", base)
        repo.write("shop/limits.py", "DEFAULT_LIMIT = 9\n")
        repo.commit("Raise the limit")
        assert json.loads(relbot("detect", base, "HEAD", "--format", "json").out)["verdict"] == verdict
