"""The packages that are uploaded: the same to the byte whoever builds them, and the sdist can test itself."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tarfile
from typing import TYPE_CHECKING

import pytest

from tests.commandline import ROOT

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.long


def _build(source: Path, target: Path) -> dict[str, bytes]:
    """The packages that hatchling makes of a folder, by name."""
    words = [sys.executable, "-m", "hatchling", "build", "-d", str(target)]
    subprocess.run(words, cwd=source, env=os.environ | {"SOURCE_DATE_EPOCH": "1534320600"}, check=True, capture_output=True)
    return {path.name: path.read_bytes() for path in target.iterdir()}


def _copy(folder: Path, mode: int) -> Path:
    """The files of relbot without what tools leave, each with this mode and the time of now."""
    left = shutil.ignore_patterns(".git", ".venv*", ".*_cache", ".hypothesis", "__pycache__", "dist", "site")
    shutil.copytree(ROOT, folder, ignore=left, copy_function=shutil.copyfile)
    for path in folder.rglob("*"):
        if path.is_file():
            path.chmod(mode)
    return folder


def test_two_builds_are_the_same_and_the_sdist_collects_its_tests(tmp_path: Path) -> None:
    first = _build(_copy(tmp_path / "a", 0o644), tmp_path / "dist-a")
    second = _build(_copy(tmp_path / "elsewhere" / "b", 0o664), tmp_path / "dist-b")
    assert sorted(name.rpartition(".")[2] for name in first) == ["gz", "whl"]
    assert first == second
    [sdist] = [tmp_path / "dist-a" / name for name in first if name.endswith(".tar.gz")]
    with tarfile.open(sdist) as archive:
        archive.extractall(tmp_path / "unpacked", filter="data")
    [folder] = (tmp_path / "unpacked").iterdir()
    collected = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "--collect-only", "-p", "no:cacheprovider"],
        cwd=folder,
        env=os.environ | {"PYTHONPATH": str(folder)},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert collected.returncode == 0, collected.stdout[-2_000:]
    for needed in (
        "Makefile",
        "action.yml",
        "requirements.txt",
        ".ci/run",
        ".github/workflows/ci.yml",
        "mkdocs.yml",
        "relbot.toml",
    ):
        assert (folder / needed).is_file(), needed
