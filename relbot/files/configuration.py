"""Finds the repository's root and the configuration that holds in a folder."""

from __future__ import annotations

import os
import stat
from pathlib import Path
from typing import TYPE_CHECKING

from relbot.config.model import Config
from relbot.errors import ConfigError, UsageError
from relbot.finding import Finding, Place

if TYPE_CHECKING:
    from collections.abc import Iterator

FILE = "relbot.toml"
PYPROJECT = "pyproject.toml"
LARGEST = 4_194_304
"""Bytes of a configuration file."""
_READ = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0)


def find_root(start: Path) -> Path:
    """The root of the git repository that holds `start`; `start` itself, as an absolute path, if there is none."""
    return _repository_root(_absolute_path(start)) or _absolute_path(start)


def load_config(start: Path, explicit: Path | None = None) -> tuple[Path, Config, Path | None]:
    """The root, the configuration that holds in the folder `start`, and the file it is from, None if it is the default.

    The file is `relbot.toml`, or a `pyproject.toml` with `[tool.relbot]`, in `start` or the nearest folder above it, but not
    above the repository's root; or `explicit`, relative to `start`. The root, which all configured paths are relative to, is
    the folder of the file; with `explicit`, or without any, that of the repository; outside of git, then, `start`.

    ConfigError if the file has faults, cannot be read, or is not the only one in its folder; UsageError if `explicit` is none.
    """
    start = _absolute_path(start)
    repository = _repository_root(start)
    if explicit is not None:
        root = repository or start
        return root, _load_explicit(start / explicit, root), start / explicit
    for folder in _walk_upward(start, repository):
        if found := _in_folder(folder, folder):
            return folder, *found
    return repository or start, Config(), None


def _absolute_path(path: Path) -> Path:
    return Path(os.path.realpath(path))


def _repository_root(start: Path) -> Path | None:
    return next((folder for folder in _walk_upward(start, None) if os.path.lexists(folder / ".git")), None)


def _walk_upward(start: Path, last: Path | None) -> Iterator[Path]:
    for folder in (start, *start.parents):
        yield folder
        if folder == last:
            return


def _in_folder(folder: Path, root: Path) -> tuple[Config, Path] | None:
    own = _load_file(folder / FILE, root)
    shared = _load_file(folder / PYPROJECT, root)
    if own is not None and shared is not None:
        raise _ambiguous_files(_shown_path(folder / FILE, root), _shown_path(folder / PYPROJECT, root))
    if own is not None:
        return own, folder / FILE
    return None if shared is None else (shared, folder / PYPROJECT)


def _load_explicit(file: Path, root: Path) -> Config:
    if not os.path.lexists(file):
        raise UsageError(
            f"There is no file `{file}`.", tip=f"Give the path of a `{FILE}` or `{PYPROJECT}`.", example=f"--config {FILE}"
        )
    config = _load_file(file, root)
    if config is None:
        raise UsageError(f"`{file}` has no table `[tool.relbot]`.", tip="Add it, or give another file.", example="[tool.relbot]")
    return config


def _load_file(file: Path, root: Path) -> Config | None:
    """The configuration in a file; None if it is not there, or a pyproject.toml without any."""
    shown = _shown_path(file, root)
    if file.is_relative_to(root) and not Path(os.path.realpath(file)).is_relative_to(_repository_root(root) or root):
        raise _unusable_file(shown, "file-kind", "This link leads out of the repository, where relbot does not follow.")
    content = _read_content(file, shown)
    if content is None or (file.name == PYPROJECT and b"relbot" not in content):
        return None
    from relbot.config.read import read_config  # costs half of the start-up, and often there is no file
    from relbot.files.presets import with_presets

    config = read_config(shown, _decode_content(content, shown))
    return config and with_presets(config)


def _read_content(file: Path, shown: str) -> bytes | None:
    try:
        handle = os.open(file, _READ)
    except (FileNotFoundError, NotADirectoryError) as error:
        if not os.path.islink(file):
            return None
        raise _unusable_file(shown, "file-kind", "This link leads nowhere.") from error
    except OSError as error:
        raise _unusable_file(shown, "file-kind", f"relbot cannot read this: {error.strerror}.") from error
    try:
        if not stat.S_ISREG(os.fstat(handle).st_mode):
            raise _unusable_file(shown, "file-kind", "This is not a regular file.")
        with open(handle, "rb", closefd=False) as opened:
            content = opened.read(LARGEST + 1)
    except OSError as error:
        raise _unusable_file(shown, "file-kind", f"relbot cannot read this: {error.strerror}.") from error
    finally:
        os.close(handle)
    if len(content) > LARGEST:
        raise _unusable_file(shown, "file-size", f"This has more than {LARGEST} bytes.", f"Allowed: {LARGEST} bytes.")
    return content


def _decode_content(content: bytes, shown: str) -> str:
    content = content.removeprefix(b"\xef\xbb\xbf")
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        message = f"This line is not UTF-8: byte 0x{content[error.start]:02X}."
        raise _unusable_file(shown, "file-encoding", message, "Save the file as UTF-8.", line) from error


def _unusable_file(
    shown: str, rule: str, message: str, tip: str = "Allowed: a regular file that you may read.", line: int | None = None
) -> ConfigError:
    finding = Finding(rule, Place(shown, line, None if line is None else 1), message, tip)
    return ConfigError(f"relbot cannot use {shown}.", [finding])


def _ambiguous_files(own: str, shared: str) -> ConfigError:
    message = f"There is a configuration here and in `{shared}`, below `[tool.relbot]`."
    tip = "Move everything into one of the two."
    return ConfigError(f"{own} and {shared} both configure relbot.", [Finding("config-ambiguous", Place(own), message, tip)])


def _shown_path(file: Path, root: Path) -> str:
    """A path as it is shown: relative to the root where it is below it."""
    return file.relative_to(root).as_posix() if file.is_relative_to(root) else file.as_posix()
