"""What `relbot check` says of faults, in each format."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import jsonschema
import pytest

from tests.cli.fragments import FAULTY, FIXED, fragment
from tests.cli.test_check import findings

if TYPE_CHECKING:
    from tests.commandline import Run
    from tests.repository import Repo


@pytest.fixture
def faulty(repo: Repo) -> Repo:
    """A repository whose fragments have many faults."""
    repo.write("changes/bare.md", "No front matter.\n")
    repo.write("changes/empty.md", "---\ntype: fixed\n---\n")
    repo.write("changes/kind.md", FAULTY)
    repo.write("changes/odd name.md", FIXED)
    repo.write("changes/twice.md", FIXED)
    repo.write("changes/released/1.0/twice.md", fragment("added", "Another change."))
    repo.commit()
    return repo


def test_all_faults_of_all_fragments_in_one_run(faulty: Repo, relbot: Run) -> None:
    assert relbot("check").code == 1
    assert findings(relbot) == [
        ("changes/bare.md", "front-matter-missing", "error"),
        ("changes/empty.md", "empty-body", "error"),
        ("changes/kind.md", "unknown-value", "error"),
        ("changes/odd name.md", "file-name", "error"),
        ("changes/twice.md", "duplicate-identity", "error"),
    ]


def test_text_tells_place_rule_what_is_allowed_and_an_example(faulty: Repo, relbot: Run) -> None:
    said = relbot("check").out
    assert "changes/kind.md:2:7: error [unknown-value] " in said
    assert "Did you mean `fixed`?" in said
    assert re.search(r"^    For example:\n        type: fixed$", said, re.MULTILINE)
    assert said.endswith("5 errors. More about a rule: relbot explain RULE, for example duplicate-identity\n")


@pytest.mark.parametrize("clean", [True, False])
def test_json_has_the_shape_that_the_schema_tells(faulty: Repo, relbot: Run, clean: bool) -> None:
    if clean:
        faulty.git("rm", "-r", "--quiet", "changes")
    said = json.loads(relbot("check", "--format", "json").out)
    jsonschema.validate(said, json.loads(relbot("schema", "findings").out))
    assert bool(said["findings"]) is not clean


@pytest.mark.parametrize("clean", [True, False])
def test_sarif_has_the_shape_that_code_scanning_reads(faulty: Repo, relbot: Run, clean: bool) -> None:
    if clean:
        faulty.git("rm", "-r", "--quiet", "changes")
    log: dict[str, Any] = json.loads(relbot("check", "--format", "sarif").out)
    assert log["version"] == "2.1.0"
    (run,) = log["runs"]
    rules = [rule["id"] for rule in run["tool"]["driver"]["rules"]]
    assert rules == sorted(set(rules))
    assert len(run["results"]) == (0 if clean else 5)
    for result in run["results"]:
        assert result["ruleId"] == rules[result["ruleIndex"]]
        assert result["level"] in {"error", "warning", "note"}
        assert result["message"]["text"]
        (location,) = result["locations"]
        where = location["physicalLocation"]
        assert re.fullmatch(r"changes/[\w./%]+", where["artifactLocation"]["uri"])
        assert where.get("region", {"startLine": 1})["startLine"] >= 1


def test_github_annotations_cannot_be_forged(repo: Repo, relbot: Run) -> None:
    repo.write("changes/a,b::c%0A.md", FIXED)
    repo.write("changes/forge.md", '---\ntype: "x\\n::error::forged, 100%"\n---\n\nText.\n')
    said = relbot("check", "--format", "github")
    assert said.code == 1
    first, second = said.out.splitlines()
    assert first.startswith("::error file=changes/a%2Cb%3A%3Ac%250A.md,")
    assert second.startswith("::error file=changes/forge.md,line=2,col=7,title=relbot%3A unknown-value::")
    message = second.split("::", 2)[2]
    assert "100%25" in message
    assert "%0A" in message
    assert not re.search(r"%(?!25|0A|0D)", message)


def test_from_a_folder_below_the_root(faulty: Repo, relbot: Run) -> None:
    faulty.write("src/code.py")
    assert relbot("check", cwd=faulty.path / "src").out == relbot("check").out
    assert relbot("check", "--dir", str(faulty.path / "src"), cwd=faulty.path.parent).out == relbot("check").out
