"""What a change set is judged against: the commit at which it left its base, and the rules that hold there."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from relbot.config.model import Config
from relbot.config.read import FILE, PYPROJECT, read_config
from relbot.git.changes import committed, in_work_tree
from relbot.git.revisions import merge_base, resolve

if TYPE_CHECKING:
    from relbot.changeset import Changed
    from relbot.git.process import Git


class Base(NamedTuple):
    """The commit at which HEAD left the base, the configuration there, and what has changed since.

    What HEAD's commits changed is there whole; of what is not committed, only fragments.
    """

    commit: str
    config: Config
    changed: tuple[Changed, ...]


def read_base(git: Git, revision: str, here: Config) -> Base:
    """The state that a change set since `revision` is judged against.

    The rules are those of the base, so that no change set can loosen what judges it; `here`, the configuration of the
    work tree, counts only where the base has not been set up for relbot. RevisionUnknown if `revision` is not here.
    """
    commit = _left_at(git, revision)
    config = _config_at(git, commit)
    if config is None:
        config = Config() if _exists(git, commit, Config().directory) else here
    changed = committed(git, commit, "HEAD")
    seen = {change.path for change in changed}
    more = in_work_tree(git, commit, [folder.path for folder in config.folders])
    return Base(commit, config, (*changed, *(change for change in more if change.path not in seen)))


def _left_at(git: Git, revision: str) -> str:
    code, out, _ = git.answer("merge-base", "--end-of-options", revision, "HEAD")
    if code == 0:
        return out.decode("ascii").split("\n")[0]
    return merge_base(git, resolve(git, revision), resolve(git, "HEAD"))


def _exists(git: Git, commit: str, path: str) -> bool:
    return git.answer("cat-file", "-e", f"{commit}:./{path}")[0] == 0


def _config_at(git: Git, commit: str) -> Config | None:
    for name in (FILE, PYPROJECT):
        code, content, _ = git.answer("cat-file", "blob", f"{commit}:./{name}")
        if code == 0 and (name == FILE or b"relbot" in content):
            config = read_config(name, content.decode("utf-8", "replace"))
            if config is not None:
                return config
    return None
