"""Whatever `--format json` prints has a published schema and a version."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import click
import jsonschema
import pytest

from relbot.cli.commands import relbot as root
from relbot.cli.schema import NAMES
from relbot.deploy.log.record import Deed, DeedKind
from tests.cli.deployed import as_bob, small
from tests.cli.fragments import FAULTY, fragment
from tests.ledger.clones import ledger_in

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.cli.deployed import Deploy, Site
    from tests.commandline import Result as Answer
    from tests.commandline import Run
    from tests.repository import Repo

SCHEMA_OF = {
    "relbot check": "findings",
    "relbot list": "list",
    "relbot show": "list",
    "relbot notes": "notes",
    "relbot build": "notes",
    "relbot checklist": "plan",
    "relbot upgrade": "plan",
    "relbot detect": "detected",
    "relbot backtest": "backtest",
    "relbot pr": "bot-setup",
    "relbot deploy status": "status",
    "relbot deploy gate": "gate",
    "relbot deploy log": "log",
    "relbot deploy verify": "verify",
}
SHIM = fragment("changed", "Options are grouped.", "breaking: true", "compat: shim", "migration: false", "reason: Both work.")


def commands(group: click.Group, path: str) -> Iterator[tuple[str, click.Command]]:
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command is not None
        if isinstance(command, click.Group):
            yield from commands(command, f"{path} {name}")
        else:
            yield f"{path} {name}", command


def prints_json(command: click.Command) -> bool:
    formats = [each.type for each in command.params if "--format" in each.opts]
    return any(isinstance(each, click.Choice) and "json" in each.choices for each in formats)


def judged(relbot: Run, name: str, said: Answer) -> dict[str, Any]:
    """What was said, once the published schema has accepted it and refused it with anything missing or beside."""
    schema = json.loads(relbot("schema", name).out)
    jsonschema.Draft202012Validator.check_schema(schema)
    data: dict[str, Any] = json.loads(said.out)
    validator = jsonschema.Draft202012Validator(schema)
    validator.validate(data)
    assert not validator.is_valid({**data, "version": data["version"] + 1})
    assert not validator.is_valid({**data, "surprise": 1}), "what is not described is not printed"
    for key in schema["required"]:
        assert not validator.is_valid({each: value for each, value in data.items() if each != key})
    return data


def test_every_json_has_a_schema() -> None:
    assert {path for path, command in commands(root, "relbot") if prints_json(command)} == set(SCHEMA_OF)
    assert set(SCHEMA_OF.values()) <= set(NAMES)


def test_the_status_of_an_environment(site: Site, relbot: Run, deploy: Deploy) -> None:
    site.ada.write("changes/late.md", small("rake late", phase="later"))
    site.ada.commit()
    site.ada.git("switch", "--quiet", "--create", "without", "old")
    site.ada.commit("Nothing")
    assert judged(relbot, "status", deploy("status", "--format", "json"))["deploy"] is None
    deploy("done", "--to", "new", "--anyway", "it runs")
    assert deploy("tick", "late#1", "--to", site.id("main")).code == 0
    deploy("tick", "wait#1", "--skip", "no need")
    deploy("tick", "index#1", "--failed", "disk full")
    deploy("lock", "--reason", "incident", "--for", "2h")
    under_way = judged(relbot, "status", deploy("status", "--format", "json"))
    assert [each["mark"] for each in under_way["deploy"]["steps"]].count("failed") == 1
    assert under_way["deploy"]["obstacles"]
    assert under_way["lock"]["until"]
    assert next((each["step"], each["run"]) for each in under_way["later"]) == ("options#1", "cp options.yml options.yml.bkp")


def test_the_gate_shut_and_open(relbot: Run, deploy: Deploy, monkeypatch: pytest.MonkeyPatch) -> None:
    deploy("tick", "options#1", "--to", "new")
    shut = judged(relbot, "gate", deploy("gate", "--format", "json"))
    assert (shut["may_go_on"], bool(shut["steps"])) == (False, True)
    assert judged(relbot, "gate", deploy("gate", "--before", "install", "--format", "json"))["may_go_on"] is True
    deploy("lock", "--reason", "incident", "--for", "2h")
    as_bob(monkeypatch)
    locked = judged(relbot, "gate", deploy("gate", "--before", "install", "--format", "json"))
    assert (locked["may_go_on"], locked["lock"]["reason"]) == (False, "incident")


def test_the_gate_with_something_astray(site: Site, relbot: Run, deploy: Deploy) -> None:
    deploy("tick", "options#1", "--to", "new")
    lost = Deed(DeedKind.DONE, site.id("old"), site.id("held"), step="lost#1")
    ledger_in(site.ada).record(lost)
    said = deploy("gate", "--format", "json")
    assert [each["step"] for each in judged(relbot, "gate", said)["orphaned_ticks"]] == ["lost#1"]


def test_the_log_with_every_kind_of_entry(relbot: Run, deploy: Deploy) -> None:
    deploy("tick", "options#1", "--to", "new")
    deploy("lock", "--reason", "incident", "--for", "2h")
    deploy("unlock")
    deploy("done", "--anyway", "it runs")
    kinds = [each["kind"] for each in judged(relbot, "log", deploy("log", "--format", "json"))["entries"]]
    assert kinds == ["adopted", "begun", "done", "locked", "unlocked", "ended"]


def test_the_proof_of_a_ledger(site: Site, relbot: Run, deploy: Deploy) -> None:
    whole = judged(relbot, "verify", deploy("verify", "--format", "json"))
    assert (whole["whole"], whole["records"], whole["gaps"]) == (True, 1, [])
    deploy("tick", "options#1", "--to", "new")
    site.bare.joinpath("refs/relbot/production").unlink()
    said = deploy("verify", "--format", "json")
    assert said.code == 3
    assert [each["what"] for each in judged(relbot, "verify", said)["gaps"]] == ["adopted", "begun", "done options#1"]


@pytest.mark.parametrize("options", [("list",), ("list", "--contracts"), ("show", "grouped"), ("list", "--type", "fixed")])
def test_lists_of_fragments(repo: Repo, relbot: Run, options: tuple[str, ...]) -> None:
    repo.write("changes/grouped.md", SHIM)
    repo.write("changes/index.md", small("rake index", "compat: shim\nbreaking: true\nhold: [12]\n"))
    repo.write("relbot.toml", '[environments.production]\ndeployed = "ledger"\n')
    repo.commit()
    data = judged(relbot, "list", relbot(*options, "--format", "json"))
    assert ("environments" in data) == (options[0] == "show")
    assert all(("since" in each) == ("--contracts" in options) for each in data["fragments"])


def test_findings(repo: Repo, relbot: Run) -> None:
    repo.write("changes/bad.md", FAULTY)
    assert judged(relbot, "findings", relbot("check", "--format", "json"))["findings"]


def test_plans(site: Site, relbot: Run) -> None:
    for command in (("checklist", "--from", "old", "--to", "held"), ("upgrade", "old", "new")):
        assert judged(relbot, "plan", relbot(*command, "--format", "json", cwd=site.ada.path))["steps"]


def test_notes(repo: Repo, relbot: Run) -> None:
    repo.write("changes/grouped.md", fragment())
    repo.commit()
    assert judged(relbot, "notes", relbot("build", "1.0", "--draft", "--format", "json"))["groups"]


def test_what_a_diff_shows(site: Site, relbot: Run) -> None:
    assert judged(relbot, "detected", relbot("detect", "old", "held", "--format", "json", cwd=site.ada.path))["base"]
