"""Everything below the fragments' folders is read, or said to be unreadable."""

from __future__ import annotations

import os
import shutil
import socket
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from relbot.errors import Unknown
from relbot.files.folder import read_sources, read_unreleased
from relbot.fragment.file import LARGEST, FragmentFile
from relbot.fragment.location import Folder
from tests.files.mishaps import as_nobody, in_child

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

MAIN = (Folder("changes"),)
ALL = (Folder("changes"), Folder("changes/api", "api"), Folder("web/changes", "web"))


def write(root: Path, *paths: str) -> None:
    for path in paths:
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_bytes(path.encode("utf-8", "surrogateescape"))


@pytest.fixture
def open_root() -> Iterator[Path]:
    """A folder that everybody may enter, unlike pytest's own."""
    folder = Path(tempfile.mkdtemp())
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


def test_all_files_each_once_by_path(tmp_path: Path) -> None:
    paths = ["changes/b.md", "changes/a.md", "changes/a/x.txt", "changes/released/1.0/o.md", "changes/released/1.0/release.json"]
    paths += ["changes/api/c.md", "changes/api/released/2.0/d.md", "web/changes/e.md", "changes/README.md"]
    write(tmp_path, *paths, "web/f.md", "CHANGELOG.md")
    assert read_sources(tmp_path, ALL) == [FragmentFile(path, path.encode()) for path in sorted(paths)]
    assert read_sources(tmp_path, tuple(reversed(ALL))) == read_sources(tmp_path, ALL)
    unreleased = [path for path in sorted(paths) if "released" not in path]
    assert [source.path for source in read_unreleased(tmp_path, ALL)] == unreleased


def test_names_that_begin_with_a_dot_are_left_out(tmp_path: Path) -> None:
    write(tmp_path, "changes/.gitkeep", "changes/.relbot-journal.json", "changes/.hidden/x.md")
    assert [source.path for source in read_sources(tmp_path, MAIN)] == ["changes/.hidden/x.md"]


def test_no_folder_holds_nothing(tmp_path: Path) -> None:
    assert read_sources(tmp_path, ALL) == []
    (tmp_path / "changes").mkdir()
    assert read_sources(tmp_path, ALL) == []


def test_a_name_that_is_not_utf8(tmp_path: Path) -> None:
    write(tmp_path, "changes/\udcff.md")
    assert [source.path for source in read_sources(tmp_path, MAIN)] == ["changes/\udcff.md"]


@pytest.mark.parametrize("size", [0, 16_383, 16_384, 16_385, 300_000, LARGEST, LARGEST + 1, LARGEST + 2, LARGEST * 2])
def test_of_a_large_file_one_byte_too_many(tmp_path: Path, size: int) -> None:
    (tmp_path / "changes").mkdir()
    content = os.urandom(size)
    (tmp_path / "changes/a.md").write_bytes(content)
    assert read_sources(tmp_path, MAIN) == [FragmentFile("changes/a.md", content[: LARGEST + 1])]


def link(path: Path) -> None:
    path.symlink_to("/etc/passwd")


def link_to_a_folder(path: Path) -> None:
    path.symlink_to("..")


def bind(path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as server:
        here = Path.cwd()
        os.chdir(path.parent)  # the path of a socket is short
        server.bind(path.name)
        os.chdir(here)


@pytest.mark.parametrize(
    ("make", "kind"),
    [
        (link, "a symbolic link"),
        (link_to_a_folder, "a symbolic link"),
        (os.mkfifo, "a named pipe"),
        (bind, "a socket"),
        (Path.mkdir, "a folder"),
    ],
)
def test_what_is_no_file_is_a_problem(tmp_path: Path, make: Callable[[Path], None], kind: str) -> None:
    (tmp_path / "changes").mkdir()
    make(tmp_path / "changes/x.md")
    assert read_sources(tmp_path, MAIN) == [FragmentFile("changes/x.md", b"", f"This is {kind}, so it is not read.")]
    assert read_unreleased(tmp_path, MAIN) == read_sources(tmp_path, MAIN)


@pytest.mark.parametrize("path", ["changes/released", "changes/api"])
def test_a_link_to_a_folder_is_a_problem(tmp_path: Path, path: str) -> None:
    write(tmp_path, "elsewhere/a.md", "changes/b.md")
    (tmp_path / path).symlink_to("../elsewhere")
    assert [source.path for source in read_unreleased(tmp_path, MAIN) if source.problem] == [path]


@pytest.mark.parametrize("linked", ["web", "web/changes"])
def test_a_folder_of_fragments_behind_a_link_is_unknown(tmp_path: Path, linked: str) -> None:
    write(tmp_path, "elsewhere/changes/a.md", "elsewhere/a.md")
    (tmp_path / linked).parent.mkdir(exist_ok=True)
    (tmp_path / linked).symlink_to(tmp_path / "elsewhere")
    with pytest.raises(Unknown, match=f"`{linked}` is a symbolic link"):
        read_sources(tmp_path, ALL)


def test_a_file_in_place_of_the_folder_is_unknown(tmp_path: Path) -> None:
    write(tmp_path, "changes")
    with pytest.raises(Unknown, match="`changes` is a file"):
        read_sources(tmp_path, MAIN)


def test_a_file_that_may_not_be_read(open_root: Path) -> None:
    write(open_root, "changes/a.md", "changes/b.md")
    (open_root / "changes/a.md").chmod(0)

    def work() -> list[FragmentFile]:
        as_nobody()
        return read_sources(open_root, MAIN)

    first, second = in_child(work).value
    assert first == FragmentFile("changes/a.md", b"", "relbot cannot read this: Permission denied.")
    assert second.content


@pytest.mark.parametrize("path", ["changes", "changes/released", "web"])
def test_a_folder_that_may_not_be_listed_is_unknown(open_root: Path, path: str) -> None:
    write(open_root, "changes/released/1.0/a.md", "web/changes/b.md")
    (open_root / path).chmod(0)

    def work() -> list[FragmentFile]:
        as_nobody()
        return read_sources(open_root, ALL)

    error = in_child(work).error
    (open_root / path).chmod(0o755)
    assert isinstance(error, Unknown)
    assert "cannot be listed: Permission denied" in error.what


def test_a_file_that_goes_while_it_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path, "changes/a.md")
    real = os.open

    def late(path: str, flags: int) -> int:
        Path(path).unlink()
        return real(path, flags)

    monkeypatch.setattr(os, "open", late)
    assert read_sources(tmp_path, MAIN) == [
        FragmentFile("changes/a.md", b"", "relbot cannot read this: No such file or directory.")
    ]


def test_a_file_that_turns_into_a_link_or_pipe_while_it_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path, "changes/a.md", "changes/b.md")
    real = os.open

    def swapped(path: str, flags: int) -> int:
        Path(path).unlink()
        os.mkfifo(path) if path.endswith("b.md") else link(Path(path))
        return real(path, flags)

    monkeypatch.setattr(os, "open", swapped)
    linked, piped = read_sources(tmp_path, MAIN)
    assert linked.problem
    assert piped.content == b""
