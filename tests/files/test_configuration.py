"""Which configuration holds in a folder, and which root."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from relbot.config.model import Config
from relbot.errors import ConfigError, UsageError
from relbot.files.configuration import find_root, load_config

TABLE = '[tool.relbot]\ndirectory = "news"\n'


@pytest.fixture
def root(tmp_path: Path) -> Path:
    root = tmp_path / "root"
    (root / ".git").mkdir(parents=True)
    (root / "a/b").mkdir(parents=True)
    return root


@pytest.mark.parametrize("inside", ["", "a", "a/b"])
def test_the_root_is_where_git_is(root: Path, inside: str) -> None:
    assert find_root(root / inside) == root


def test_the_root_of_a_work_tree_or_submodule_has_a_file(root: Path) -> None:
    (root / "a/.git").write_text("gitdir: elsewhere")
    assert find_root(root / "a/b") == root / "a"


def test_no_configuration(root: Path) -> None:
    assert load_config(root / "a/b") == (root, Config(), None)


def test_outside_of_git(tmp_path: Path) -> None:
    (tmp_path / "a/b").mkdir(parents=True)
    assert find_root(tmp_path / "a/b") == tmp_path / "a/b"
    assert load_config(tmp_path / "a/b") == (tmp_path / "a/b", Config(), None)
    (tmp_path / "a/relbot.toml").write_text('directory = "news"')
    assert load_config(tmp_path / "a/b") == (tmp_path / "a", Config(directory="news"), tmp_path / "a/relbot.toml")


@pytest.mark.parametrize(("name", "text"), [("relbot.toml", 'directory = "news"'), ("pyproject.toml", TABLE)])
@pytest.mark.parametrize("bom", [b"", b"\xef\xbb\xbf"])
def test_found_upward(root: Path, name: str, text: str, bom: bytes) -> None:
    (root / name).write_bytes(bom + text.encode())
    assert load_config(root / "a/b") == (root, Config(directory="news"), root / name)


def test_the_nearest_counts(root: Path) -> None:
    (root / "relbot.toml").write_text('directory = "far"')
    (root / "a/relbot.toml").write_text('directory = "near"')
    assert load_config(root / "a/b") == (root / "a", Config(directory="near"), root / "a/relbot.toml")
    assert load_config(root)[1].directory == "far"


def test_not_above_the_repository(root: Path) -> None:
    (root.parent / "relbot.toml").write_text('directory = "outside"')
    assert load_config(root) == (root, Config(), None)


def test_a_pyproject_of_others_is_passed_over(root: Path) -> None:
    (root / "a/pyproject.toml").write_text('[project]\nname = "x"\ndependencies = ["relbot"]\n')
    (root / "relbot.toml").write_text('directory = "news"')
    assert load_config(root / "a")[2] == root / "relbot.toml"
    (root / "pyproject.toml").write_text('[project]\nname = "x"\n')
    assert load_config(root)[2] == root / "relbot.toml"


def test_a_broken_pyproject_that_says_nothing_of_relbot_is_no_concern(root: Path) -> None:
    (root / "pyproject.toml").write_text("[broken")
    assert load_config(root) == (root, Config(), None)


def test_both_in_one_folder(root: Path) -> None:
    (root / "pyproject.toml").write_text(TABLE)
    (root / "relbot.toml").write_text("")
    with pytest.raises(ConfigError) as caught:
        load_config(root)
    assert "relbot.toml" in caught.value.what
    assert "pyproject.toml" in caught.value.what
    assert [finding.place.path for finding in caught.value.findings] == ["relbot.toml"]


@pytest.mark.parametrize("content", [b'title = "\xff"', b"nonsense", b'directroy = "x"'])
def test_faults(root: Path, content: bytes) -> None:
    (root / "relbot.toml").write_bytes(content)
    with pytest.raises(ConfigError) as caught:
        load_config(root)
    assert caught.value.findings[0].place.path == "relbot.toml"
    assert caught.value.findings[0].place.line == 1


@pytest.mark.parametrize("make", [Path.mkdir, os.mkfifo, lambda path: path.symlink_to("nowhere")])
def test_what_is_no_file_is_not_passed_over(root: Path, make: object) -> None:
    assert callable(make)
    make(root / "relbot.toml")
    with pytest.raises(ConfigError) as caught:
        load_config(root)
    assert caught.value.findings[0].rule == "file-kind"


def test_an_explicit_file(root: Path) -> None:
    (root / "relbot.toml").write_text("broken")
    (root / "a/other.toml").write_text('directory = "other"')
    assert load_config(root / "a", Path("other.toml")) == (root, Config(directory="other"), root / "a/other.toml")


def test_an_explicit_file_of_no_use(root: Path) -> None:
    with pytest.raises(UsageError, match="no file"):
        load_config(root, Path("other.toml"))
    (root / "pyproject.toml").write_text("[project]")
    with pytest.raises(UsageError, match="has no table"):
        load_config(root, Path("pyproject.toml"))


def test_without_a_file_no_parser_is_imported(root: Path) -> None:
    code = "import sys; from pathlib import Path; from relbot.files.configuration import load_config; load_config(Path.cwd());"
    code += "print({'tomllib', 'yaml', 'relbot.config.read'} & set(sys.modules))"
    here = str(Path(__file__).parents[2])
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=root, env={"PYTHONPATH": here}, capture_output=True, text=True, check=True
    )
    assert done.stdout == "set()\n"
