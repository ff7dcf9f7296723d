"""Reads releases and changelogs from the work tree."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from relbot.errors import CannotWrite, Unknown, UsageError
from relbot.files.folder import read_folder
from relbot.files.opener import CannotOpen, read_regular_file
from relbot.fragment.file import FragmentFile
from relbot.fragment.location import PROSE, RECORD, RELEASED
from relbot.release.record import read_release_record
from relbot.release.release_tree import ReleaseFolder

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from relbot.release.record import ReleaseRecord
    from relbot.release.target import ReleaseTarget

LARGEST_RECORD = 67_108_864
"""Bytes of a release.json: one with ten thousand fragments has 2 MB."""
LARGEST_CHANGELOG = 67_108_864
"""Bytes of a changelog. That of a large project after twenty years has 5 MB."""


def released_versions(root: Path, target: ReleaseTarget) -> list[str]:
    """The names of the target's releases, sorted. Unknown if the folder cannot be read."""
    folder = root / target.folder.path / RELEASED
    if os.path.islink(folder):  # it may lead out of the repository
        tip = "Put the folder itself there, in place of the link."
        raise Unknown(f"`{target.folder.path}/{RELEASED}` is a symbolic link, so the releases in it are not read.", tip=tip)
    try:
        with os.scandir(folder) as entries:
            return sorted(entry.name for entry in entries if entry.is_dir(follow_symlinks=False))
    except FileNotFoundError:
        return []
    except OSError as error:
        what = f"relbot cannot read the releases in `{target.folder.path}/{RELEASED}`: {error.strerror}."
        raise Unknown(what, tip="Put a folder there that you may read.") from error


def read_released(root: Path, target: ReleaseTarget, version: str) -> ReleaseFolder:
    """One release: its fragments' files and its record."""
    folder = target.folder.of_release(version)
    path = f"{folder}/{RECORD}"
    text = _read_text(root, path)
    record = read_release_record(path, text) if text is not None else None
    files = [source for place in target.folders_of(version) for source in read_folder(root, place) if source.path != path]
    sources = tuple(source for source in files if source.path != f"{folder}/{PROSE}")
    prose = next((source for source in files if source.path == f"{folder}/{PROSE}"), None)
    return ReleaseFolder(version, sources, record, text or "", prose)


def read_records(root: Path, target: ReleaseTarget) -> list[ReleaseRecord]:
    """The records of the target's releases, by the names of their folders. Unknown if one cannot be read."""
    found = []
    for version in released_versions(root, target):
        path = f"{target.folder.of_release(version)}/{RECORD}"
        if (text := _read_text(root, path)) is not None:
            found.append(read_release_record(path, text))
    return found


def read_changelog(root: Path, path: str) -> bytes | None:
    """The bytes of a changelog, None if there is none. CannotWrite if it is not a regular file, or has NUL bytes."""
    file = root / path
    if file.is_symlink() or (file.exists() and not file.is_file()):
        tip = "Point `changelog` in the configuration to the file itself."
        raise CannotWrite(f"{path} is not a regular file, so relbot does not write to it.", tip=tip)
    try:
        content = read_regular_file(file, LARGEST_CHANGELOG)
    except CannotOpen as error:
        if not file.exists():
            return None
        tip = "Make it readable. If it is too long, move its oldest releases into another file."
        raise Unknown(f"relbot cannot read the changelog: {path} {error.what}. relbot wrote nothing.", tip=tip) from error
    if b"\0" in content:  # as in UTF-16, where an entry in UTF-8 would be unreadable
        raise CannotWrite(f"{path} is not UTF-8 text, so relbot does not write to it.", tip="Convert it to UTF-8.")
    return content


def read_manifests(root: Path, paths: Iterable[str]) -> tuple[FragmentFile, ...]:
    """The files that name the version. UsageError if one cannot be read."""
    found = []
    for path in paths:
        try:
            found.append(FragmentFile(path, read_regular_file(root / path, within=root)))
        except CannotOpen as error:
            tip = "It is listed in `manifests` in the configuration."
            raise UsageError(f"{path} {error.what}, so its version cannot be raised.", tip=tip) from error
    return tuple(found)


def _read_text(root: Path, path: str) -> str | None:
    """The text of a record, None if there is none."""
    file = root / path
    if not os.path.lexists(file):
        return None
    try:
        return read_regular_file(file, LARGEST_RECORD, within=root).decode("utf-8")
    except (CannotOpen, UnicodeDecodeError) as error:
        why = error.what if isinstance(error, CannotOpen) else "is not UTF-8"
        raise Unknown(f"{file} {why}.", tip="relbot wrote that file. Restore it:", example=f"git checkout -- {file}") from error
