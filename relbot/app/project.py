"""The project that a use case works on: its root, its configuration, and git there."""

from __future__ import annotations

import os
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from relbot.errors import UsageError
from relbot.files.configuration import FILE, load_config
from relbot.git.policy_source import WorkTreeConfig
from relbot.git.process import Git
from relbot.git.sparse import require_checked_out
from relbot.github.settings import GitHubSettings
from relbot.schema.named_tuples import NamedTuple

if TYPE_CHECKING:
    from relbot.config.model import Config


class Project(NamedTuple):
    """A project: its root folder, its configuration and the file it came from, and git there.

    `named` is that file if `--config` named it: relative to the root if it lies below it. `github` says where GitHub is, and
    with which token it is asked.
    """

    root: Path
    config: Config
    config_path: Path | None
    git: Git
    named: Path | None = None
    github: GitHubSettings = GitHubSettings()

    @property
    def in_git(self) -> bool:
        """Whether the root lies in a git repository."""
        return any((folder / ".git").exists() for folder in (self.root, *self.root.parents))

    @property
    def config_here(self) -> WorkTreeConfig:
        """The configuration of the work tree, for who reads that of a revision."""
        return WorkTreeConfig(self.config, self.named)

    def require_whole(self) -> None:
        """Unknown if git left out of the work tree what a command is about to read there: a sparse checkout."""
        config = self.config
        changelogs = [component.changelog for component in config.components if component.changelog]
        folders = [folder.path for folder in config.folders]
        require_checked_out(self.git, [*folders, config.changelog, *changelogs, FILE])


def open_project(directory: Path, config_file: Path | None = None) -> Project:
    """Opens the project that holds the folder `directory`, with the configuration in `config_file` or the one found upward.

    Outside of git the folder itself is the root. UsageError if there is no such folder, ConfigError with every fault of the
    configuration.
    """
    start = directory.absolute()
    if not start.is_dir():
        raise UsageError(f"There is no folder {directory}.", tip="`--dir` names a folder inside the repository.")
    root, config, path = load_config(start, config_file)
    named = _path_below(root, path) if config_file is not None and path is not None else None
    return Project(root, config, path, Git(root), named)


def _path_below(root: Path, path: Path) -> Path:
    plain = Path(os.path.normpath(path))
    return plain.relative_to(root) if plain.is_relative_to(root) else plain


def current_day(given: str | None = None, epoch: str = "") -> date:
    """The day of a release: the one given, else that of the `epoch`, else today.

    `epoch` is SOURCE_DATE_EPOCH, in seconds since 1970 (https://reproducible-builds.org), "" without one. UsageError if what is
    given is no day.
    """
    if given is not None:
        try:
            return datetime.strptime(given, "%Y-%m-%d").replace(tzinfo=UTC).date()
        except ValueError:
            raise UsageError(f"`{given}` is not a day.", tip="Allowed: YYYY-MM-DD.", example="--date 2018-08-15") from None
    if epoch:
        try:
            return datetime.fromtimestamp(int(epoch), UTC).date()
        except (ValueError, OverflowError, OSError):
            tip = "Set it to the seconds since 1970, unset it, or use `--date`:"
            raise UsageError(
                f"SOURCE_DATE_EPOCH is `{epoch}`, which is not a number of seconds.", tip=tip, example="--date 2018-08-15"
            ) from None
    return datetime.now().astimezone().date()
