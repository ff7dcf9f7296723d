"""What the detector of languages, images and dependencies sees."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from relbot.detect.runtime.detector import DETECTOR
from tests.detect.changes import evidence, facts

if TYPE_CHECKING:
    from relbot.detect.engine.facts import Table

# fmt: off
CASES: list[tuple[str, str, str, set[str]]] = [
    ("setup.cfg", "[metadata]\npython-requires = >=3.8\n", "[metadata]\npython-requires = >=3.10\n", {"language-raised"}),
    ("setup.cfg", "    Programming Language :: Python :: 3.8\n    Programming Language :: Python :: 3.9\n",
     "    Programming Language :: Python :: 3.9\n", {"language-raised"}),
    ("setup.cfg", "    Programming Language :: Python :: 3.9\n",
     "    Programming Language :: Python :: 3.9\n    Programming Language :: Python :: 3.10\n", set()),
    ("pyproject.toml", '[project]\nrequires-python = ">=3.10"\n', '[project]\nrequires-python = ">=3.9"\n', {"language-lowered"}),
    ("pyproject.toml", '[tool.poetry.dependencies]\npython = "^3.8"\n', '[tool.poetry.dependencies]\npython = "^3.9"\n',
     {"language-raised"}),
    (".ruby-version", "2.6.3\n", "2.7\n", {"language-pinned"}),
    (".ruby-version", "2.6.3\n", "2.6.4\n", {"language-patch"}),
    (".nvmrc", "v18\n", "v20\n", {"language-pinned"}),
    (".tool-versions", "ruby 3.1.0\n", "ruby 3.2.0\n", {"language-pinned"}),
    ("package.json", '{"engines": {"node": ">=14 <20"}}', '{"engines": {"node": ">=18 <20"}}', {"language-raised"}),
    ("package.json", '{"engines": {"node": ">=14 <20"}}', '{"engines": {"node": ">=14 <22"}}', set()),
    ("package.json", '{"dependencies": {"a": "^1.2.0"}}', '{"dependencies": {"a": "^2.0.0"}}', {"dependency-major"}),
    ("package.json", '{"dependencies": {"a": "1", "mongodb": "3.1"}}', '{"dependencies": {"a": "1", "mongodb": "4.1"}}',
     {"driver-major"}),
    ("package.json", '{"devDependencies": {"a": "^1.2.0"}}', '{"devDependencies": {"a": "^2.0.0"}}', set()),
    ("package.json", '{"dependencies": {"a": "^1.2.0"}}', '{"dependencies": {"a": ', set()),
    ("requirements.txt", "a==1.2\nb==1\n", "a==1.9\nb==1\n", set()),
    ("requirements.txt", "a==1.2\nb==1\n", "b==1\n", {"dependency-removed"}),
    ("requirements.txt", "a==1.2\nb==1\n", "b==1\nc>=2\n", {"dependency-replaced", "dependency-added"}),
    ("requirements.txt", "A_b==1.2\n", "a-b==1.2\n", set()),
    ("requirements.txt", "pytz==2023.1\n", "pytz==2024.1\n", set()),
    ("requirements.txt", "python-ldap==3.2\nb\n", "b\n", {"driver-removed"}),
    ("test-requirements.txt", "a==1\nb\n", "a==2\n", set()),
    ("docs/requirements.txt", "a==1\nb\n", "a==2\n", set()),
    ("Gemfile", "gem 'rails', '~> 4.2'\n", "gem 'rails', '~> 5.0'\n", {"framework-major"}),
    ("Gemfile", "group :test do\n  gem 'a', '1'\nend\ngem 'b'\n", "group :test do\n  gem 'a', '2'\nend\ngem 'b'\n", set()),
    ("Gemfile", "ruby '2.4'\n", "ruby '2.5'\n", {"language-raised"}),
    ("go.mod", "go 1.20\n", "go 1.21\n", {"go-directive"}),
    ("go.mod", "require (\n\ta.org/b/v2 v2.1.0\n)\n", "require (\n\ta.org/b/v3 v3.0.0\n)\n", {"module-major"}),
    ("go.mod", "require (\n\ta.org/b v1.1.0\n\ta.org/c v1.1.0\n)\n", "require (\n\ta.org/c v1.1.0\n)\n", {"module-removed"}),
    ("Dockerfile", "FROM python:3.8-slim\n", "FROM python:3.9-slim\n", {"base-image-major"}),
    ("Dockerfile", "FROM python:3.8.1\n", "FROM python:3.8.9@sha256:abc\n", set()),
    ("Dockerfile", "ARG V=3.8\nFROM python:$V as base\nFROM base\n", "ARG V=3.9\nFROM python:$V as base\nFROM base\n",
     {"base-image-major"}),
    ("Dockerfile", "FROM golang:1.20 AS b\nFROM alpine:3.1\n", "FROM golang:1.21 AS b\nFROM alpine:3.2\n", set()),
    ("docker/Dockerfile.server", "FROM debian:buster\n", "FROM alpine:3\n", {"base-image-replaced"}),
    ("Dockerfile-dev", "FROM debian:10\n", "FROM debian:11\n", set()),
    (".github/workflows/ci.yml", "python-version: [3.8, 3.9]\n", "python-version: [3.9]\n", {"matrix-dropped"}),
    (".github/workflows/ci.yml", "python-version: [3.8, 3.9]\n", "python-version: [3.8, 3.9, 3.10]\n", set()),
    ("zuul.d/project.yaml", "- openstack-python38-jobs\n- openstack-tox-py310\n", "- openstack-tox-py310\n", {"matrix-dropped"}),
    ("bin/run.sh", "REQUIRED_NODE_MAJOR=8\n", "REQUIRED_NODE_MAJOR=10\n", {"minimum-in-code"}),
    ("script/ruby_env", 'rvm_ruby_string="ruby-2.1"\n', 'rvm_ruby_string="ruby-2.3"\n', {"language-in-code"}),
    ("lib/a.rb", "x = 1 # 2.0\n", "x = 2 # 2.0\n", set()),
    ("dist/server.spec", "Requires: a\n", "Requires: a\nRequires: b\n", {"package-requires"}),
]
# fmt: on


@pytest.mark.parametrize(("path", "before", "after", "expected"), CASES)
def test_what_is_seen(path: str, before: str, after: str, expected: set[str]) -> None:
    assert facts(DETECTOR, {path: (before, after)}) == expected


def test_a_dependency_that_moves_to_another_manifest_is_not_gone() -> None:
    table: Table = {"requirements.txt": ("a==1\nb\n", "b\n"), "requirements/base.txt": ("c\n", "a==1\nc\n")}
    assert facts(DETECTOR, table) == set()


def test_a_new_or_a_deleted_manifest_is_no_change_of_dependencies() -> None:
    assert (
        facts(DETECTOR, {"requirements.txt": (None, "a==1\n"), "package.json": ('{"dependencies": {"a": "1"}}', None)}) == set()
    )


def test_the_versions_are_named_and_the_step_proposed() -> None:
    (found,) = evidence(DETECTOR, {"setup.py": ('python_requires=">=3.8"', 'python_requires=">=3.10"')})
    assert "demands Python 3.10 instead of 3.8" in found.message
    assert found.todo is not None
    assert found.todo.phase == "before-install"
