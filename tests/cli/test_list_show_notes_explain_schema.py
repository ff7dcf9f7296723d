"""The commands that only read: they print, and change nothing."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import jsonschema
import pytest
import yaml

from relbot.review.rulebook import RULES
from relbot.review.rulebook.detectors import detector_rules
from tests.cli.fragments import ADDED, BREAKING, DAY, FAULTY, FIXED, fragment, tree

if TYPE_CHECKING:
    from tests.commandline import Run
    from tests.repository import Repo

ALL = RULES | detector_rules()


@pytest.fixture
def project(repo: Repo, relbot: Run) -> Repo:
    """A release, and three changes since, one of them of a component."""
    repo.write("relbot.toml", '[components.api]\ntitle = "The API"\n')
    repo.write("changes/login.md", FIXED)
    repo.commit()
    relbot("build", "1.0", *DAY)
    repo.commit()
    repo.write("changes/10-dark.md", ADDED)
    repo.write("changes/9-options.md", BREAKING)
    repo.write(
        "changes/call.md",
        fragment(
            "changed",
            "A new call.",
            "component: api",
            "breaking: true",
            "compat: shim",
            "migration: false",
            "reason: The old one works.",
        ),
    )
    repo.commit()
    return repo


def listed(relbot: Run, *options: str) -> list[str]:
    return [each["identity"] for each in json.loads(relbot("list", "--format", "json", *options).out)["fragments"]]


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ((), ["9-options", "10-dark", "call"]),
        (("--type", "added"), ["10-dark"]),
        (("--component", "api"), ["call"]),
        (("--breaking",), ["9-options", "call"]),
        (("--contracts",), ["call"]),
        (("--breaking", "--type", "added"), []),
    ],
)
def test_list_shows_what_is_unreleased(project: Repo, relbot: Run, options: tuple[str, ...], expected: list[str]) -> None:
    assert listed(relbot, *options) == expected
    text = relbot("list", *options)
    assert text.code == 0
    assert [line.split()[0] for line in text.out.splitlines()] == expected or text.out == "No unreleased change matches.\n"


def test_list_says_that_there_is_nothing(repo: Repo, relbot: Run) -> None:
    empty = relbot("list")
    assert (empty.code, empty.out) == (0, "No unreleased change.\n")


def test_list_tells_which_it_cannot_read(project: Repo, relbot: Run) -> None:
    project.write("changes/bad.md", FAULTY)
    partial = relbot("list")
    assert partial.code == 1
    assert "10-dark" in partial.out
    assert "changes/bad.md:2:7: error [unknown-value]" in partial.err


@pytest.mark.parametrize("name", ["login", "login.md", "changes/login.md", "changes/released/1.0/login.md"])
def test_show_tells_where_a_fragment_was_released(project: Repo, relbot: Run, name: str) -> None:
    shown = relbot("show", name)
    assert shown.code == 0
    assert shown.out.startswith("login  (changes/released/1.0/login.md)\n")
    assert "released:      1.0\n" in shown.out
    assert "The login page remembers you." in shown.out


def test_show_tells_what_is_not_released_and_what_to_do(project: Repo, relbot: Run) -> None:
    shown = relbot("show", "9-options").out
    assert "released:      not yet\n" in shown
    assert "Run the task." in shown


def test_show_as_json(project: Repo, relbot: Run) -> None:
    (shown,) = json.loads(relbot("show", "9-options", "--format", "json").out)["fragments"]
    assert (shown["identity"], shown["breaking"]) == ("9-options", True)


def test_show_guesses_what_was_meant(project: Repo, relbot: Run) -> None:
    refused = relbot("show", "logn")
    assert refused.code == 2
    assert "There is no fragment `logn`.\nDid you mean `login`?" in refused.err


def test_show_of_a_faulty_fragment_tells_its_faults(project: Repo, relbot: Run) -> None:
    project.write("changes/bad.md", FAULTY)
    shown = relbot("show", "bad")
    assert (shown.code, shown.out) == (1, "")
    assert "changes/bad.md:2:7: error [unknown-value]" in shown.err


def test_notes_are_those_of_the_changelog(project: Repo, relbot: Run) -> None:
    notes = relbot("notes", "1.0")
    assert notes.code == 0
    assert notes.out.startswith("## 1.0 (2018-08-15)\n")
    assert (project.path / "CHANGELOG.md").read_text().endswith(notes.out)


def test_notes_say_what_the_fragments_say_now(project: Repo, relbot: Run) -> None:
    project.write("changes/released/1.0/login.md", fragment("fixed", "Corrected."))
    assert "- Corrected." in relbot("notes", "1.0").out


def test_notes_of_a_final_have_the_changes_of_its_prereleases(project: Repo, relbot: Run) -> None:
    relbot("build", "2.0rc1", *DAY)
    relbot("build", "2.0", *DAY)
    assert "dark theme" in relbot("notes", "2.0").out
    assert "remembers you" not in relbot("notes", "2.0").out


@pytest.mark.parametrize(
    ("form", "said"),
    [
        ("markdown", "## 1.0 (2018-08-15)"),
        ("rst", "1.0 (2018-08-15)\n----------------"),
        ("debian", "(1.0-1) unstable; urgency=medium"),
        ("rpm", "- update to 1.0:"),
    ],
)
def test_notes_in_every_format(project: Repo, relbot: Run, form: str, said: str) -> None:
    with (project.path / "relbot.toml").open("a") as config:
        config.write('[package]\nname = "obs"\nmaintainer = "Jane Doe <jane@example.org>"\n')
    notes = relbot("notes", "1.0", "--format", form)
    assert notes.code == 0, notes.err
    assert said in notes.out


def test_notes_as_json_have_the_shape_that_the_schema_tells(project: Repo, relbot: Run) -> None:
    notes = json.loads(relbot("notes", "1.0", "--format", "json").out)
    jsonschema.validate(notes, json.loads(relbot("schema", "notes").out))
    assert notes["groups"][0]["entries"][0]["identity"] == "login"


def test_notes_of_no_release(project: Repo, relbot: Run) -> None:
    refused = relbot("notes", "1.1")
    assert refused.code == 2
    assert "There is no release 1.1." in refused.err
    project.write("changes/released/0.9/old.md", FIXED)
    assert "The folder of release 0.9 was not written by `relbot build`." in relbot("notes", "0.9").err


def test_explain_lists_all_rules(repo: Repo, relbot: Run) -> None:
    assert [line.split()[0] for line in relbot("explain").out.splitlines()] == list(ALL)


@pytest.mark.parametrize("rule", sorted(ALL))
def test_explain_tells_why_and_how_it_is_right(repo: Repo, relbot: Run, rule: str) -> None:
    told = relbot("explain", rule)
    assert told.code == 0
    assert told.out.startswith(f"{rule}: {ALL[rule].summary}\n\n{ALL[rule].why}\n")
    assert told.out.index("Wrong:") < told.out.index("Right:")


def test_explain_tells_what_a_fact_does_and_its_level(repo: Repo, relbot: Run) -> None:
    told = relbot("explain", "migrations/dropped")
    assert told.code == 0
    assert "Level `require`, scope `deploy`." in told.out
    assert "remove_column" in told.out


def test_explain_lists_the_facts_of_a_detector_by_level(repo: Repo, relbot: Run) -> None:
    told = relbot("explain", "config-structure").out
    assert "`require`: A note is required.\n`moved`, `renamed`" in told
    assert told.index("`shown-moved`") > told.index("`ask`:")
    assert len(told[: told.index("Wrong:")].splitlines()) < 20


def test_explain_names_the_facts_that_are_called_so(repo: Repo, relbot: Run) -> None:
    refused = relbot("explain", "type-changed")
    assert refused.code == 2
    assert "Did you mean `config-structure/type-changed`" in refused.err


def test_explain_guesses_what_was_meant(repo: Repo, relbot: Run) -> None:
    refused = relbot("explain", "step-ordr")
    assert refused.code == 2
    assert "Did you mean `step-order`?" in refused.err


@pytest.mark.parametrize("name", ["fragment", "config", "findings", "notes", "plan", "detected", "list", "status", "gate", "log"])
def test_schemas_are_schemas(repo: Repo, relbot: Run, name: str) -> None:
    jsonschema.Draft202012Validator.check_schema(json.loads(relbot("schema", name).out))


def test_the_schema_of_fragments_knows_the_projects_types(project: Repo, relbot: Run) -> None:
    validator = jsonschema.Draft202012Validator(json.loads(relbot("schema", "fragment").out))
    for text, valid in ((FIXED, True), (BREAKING, True), (FAULTY, False), (fragment("fixed", "x", "component: web"), False)):
        assert validator.is_valid(yaml.safe_load(text.split("---")[1])) is valid


def test_the_schema_of_the_configuration_knows_its_keys(repo: Repo, relbot: Run) -> None:
    validator = jsonschema.Draft202012Validator(json.loads(relbot("schema", "config").out))
    assert validator.is_valid({"title": "{version}", "rules": {"every-change": "ask"}})
    assert not validator.is_valid({"titel": "{version}"})


@pytest.mark.parametrize("args", [("list",), ("show", "login"), ("notes", "1.0"), ("explain",), ("schema", "notes")])
def test_reading_changes_nothing(project: Repo, relbot: Run, args: tuple[str, ...]) -> None:
    before = tree(project)
    assert relbot(*args).code == 0
    assert tree(project) == before
