"""A build raises the version in a project's own files, and changes nothing else there."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.cli.fragments import DAY, FIXED, tree

if TYPE_CHECKING:
    from tests.commandline import Run
    from tests.repository import Repo

FILES = {
    "package.json": '{\n\t"name": "x", "version":"1.1.0" ,\n\t"needs": {"y": "1.1.0"},\r\n\t"engines": {"version": "1.1.0"}\n}',
    "package-lock.json": '{"version": "1.1.0", "packages": {"": {"version": "1.1.0"}, "a": {"version": "1.1.0"}}}\n',
    "pyproject.toml": "# 1.1.0\n[tool.x]\nversion = '1.1.0'\n\n[project]  # here\nneeds = ['1.1.0']\nversion='1.1.0' # 1.1.0\n",
    "poetry/pyproject.toml": '[tool.poetry]\r\nversion = "1.1.0"\r\n',
    "Cargo.toml": '[package]\nversion = "1.1.0"\nname = "x"\n[dependencies]\ny = { version = "1.1.0" }\n',
    "Cargo.lock": '[[package]]\nname = "a"\nversion = "1.1.0"\nsource = "r"\n\n[[package]]\nname = "x"\nversion = "1.1.0"\n',
    "ws/Cargo.toml": 'workspace.package.version = "1.1.0"\n',
    "Chart.yaml": 'dependencies:\n  - name: y\n    version: 1.1.0\nversion: 1.1.0  # 1.1.0\nappVersion: "1.1.0"\n',
    "flow/Chart.yaml": '# version: 1.1.0\n{"name": x, description: "a\\\n  version: 1.1.0", "version": "1.1.0"}\n',
    "notes/galaxy.yml": "description: |\n  *a*\nanchors: [&a 1.1.0, *a]\n'version': 1.1.0\r\n",
    "src/x/__init__.py": '"""Version 1.1.0 of x."""\n\nMIN_VERSION = "1.1.0"\n__version__: str = \'1.1.0\'\n',
    "lib/x/version.rb": 'module X\n  VERSION = "1.1.0"\nend\n',
    "setup.cfg": "[metadata]\npython_version = 1.1.0\nversion = 1.1.0\n",
    "x.go": 'const Version = "v1.1.0"\n',
    "mix.exs": 'defmodule X do\n  @min_version "1.1.0"\n  @version "1.1.0"\n',
    "x.gemspec": "Gem::Specification.new do |spec|\n  spec.required_ruby_version = '1.1.0'\n  spec.version = '1.1.0'\n",
    "VERSION": "v1.1.0\n",
}
KEPT = {
    "package.json": 2,
    "package-lock.json": 1,
    "pyproject.toml": 4,
    "Cargo.toml": 1,
    "Cargo.lock": 1,
    "Chart.yaml": 3,
    "flow/Chart.yaml": 2,
    "notes/galaxy.yml": 1,
    "src/x/__init__.py": 2,
    "setup.cfg": 1,
    "mix.exs": 1,
    "x.gemspec": 1,
}


@pytest.fixture
def listed(repo: Repo) -> Repo:
    names = ", ".join(f'"{name}"' for name in FILES)
    repo.write("relbot.toml", f"[links]\nhistory = false\n[versions]\nmanifests = [{names}]\n")
    for name, text in FILES.items():
        repo.write(name, text.encode())
    repo.write("changes/login.md", FIXED)
    repo.commit()
    return repo


def test_only_the_version_changes_and_comes_back(listed: Repo, relbot: Run) -> None:
    before = tree(listed)
    built = relbot("build", "1.2.0", *DAY)
    assert (built.code, built.err) == (0, "")
    assert "package.json: 1.1.0 -> 1.2.0\n" in built.out
    for name, text in FILES.items():
        made = (listed.path / name).read_bytes().decode()
        assert made.replace("1.2.0", "1.1.0") == text
        assert made.count("1.1.0") == KEPT.get(name, 0), name
    assert "    version: 1.1.0\nversion: 1.2.0  # 1.1.0\n" in (listed.path / "Chart.yaml").read_text()
    assert "\nversion='1.2.0' # 1.1.0\n" in (listed.path / "pyproject.toml").read_text()
    assert listed.git("diff", "--name-only") == ""
    assert relbot("build", "1.2.0", *DAY).out == "1.2.0 is already built. Nothing changed.\n"
    undone = relbot("build", "--undo", "1.2.0")
    assert "package.json has its version of before.\n" in undone.out
    assert tree(listed) == before


def test_a_version_that_was_raised_since_stays(listed: Repo, relbot: Run) -> None:
    assert relbot("build", "1.2.0", *DAY).code == 0
    listed.write("VERSION", "1.3.0.dev0\n")
    (listed.path / "x.go").unlink()
    listed.git("add", "--all")
    assert "VERSION" not in relbot("build", "--undo", "1.2.0").out
    assert (listed.path / "VERSION").read_text() == "1.3.0.dev0\n"
    assert relbot("build", "--undo", "1.2.0").code == 2


def test_work_that_is_not_staged_is_not_staged_with_the_version(listed: Repo, relbot: Run) -> None:
    listed.write("package.json", FILES["package.json"].replace('"x"', '"y"'))
    before = tree(listed)
    refused = relbot("build", "1.2.0", *DAY)
    assert refused.code == 1
    assert "`package.json` has changes that are not staged." in refused.err
    assert tree(listed) == before


def test_a_maintenance_release_lowers_nothing(listed: Repo, relbot: Run) -> None:
    before = {name: (listed.path / name).read_bytes() for name in FILES}
    assert relbot("build", "1.0.1", *DAY).out == "1.0.1 (2018-08-15): 1 change in CHANGELOG.md.\n"
    assert {name: (listed.path / name).read_bytes() for name in FILES} == before


@pytest.mark.parametrize(
    ("name", "text", "version", "said"),
    [
        ("pyproject.toml", '[project]\ndynamic = ["version"]\n', "1.2.0", "pyproject.toml names no version"),
        ("Cargo.toml", "[package]\nversion.workspace = true\n", "1.2.0", "Cargo.toml names no version"),
        ("package.json", "{", "1.2.0", "package.json names no version"),
        ("package.json", '{"version": "1.1.0"}', "1.2", "package.json takes semantic versions only"),
        ("package.json", '{"version": "1.1\\u002e0"}', "1.2.0", "relbot cannot raise the version of package.json"),
        ("Chart.yaml", "needs: &v 1.1.0\nversion: *v\n", "1.2.0", "relbot cannot raise the version of Chart.yaml"),
        ("Chart.yaml", "a: &a [b]\nversion: 1.1.0\nc: [" + "*a, " * 20 + "d]\n", "1.2.0", "Chart.yaml names no version"),
        ("other.json", None, "1.2.0", "other.json is not there"),
    ],
)
def test_what_cannot_be_raised_is_no_build(repo: Repo, relbot: Run, name: str, text: str | None, version: str, said: str) -> None:
    repo.write("relbot.toml", f'[versions]\nmanifests = ["{name}"]\n')
    if text is not None:
        repo.write(name, text)
    repo.write("changes/login.md", FIXED)
    before = tree(repo)
    refused = relbot("build", version, *DAY)
    assert refused.code == 2
    assert said in refused.err
    assert tree(repo) == before


def test_a_component_has_its_own(repo: Repo, relbot: Run) -> None:
    repo.write("relbot.toml", '[components.api]\nchangelog = "api/CHANGELOG.md"\nmanifests = ["api/package.json"]\n')
    repo.write("api/package.json", '{"version": "1.1.0"}\n')
    repo.write("changes/api/login.md", FIXED)
    repo.commit()
    assert relbot("build", "1.2.0", "--component", "api", *DAY).code == 0
    assert (repo.path / "api/package.json").read_text() == '{"version": "1.2.0"}\n'


def test_init_lists_files_with_the_version_of_the_last_tag(repo: Repo, relbot: Run) -> None:
    repo.write("package.json", '{"name": "x", "version": "1.1.0"}\n')
    repo.write("package-lock.json", '{"version": "1.1.0"}\n')
    repo.write("pyproject.toml", '[project]\nname = "x"\nversion = "0.0.0"\n')
    repo.commit()
    repo.git("tag", "v1.1.0")
    assert relbot("init", "--yes").code == 0
    text = (repo.path / "relbot.toml").read_text()
    assert "# They have the version of the last tag, 1.1.0. A build raises it.\n" in text
    assert '\nmanifests = ["package.json", "package-lock.json"]\n' in text
    added = '"package-lock.json", "x.py"]'
    repo.write("relbot.toml", text.replace('"package-lock.json"]', added))
    assert "manifests" not in relbot("init", "--yes").out
    repo.write("relbot.toml", text)
    assert relbot("new", "fix", "--type", "fixed", "--message", "A fix.").code == 0
    assert relbot("build", "--bump", "auto").code == 0
    assert '"version": "1.1.1"' in (repo.path / "package.json").read_text()
