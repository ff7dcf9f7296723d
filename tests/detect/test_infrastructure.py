"""What the detectors of infrastructure see: Terraform's modules, Helm's charts, Ansible's roles."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from relbot.detect.engine.registry import load_detector
from tests.detect.changes import facts

if TYPE_CHECKING:
    from relbot.detect.engine.facts import Table

SERVER = 'resource "aws_instance" "web" {\n  ami = "a"\n}\n'
# The detector, a path, both sides, and the facts: harmless twins of what the examples of the facts show.
NUMBER = 'variable "a" {\n  type = number\n}\n'
CASES: list[tuple[str, str, str | None, str | None, set[str]]] = [
    ("terraform", "a.tf", "", 'variable "a" {\n  default = 1\n}\n', {"variable-added"}),
    ("terraform", "a.tf", 'variable "a" {\n  default = 1\n}\n', 'variable "a" {\n}\n', {"variable-required"}),
    ("terraform", "a.tf", 'variable "a" {\n  type = number\n}\n', 'variable "a" {\n  type = string\n}\n', set()),
    (
        "terraform",
        "a.tf",
        'variable "a" {\n  type = string\n}\n',
        'variable "a" {\n  type = number\n}\n',
        {"variable-type-changed"},
    ),
    ("terraform", "a.tf", SERVER, "", {"resource-removed"}),
    (
        "terraform",
        "a.tf",
        SERVER,
        SERVER.replace("web", "b") + "moved {\n  from = aws_instance.web\n  to = aws_instance.b\n}\n",
        {"resource-renamed", "resource-moved"},
    ),
    ("terraform", "a.tf", SERVER, SERVER.replace('"a"', '"b"'), set()),
    ("values-files", "charts/a/values.yaml", "image:\n  tag: 1\n", "image:\n  tag: 2\n", {"value-routine"}),
    ("values-files", "charts/a/values.yaml", "a: 1\n", "# A.\na: 1\nb: 2\n", {"value-added"}),
    ("values-files", "roles/a/defaults/main.yml", "a_port: 1\n", "a_port: 2\n", {"address-changed"}),
    ("values-files", "roles/a/defaults/main.yml", "a_x: 1\n", 'b_x: "{{ a_x }}"\n', {"value-renamed", "value-still-read"}),
]


@pytest.mark.parametrize(("detector", "path", "before", "after", "expected"), CASES)
def test_facts(detector: str, path: str, before: str | None, after: str | None, expected: set[str]) -> None:
    assert facts(load_detector(detector), {path: (before, after)}) == expected


def test_what_moves_to_another_file_of_the_module_is_answered() -> None:
    table: Table = {"a/one.tf": (SERVER, None), "a/two.tf": (None, f"# Web.\n{SERVER}")}
    assert facts(load_detector("terraform"), table) == {"resource-removed", "declared-elsewhere"}
