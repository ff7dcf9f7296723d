"""What a change set is judged against: the commit at which it left its base, and the rules that hold there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relbot.config.model import FILE, PYPROJECT, Config
from relbot.errors import ConfigError, UsageError
from relbot.git.process import GitFailed
from relbot.git.revisions import find_merge_base, resolve_revision
from relbot.git.trees import list_entries, read_blobs
from relbot.review.tree_files import TreeFile
from relbot.schema.named_tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import PurePath

    from relbot.finding import Finding
    from relbot.git.object_reader import TreeEntry
    from relbot.git.process import Git


class WorkTreeConfig(NamedTuple):
    """The configuration of the work tree; `named` is its file where somebody named one, relative to the root if below it."""

    config: Config
    named: PurePath | None = None


class ChangeRange(NamedTuple):
    """`start` is the commit at which HEAD left a base, `tip` the commit of the base whose rules count. Full ids."""

    start: str
    tip: str


def find_range(git: Git, revision: str) -> ChangeRange:
    """Where HEAD left the base that `revision` names, and the tip of that base.

    RevisionUnknown if there is no such revision here, or a shallow clone hides where HEAD left it.
    """
    words = ("rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}")
    (code, tip, _), (found, start, _) = git.answers(words, ("merge-base", "--end-of-options", revision, "HEAD"))
    if code == 0 and found == 0:
        return ChangeRange(start.decode("ascii").split("\n")[0], tip.decode("ascii").strip())
    base = resolve_revision(git, revision)
    return ChangeRange(find_merge_base(git, base, resolve_revision(git, "HEAD")), base)


def read_policy(git: Git, commit: str, here: WorkTreeConfig) -> Config:
    """The configuration whose rules hold for what changes after `commit`: the one there, so that no change set can loosen it.

    `here` counts only where the commit has not been set up for relbot, or where a file outside of the repository was named:
    that is no part of a change set. UsageError if the named file is not in the commit although that has been set up.
    """
    named = here.named
    if named is not None and named.is_absolute():
        return here.config
    names = config_names(named)
    try:
        there = list_entries(git, commit, (*names, Config().directory))
    except GitFailed:
        if git.answer("rev-parse", "--verify", "--quiet", "HEAD")[0] == 0:
            raise
        return here.config  # nothing was ever committed
    found = _config_in(git, there, names)
    if found is not None:
        return found
    begun = Config().directory in there
    if named is None:
        return Config() if begun else here.config
    if begun or read_config_at(git, commit) is not None:
        what = f"`{named.as_posix()}` is not in {commit[:12]}, and relbot reads the rules from there."
        tip = "Remove `--config`, commit the file there first, or name a file outside of the repository."
        raise UsageError(what, tip=tip)
    return here.config


def config_names(named: PurePath | None) -> tuple[str, ...]:
    """The paths at which the configuration of a tree lies, the first one that has it counts; none for a file elsewhere."""
    if named is None:
        return (FILE, PYPROJECT)
    return () if named.is_absolute() else (named.as_posix(),)


def own_config(git: Git, commit: str, config: Config) -> Config:
    """The configuration by which the fragments of a commit were written: its own.

    Where that has faults or is missing it is `config`, or the default if only its folder is there. Unknown if git cannot read a
    file that is there.
    """
    return own_config_and_faults(git, commit, config)[0]


def own_config_and_faults(git: Git, commit: str, config: Config) -> tuple[Config, tuple[Finding, ...]]:
    """What `own_config` gives, and what is wrong with the commit's own configuration."""
    default = Config()
    there = list_entries(git, commit, (FILE, PYPROJECT, config.directory, default.directory))
    try:
        own = _config_in(git, there, (FILE, PYPROJECT))
        faults: tuple[Finding, ...] = ()
    except ConfigError as error:
        own, faults = None, error.findings
    if own is not None:
        return own, faults
    return default if default.directory in there and config.directory not in there else config, faults


def read_config_at(git: Git, commit: str) -> Config | None:
    """The configuration in a commit: that of the first file which has one, None if there is none.

    ConfigError with its faults, Unknown if git cannot read a file that is there.
    """
    return _config_in(git, list_entries(git, commit, (FILE, PYPROJECT)), (FILE, PYPROJECT))


def is_set_up(git: Git, commit: str) -> bool:
    """Whether a commit has a configuration, also one with faults, or the default folder of fragments.

    Unknown if git cannot read a file that is there.
    """
    there = list_entries(git, commit, (FILE, PYPROJECT, Config().directory))
    try:
        return Config().directory in there or _config_in(git, there, (FILE, PYPROJECT)) is not None
    except ConfigError:
        return True


def list_paths_at(git: Git, commit: str, paths: Iterable[str]) -> dict[str, TreeFile]:
    """The files of a commit at these paths, without those that it does not have."""
    return {path: TreeFile(file.mode, file.blob) for path, file in list_entries(git, commit, paths).items()}


def _config_in(git: Git, there: dict[str, TreeEntry], names: tuple[str, ...]) -> Config | None:
    files = {name: there[name] for name in names if name in there and there[name].mode.startswith("1")}
    contents = read_blobs(git, [file.blob for file in files.values()])
    for name, file in files.items():
        content = contents[file.blob]
        if not name.endswith(PYPROJECT) or b"relbot" in content:
            config = parse_config(name, content)
            if config is not None:
                return config
    return None


def parse_config(path: str, content: bytes) -> Config | None:
    """The configuration in a file, with the rules of its presets; None if a pyproject.toml has none. Raises ConfigError."""
    from relbot.config.read import read_config  # costs a third of the start-up, and often there is no file
    from relbot.files.presets import with_presets

    config = read_config(path, content.decode("utf-8", "replace"))
    return None if config is None else with_presets(config)
