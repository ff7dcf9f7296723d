"""Finds a project's root and its configuration, upward from the working directory."""

from __future__ import annotations

import os
from pathlib import Path

from relbot.config.model import Config
from relbot.config.read import FILE, PYPROJECT, read_config
from relbot.errors import ConfigError, UsageError
from relbot.finding import Finding, Place


def load_config(start: Path, file: Path | None = None) -> tuple[Path, Config, Path | None]:
    """The root of the project around `start`, its configuration, and the file that holds it (None: all defaults).

    The nearest folder upward with a configuration is the root; without one it is that of the git repository, outside of
    git `start`. Nothing above a repository counts. `file` names the configuration instead; its folder is the root.
    ConfigError with all faults; UsageError if `file` is not there.
    """
    if file is not None:
        given = file if file.is_absolute() else start / file
        if not given.is_file():
            raise UsageError(f"There is no configuration file {file}.", tip="`--config` names a relbot.toml or pyproject.toml.")
        config = read_config(given.name, _text(given))
        return given.parent.resolve(), config or Config(), given if config else None
    for folder in (start, *start.parents):
        found = _configured(folder)
        if found is not None:
            return folder, *found
        if os.path.lexists(folder / ".git"):
            return folder, Config(), None
    return start, Config(), None


def _configured(folder: Path) -> tuple[Config, Path] | None:
    own, shared = folder / FILE, folder / PYPROJECT
    in_shared = read_config(PYPROJECT, _text(shared)) if shared.is_file() and "relbot" in _text(shared) else None
    if not own.is_file():
        return None if in_shared is None else (in_shared, shared)
    if in_shared is not None:
        message = f"There are two configurations: {FILE} and [tool.relbot] in {PYPROJECT}."
        finding = Finding("unknown-key", Place(PYPROJECT), message, "Keep one of them.")
        raise ConfigError("It is not clear which configuration counts.", [finding])
    config = read_config(FILE, _text(own))
    return (config or Config()), own


def _text(file: Path) -> str:
    try:
        return file.read_text("utf-8-sig")
    except UnicodeDecodeError as error:
        finding = Finding("file-encoding", Place(file.name), f"Byte {error.start} is not UTF-8.", "Save the file as UTF-8.")
        raise ConfigError(f"{file.name} cannot be read.", [finding]) from error
    except OSError as error:
        finding = Finding("file-kind", Place(file.name), f"The file cannot be read: {error.strerror}.")
        raise ConfigError(f"{file.name} cannot be read.", [finding]) from error
